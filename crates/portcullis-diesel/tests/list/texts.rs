//! What is sent: the one condition, with the columns as each database writes them.

use crate::host_rows::{COLUMNS, Columns, Person};
use crate::sharing_world::NOW;
use crate::stage::{STAFF, Stage, some_world, tasks};
use diesel::backend::Backend;
use diesel::debug_query;
use diesel::mysql::Mysql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{QueryBuilder as _, QueryFragment};
use diesel::result::Error;
use diesel::sqlite::Sqlite;
use portcullis_access::{Catalogue, ContainerKind, Keyed, Kind, UserKind};
use portcullis_diesel::{Lens, VisibleToDsl as _, before, capped_count};
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, Names, statement};

/// The text of a query, without its values.
fn text<DB>(query: &impl QueryFragment<DB>) -> String
where
    DB: Backend<QueryBuilder: Default> + Default,
{
    let text = debug_query::<DB, _>(query).to_string();
    let (text, _) = text.split_once(" -- binds").unwrap();
    text.to_owned()
}

/// Lists by what was granted, as staff does not.
const MEMBER: Person = Person {
    kind: UserKind::Client,
    ..STAFF
};

macro_rules! condition {
    ($me:expr, $columns:expr, $backend:ty) => {{
        let list = tasks::id.visible_to($me, Kind::TASK);
        match $columns {
            Columns::Key => text::<$backend>(&list),
            Columns::Owner => text::<$backend>(&list.owned_by(tasks::client_id)),
            Columns::Container => text::<$backend>(&list.in_container(tasks::project_id)),
            Columns::OwnerAndProject => text::<$backend>(
                &list
                    .owned_by(tasks::client_id)
                    .in_container_of(ContainerKind::Project, tasks::project_id),
            ),
        }
    }};
}

/// The same as the adapters without a query builder send it.
fn fragment(stage: &Stage, columns: Columns, dialect: Dialect) -> String {
    let viewer = stage.viewer(&STAFF);
    let list = portcullis_sql::visible_to(&viewer, Kind::TASK, stage.rules.catalogue(), NOW)
        .column("tasks.id");
    let list = match columns {
        Columns::Key => list,
        Columns::Owner => list.owned_by("tasks.client_id"),
        Columns::Container => list.in_container("tasks.project_id"),
        Columns::OwnerAndProject => list
            .owned_by("tasks.client_id")
            .in_container_of(ContainerKind::Project, "tasks.project_id"),
    };
    list.on(dialect).sql().unwrap().text().to_owned()
}

#[test]
fn l04_the_condition_is_the_fragment_on_every_database() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let me = &stage.lens(&viewer);
    for columns in COLUMNS {
        let by_text = fragment(&stage, columns, Dialect::Sqlite);
        let sqlite = condition!(me, columns, Sqlite);
        assert!(sqlite.contains("`tasks`.`id`"), "{sqlite}");
        assert_eq!(sqlite.replace('`', ""), by_text);
        let postgres = condition!(me, columns, Pg);
        assert!(postgres.contains("\"tasks\".\"id\""), "{postgres}");
        let by_text = fragment(&stage, columns, Dialect::Postgres).replace('"', "");
        assert_eq!(postgres.replace('"', ""), statement::numbered(&by_text, 1));
    }
}

diesel::table! {
    papers {
        id -> Text,
        number -> BigInt,
        uuid -> Binary,
        number_of_client -> Nullable<Integer>,
        text_of_client -> Nullable<Text>,
    }
}

/// What would be sent, or why nothing is.
fn rendered<DB>(list: &impl QueryFragment<DB>) -> QueryResult<String>
where
    DB: Backend<QueryBuilder: Default> + Default,
{
    let mut builder = DB::QueryBuilder::default();
    list.to_sql(&mut builder, &DB::default())?;
    Ok(builder.finish())
}

#[test]
fn mysql_is_asked_with_numbers_and_uuids() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let uuids = Catalogue::built_in().with_keys(Kind::TASK, KeyType::Uuid);
    for person in [STAFF, MEMBER] {
        let viewer = stage.viewer(&person);
        let me = &stage.lens(&viewer);
        let uuids = uuids
            .clone()
            .unwrap()
            .keyed_by(Keyed::Clients, KeyType::Int);
        let with_uuids = &Lens::new(&viewer, &uuids, NOW);
        let lists = [
            texts_on_both(&papers::number.visible_to(me, Kind::TASK)),
            texts_on_both(
                &papers::number
                    .visible_to(me, Kind::TASK)
                    .owned_by(papers::number_of_client),
            ),
            texts_on_both(
                &papers::uuid
                    .visible_to(with_uuids, Kind::TASK)
                    .owned_by(papers::number_of_client),
            ),
        ];
        for (mysql, sqlite) in lists {
            let mysql = mysql.unwrap();
            assert_eq!(compared_as_sqlite_does(&mysql), untied(&sqlite));
            assert!(!mysql.contains("||") && !mysql.contains("CAST"), "{mysql}");
        }
    }
}

