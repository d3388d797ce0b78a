//! The list over a host's own table holds exactly the rows that the rule allows one by one.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

mod sharing_world;

use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, ContainerKinds, Keyed, Kind, KindSet,
    Light, PortalState, Subject, SubjectAffiliation, UserKind, Viewer,
};
use portcullis_id::{HostKey, KeyType, Standing, Timestamp};
use portcullis_ledger::{Ledger as _, Revision, Scope, StoreExt as _};
use portcullis_rusqlite::{Store, values};
use portcullis_sharing::{ContainerColumn, HostRow, OwnerColumn, decide_host_row};
use portcullis_sql::{VisibleTo, visible_to};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sharing_world::{NOW, Raw, World, client, client_key, raw, user};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// One row of the host's table `tasks`.
#[derive(Clone, Debug)]
struct Task {
    key: Option<i64>,
    owner: Option<u8>,
    project: Option<String>,
}

/// Which of the host's columns a list uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Columns {
    Key,
    Owner,
    Container,
    OwnerAndProject,
}

const COLUMNS: [Columns; 4] = [
    Columns::Key,
    Columns::Owner,
    Columns::Container,
    Columns::OwnerAndProject,
];

/// Seeds of the host's rows: which item, and how owner and container are filled.
type Seeds = Vec<(u8, u8, u8)>;

#[derive(Clone, Debug)]
struct Person {
    kind: UserKind,
    every_client: bool,
    reach: i64,
    rights: [bool; 4],
    closed: bool,
}

fn person() -> impl Strategy<Value = Person> {
    (
        prop::sample::select(UserKind::ALL.to_vec()),
        any::<bool>(),
        prop::sample::select(vec![0_i64, 2, 21, 63, 63, 63]),
        prop::array::uniform4(prop::bool::weighted(0.95)),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(kind, every_client, reach, rights, closed)| Person {
            kind,
            every_client,
            reach,
            rights,
            closed,
        })
}

fn rules() -> AccessRules {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::TASK, KeyType::Int)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Int);
    AccessRules::new(AccessProfile::closed(), catalogue).unwrap()
}

fn viewer(person: &Person, world: &World, rules: &AccessRules) -> Viewer {
    let names = [
        "milestones.view",
        "tasks.view",
        "task-lists.view",
        "documents.view",
    ];
    let rights = names
        .into_iter()
        .zip(person.rights)
        .filter(|(_, held)| *held)
        .map(|(name, _)| name.to_owned())
        .collect();
    let subject = Subject {
        user: user(),
        kind: person.kind,
        removed: false,
        every_client: person.every_client,
        reach: ContainerKinds::from_bits(person.reach),
        rights,
        portal: PortalState {
            active: true,
            first_activated_at: None,
            licensed: ContainerKinds::ALL,
        },
        revision: revision(world),
    };
    let affiliations = world.affiliated.iter().map(|at| SubjectAffiliation {
        client: *at,
        light: Light::Active,
        // One client differs, so that a plan has branches of several scopes.
        closed: if person.closed && *at == client(0) {
            KindSet::of(Kind::MILESTONE)
        } else {
            KindSet::NONE
        },
        paused: false,
        until: None,
        rights: vec![],
    });
    Viewer::fold(&subject, affiliations, Standing::USABLE, rules, NOW).with_grants(None, NOW)
}

fn revision(world: &World) -> Revision {
    let (row, _) = world.rows.first().unwrap();
    row.revision
}

/// A host's rows: most agree with ours, some do not, and some are unknown to us.
fn tasks(world: &World, seeds: &Seeds) -> Vec<Task> {
    let known: Vec<_> = world
        .rows
        .iter()
        .filter(|(row, _)| row.item.kind == Kind::TASK)
        .collect();
    seeds
        .iter()
        .map(|(item, owner, container)| {
            let ours = known.get(usize::from(*item));
            let agreeing = ours.and_then(|(row, _)| row.item.client);
            let agreeing = (0..5).find(|number| Some(client(*number)) == agreeing);
            let key = match ours.map(|(row, _)| &row.item.key) {
                Some(HostKey::Int(key)) => Some(*key),
                _ => (item % 7 != 0).then(|| 1_000 + i64::from(*item)),
            };
            Task {
                key,
                owner: match owner {
                    0..6 => Some(*owner),
                    6 => None,
                    _ => agreeing.or_else(|| (ours.is_none()).then_some(owner % 5)),
                },
                project: match container {
                    0 => None,
                    1 => Some("c1".to_owned()),
                    _ => ours.and_then(|(_, container)| match &container.key {
                        Some(HostKey::Text(key)) => Some(key.clone()),
                        _ => None,
                    }),
                },
            }
        })
        .collect()
}

