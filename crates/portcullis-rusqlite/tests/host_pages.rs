//! A page of a host's table in our own order holds exactly the rows that the rule allows one by one,
//! among the first of our list.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

#[path = "sharing_world/host_rows.rs"]
mod host_rows;
mod sharing_world;

use host_rows::{
    COLUMNS, Columns, Known, Person, Seeds, Task, judged, owner_value, person, rules, tasks,
    viewer, viewer_as,
};
use portcullis_access::{Catalogue, ContainerKind, Kind, UserKind, Verb, Viewer};
use portcullis_id::{HostKey, ItemId, KeyType};
use portcullis_ledger::{Ledger as _, Scope, StoreExt as _};
use portcullis_rusqlite::{Store, value, values};
use portcullis_sharing::{Item, PageToken, decide};
use portcullis_sql::{HostPage, VisibleTo, visible_to};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rusqlite::OptionalExtension as _;
use sharing_world::{NOW, Raw, World, raw};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tempfile::TempDir;
use uuid::Uuid;

const TABLE: &str = "CREATE TABLE tasks \
    (number INTEGER PRIMARY KEY, id INTEGER, client_id INTEGER, project_id TEXT)";

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

/// The numbers of the rows on the page, each with where it stands.
fn listed(host: &rusqlite::Connection, page: &HostPage) -> Vec<(i64, PageToken)> {
    let sql = page.query("d.number", "tasks AS d").unwrap();
    let mut statement = host.prepare(&sql).unwrap();
    let values = rusqlite::params_from_iter(values(page.condition()));
    let rows = statement.query_map(values, |row| {
        let item: [u8; 16] = row.get(2)?;
        let token = PageToken {
            sort: row.get(1)?,
            item: ItemId::from_uuid(Uuid::from_bytes(item)),
        };
        Ok((row.get(0)?, token))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Where the page ends, if the list does not end with it.
fn ended(host: &rusqlite::Connection, page: &HostPage) -> Option<PageToken> {
    let mut statement = host.prepare(page.end().text()).unwrap();
    let values = rusqlite::params_from_iter(page.end().params().iter().map(value));
    let end = statement.query_row(values, |row| {
        let item: [u8; 16] = row.get(1)?;
        Ok(PageToken {
            sort: row.get(0)?,
            item: ItemId::from_uuid(Uuid::from_bytes(item)),
        })
    });
    end.optional().unwrap()
}

/// The viewer's tasks by our order.
fn ours<'w>(world: &'w World, viewer: &Viewer, catalogue: &Catalogue) -> Vec<&'w Item> {
    let open = world.rows.iter().filter(|(row, _)| {
        row.item.kind == Kind::TASK
            && decide(viewer, Verb::View, &row.facts(catalogue), NOW).is_allow()
    });
    let mut items: Vec<&Item> = open.map(|(row, _)| &row.item).collect();
    items.sort_by_key(|item| Reverse((item.sort, item.id)));
    items
}

fn token(item: &Item) -> PageToken {
    PageToken {
        sort: item.sort,
        item: item.id,
    }
}

/// What of `part`, a page of ours, the host's table has and the rule allows.
fn expected(
    tasks: &[Task],
    part: &[&Item],
    allowed: impl Fn(&Task) -> bool,
) -> Vec<(i64, PageToken)> {
    let mut rows = Vec::new();
    for item in part {
        let same = |task: &Task| task.key.map(HostKey::Int).as_ref() == Some(&item.key);
        let of_item = (0..)
            .zip(tasks)
            .filter(|(_, task)| same(task) && allowed(task));
        rows.extend(of_item.map(|(number, _)| (number, token(item))));
    }
    rows
}

#[test]
fn l04_a_page_of_a_hosts_table_is_the_rule_row_by_row_in_our_order() {
    let mut runner = TestRunner::deterministic();
    let seeds = prop::collection::vec((0..24_u8, 0..12_u8, 0..6_u8), 20..60);
    let worlds = (raw(), seeds, prop::collection::vec(person(), 8));
    let rules = rules();
    let mut seen: BTreeMap<(UserKind, bool, Columns), [usize; 2]> = BTreeMap::new();
    for limit in (1..=3_u32).cycle().take(60) {
        let (raw, seeds, people): (Raw, Seeds, Vec<Person>) =
            worlds.new_tree(&mut runner).unwrap().current();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("host.db");
        let host = rusqlite::Connection::open(&path).unwrap();
        host.execute_batch(TABLE).unwrap();
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
            let items = ours(&world, &viewer, rules.catalogue());
            for columns in COLUMNS {
                let allowed =
                    |task: &Task| judged(&world, &viewer, rules.catalogue(), columns, task);
                let mut after = None;
                let mut parts = items.chunks(limit as usize);
                loop {
                    let part = parts.next().unwrap_or_default();
                    let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
                    let page = using(list, columns).page(after, limit).unwrap();
                    let mut found = listed(&host, &page);
                    let order = |(_, token): &(i64, PageToken)| Reverse((token.sort, token.item));
                    assert!(found.is_sorted_by_key(order));
                    // Rows of the host's that are the same item stand in any order.
                    found.sort_by_key(|row| (order(row), row.0));
                    let wanted = expected(&tasks, part, allowed);
                    assert_eq!(found, wanted, "{columns:?} {known:?} {person:?}");
                    let all = viewer.every_client();
                    let [rows, pages] = seen.entry((person.kind, all, columns)).or_default();
                    *rows += found.len();
                    *pages += usize::from(after.is_some() && !found.is_empty());
                    let full = part.len() == limit as usize;
                    let end = part.last().filter(|_| full).map(|item| token(item));
                    assert_eq!(ended(&host, &page), end);
                    // Without rows too there may be more behind it.
                    let Some(end) = end else { break };
                    after = Some(end);
                }
            }
        }
    }
    assert_eq!(seen.len(), 4 * COLUMNS.len(), "{seen:?}");
    for (who, [rows, pages]) in seen {
        assert!(
            rows > 5 && pages > 0,
            "{who:?}: {rows} rows, {pages} later pages"
        );
    }
}

