//! What a list over a host's own table costs beside the same list written by hand, on `SQLite` and
//! `PostgreSQL`. `--check` fails beyond the promise, `--smoke` runs it small, `--sqlite` and
//! `--postgres` ask the one alone, anything else is a criterion run.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench reads the clock, prints what it measured, and stops where its world is wrong"
)]

mod by_hand;
mod database;
mod measure;
mod node;
mod postgres;
mod sqlite;

use benches::host_world::{DOCUMENTS, HostWorld, NOW, Person, client_id};
use criterion::Criterion;
use database::{Asker, Database, Statement};
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind, Viewer,
};
use portcullis_diesel::Lens;
use portcullis_id::{KeyType, Standing, Timestamp, UserId};
use portcullis_ledger::StoreExt;
use portcullis_rusqlite::Store;
use portcullis_sharing::{SharingProfile, SharingRules, load_sight};
use portcullis_sql::{Dialect, Fragment, HostPage, Val, visible_to};
use postgres::Postgres;
use sqlite::Sqlite;
use std::env;
use std::process::ExitCode;

/// Who lists, and what they are by our rules.
pub(crate) struct Case {
    pub(crate) person: Person,
    pub(crate) asker: Asker,
    /// On `SQLite`, and on `PostgreSQL`.
    visible: [Fragment; 2],
    /// The same without the host's container column.
    bare: [Fragment; 2],
    /// The same for a count that ends at a cap.
    counted: [Fragment; 2],
    /// The first page in our own order.
    paged: HostPage,
    viewer: Viewer,
    catalogue: Catalogue,
}

const DIALECTS: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];
const PAGE: &str = "ORDER BY d.created_at DESC, d.id DESC LIMIT 50";
/// One more than is told: "1,000 or more".
pub(crate) const CAP: u32 = 1_001;

fn main() -> ExitCode {
    let flags: Vec<_> = env::args().skip(1).collect();
    let given = |flag: &str| flags.iter().any(|given| given == flag);
    let documents = if given("--smoke") { 20_000 } else { DOCUMENTS };
    let world = HostWorld::new(documents);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("host.db");
    let store = Store::open_with_host_tables(&file).expect("a new file");
    store.migrate(Timestamp::from_millis(0)).expect("a store");
    let mut sqlite = Sqlite::open(&file);
    sqlite.fill(&world);
    let (cases, revision) = cases(&store, &world);
    let server = if given("--sqlite") {
        None
    } else {
        postgres::filled(&world, revision)
    };
    drop(world);
    let mut postgres = server.as_ref().map(|(_, url)| Postgres::connect(url, true));
    let databases = std::iter::once(&mut sqlite as &mut dyn Database)
        .chain(postgres.iter_mut().map(|postgres| postgres as _));
    if given("--smoke") || given("--check") {
        let rounds = if given("--smoke") { 2 } else { 40 };
        let mut kept = true;
        for database in databases {
            if given("--postgres") && database.dialect() == Dialect::Sqlite {
                continue;
            }
            for case in &cases {
                kept &= measure::case(database, case, rounds, given("--plans"));
            }
        }
        sqlite.analyze();
        for case in cases.iter().filter(|_| !given("--postgres")) {
            kept &= measure::case(&mut sqlite, case, rounds, given("--plans"));
        }
        if let Some((_, url)) = &server {
            kept &= measure::after_ten_pages(url, &cases, rounds);
        }
        return if kept || given("--smoke") {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    with_criterion(databases, &cases);
    ExitCode::SUCCESS
}

/// The cases, and the policy revision that all of them were read at.
fn cases(store: &Store, world: &HostWorld) -> (Vec<Case>, i64) {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Int)
        .expect("a known kind")
        .keyed_by(Keyed::Clients, KeyType::Int);
    let catalogue = ContainerKind::ALL.into_iter().fold(catalogue, |to, kind| {
        to.keyed_by(Keyed::Containers(kind), KeyType::Int)
    });
    let rules = AccessRules::new(AccessProfile::closed(), catalogue).expect("rules");
    let sharing =
        SharingRules::new(SharingProfile::closed(), rules.catalogue()).expect("it is closed");
    let now = Timestamp::from_millis(NOW);
    let mut revision = 0;
    let mut cases = Vec::new();
    for person in &world.people {
        let user = UserId::from_uuid(person.user);
        let viewer: Viewer = store
            .read(|tx| load_sight(tx, user, Standing::USABLE, &rules, &sharing, now))
            .expect("a readable file")
            .expect("somebody who was written");
        revision = viewer.revision().number();
        let list = || {
            visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), now)
                .column("d.id")
                .owned_by("d.client_id")
        };
        let whole = || list().in_container("d.project_id");
        cases.push(Case {
            person: *person,
            asker: Asker {
                user: person.user,
                client: person.client,
                client_id: client_id(person.client),
                kind: i64::from(Kind::DOCUMENT.number()),
                now: NOW,
            },
            visible: DIALECTS.map(|dialect| whole().on(dialect).sql().expect("a list")),
            bare: DIALECTS.map(|dialect| list().on(dialect).sql().expect("a list")),
            paged: list().page(None, 50).expect("a page"),
            counted: DIALECTS.map(|dialect| whole().counted(dialect).sql().expect("a list")),
            catalogue: rules.catalogue().clone(),
            viewer,
        });
    }
    (cases, revision)
}

