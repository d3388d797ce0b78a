//! What compiles and is refused when it is run, before anything is sent.

use crate::host_rows::Columns;
use crate::stage::{Any, STAFF, Stage, database, notes, some_world, tasks};
use diesel::dsl::{self, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{QueryBuilder as _, QueryFragment};
use diesel::query_dsl::methods;
use diesel::result::Error;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, SqliteConnection};
use portcullis_access::{Catalogue, ContainerKind, Keyed, Kind};
use portcullis_diesel::{Lens, Narrowed, VisibleTo, VisibleToDsl as _, listed};
use portcullis_id::KeyType;

struct Rows {
    allowed: Vec<i64>,
    all: usize,
}

/// The same tests on `$connection`, to a database that `$stage` makes.
///
/// Diesel forgets the types of a boxed query and never asks those of a `delete`.
macro_rules! beside {
    ($module:ident, $connection:ty, $stage:expr) => {
        mod $module {
            use super::*;

            fn on_stage(test: impl FnOnce(&Lens<'_>, &mut $connection, Rows)) {
                let (raw, seeds) = some_world();
                let stage: Option<Stage> = $stage(&raw, &seeds);
                let Some(stage) = stage else { return };
                let viewer = stage.viewer(&STAFF);
                let host = &mut <$connection>::establish(&stage.url).unwrap();
                let rows = Rows {
                    allowed: stage.allowed(&viewer, Columns::Owner),
                    all: stage.tasks.len(),
                };
                test(&stage.lens(&viewer), host, rows);
            }

            #[test]
            fn pitfall07_beside_a_boxed_query() {
                on_stage(|me, host, _| {
                    let boxed = || tasks::table.select(tasks::number).into_boxed();
                    let filtered = boxed().filter(visible(me));
                    refuses_beside(filtered.or_filter(everything()).load::<i64>(host));
                    let filtered = boxed().filter(narrowed(me));
                    refuses_beside(filtered.or_filter(everything()).load::<i64>(host));
                    let filtered = boxed().filter(everything());
                    refuses_beside(filtered.or_filter(visible(me)).load::<i64>(host));
                    let filtered = boxed().filter(everything());
                    refuses_beside(filtered.or_filter(narrowed(me)).load::<i64>(host));
                    let filtered = boxed().or_filter(visible(me));
                    refuses_beside(filtered.or_filter(visible(me)).load::<i64>(host));
                    let filtered = boxed().filter(visible(me));
                    refuses_beside(filtered.filter(everything()).load::<i64>(host));
                    let filtered = boxed().filter(everything());
                    refuses_beside(filtered.filter(visible(me)).load::<i64>(host));
                    let later = tasks::table.filter(visible(me)).into_boxed();
                    let later = later.select(tasks::number);
                    refuses_beside(later.or_filter(everything()).load::<i64>(host));
                    let second = boxed().filter(tasks::number.eq(1).or(tasks::number.eq(2)));
                    refuses_beside(second.or_filter(visible(me)).load::<i64>(host));
                });
            }

            #[test]
            fn pitfall07_beside_a_delete_or_an_update() {
                on_stage(|me, host, rows| {
                    let delete = || diesel::delete(tasks::table);
                    let filtered = delete().filter(visible(me));
                    refuses_beside(filtered.or_filter(everything()).execute(host));
                    let filtered = delete().filter(narrowed(me));
                    refuses_beside(filtered.or_filter(everything()).execute(host));
                    let filtered = delete().filter(everything());
                    refuses_beside(filtered.or_filter(visible(me)).execute(host));
                    let filtered = delete().into_boxed().filter(visible(me));
                    refuses_beside(filtered.or_filter(everything()).execute(host));
                    let filtered = diesel::delete(tasks::table.filter(visible(me)));
                    refuses_beside(filtered.or_filter(everything()).execute(host));
                    let update = diesel::update(tasks::table).into_boxed();
                    let update = update.filter(everything()).filter(visible(me));
                    refuses_beside(update.set(tasks::project_id.eq("changed")).execute(host));
                    let all: i64 = tasks::table.count().get_result(host).unwrap();
                    assert_eq!(usize::try_from(all), Ok(rows.all));
                });
            }

            #[test]
            fn alone_it_is_in_its_place_there_too() {
                on_stage(|me, host, rows| {
                    let Rows { allowed, .. } = rows;
                    let boxed = tasks::table.select(tasks::number).into_boxed();
                    let alone = boxed.filter(visible(me)).order(tasks::number);
                    assert_eq!(alone.load::<i64>(host).unwrap(), allowed);
                    // Behind parameters.
                    let other = tasks::number.ne(-1).and(tasks::number.ne(-2));
                    let behind = tasks::table.inner_join(notes::table.on(other)).into_boxed();
                    let behind = behind.filter(narrowed(me)).select(tasks::number);
                    let behind = behind.distinct().order(tasks::number);
                    assert_eq!(behind.load::<i64>(host).unwrap(), allowed);
                    host.test_transaction(|host| {
                        let update = diesel::update(tasks::table).into_boxed();
                        let update = update.filter(visible(me));
                        let changed = update.set(tasks::project_id.eq("changed")).execute(host);
                        assert_eq!(changed, Ok(allowed.len()));
                        let delete = diesel::delete(tasks::table).filter(visible(me));
                        assert_eq!(delete.execute(host), Ok(allowed.len()));
                        QueryResult::Ok(())
                    });
                });
            }
        }
    };
}

beside!(sqlite, SqliteConnection, |raw, seeds| Some(
    Stage::in_a_file(raw, seeds)
));
beside!(postgres, PgConnection, |raw, seeds| Some(Stage::on(
    &database()?,
    raw,
    seeds
)));
beside!(any_file, Any, |raw, seeds| Some(Stage::in_a_file(
    raw, seeds
)));
beside!(any_server, Any, |raw, seeds| Some(Stage::on(
    &database()?,
    raw,
    seeds
)));

type Tasks<'a> = VisibleTo<'a, tasks::id, tasks::client_id>;

fn visible<'a>(me: &Lens<'a>) -> Tasks<'a> {
    let tasks = tasks::id.visible_to(me, Kind::TASK);
    tasks.owned_by(tasks::client_id)
}

