//! Whole queries of rows, pages and counts are the rule, row by row, and the text that hosts without
//! a query builder send.

use crate::host_rows::{COLUMNS, Columns, Known, Person, Task};
use crate::stage::{Any, STAFF, Stage, database, notes, over, some_world, tasks, worlds};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use diesel::{PgConnection, SqliteConnection};
use portcullis::sharing::{Item, PageToken, decide};
use portcullis_access::{Catalogue, Kind, UserKind, Verb, Viewer};
use portcullis_diesel::{End, Lens, Placed, VisibleToDsl as _, before};
use portcullis_id::HostKey;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is known of a viewer, by which the form of a list is chosen.
const KNOWN: [Known; 3] = [
    Known {
        grants: true,
        idle: 0,
    },
    Known {
        grants: false,
        idle: 70,
    },
    Known {
        grants: false,
        idle: 1_100,
    },
];

/// The ways to ask, on one connection.
trait Asked {
    /// The numbers of the rows.
    fn rows(&mut self, me: &Lens<'_>, columns: Columns) -> Vec<i64>;
    /// The first of all columns, which is the number.
    fn starred(&mut self, me: &Lens<'_>, columns: Columns) -> Vec<i64>;
    /// Of those with a number beyond 7, the last two, behind `cursor`.
    fn last(&mut self, me: &Lens<'_>, columns: Columns, cursor: Option<(i64,)>) -> Vec<i64>;
    fn count(&mut self, me: &Lens<'_>, columns: Columns, cap: u32) -> i64;
    fn page(
        &mut self,
        me: &Lens<'_>,
        columns: Columns,
        after: Option<PageToken>,
        limit: u32,
    ) -> (Vec<Placed<i64>>, Option<End>);
}

macro_rules! asked {
    ($connection:ty) => {
        impl Asked for $connection {
            fn rows(&mut self, me: &Lens<'_>, columns: Columns) -> Vec<i64> {
                over!(me, columns, |list| {
                    let rows = list.rows(tasks::table).order(tasks::number);
                    rows.select(tasks::number).load(self).unwrap()
                })
            }

            fn starred(&mut self, me: &Lens<'_>, columns: Columns) -> Vec<i64> {
                over!(me, columns, |list| {
                    let rows = list.rows(tasks::table).order(tasks::number);
                    let rows = rows.select(sql::<(BigInt, Nullable<BigInt>)>("*"));
                    let rows: Vec<(i64, Option<i64>)> = rows.load(self).unwrap();
                    rows.into_iter().map(|(number, _)| number).collect()
                })
            }

            fn last(
                &mut self,
                me: &Lens<'_>,
                columns: Columns,
                cursor: Option<(i64,)>,
            ) -> Vec<i64> {
                over!(me, columns, |list| list
                    .rows(tasks::table)
                    .filter(tasks::number.gt(7).or(tasks::number.lt(0)))
                    .filter(before((tasks::number,), cursor))
                    .order(tasks::number.desc())
                    .then_order_by(tasks::id)
                    .limit(2)
                    .select(tasks::number)
                    .load(self)
                    .unwrap())
            }

            fn count(&mut self, me: &Lens<'_>, columns: Columns, cap: u32) -> i64 {
                over!(me, columns, |list| {
                    let late = tasks::number.gt(7).or(tasks::number.lt(0));
                    let count = list.count(tasks::table, cap).filter(late);
                    count.get_result(self).unwrap()
                })
            }

            fn page(
                &mut self,
                me: &Lens<'_>,
                columns: Columns,
                after: Option<PageToken>,
                limit: u32,
            ) -> (Vec<Placed<i64>>, Option<End>) {
                over!(me, columns, |list| {
                    let page = list.page(tasks::table, after, limit);
                    let end = page.end().get_result(self).optional().unwrap();
                    (page.select(tasks::number).load(self).unwrap(), end)
                })
            }
        }
    };
}

asked!(SqliteConnection);
asked!(PgConnection);
asked!(Any);

/// The viewer's tasks by our order.
fn ours<'w>(stage: &'w Stage, viewer: &Viewer, catalogue: &Catalogue) -> Vec<&'w Item> {
    let open = stage.world.rows.iter().filter(|(row, _)| {
        row.item.kind == Kind::TASK
            && decide(
                viewer,
                Verb::View,
                &row.facts(catalogue),
                crate::sharing_world::NOW,
            )
            .is_allow()
    });
    let mut items: Vec<&Item> = open.map(|(row, _)| &row.item).collect();
    items.sort_by_key(|item| Reverse((item.sort, item.id)));
    items
}

/// What of `part`, a page of ours, the host's table has and the rule allows.
fn placed(tasks: &[Task], part: &[&Item], allowed: &[i64]) -> Vec<Placed<i64>> {
    let mut rows = Vec::new();
    for item in part {
        let token = PageToken {
            sort: item.sort,
            item: item.id,
        };
        let of_item = (0..).zip(tasks).filter(|(number, task)| {
            task.key.map(HostKey::Int).as_ref() == Some(&item.key) && allowed.contains(number)
        });
        rows.extend(of_item.map(|(row, _)| Placed { row, token }));
    }
    rows
}

type Seen = BTreeMap<(UserKind, bool, Columns), [usize; 3]>;

fn check(stage: &Stage, people: &[Person], host: &mut impl Asked, seen: &mut Seen) {
    for (person, known) in people.iter().zip(KNOWN.into_iter().cycle()) {
        let viewer = stage.viewer_as(known, person);
        let me = &stage.lens(&viewer);
        let items = ours(stage, &viewer, stage.rules.catalogue());
        for columns in COLUMNS {
            let told = format!("{columns:?} {known:?} {person:?}");
            let allowed = stage.allowed(&viewer, columns);
            assert_eq!(host.rows(me, columns), allowed, "{told}");
            assert_eq!(host.starred(me, columns), allowed, "{told}");

            let late: Vec<i64> = allowed.iter().copied().filter(|n| *n > 7).collect();
            let (mut found, mut cursor) = (Vec::new(), None);
            loop {
                let page = host.last(me, columns, cursor);
                let Some(last) = page.last() else { break };
                cursor = Some((*last,));
                found.extend(page);
            }
            found.reverse();
            assert_eq!(found, late, "{told}");

            let all = u32::try_from(late.len()).unwrap();
            for cap in [0, all.saturating_sub(1), all, all + 1, u32::MAX] {
                let expected = i64::from(all.min(cap));
                assert_eq!(
                    host.count(me, columns, cap),
                    expected,
                    "up to {cap}: {told}"
                );
            }

            let mut after = None;
            let mut pages = 0;
            let mut parts = items.chunks(2);
            loop {
                let part = parts.next().unwrap_or_default();
                let (mut page, end) = host.page(me, columns, after, 2);
                let order = |placed: &Placed<i64>| Reverse((placed.token.sort, placed.token.item));
                assert!(page.is_sorted_by_key(order), "{told}");
                // Rows of the host's that are the same item stand in any order.
                page.sort_by_key(|placed| (order(placed), placed.row));
                assert_eq!(page, placed(&stage.tasks, part, &allowed), "{told}");
                pages += usize::from(after.is_some() && !page.is_empty());
                let full = part.last().filter(|_| part.len() == 2);
                let wanted = full.map(|item| (item.sort, item.id));
                let end = end.map(|End { token }| token);
                assert_eq!(end.map(|end| (end.sort, end.item)), wanted, "{told}");
                // Without rows too there may be more behind it.
                let Some(end) = end else { break };
                after = Some(end);
            }
            let who = (person.kind, viewer.every_client(), columns);
            let counted = seen.entry(who).or_default();
            counted[0] += allowed.len();
            counted[1] += stage.tasks.len() - allowed.len();
            counted[2] += pages;
        }
    }
}

/// Not degenerate: everybody sees something, is refused something and turns a page.
fn everybody_saw(seen: &Seen) {
    assert_eq!(seen.len(), 4 * COLUMNS.len(), "{seen:?}");
    for (who, [shown, hidden, pages]) in seen {
        assert!(
            *shown > 10 && *hidden > 10 && *pages > 0,
            "{who:?}: {shown} shown, {hidden} hidden, {pages} later pages"
        );
    }
}

#[test]
fn l04_whole_queries_in_a_file_are_the_rule_row_by_row() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::new();
    for _ in 0..36 {
        let (raw, seeds, people) = worlds().new_tree(&mut runner).unwrap().current();
        let stage = Stage::in_a_file(&raw, &seeds);
        let mut host = SqliteConnection::establish(&stage.url).unwrap();
        check(&stage, &people, &mut host, &mut seen);
    }
    everybody_saw(&seen);
}

#[test]
fn l04_whole_queries_on_a_server_are_the_rule_row_by_row() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::new();
    for _ in 0..36 {
        let Some(database) = database() else { return };
        let (raw, seeds, people) = worlds().new_tree(&mut runner).unwrap().current();
        let stage = Stage::on(&database, &raw, &seeds);
        let mut host = PgConnection::establish(&stage.url).unwrap();
        check(&stage, &people, &mut host, &mut seen);
    }
    everybody_saw(&seen);
}