#[test]
fn l04_a_viewer_that_is_out_of_date_has_no_page() {
    let rules = rules();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("host.db");
    let host = rusqlite::Connection::open(&path).unwrap();
    host.execute_batch(TABLE).unwrap();
    let store = Store::open_with_host_tables(&path).unwrap();
    let mut runner = TestRunner::deterministic();
    let person = Person {
        kind: UserKind::Staff,
        every_client: true,
        reach: 63,
        rights: [true; 4],
        closed: false,
    };
    let world = World::new(&store, &raw().new_tree(&mut runner).unwrap().current());
    let viewer = viewer(&person, &world, &rules);
    let tasks = ours(&world, &viewer, rules.catalogue());
    assert!(!tasks.is_empty());
    for task in &tasks {
        assert_eq!(task.key.key_type(), KeyType::Int);
        let HostKey::Int(key) = task.key else {
            continue;
        };
        let values = (key, key);
        host.execute("INSERT INTO tasks VALUES (?, ?, NULL, NULL)", values)
            .unwrap();
    }
    // Unknown to us, and so in no order of ours, whoever asks.
    host.execute_batch("INSERT INTO tasks VALUES (1000000, 1000000, NULL, NULL)")
        .unwrap();
    let page = || {
        let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
        let page = using(list, Columns::Key).page(None, 1).unwrap();
        assert_eq!(
            ended(&host, &page).is_some(),
            !listed(&host, &page).is_empty()
        );
        let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
        listed(&host, &using(list, Columns::Key).page(None, 500).unwrap())
    };
    assert_eq!(page().len(), tasks.len());
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    assert!(page().is_empty());
}