fn narrowed<'a>(me: &Lens<'a>) -> Narrowed<Tasks<'a>, dsl::GtEq<tasks::number, i64>> {
    visible(me).and(everything())
}

fn everything() -> dsl::GtEq<tasks::number, i64> {
    tasks::number.ge(0)
}

fn refuses_beside<T: std::fmt::Debug>(outcome: QueryResult<T>) {
    match outcome.unwrap_err() {
        Error::QueryBuilderError(why) => {
            assert!(why.to_string().contains("nothing stands beside"), "{why}");
        }
        sent => assert_eq!(sent.to_string(), "refused before anything is sent"),
    }
}

/// A stage in a file, staff who see some of it, and the condition on what they see.
macro_rules! in_a_file {
    ($stage:ident, $viewer:ident, $visible:ident) => {
        let (raw, seeds) = some_world();
        let $stage = Stage::in_a_file(&raw, &seeds);
        let $viewer = $stage.viewer(&STAFF);
        let $visible = || tasks::id.visible_to($stage.lens(&$viewer), Kind::TASK);
    };
}

#[test]
fn pitfall07_beside_in_an_upsert_and_in_a_query_within() {
    in_a_file!(stage, viewer, visible);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let upsert = || {
        diesel::insert_into(tasks::table)
            .values(tasks::number.eq(0))
            .on_conflict(tasks::number)
            .do_update()
            .set(tasks::project_id.eq("changed"))
    };
    let seen = stage.allowed(&viewer, Columns::Key).contains(&0);
    let changed = methods::FilterDsl::filter(upsert(), visible()).execute(host);
    assert_eq!(changed, Ok(usize::from(seen)));
    let beside = methods::FilterDsl::filter(upsert(), visible());
    refuses_beside(methods::OrFilterDsl::or_filter(beside, tasks::number.ge(0)).execute(host));
    let behind = methods::FilterDsl::filter(upsert(), tasks::number.ge(0));
    refuses_beside(methods::OrFilterDsl::or_filter(behind, visible()).execute(host));

    let within = tasks::table.select(tasks::number).into_boxed();
    let within = within.filter(visible()).or_filter(tasks::number.ge(0));
    let asked = tasks::table.filter(tasks::number.eq_any(within));
    refuses_beside(asked.count().get_result::<i64>(host));
}

#[test]
fn pitfall07_a_case_of_a_list_and_what_is_selected_are_no_conditions() {
    in_a_file!(stage, viewer, visible);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let case = dsl::case_when(visible(), tasks::number).otherwise(tasks::number);
    refuses_beside(
        tasks::table
            .filter(case.ge(0))
            .count()
            .get_result::<i64>(host),
    );
    let told = || visible().is_visible();
    for refused in [
        tasks::table.filter(told()).count().get_result::<i64>(host),
        tasks::table
            .filter(told().or(everything()))
            .count()
            .get_result(host),
        tasks::table
            .filter(everything())
            .filter(dsl::not(told()))
            .count()
            .get_result(host),
        tasks::table
            .filter(told().is_not_null())
            .count()
            .get_result(host),
    ] {
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("for what a query selects"), "{refused}");
    }
}

