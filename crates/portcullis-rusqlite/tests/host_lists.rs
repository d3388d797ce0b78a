//! The list over a host's own table holds exactly the rows that the rule allows one by one.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

#[path = "sharing_world/host_rows.rs"]
mod host_rows;
mod sharing_world;

use host_rows::{
    COLUMNS, Columns, Known, Person, Seeds, judged, owner_value, person, rules, tasks, viewer,
    viewer_as,
};
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind, UserKind,
};
use portcullis_id::{KeyType, Timestamp};
use portcullis_ledger::{Ledger as _, Scope, StoreExt as _};
use portcullis_rusqlite::{Store, values};
use portcullis_sql::{Dialect, VisibleTo, visible_to};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sharing_world::{NOW, Raw, World, raw};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// Each makes lists of another form: by grants, by few clients, by many, by more than are read first.
const KNOWN: [Known; 5] = [
    Known {
        grants: true,
        idle: 0,
    },
    Known {
        grants: false,
        idle: 0,
    },
    Known {
        grants: true,
        idle: 70,
    },
    Known {
        grants: false,
        idle: 300,
    },
    Known {
        grants: false,
        idle: 1_100,
    },
];

fn using(list: VisibleTo<'_>, columns: Columns) -> VisibleTo<'_> {
    let list = list.column("d.id");
    match columns {
        Columns::Key => list,
        Columns::Owner => list.owned_by("d.client_id"),
        Columns::Container => list.in_container("d.project_id"),
        Columns::OwnerAndProject => list
            .owned_by("d.client_id")
            .in_container_of(ContainerKind::Project, "d.project_id"),
    }
}

/// The numbers of the rows that the list holds, as a condition and as the statement put together.
fn listed(host: &rusqlite::Connection, list: VisibleTo<'_>) -> Vec<i64> {
    let visible = list.sql().unwrap();
    let select = "SELECT d.number FROM tasks AS d";
    let by_condition = format!("{select} WHERE {} ORDER BY d.number", visible.text());
    let put_together = visible.query(select, "d.number >= 0", "ORDER BY d.number");
    let [rows, same] = [by_condition, put_together.unwrap()].map(|sql| {
        let values = rusqlite::params_from_iter(values(&visible));
        host.prepare(&sql)
            .unwrap()
            .query_map(values, |row| row.get(0))
            .unwrap()
            .collect::<Result<Vec<i64>, _>>()
            .unwrap()
    });
    assert_eq!(rows, same, "{}", visible.text());
    rows
}

/// How many rows the list holds, up to `cap`.
fn counted(host: &rusqlite::Connection, list: VisibleTo<'_>, cap: u32) -> usize {
    let visible = list.sql().unwrap();
    let sql = visible.capped_count("tasks AS d", "d.number >= 0", cap);
    let values = rusqlite::params_from_iter(values(&visible));
    let count: i64 = host
        .query_row(&sql.unwrap(), values, |row| row.get(0))
        .unwrap();
    usize::try_from(count).unwrap()
}

#[test]
fn l04_the_list_over_a_hosts_table_is_the_rule_row_by_row() {
    let mut runner = TestRunner::deterministic();
    let seeds = prop::collection::vec((0..24_u8, 0..12_u8, 0..6_u8), 20..60);
    let worlds = (raw(), seeds, prop::collection::vec(person(), 8));
    let rules = rules();
    let mut seen: BTreeMap<(UserKind, bool, Columns), [usize; 2]> = BTreeMap::new();
    let mut forms: BTreeMap<(UserKind, Known), [usize; 2]> = BTreeMap::new();
    for _ in 0..60 {
        let (raw, seeds, people): (Raw, Seeds, Vec<Person>) =
            worlds.new_tree(&mut runner).unwrap().current();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("host.db");
        let host = rusqlite::Connection::open(&path).unwrap();
        host.execute_batch(
            "CREATE TABLE tasks (number INTEGER PRIMARY KEY, id INTEGER, client_id INTEGER, project_id TEXT)",
        )
        .unwrap();
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
        for (person, known) in people.iter().zip(KNOWN.into_iter().cycle()) {
            let viewer = viewer_as(known, person, &world, &rules);
            for columns in COLUMNS {
                let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
                let ordered = listed(&host, using(list, columns));
                let judged: Vec<i64> = (0..)
                    .zip(&tasks)
                    .filter(|(_, task)| judged(&world, &viewer, rules.catalogue(), columns, task))
                    .map(|(number, _)| number)
                    .collect();
                let list = || {
                    let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
                    using(list, columns)
                };
                let beside = listed(&host, list().on(Dialect::Sqlite));
                assert_eq!(beside, judged, "{columns:?} {known:?} {person:?}");
                let unordered = listed(&host, list().unordered());
                assert_eq!(unordered, judged, "{columns:?} {known:?} {person:?}");
                let to_count = listed(&host, list().counted(Dialect::Sqlite));
                assert_eq!(to_count, judged, "{columns:?} {known:?} {person:?}");
                for cap in [2, 1_000] {
                    let counted = counted(&host, list().counted(Dialect::Sqlite), cap);
                    let least = judged.len().min(usize::try_from(cap).unwrap());
                    assert_eq!(counted, least, "{columns:?} {known:?} {person:?} {cap}");
                }
                assert_eq!(
                    ordered, judged,
                    "{columns:?} {known:?} {person:?} {tasks:#?}"
                );
                let all = viewer.every_client();
                let [shown, hidden] = seen.entry((person.kind, all, columns)).or_default();
                *shown += judged.len();
                *hidden += tasks.len() - judged.len();
                let [shown, hidden] = forms.entry((person.kind, known)).or_default();
                *shown += judged.len();
                *hidden += tasks.len() - judged.len();
            }
        }
    }
    // Not degenerate: everybody sees something and is refused something, with all columns.
    assert_eq!(seen.len(), 4 * COLUMNS.len(), "{seen:?}");
    for (who, [shown, hidden]) in seen {
        assert!(
            shown > 5 && hidden > 5,
            "{who:?}: {shown} shown, {hidden} hidden"
        );
    }
    assert_eq!(forms.len(), UserKind::ALL.len() * KNOWN.len(), "{forms:?}");
    for (form, [shown, hidden]) in forms {
        assert!(
            shown > 5 && hidden > 5,
            "{form:?}: {shown} shown, {hidden} hidden"
        );
    }
}

#[test]
fn l04_a_viewer_that_is_out_of_date_lists_nothing() {
    let rules = rules();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("host.db");
    let host = rusqlite::Connection::open(&path).unwrap();
    host.execute_batch(
        "CREATE TABLE tasks (number INTEGER PRIMARY KEY, id INTEGER, client_id INTEGER, project_id TEXT);
         INSERT INTO tasks VALUES (1, 1000000, 0, NULL);",
    )
    .unwrap();
    let store = Store::open_with_host_tables(&path).unwrap();
    let world = World::new(&store, &raw_of_one());
    let person = Person {
        kind: UserKind::Staff,
        every_client: true,
        reach: 63,
        rights: [true; 4],
        closed: false,
    };
    let viewer = viewer(&person, &world, &rules);
    let list = |columns| {
        let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
        listed(&host, using(list, columns))
    };
    // The host's row that we do not know is staff's to see.
    for columns in COLUMNS {
        assert_eq!(list(columns), [1], "{columns:?}");
    }
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    for columns in COLUMNS {
        assert!(list(columns).is_empty(), "{columns:?}");
    }
}

#[test]
fn pitfall07_a_list_is_in_parentheses_and_nobody_sees_anything_past_the_viewers_end() {
    let rules = rules();
    let world = World::new(&Store::in_memory().unwrap(), &raw_of_one());
    let person = Person {
        kind: UserKind::Staff,
        every_client: true,
        reach: 63,
        rights: [true; 4],
        closed: false,
    };
    let viewer = viewer(&person, &world, &rules);
    let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
    let visible = using(list, Columns::Owner).sql().unwrap();
    assert!(visible.text().starts_with('(') && visible.text().ends_with(')'));
    let late = visible_to(&viewer, Kind::TASK, rules.catalogue(), Timestamp::MAX);
    assert_eq!(using(late, Columns::Owner).sql().unwrap().text(), "(1 = 0)");
}

#[test]
fn k07_one_column_cannot_hold_container_keys_of_two_types() {
    let rules = {
        let catalogue =
            Catalogue::built_in().keyed_by(Keyed::Containers(ContainerKind::Project), KeyType::Int);
        AccessRules::new(AccessProfile::closed(), catalogue).unwrap()
    };
    let world = World::new(&Store::in_memory().unwrap(), &raw_of_one());
    let person = Person {
        kind: UserKind::Staff,
        every_client: true,
        reach: 63,
        rights: [true; 4],
        closed: false,
    };
    let viewer = viewer(&person, &world, &rules);
    let list = || visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW).column("d.id");
    let refused = list().in_container("d.project_id").sql().unwrap_err();
    assert!(refused.to_string().contains("in_container_of"), "{refused}");
    assert!(
        list()
            .in_container_of(ContainerKind::Project, "d.project_id")
            .sql()
            .is_ok()
    );
    let refused = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW)
        .sql()
        .unwrap_err();
    assert!(refused.to_string().contains(".column("), "{refused}");
    let refused = list().owned_by("client_id").sql().unwrap_err();
    assert!(refused.to_string().contains("write `d.id`"), "{refused}");
}

