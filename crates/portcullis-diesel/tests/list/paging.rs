//! Pages and counts.

use crate::host_rows::Columns;
use crate::stage::{Any, STAFF, Stage, database, some_world, tasks};
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use portcullis_access::Kind;
use portcullis_diesel::{VisibleToDsl as _, after, before, capped_count, listed};

macro_rules! paging {
    ($module:ident, $connection:ty, $stage:expr) => {
        mod $module {
            use super::*;

            #[test]
            fn pages_one_behind_the_other_are_the_list() {
                let (raw, seeds) = some_world();
                let stage: Option<Stage> = $stage(&raw, &seeds);
                let Some(stage) = stage else { return };
                let viewer = stage.viewer(&STAFF);
                let me = &stage.lens(&viewer);
                let host = &mut <$connection>::establish(&stage.url).unwrap();
                let mut allowed = stage.allowed(&viewer, Columns::Owner);
                assert!(allowed.len() > 4, "more than two pages");
                let visible = || {
                    tasks::id
                        .visible_to(me, Kind::TASK)
                        .owned_by(tasks::client_id)
                };
                // Many share the first column.
                let half = || (tasks::number - tasks::number, tasks::number);

                let (mut found, mut cursor) = (Vec::new(), None);
                loop {
                    let page: Vec<i64> = tasks::table
                        .filter(visible().and(after(half(), cursor)))
                        .order((half().0.asc(), tasks::number.asc()))
                        .limit(2)
                        .select(tasks::number)
                        .load(host)
                        .unwrap();
                    let Some(last) = page.last() else { break };
                    cursor = Some((0_i64, *last));
                    found.extend(page);
                }
                assert_eq!(found, allowed);

                let (mut found, mut cursor) = (Vec::new(), None);
                loop {
                    let page: Vec<i64> = tasks::table
                        .filter(visible().and(before((tasks::number,), cursor)))
                        .order(tasks::number.desc())
                        .limit(2)
                        .select(tasks::number)
                        .load(host)
                        .unwrap();
                    let Some(last) = page.last() else { break };
                    cursor = Some((*last,));
                    found.extend(page);
                }
                allowed.reverse();
                assert_eq!(found, allowed);
            }

            #[test]
            fn a_count_stops_behind_its_cap() {
                let (raw, seeds) = some_world();
                let stage: Option<Stage> = $stage(&raw, &seeds);
                let Some(stage) = stage else { return };
                let viewer = stage.viewer(&STAFF);
                let me = &stage.lens(&viewer);
                let host = &mut <$connection>::establish(&stage.url).unwrap();
                let all = u32::try_from(stage.allowed(&viewer, Columns::Owner).len()).unwrap();
                let visible = || {
                    tasks::id
                        .visible_to(me, Kind::TASK)
                        .owned_by(tasks::client_id)
                };
                for cap in [0, 1, all - 1, all, all + 1, 1_000, u32::MAX] {
                    let expected = i64::from(all.min(cap));
                    let plain = tasks::table.filter(visible());
                    let count: i64 = capped_count(plain, cap).get_result(host).unwrap();
                    assert_eq!(count, expected, "up to {cap}");
                    let boxed = listed(tasks::table.into_boxed(), visible().unordered());
                    let count: i64 = capped_count(boxed, cap).get_result(host).unwrap();
                    assert_eq!(count, expected, "up to {cap}");
                }
            }
        }
    };
}

paging!(sqlite, SqliteConnection, |raw, seeds| Some(
    Stage::in_a_file(raw, seeds)
));
paging!(postgres, PgConnection, |raw, seeds| Some(Stage::on(
    &database()?,
    raw,
    seeds
)));
paging!(any_server, Any, |raw, seeds| Some(Stage::on(
    &database()?,
    raw,
    seeds
)));
