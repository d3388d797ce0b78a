//! Everywhere a condition can stand, on every connection.

use crate::host_rows::Columns;
use crate::stage::{Any, STAFF, Stage, database, notes, some_world, tasks};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::{PgConnection, SqliteConnection};
use portcullis_access::Kind;
use portcullis_diesel::{VisibleToDsl as _, listed as list_of};
use std::collections::BTreeMap;

/// The same tests on `$connection`, to a database that `$stage` makes.
macro_rules! places {
    ($module:ident, $connection:ty, $stage:expr) => {
        mod $module {
            use super::*;

            /// With the stage, a connection, the rows allowed, and the condition on them.
            macro_rules! on_stage {
                (|$stage_name:ident, $host:ident, $allowed:ident, $visible:ident| $body:block) => {
                    on_stage!(|$stage_name, $host, $allowed, $visible, _me| $body)
                };
                (|$stage_name:ident, $host:ident, $allowed:ident, $visible:ident, $me:ident| $body:block) => {
                    let (raw, seeds) = some_world();
                    let stage: Option<Stage> = $stage(&raw, &seeds);
                    let Some($stage_name) = stage else { return };
                    let viewer = $stage_name.viewer(&STAFF);
                    let lens = $stage_name.lens(&viewer);
                    let $me = &lens;
                    let $visible = || {
                        tasks::id
                            .visible_to(&lens, Kind::TASK)
                            .owned_by(tasks::client_id)
                    };
                    let $allowed = $stage_name.allowed(&viewer, Columns::Owner);
                    assert!(!$allowed.is_empty() && $allowed.len() < $stage_name.tasks.len());
                    let $host = &mut <$connection>::establish(&$stage_name.url).unwrap();
                    $body
                };
            }

            #[test]
            fn filter_with_conditions_of_the_hosts_own() {
                on_stage!(|_stage, host, allowed, visible| {
                    let by_number = tasks::table.select(tasks::number).order(tasks::number);
                    let listed: Vec<i64> = by_number.filter(visible()).load(host).unwrap();
                    assert_eq!(listed, allowed);
                    let late: Vec<i64> = allowed.iter().copied().filter(|n| *n > 7).collect();
                    let inside: Vec<i64> = by_number
                        .filter(visible().and(tasks::number.gt(7).or(tasks::number.lt(0))))
                        .load(host)
                        .unwrap();
                    assert_eq!(inside, late);
                    let twice: Vec<i64> = by_number
                        .filter(visible().and(tasks::number.gt(7)).and(visible()))
                        .load(host)
                        .unwrap();
                    assert_eq!(twice, late);
                    let everything = by_number
                        .filter(tasks::number.gt(7))
                        .or_filter(tasks::number.ge(0));
                    let around: Vec<i64> = list_of(everything, visible())
                        .filter(tasks::number.gt(7).or(tasks::number.lt(0)))
                        .load(host)
                        .unwrap();
                    assert_eq!(around, late);
                    let within: Vec<i64> = notes::table
                        .filter(
                            notes::task
                                .eq_any(tasks::table.filter(visible()).select(tasks::number)),
                        )
                        .select(notes::task)
                        .order(notes::task)
                        .load(host)
                        .unwrap();
                    assert_eq!(within, allowed);
                });
            }

            #[test]
            fn joins() {
                on_stage!(|stage, host, allowed, visible| {
                    let noted: Vec<i64> = allowed.iter().map(|n| n + 1_000).collect();
                    let by_number = notes::table.order(notes::number);
                    let joined: Vec<i64> = by_number
                        .inner_join(tasks::table)
                        .filter(visible())
                        .select(notes::number)
                        .load(host)
                        .unwrap();
                    assert_eq!(joined, noted);
                    let on: Vec<i64> = by_number
                        .inner_join(tasks::table.on(visible().and(notes::task.eq(tasks::number))))
                        .select(notes::number)
                        .load(host)
                        .unwrap();
                    assert_eq!(on, noted);
                    let left: Vec<(i64, Option<i64>)> = by_number
                        .left_join(tasks::table.on(visible().and(notes::task.eq(tasks::number))))
                        .select((notes::number, tasks::number.nullable()))
                        .load(host)
                        .unwrap();
                    assert_eq!(left.len(), stage.tasks.len());
                    let with: Vec<i64> = left.iter().filter_map(|(_, task)| *task).collect();
                    assert_eq!(with, allowed);
                    let filtered: Vec<i64> = by_number
                        .left_join(tasks::table)
                        .filter(visible())
                        .select(notes::number)
                        .load(host)
                        .unwrap();
                    assert_eq!(filtered, noted);
                });
            }

            #[test]
            fn aliases() {
                on_stage!(|_stage, host, allowed, _visible, me| {
                    let (one, two) = diesel::alias!(tasks as one, tasks as two);
                    let visible = one
                        .field(tasks::id)
                        .visible_to(me, Kind::TASK)
                        .owned_by(one.field(tasks::client_id));
                    let listed: Vec<i64> = one
                        .inner_join(two.on(one.field(tasks::number).eq(two.field(tasks::number))))
                        .filter(visible.and(two.field(tasks::number).ge(0)))
                        .order(one.field(tasks::number))
                        .select(two.field(tasks::number))
                        .load(host)
                        .unwrap();
                    assert_eq!(listed, allowed);
                });
            }

            #[test]
            fn pitfall05_an_alias_like_ours_is_refused() {
                on_stage!(|_stage, host, _allowed, _visible, me| {
                    let (i, k) = diesel::alias!(tasks as portcullis_i, tasks as portcullis_k);
                    let item = i.field(tasks::id).visible_to(me, Kind::TASK);
                    let item = i.filter(item).select(i.field(tasks::number));
                    let refused = [
                        item.load::<i64>(host).unwrap_err(),
                        tasks::table
                            .inner_join(k.on(k.field(tasks::number).eq(tasks::number)))
                            .filter(
                                tasks::id
                                    .visible_to(me, Kind::TASK)
                                    .owned_by(k.field(tasks::client_id)),
                            )
                            .select(tasks::number)
                            .load::<i64>(host)
                            .unwrap_err(),
                        tasks::table
                            .inner_join(k.on(k.field(tasks::number).eq(tasks::number)))
                            .filter(
                                tasks::id
                                    .visible_to(me, Kind::TASK)
                                    .in_container(k.field(tasks::project_id).nullable()),
                            )
                            .select(tasks::number)
                            .load::<i64>(host)
                            .unwrap_err(),
                    ];
                    for refused in refused {
                        let unsent = matches!(refused, Error::QueryBuilderError(_));
                        assert!(unsent, "{refused:?}");
                        assert!(refused.to_string().contains("another alias"), "{refused}");
                    }
                });
            }

            #[test]
            fn groups_and_selections() {
                on_stage!(|stage, host, allowed, visible| {
                    let grouped: Vec<(Option<i64>, i64)> = tasks::table
                        .filter(visible())
                        .group_by(tasks::client_id)
                        .select((tasks::client_id, count_star()))
                        .load(host)
                        .unwrap();
                    let mut counted: BTreeMap<Option<i64>, i64> = BTreeMap::new();
                    for number in &allowed {
                        let task = stage.tasks.get(usize::try_from(*number).unwrap()).unwrap();
                        *counted.entry(task.owner.map(i64::from)).or_default() += 1;
                    }
                    assert_eq!(grouped.into_iter().collect::<BTreeMap<_, _>>(), counted);
                    let told: Vec<(i64, bool)> = tasks::table
                        .select((tasks::number, visible().is_visible()))
                        .order(tasks::number)
                        .load(host)
                        .unwrap();
                    assert_eq!(told.len(), stage.tasks.len());
                    let told: Vec<i64> = told
                        .iter()
                        .filter(|(_, seen)| *seen)
                        .map(|(n, _)| *n)
                        .collect();
                    assert_eq!(told, allowed);
                });
            }

            #[test]
            fn boxed() {
                on_stage!(|_stage, host, allowed, visible| {
                    let boxed = || {
                        let query = tasks::table.select(tasks::number).into_boxed();
                        query
                            .filter(tasks::number.gt(-1))
                            .or_filter(tasks::number.lt(-1))
                    };
                    let all: Vec<i64> = list_of(boxed(), visible())
                        .order(tasks::number)
                        .load(host)
                        .unwrap();
                    assert_eq!(all, allowed);
                    let last: Vec<i64> = list_of(boxed(), visible())
                        .filter(tasks::number.gt(7))
                        .order(tasks::number)
                        .then_order_by(tasks::id)
                        .offset(1)
                        .limit(2)
                        .load(host)
                        .unwrap();
                    let expected = allowed.iter().filter(|n| **n > 7).skip(1).take(2);
                    assert_eq!(last, expected.copied().collect::<Vec<_>>());
                });
            }

            #[test]
            fn update_and_delete() {
                on_stage!(|stage, host, allowed, visible| {
                    let numbers = |host: &mut $connection| -> Vec<i64> {
                        let all = tasks::table.select(tasks::number).order(tasks::number);
                        all.load(host).unwrap()
                    };
                    let hidden: Vec<i64> = (0..)
                        .take(stage.tasks.len())
                        .filter(|n| !allowed.contains(n))
                        .collect();
                    host.test_transaction(|host| {
                        let changed = diesel::update(tasks::table.filter(visible()))
                            .set(tasks::project_id.eq("changed"))
                            .execute(host)?;
                        assert_eq!(changed, allowed.len());
                        let changed: Vec<i64> = tasks::table
                            .filter(tasks::project_id.eq("changed"))
                            .order(tasks::number)
                            .select(tasks::number)
                            .load(host)?;
                        assert_eq!(changed, allowed);
                        let again = diesel::update(tasks::table)
                            .filter(visible())
                            .set(tasks::project_id.eq("again"))
                            .execute(host)?;
                        assert_eq!(again, allowed.len());
                        diesel::result::QueryResult::Ok(())
                    });
                    host.test_transaction(|host| {
                        diesel::delete(tasks::table.filter(visible())).execute(host)?;
                        assert_eq!(numbers(host), hidden);
                        diesel::result::QueryResult::Ok(())
                    });
                    host.test_transaction(|host| {
                        list_of(diesel::delete(tasks::table), visible()).execute(host)?;
                        assert_eq!(numbers(host), hidden);
                        diesel::result::QueryResult::Ok(())
                    });
                });
            }
        }
    };
}

places!(sqlite, SqliteConnection, |raw, seeds| Some(
    Stage::in_a_file(raw, seeds)
));
places!(postgres, PgConnection, |raw, seeds| Some(Stage::on(
    &database()?,
    raw,
    seeds
)));
places!(any_file, Any, |raw, seeds| Some(Stage::in_a_file(
    raw, seeds
)));
places!(any_server, Any, |raw, seeds| Some(Stage::on(
    &database()?,
    raw,
    seeds
)));