#[test]
fn mysql_is_not_asked_with_texts() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let texts = Catalogue::built_in()
        .with_keys(Kind::TASK, KeyType::Text)
        .unwrap();
    for person in [STAFF, MEMBER] {
        let viewer = stage.viewer(&person);
        let me = &stage.lens(&viewer);
        let clients = stage.rules.catalogue().clone();
        let clients = &clients.keyed_by(Keyed::Clients, KeyType::Text);
        let lists = [
            texts_on_both(&papers::id.visible_to(Lens::new(&viewer, &texts, NOW), Kind::TASK)),
            texts_on_both(
                &papers::number
                    .visible_to(Lens::new(&viewer, clients, NOW), Kind::TASK)
                    .owned_by(papers::text_of_client),
            ),
            texts_on_both(
                &papers::number
                    .visible_to(me, Kind::TASK)
                    .in_container(papers::text_of_client),
            ),
        ];
        for (mysql, _) in lists {
            let refused = mysql.unwrap_err();
            let unsent = matches!(refused, Error::QueryBuilderError(_));
            assert!(unsent && refused.to_string().contains("MySQL"), "{refused}");
        }
    }
}

fn texts_on_both<L>(list: &L) -> (QueryResult<String>, String)
where
    L: QueryFragment<Mysql> + QueryFragment<Sqlite>,
{
    (
        rendered::<Mysql>(list),
        rendered::<Sqlite>(list).unwrap_or_default(),
    )
}

/// Without what keeps SQLite from a Bloom filter.
fn untied(sqlite: &str) -> String {
    let before = "CASE WHEN typeof(i.container_id) <> 'null' THEN 1 = 1 AND ";
    sqlite.replace(before, "").replace(" ELSE 0 END", "")
}

/// The text for every database with the sets of kinds compared as in that for `SQLite` alone.
fn compared_as_sqlite_does(text: &str) -> String {
    let shared = ["?", "c.closed", "portcullis_c.closed"];
    let paths = ["i.path", "portcullis_i.path"];
    let pairs = paths
        .iter()
        .flat_map(|path| shared.map(|with| format!("{path} & {with}")));
    pairs.fold(text.to_owned(), |text, pair| {
        let cautious = format!("CASE {pair} WHEN 0 THEN 1 ELSE 0 END <> 0");
        text.replace(&cautious, &format!("({pair}) = 0"))
    })
}

#[test]
fn tables_of_other_names_are_asked() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let acme = Names::prefixed("acme_").unwrap();
    let me = Lens::new(&viewer, stage.rules.catalogue(), NOW).named(&acme);
    for columns in COLUMNS {
        let named = condition!(&me, columns, Sqlite);
        assert!(named.contains("acme_item"), "{named}");
        assert!(!named.contains("portcullis_item "), "{named}");
        let plain = condition!(&stage.lens(&viewer), columns, Sqlite);
        assert_eq!(
            named.matches("`tasks`").count(),
            plain.matches("`tasks`").count()
        );
    }
}

#[test]
fn a_page_behind_a_cursor_is_one_range() {
    let behind = |cursor: Option<(i64, i64)>| before((tasks::number, tasks::number), cursor);
    assert_eq!(
        text::<Pg>(&behind(Some((1, 2)))),
        "(\"tasks\".\"number\", \"tasks\".\"number\") < ($1, $2)"
    );
    assert_eq!(
        text::<Mysql>(&behind(Some((1, 2)))),
        "(`tasks`.`number`, `tasks`.`number`) < (?, ?)"
    );
    assert_eq!(text::<Sqlite>(&behind(None)), "1 = 1");
    let three = (tasks::number, tasks::number, tasks::number);
    let three = portcullis_diesel::after(three, Some((1_i64, 2_i64, 3_i64)));
    assert!(text::<Sqlite>(&three).ends_with(" > (?, ?, ?)"));
}

#[test]
fn a_capped_count_reads_no_row_beyond_its_cap() {
    let count = capped_count(tasks::table.filter(tasks::number.gt(7)), 1_000);
    assert_eq!(
        text::<Mysql>(&count),
        "SELECT COUNT(*) FROM (SELECT 1 FROM `tasks` WHERE (`tasks`.`number` > ?) LIMIT ?) AS capped"
    );
    let values = debug_query::<Pg, _>(&count).to_string();
    assert!(values.ends_with("-- binds: [7, 1000]"), "{values}");
}

#[test]
fn mysql_is_asked_for_rows_and_counts_and_for_no_page_of_ours() {
    let (raw, seeds) = some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&STAFF);
    let visible = || {
        let list = papers::number.visible_to(stage.lens(&viewer), Kind::TASK);
        list.owned_by(papers::number_of_client)
    };
    let condition = rendered::<Mysql>(&visible()).unwrap();
    let rows = visible().rows(papers::table).select(papers::number);
    let rows = rows
        .filter(papers::number.gt(7))
        .order(papers::number)
        .limit(7);
    assert_eq!(
        rendered::<Mysql>(&rows).unwrap(),
        format!(
            "SELECT `papers`.`number` FROM `papers` WHERE {condition} AND ((`papers`.`number` > ?)) \
             ORDER BY `papers`.`number` LIMIT ?"
        )
    );
    let count = rendered::<Mysql>(&visible().count(papers::table, 7)).unwrap();
    assert!(count.contains(" LIMIT 7) AS portcullis_n"), "{count}");
    let page = visible()
        .page(papers::table, None, 7)
        .select(papers::number);
    let refused = rendered::<Mysql>(&page).unwrap_err();
    assert!(refused.to_string().contains("take `rows`"), "{refused}");
}
