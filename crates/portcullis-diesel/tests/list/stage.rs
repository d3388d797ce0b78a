//! A host on both databases: its tables, and what the rule says of each row.

#![expect(clippy::unwrap_used, reason = "support of tests, in a file of its own")]

use crate::host_rows::{
    COLUMNS, Columns, Known, Person, Seeds, Task, judged, owner_value, person, rules,
    tasks as rows_of, viewer, viewer_as,
};
use crate::sharing_world::{NOW, Raw, World, raw};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{MultiConnection, PgConnection, SqliteConnection};
use portcullis_access::{AccessRules, UserKind, Viewer};
use portcullis_conformance::postgres::{Database, Server};
use portcullis_diesel::{Lens, Store};
use portcullis_ledger::StoreExt as _;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::fmt::Write as _;
use std::sync::OnceLock;
use tempfile::TempDir;

diesel::table! {
    tasks (number) {
        number -> BigInt,
        id -> Nullable<BigInt>,
        client_id -> Nullable<BigInt>,
        project_id -> Nullable<Text>,
    }
}

diesel::table! {
    notes (number) {
        number -> BigInt,
        task -> BigInt,
    }
}

diesel::joinable!(notes -> tasks (task));
diesel::allow_tables_to_appear_in_same_query!(notes, tasks);

const TABLES: &str = "CREATE TABLE tasks \
        (number BIGINT PRIMARY KEY, id BIGINT, client_id BIGINT, project_id TEXT); \
    CREATE TABLE notes (number BIGINT PRIMARY KEY, task BIGINT NOT NULL);";

/// A host on either.
#[derive(MultiConnection)]
pub(crate) enum Any {
    File(SqliteConnection),
    Server(PgConnection),
}

portcullis_diesel::multi_connection!(Any {
    File => Sqlite,
    Server => Postgres,
});

/// A portal with a host's rows.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) rules: AccessRules,
    pub(crate) tasks: Vec<Task>,
    /// Where it is kept.
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

impl Stage {
    pub(crate) fn in_a_file(raw: &Raw, seeds: &Seeds) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("host.db");
        // The other adapter fills it: both write the same.
        let store = portcullis_rusqlite::Store::open_with_host_tables(&path).unwrap();
        let world = World::new(&store, raw);
        let url = path.to_str().unwrap().to_owned();
        let stage = Self::of(world, seeds, url, Some(folder));
        stage.fill(&mut SqliteConnection::establish(&stage.url).unwrap());
        stage
    }

    pub(crate) fn on(database: &Database, raw: &Raw, seeds: &Seeds) -> Self {
        let url = database.url().to_owned();
        let store = Store::<PgConnection>::open_with_host_tables(&url).unwrap();
        store.migrate(NOW).unwrap();
        let world = store.write(|tx| World::fill(tx, raw)).unwrap();
        let stage = Self::of(world, seeds, url, None);
        stage.fill(&mut PgConnection::establish(&stage.url).unwrap());
        stage
    }

    fn of(world: World, seeds: &Seeds, url: String, folder: Option<TempDir>) -> Self {
        Self {
            rules: rules(),
            tasks: rows_of(&world, seeds),
            world,
            url,
            _folder: folder,
        }
    }

    fn fill(&self, host: &mut impl SimpleConnection) {
        let mut script = TABLES.to_owned();
        let number = |value: Option<i64>| value.map_or("NULL".to_owned(), |n| n.to_string());
        for (n, task) in self.tasks.iter().enumerate() {
            let project = task.project.as_ref();
            let _ = write!(
                script,
                "INSERT INTO tasks VALUES ({n}, {}, {}, {}); INSERT INTO notes VALUES ({}, {n});",
                number(task.key),
                number(owner_value(task.owner)),
                project.map_or("NULL".to_owned(), |key| format!("'{key}'")),
                n + 1_000,
            );
        }
        host.batch_execute(&script).unwrap();
    }

    pub(crate) fn viewer(&self, person: &Person) -> Viewer {
        viewer(person, &self.world, &self.rules)
    }

    pub(crate) fn viewer_as(&self, known: Known, person: &Person) -> Viewer {
        viewer_as(known, person, &self.world, &self.rules)
    }

    pub(crate) fn lens<'a>(&'a self, viewer: &'a Viewer) -> Lens<'a> {
        Lens::new(viewer, self.rules.catalogue(), NOW)
    }

    /// The numbers of the rows that the rule allows one by one.
    pub(crate) fn allowed(&self, viewer: &Viewer, columns: Columns) -> Vec<i64> {
        (0..)
            .zip(&self.tasks)
            .filter(|(_, task)| judged(&self.world, viewer, self.rules.catalogue(), columns, task))
            .map(|(number, _)| number)
            .collect()
    }
}

/// Staff with everything, at the clients they work for.
pub(crate) const STAFF: Person = Person {
    kind: UserKind::Staff,
    every_client: false,
    reach: 63,
    rights: [true; 4],
    closed: false,
};

/// A world in which [`STAFF`] is allowed some rows and refused some, whatever the columns.
pub(crate) fn some_world() -> (Raw, Seeds) {
    static FOUND: OnceLock<(Raw, Seeds)> = OnceLock::new();
    FOUND.get_or_init(find_some_world).clone()
}

fn find_some_world() -> (Raw, Seeds) {
    let mut runner = TestRunner::deterministic();
    loop {
        let (raw, seeds, _) = worlds().new_tree(&mut runner).unwrap().current();
        let stage = Stage::in_a_file(&raw, &seeds);
        let viewer = stage.viewer(&STAFF);
        let some = |columns| {
            let allowed = stage.allowed(&viewer, columns).len();
            allowed > 4 && allowed < stage.tasks.len()
        };
        if COLUMNS.into_iter().all(some) {
            return (raw, seeds);
        }
    }
}

/// Random portals with a host's rows and people.
pub(crate) fn worlds() -> impl Strategy<Value = (Raw, Seeds, Vec<Person>)> {
    let seeds = prop::collection::vec((0..24_u8, 0..12_u8, 0..6_u8), 20..60);
    (raw(), seeds, prop::collection::vec(person(), 6))
}

/// A database of its own, where there is a server.
pub(crate) fn database() -> Option<Database> {
    Some(Server::shared()?.database())
}

/// `$query` of a list over `$columns`.
macro_rules! over {
    ($me:expr, $columns:expr, |$list:ident| $query:expr) => {{
        let list = $crate::stage::tasks::id.visible_to($me, portcullis_access::Kind::TASK);
        match $columns {
            $crate::host_rows::Columns::Key => {
                let $list = list;
                $query
            }
            $crate::host_rows::Columns::Owner => {
                let $list = list.owned_by($crate::stage::tasks::client_id);
                $query
            }
            $crate::host_rows::Columns::Container => {
                let $list = list.in_container($crate::stage::tasks::project_id);
                $query
            }
            $crate::host_rows::Columns::OwnerAndProject => {
                let $list = list
                    .owned_by($crate::stage::tasks::client_id)
                    .in_container_of(
                        portcullis_access::ContainerKind::Project,
                        $crate::stage::tasks::project_id,
                    );
                $query
            }
        }
    }};
}
pub(crate) use over;