/// The client's key as the host keeps it: 4 has none in our rows, 5 is no client of ours.
fn owner_value(owner: Option<u8>) -> Option<i64> {
    owner.map(i64::from)
}

fn judged(
    world: &World,
    viewer: &Viewer,
    catalogue: &Catalogue,
    columns: Columns,
    task: &Task,
) -> bool {
    let row = world.rows.iter().find(|(row, _)| {
        row.item.kind == Kind::TASK && task.key.map(HostKey::Int).as_ref() == Some(&row.item.key)
    });
    let project = task.project.clone().map(HostKey::Text);
    let host = HostRow {
        kind: Kind::TASK,
        row: row.map(|(row, container)| (row, container)),
        owner: match (columns, task.owner) {
            (Columns::Key | Columns::Container, _) => OwnerColumn::Unused,
            (_, None) => OwnerColumn::Null,
            (_, Some(owner)) if client_key(owner).is_some() => OwnerColumn::Client(client(owner)),
            (_, Some(_)) => OwnerColumn::Unknown,
        },
        container: match columns {
            Columns::Key | Columns::Owner => ContainerColumn::Unused,
            Columns::Container => ContainerColumn::Any(project.as_ref()),
            Columns::OwnerAndProject => {
                ContainerColumn::Of(ContainerKind::Project, project.as_ref())
            }
        },
    };
    decide_host_row(viewer, &host, catalogue, NOW).is_allow()
}

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

/// The numbers of the rows that the list holds.
fn listed(host: &rusqlite::Connection, list: VisibleTo<'_>) -> Vec<i64> {
    let visible = list.sql().unwrap();
    let sql = format!(
        "SELECT d.number FROM tasks AS d WHERE {} ORDER BY d.number",
        visible.text()
    );
    let values = rusqlite::params_from_iter(values(&visible));
    host.prepare(&sql)
        .unwrap()
        .query_map(values, |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn l04_the_list_over_a_hosts_table_is_the_rule_row_by_row() {
    let mut runner = TestRunner::deterministic();
    let seeds = prop::collection::vec((0..24_u8, 0..12_u8, 0..6_u8), 20..60);
    let worlds = (raw(), seeds, prop::collection::vec(person(), 6));
    let rules = rules();
    let mut seen: BTreeMap<(UserKind, bool, Columns), [usize; 2]> = BTreeMap::new();
    for _ in 0..40 {
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
        let tasks = tasks(&world, &seeds);
        for (number, task) in (0_i64..).zip(&tasks) {
            let values = (number, task.key, owner_value(task.owner), &task.project);
            host.execute("INSERT INTO tasks VALUES (?, ?, ?, ?)", values)
                .unwrap();
        }
        for person in &people {
            let viewer = viewer(person, &world, &rules);
            for columns in COLUMNS {
                let list = visible_to(&viewer, Kind::TASK, rules.catalogue(), NOW);
                let listed = listed(&host, using(list, columns));
                let judged: Vec<i64> = (0..)
                    .zip(&tasks)
                    .filter(|(_, task)| judged(&world, &viewer, rules.catalogue(), columns, task))
                    .map(|(number, _)| number)
                    .collect();
                assert_eq!(listed, judged, "{columns:?} {person:?} {tasks:#?}");
                let all = viewer.every_client();
                let [shown, hidden] = seen.entry((person.kind, all, columns)).or_default();
                *shown += judged.len();
                *hidden += tasks.len() - judged.len();
            }
        }
    }
    // Not degenerate: everybody sees something and is refused something, with all columns.
    assert_eq!(seen.len(), 4 * COLUMNS.len(), "{seen:?}");
    for (who, [shown, hidden]) in seen {
        assert!(
            shown > 10 && hidden > 10,
            "{who:?}: {shown} shown, {hidden} hidden"
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