/// Looking at what is written leaves PostgreSQL's numbers and every text as they were.
#[test]
fn pitfall07_looking_where_a_condition_stands_changes_nothing() {
    in_a_file!(stage, viewer, visible);
    let text = |query: &dyn QueryFragment<Pg>| {
        let mut builder = diesel::pg::PgQueryBuilder::default();
        query.to_sql(&mut builder, &Pg).unwrap();
        builder.finish()
    };
    let raw = || sql::<Bool>("'$1 ?' <> '$9'");
    let asked = tasks::table
        .inner_join(notes::table.on(tasks::number.ne(1).and(tasks::number.ne(2)).and(raw())))
        .filter(visible())
        .limit(7)
        .select(tasks::number);
    let told = text(&asked);
    let mut numbers = Vec::new();
    for part in told.replace("'$1 ?' <> '$9'", "").split('$').skip(1) {
        let end = part
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(part.len());
        numbers.push(part.split_at(end).0.parse::<usize>().unwrap());
    }
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{told}");
    assert!(numbers.len() > 3, "{told}");
    assert!(told.contains("'$1 ?' <> '$9'"), "{told}");
}

#[test]
fn pitfall05_a_list_in_returning_on_sqlite_is_refused() {
    in_a_file!(stage, viewer, visible);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let refused = diesel::update(tasks::table)
        .set(tasks::project_id.eq("c1"))
        .returning(visible().is_visible())
        .load::<bool>(host)
        .unwrap_err();
    assert!(refused.to_string().contains("RETURNING"), "{refused}");
}

#[test]
fn k07_one_column_cannot_hold_container_keys_of_two_types() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::TASK, KeyType::Int)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Int)
        .keyed_by(Keyed::Containers(ContainerKind::Project), KeyType::Int);
    let me = Lens::new(&viewer, &catalogue, crate::sharing_world::NOW);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let refused = tasks::table
        .filter(
            tasks::id
                .visible_to(me, Kind::TASK)
                .in_container(tasks::project_id),
        )
        .select(tasks::number)
        .load::<i64>(host)
        .unwrap_err();
    assert!(refused.to_string().contains("in_container_of"), "{refused}");
}

#[test]
fn pitfall07_listed_is_the_safe_way_where_types_are_forgotten() {
    in_a_file!(stage, viewer, visible);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let allowed = stage.allowed(&viewer, Columns::Key);
    let everything = || tasks::number.ge(0);

    let boxed = tasks::table.select(tasks::number).into_boxed();
    let boxed = boxed.filter(everything()).or_filter(everything());
    let shown = listed(boxed, visible()).filter(everything().or(tasks::number.lt(0)));
    let shown: Vec<i64> = shown.order(tasks::number).load(host).unwrap();
    assert_eq!(shown, allowed);

    let delete = diesel::delete(tasks::table).filter(everything());
    let delete = delete.or_filter(everything());
    let deleted = listed(delete, visible()).filter(everything()).execute(host);
    assert_eq!(deleted, Ok(allowed.len()));
}

#[test]
fn pitfall07_every_condition_is_in_parentheses_of_its_own() {
    in_a_file!(stage, viewer, visible);
    let text = |query: &dyn QueryFragment<Sqlite>| {
        let text = diesel::debug_query::<Sqlite, _>(&query).to_string();
        let (text, _) = text.split_once(" -- binds").unwrap();
        text.to_owned()
    };
    let alone = text(&visible());
    assert!(alone.starts_with('(') && alone.ends_with(')'), "{alone}");
    assert_eq!(
        text(
            &visible()
                .and(sql::<Bool>("1 OR 1"))
                .and(sql::<Bool>("2 OR 2"))
        ),
        format!("(({alone} AND (1 OR 1)) AND (2 OR 2))")
    );
    let rows = visible().rows(tasks::table).filter(sql::<Bool>("1 OR 1"));
    let rows = rows.filter(sql::<Bool>("2 OR 2")).select(tasks::number);
    let ours = text(&visible().rows(tasks::table).select(tasks::number));
    assert!(ours.contains(" WHERE (") && ours.ends_with(')'), "{ours}");
    assert_eq!(text(&rows), format!("{ours} AND (1 OR 1) AND (2 OR 2)"));
    let delete = listed(diesel::delete(tasks::table), visible()).filter(sql::<Bool>("1"));
    let delete = text(&delete);
    let (_, condition) = delete.split_once(" WHERE ").unwrap();
    assert_eq!(condition, format!("({alone} AND 1)"));
}