impl Case {
    /// Who lists, as Diesel's node asks for it.
    pub(crate) fn lens(&self) -> Lens<'_> {
        let now = Timestamp::from_millis(NOW);
        Lens::new(&self.viewer, &self.catalogue, now)
    }

    /// Our first page.
    pub(crate) fn page(&self, dialect: Dialect) -> Statement {
        Self::list(on(dialect, &self.visible))
    }

    /// Our first page without the container column.
    pub(crate) fn bare_page(&self, dialect: Dialect) -> Statement {
        Self::list(on(dialect, &self.bare))
    }

    fn list(visible: &Fragment) -> Statement {
        let text = visible.query("SELECT d.* FROM documents AS d", "", PAGE);
        Statement::ours(text.expect("a list"), visible)
    }

    /// Our first page, driven by our own order.
    pub(crate) fn paged(&self) -> Statement {
        let text = self.paged.query("d.*", "documents AS d");
        Statement::ours(text.expect("a page"), self.paged.condition())
    }

    /// Our page behind a row.
    pub(crate) fn page_behind(&self, (at, id): (i64, i64), dialect: Dialect) -> Statement {
        let also = "(d.created_at, d.id) < (?, ?)";
        let visible = on(dialect, &self.visible);
        let text = visible.query("SELECT d.* FROM documents AS d", also, PAGE);
        let mut statement = Statement::ours(text.expect("a list"), visible);
        statement.values.extend([at, id].map(Val::from));
        statement
    }

    /// The time and id of the row with this number; 0 where there are fewer.
    pub(crate) fn key(&self, database: &mut dyn Database, row: u32) -> (i64, i64) {
        let visible = on(database.dialect(), &self.visible);
        let mut key = |column| {
            let select = format!("SELECT {column} AS count FROM documents AS d");
            let tail = format!(
                "ORDER BY d.created_at DESC, d.id DESC LIMIT 1 OFFSET {}",
                row - 1
            );
            let text = visible.query(&select, "", &tail).expect("a list");
            database.number(&Statement::ours(text, visible))
        };
        (key("d.created_at"), key("d.id"))
    }

    /// Our capped count.
    pub(crate) fn count(&self, dialect: Dialect) -> Statement {
        self.up_to(CAP, dialect)
    }

    /// How many there are, up to `cap`.
    pub(crate) fn up_to(&self, cap: u32, dialect: Dialect) -> Statement {
        let counted = on(dialect, &self.counted);
        let text = counted.capped_count("documents AS d", "", cap);
        Statement::ours(text.expect("a list"), counted)
    }
}

fn on(dialect: Dialect, [sqlite, postgres]: &[Fragment; 2]) -> &Fragment {
    match dialect {
        Dialect::Sqlite => sqlite,
        Dialect::Postgres => postgres,
    }
}

fn with_criterion<'d>(databases: impl Iterator<Item = &'d mut dyn Database>, cases: &[Case]) {
    let mut criterion = Criterion::default().configure_from_args();
    for database in databases {
        for case in cases {
            let name = format!("page of 50, {}, {}", database.name(), case.person.case);
            let page = case.page(database.dialect());
            criterion.bench_function(&name, |bench| bench.iter(|| database.rows(&page)));
        }
    }
    criterion.final_summary();
}