#[test]
fn whole_queries_of_an_enum_of_connections_are_the_same() {
    let (raw, seeds) = some_world();
    let mut stages = vec![Stage::in_a_file(&raw, &seeds)];
    stages.extend(database().map(|database| Stage::on(&database, &raw, &seeds)));
    for stage in stages {
        let mut host = Any::establish(&stage.url).unwrap();
        check(&stage, &[STAFF, STAFF], &mut host, &mut Seen::new());
    }
}

/// A host's row, with columns it has chosen.
#[derive(Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tasks)]
struct Row {
    client_id: Option<i64>,
    number: i64,
}

macro_rules! selections {
    ($name:ident, $joins:ident, $connection:ty, $stage:expr) => {
        #[test]
        fn $name() {
            let (raw, seeds) = some_world();
            let stage: Option<Stage> = $stage(&raw, &seeds);
            let Some(stage) = stage else { return };
            let viewer = stage.viewer(&STAFF);
            let host = &mut <$connection>::establish(&stage.url).unwrap();
            let visible = || {
                let list = tasks::id.visible_to(stage.lens(&viewer), Kind::TASK);
                list.owned_by(tasks::client_id)
            };
            let allowed = stage.allowed(&viewer, Columns::Owner);
            let owner = |number: i64| {
                let task = stage.tasks.get(usize::try_from(number).unwrap()).unwrap();
                task.owner.map(i64::from)
            };

            let rows = || visible().rows(tasks::table).order(tasks::number);
            let chosen: Vec<Row> = rows().select(Row::as_select()).load(host).unwrap();
            let expected: Vec<Row> = allowed
                .iter()
                .map(|number| Row {
                    client_id: owner(*number),
                    number: *number,
                })
                .collect();
            assert_eq!(chosen, expected);
            let everything: Vec<(i64, Option<i64>, Option<i64>, Option<String>)> =
                rows().load(host).unwrap();
            assert!(
                everything
                    .iter()
                    .map(|row| row.0)
                    .eq(allowed.iter().copied())
            );
            let first: i64 = rows().select(tasks::number).first(host).unwrap();
            assert_eq!(Some(&first), allowed.first());
            let counted: i64 = visible()
                .rows(tasks::table)
                .select(diesel::dsl::count_star())
                .get_result(host)
                .unwrap();
            assert_eq!(usize::try_from(counted), Ok(allowed.len()));

            let numbers: Vec<Placed<i64>> = visible()
                .page(tasks::table, None, 50)
                .select(tasks::number)
                .load(host)
                .unwrap();
            assert!(numbers.len() > 2, "{numbers:?}");
            let page: Vec<Placed<Row>> = visible()
                .page(tasks::table, None, 50)
                .select(Row::as_select())
                .load(host)
                .unwrap();
            let tuples: Vec<Placed<(i64, Option<i64>, Option<i64>, Option<String>)>> =
                visible().page(tasks::table, None, 50).load(host).unwrap();
            for ((number, row), tuple) in numbers.iter().zip(&page).zip(&tuples) {
                assert_eq!(row.token, number.token);
                assert_eq!(
                    (row.row.number, row.row.client_id),
                    (number.row, owner(number.row))
                );
                assert_eq!((tuple.row.0, tuple.row.2), (number.row, owner(number.row)));
            }
            assert_eq!((page.len(), tuples.len()), (numbers.len(), numbers.len()));
        }

        #[test]
        fn $joins() {
            let (raw, seeds) = some_world();
            let stage: Option<Stage> = $stage(&raw, &seeds);
            let Some(stage) = stage else { return };
            let viewer = stage.viewer(&STAFF);
            let host = &mut <$connection>::establish(&stage.url).unwrap();
            let visible = || {
                let list = tasks::id.visible_to(stage.lens(&viewer), Kind::TASK);
                list.owned_by(tasks::client_id)
            };
            let allowed = stage.allowed(&viewer, Columns::Owner);
            let numbers: Vec<Placed<i64>> = visible()
                .page(tasks::table, None, 50)
                .select(tasks::number)
                .load(host)
                .unwrap();
            let noted: Vec<i64> = allowed.iter().map(|number| number + 1_000).collect();
            let join = || notes::table.inner_join(tasks::table);
            let joined: Vec<i64> = visible()
                .rows(join())
                .filter(notes::number.gt(0))
                .order(notes::number)
                .select(notes::number)
                .load(host)
                .unwrap();
            assert_eq!(joined, noted);
            let left: Vec<(i64, Option<i64>)> = visible()
                .rows(tasks::table.left_join(notes::table))
                .order(tasks::number)
                .select((tasks::number, notes::number.nullable()))
                .load(host)
                .unwrap();
            assert!(
                left.iter()
                    .map(|(_, note)| *note)
                    .eq(noted.iter().copied().map(Some))
            );
            let counted: i64 = visible().count(join(), 1_000).get_result(host).unwrap();
            assert_eq!(usize::try_from(counted), Ok(allowed.len()));
            let page: Vec<Placed<i64>> = visible()
                .page(join(), None, 50)
                .select(notes::number)
                .load(host)
                .unwrap();
            assert!(
                page.iter()
                    .map(|p| p.row - 1_000)
                    .eq(numbers.iter().map(|p| p.row))
            );

            let one = diesel::alias!(tasks as one);
            let aliased: Vec<i64> = one
                .field(tasks::id)
                .visible_to(stage.lens(&viewer), Kind::TASK)
                .owned_by(one.field(tasks::client_id))
                .rows(one)
                .order(one.field(tasks::number))
                .select(one.field(tasks::number))
                .load(host)
                .unwrap();
            assert_eq!(aliased, allowed);
        }
    };
}

selections!(
    any_selection_in_a_file,
    any_tables_in_a_file,
    SqliteConnection,
    |raw, seeds| Some(Stage::in_a_file(raw, seeds))
);
selections!(
    any_selection_on_a_server,
    any_tables_on_a_server,
    PgConnection,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds))
);
