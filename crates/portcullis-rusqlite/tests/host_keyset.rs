//! A list in the host's own order, page by page.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

#[path = "sharing_world/host_rows.rs"]
mod host_rows;
mod sharing_world;
#[path = "sharing_world/walks.rs"]
mod walks;

use host_rows::{COLUMNS, Columns, judged, owner_value, person, rules, tasks, viewer};
use portcullis_access::{ContainerKind, Kind, UserKind};
use portcullis_rusqlite::{Store, value, values};
use portcullis_sql::{Dialect, Fragment, Keyset, Val, VisibleTo, after, before, visible_to};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sharing_world::{NOW, World, raw};
use std::collections::BTreeMap;
use tempfile::TempDir;
use walks::{Host, ORDERS, Row, changes, rows, walk};

const TABLES: &str = "PRAGMA synchronous = off; CREATE TABLE tasks \
        (number INTEGER PRIMARY KEY, id INTEGER, client_id INTEGER, project_id TEXT); \
    CREATE TABLE entries (number INTEGER PRIMARY KEY, task INTEGER NOT NULL, \
        rank INTEGER NOT NULL, due INTEGER);";

fn using(list: VisibleTo<'_>, columns: Columns) -> VisibleTo<'_> {
    let list = list.column("t.id");
    match columns {
        Columns::Key => list,
        Columns::Owner => list.owned_by("t.client_id"),
        Columns::Container => list.in_container("t.project_id"),
        Columns::OwnerAndProject => list
            .owned_by("t.client_id")
            .in_container_of(ContainerKind::Project, "t.project_id"),
    }
}

/// Entries of tasks: the list is over a join of the host's own.
struct InAFile<'a> {
    host: &'a rusqlite::Connection,
    visible: &'a Fragment,
}

impl Host for InAFile<'_> {
    fn add(&mut self, row: &Row) {
        let task = i64::try_from(row.task).unwrap();
        let values = (row.number, task, row.rank, row.due);
        self.host
            .execute("INSERT INTO entries VALUES (?, ?, ?, ?)", values)
            .unwrap();
    }

    fn remove(&mut self, number: i64) {
        let gone = "DELETE FROM entries WHERE number = ?";
        self.host.execute(gone, [number]).unwrap();
    }

    fn page(&mut self, keyset: &Keyset<Val<'static>>, limit: usize) -> Vec<i64> {
        let sql = self.visible.query(
            "SELECT d.number FROM entries AS d JOIN tasks AS t ON t.number = d.task",
            &format!("d.rank >= ? AND {}", keyset.text()),
            &format!("{} LIMIT {limit}", keyset.order()),
        );
        let own = [Val::from(0_i64)];
        let more = own.iter().chain(keyset.params()).map(value);
        let bound = values(self.visible).into_iter().chain(more);
        let mut statement = self.host.prepare(&sql.unwrap()).unwrap();
        let rows = statement.query_map(rusqlite::params_from_iter(bound), |row| row.get(0));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }
}

#[test]
fn l04_pages_while_rows_come_and_go_neither_skip_nor_repeat_what_stays() {
    let mut runner = TestRunner::deterministic();
    let seeds = prop::collection::vec((0..24_u8, 0..12_u8, 0..6_u8), 20..60);
    let worlds = (raw(), seeds, prop::collection::vec(person(), 4), 1..6_usize);
    let rules = rules();
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for _ in 0..30 {
        let (raw, seeds, people, limit) = worlds.new_tree(&mut runner).unwrap().current();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("host.db");
        let host = rusqlite::Connection::open(&path).unwrap();
        host.execute_batch(TABLES).unwrap();
        let world = World::new(&Store::open_with_host_tables(&path).unwrap(), &raw);
        if world.rows.is_empty() {
            continue;
        }
        let tasks = tasks(&world, &seeds);
        for (number, task) in (0_i64..).zip(&tasks) {
            let values = (number, task.key, owner_value(task.owner), &task.project);
            host.execute("INSERT INTO tasks VALUES (?, ?, ?, ?)", values)
                .unwrap();
        }
        for (person, columns) in people.iter().zip(COLUMNS) {
            let viewer = viewer(person, &world, &rules);
            let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
            let list = using(list, columns);
            let allowed: Vec<bool> = tasks
                .iter()
                .map(|task| judged(&world, &viewer, rules.catalogue(), columns, task))
                .collect();
            for (order, ascending, alone) in ORDERS.into_iter().flat_map(|order| {
                [
                    (order, false, false),
                    (order, true, true),
                    (order, true, false),
                ]
            }) {
                let list = list.clone();
                let list = if alone {
                    list.on(Dialect::Sqlite)
                } else {
                    list
                };
                let visible = list.sql().unwrap();
                let (rows, changes) = (rows(tasks.len()), changes(tasks.len()))
                    .new_tree(&mut runner)
                    .unwrap()
                    .current();
                host.execute_batch("DELETE FROM entries").unwrap();
                let mut there: BTreeMap<i64, Row> = BTreeMap::new();
                there.extend(rows.into_iter().map(|row| (row.number, row)));
                let mut rows: Vec<Row> = there.into_values().collect();
                let mut host = InAFile {
                    host: &host,
                    visible: &visible,
                };
                for row in &rows {
                    host.add(row);
                }
                let how = (order, ascending, limit);
                let shown = walk(&mut host, how, &mut rows, &changes, |row| allowed[row.task]);
                *seen.entry((person.kind, order, ascending)).or_default() += shown;
            }
        }
    }
    assert_eq!(seen.len(), UserKind::ALL.len() * ORDERS.len() * 2);
    assert!(seen.values().all(|rows| *rows > 3), "{seen:?}");
    assert!(seen.values().sum::<usize>() > 2_000, "{seen:?}");
}

/// The database seeks to the cursor, in every order of the walk.
#[test]
fn a_page_behind_a_cursor_is_a_seek_in_its_index() {
    let host = rusqlite::Connection::open_in_memory().unwrap();
    host.execute_batch(
        "CREATE TABLE d (id TEXT PRIMARY KEY, at INTEGER NOT NULL, due INTEGER); \
         CREATE INDEX by_time ON d (at, id); CREATE INDEX by_due ON d (COALESCE(due, 0), id);",
    )
    .unwrap();
    let plan = |keyset: &Keyset<i64>| -> String {
        let (text, order) = (keyset.text(), keyset.order());
        let sql = format!("EXPLAIN QUERY PLAN SELECT d.id FROM d WHERE {text} {order} LIMIT 50");
        let mut statement = host.prepare(&sql).unwrap();
        let values = rusqlite::params_from_iter(keyset.params());
        let rows = statement.query_map(values, |row| row.get::<_, String>(3));
        rows.unwrap()
            .collect::<Result<Vec<_>, _>>()
            .unwrap()
            .join("; ")
    };
    let cursor = Some([7, 7]);
    for (index, keyset) in [
        ("by_time ((at,id)<(?,?))", before(["d.at", "d.id"], cursor)),
        ("by_time ((at,id)>(?,?))", after(["d.at", "d.id"], cursor)),
        (
            "by_due (<expr><?)",
            before(["COALESCE(d.due, 0)", "d.id"], cursor),
        ),
        (
            "by_due (<expr>>?)",
            after(["COALESCE(d.due, 0)", "d.id"], cursor),
        ),
    ] {
        let plan = plan(&keyset.unwrap());
        assert!(
            plan.contains(index) && !plan.contains("TEMP B-TREE"),
            "{plan}"
        );
    }
}