fn raw_of_one() -> Raw {
    raw()
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current()
}

/// A name without its table may be the host's or, beside a row of ours, ours: where it could be, no row
/// of ours stands there.
#[test]
fn pitfall05_a_name_that_is_a_column_of_ours_keeps_our_rows_from_beside_the_hosts() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("host.db");
    let store = Store::open_with_host_tables(&path).unwrap();
    let world = World::new(&store, &raw_of_one());
    let person = Person {
        kind: UserKind::Staff,
        every_client: true,
        reach: 63,
        rights: [true; 4],
        closed: false,
    };
    let rules = rules();
    let viewer = viewer(&person, &world, &rules);
    let visible = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW)
        .column("d.id")
        .owned_by("d.client_id")
        .in_container("d.project_id")
        .on(Dialect::Sqlite)
        .sql()
        .unwrap();
    let beside = |column: &str| {
        let select = format!("SELECT {column} FROM tasks AS d");
        let sql = visible.query(&select, "", "").unwrap();
        sql.contains("LEFT JOIN portcullis_item")
    };
    assert!(beside("number"));
    let host = rusqlite::Connection::open(&path).unwrap();
    let mut seen = 0;
    for table in ["item", "container", "client"] {
        let columns = format!("SELECT name FROM pragma_table_info('portcullis_{table}')");
        let mut columns = host.prepare(&columns).unwrap();
        for column in columns.query_map([], |row| row.get(0)).unwrap() {
            let column: String = column.unwrap();
            assert!(!beside(&column), "{column}");
            assert!(beside(&format!("d.{column}")), "{column}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}
