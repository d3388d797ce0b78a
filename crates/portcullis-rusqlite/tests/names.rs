//! Two portals in one file, each with tables of its own names.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis::access::{Catalogue, Keyed, Kind, UserKind, Users};
use portcullis::id::{ClientId, KeyType, ProjectId, Standing, Timestamp};
use portcullis::ledger::{Ledger, Scope, StoreErrorKind, StoreExt};
use portcullis::sharing::Exposure;
use portcullis::{Me, Portal, PortalBuilder, presets};
use portcullis_rusqlite::{Names, SqlStore, Store, configure, joined, joined_named, values};
use rusqlite::{Connection, params_from_iter};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn file() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("host.db");
    (folder, path)
}

fn open(path: &Path, prefix: &str) -> Store {
    let names = Names::prefixed(prefix).unwrap();
    Store::options()
        .names(names)
        .with_host_tables()
        .open(path)
        .unwrap()
}

#[test]
fn two_portals_in_one_file_know_nothing_of_each_other() {
    let (_folder, path) = file();
    let stores = ["acme_", "birch_", "portcullis_"].map(|prefix| open(&path, prefix));
    for (number, store) in (1..).zip(&stores) {
        let error = store.write(|tx| tx.bump(Scope::Policy)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
        store.migrate(NOW).unwrap();
        for _ in 0..number {
            store.write(|tx| tx.bump(Scope::Policy)).unwrap();
        }
    }
    for (number, prefix) in (1..).zip(["acme_", "birch_", "portcullis_"]) {
        let store = open(&path, prefix);
        let revision = store.read(|tx| tx.revision(Scope::Policy)).unwrap();
        assert_eq!(revision.number(), number, "{prefix}");
    }
    let mine: i64 = Connection::open(&path)
        .unwrap()
        .query_row(
            "SELECT COUNT(*) FROM sqlite_master \
             WHERE name LIKE 'birch%' AND sql LIKE '%acme%' OR name LIKE 'portcullis%' \
             AND (sql LIKE '%acme%' OR sql LIKE '%birch%')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(mine, 0, "a table of one refers to the other's");
}

#[test]
fn what_is_missing_is_told_with_the_names_it_was_looked_for_under() {
    let (_folder, path) = file();
    open(&path, "acme_").migrate(NOW).unwrap();
    let other = open(&path, "amce_");
    let error = other.read(|tx| tx.revision(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
    assert!(error.to_string().contains("`amce_..`"), "{error}");
}

#[test]
fn a_missing_table_is_a_missing_migration_whatever_it_is_called() {
    let (_folder, path) = file();
    let mut connection = Connection::open(path).unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let names = Names::prefixed("acme_").unwrap();
    let error = joined_named(&transaction, &names, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
    assert!(error.to_string().contains("acme_meta"), "{error}");
}

#[test]
fn a_portal_alone_in_its_file_may_have_a_prefix_and_tolerates_no_other() {
    let (_folder, path) = file();
    let names = || Names::prefixed("acme_").unwrap();
    let store = Store::options().names(names()).open(&path).unwrap();
    store.migrate(NOW).unwrap();
    assert!(Store::options().names(names()).open(&path).is_ok());
    let error = Store::open(&path).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Foreign);
}

#[test]
fn sqlite_refuses_a_schema_before_it_makes_a_file() {
    let (_folder, path) = file();
    let names = Names::prefixed("acme_")
        .unwrap()
        .in_schema("portal")
        .unwrap();
    let opened = Store::options().names(names.clone()).open(&path);
    let memory = Store::options().names(names.clone()).in_memory();
    for error in [opened.unwrap_err(), memory.unwrap_err()] {
        assert_eq!(error.kind(), StoreErrorKind::Misuse);
        assert!(error.to_string().contains("no schema"), "{error}");
    }
    assert!(!path.exists());

    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let error = joined_named(&transaction, &names, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Misuse);
}

struct Host {
    _folder: TempDir,
    connection: Connection,
    portal: Portal<Store>,
    project: ProjectId,
}

/// A host that said once what our tables are called: with its store.
fn host() -> Host {
    let (folder, path) = file();
    let connection = Connection::open(&path).unwrap();
    configure(&connection).unwrap();
    connection
        .execute_batch("CREATE TABLE documents (id INTEGER PRIMARY KEY, client_id INTEGER) STRICT")
        .unwrap();
    let store = open(&path, "acme_");
    store.migrate(NOW).unwrap();
    let catalogue = Catalogue::built_in().keyed_by(Keyed::Clients, KeyType::Int);
    let portal = PortalBuilder::new(presets::safe())
        .catalogue(catalogue.with_keys(Kind::DOCUMENT, KeyType::Int).unwrap())
        .open(store)
        .unwrap();
    let desk = portal.operator("setup", NOW);
    let _invitation = desk.found("Ada", "ada@provider.example").unwrap();
    let acme: ClientId = desk.clients().add_with_key("ACME", 1).unwrap();
    let project = desk.projects(acme).add("Website").unwrap();
    desk.projects(acme).share(project, Exposure::Shown).unwrap();
    Host {
        _folder: folder,
        connection,
        portal,
        project,
    }
}

impl Host {
    fn staff(&self) -> Me {
        let users = self.portal.store().read(Users::users).unwrap();
        let ada = users.iter().find(|user| user.kind == UserKind::Staff);
        let vouched = self
            .portal
            .vouched_as(ada.unwrap().id, "sso", Standing::USABLE, NOW);
        vouched.unwrap()
    }
}

#[test]
fn a_portal_takes_the_names_of_its_store_into_lists_and_joined_transactions() {
    let mut host = host();
    let ada = host.staff();
    let transaction = host.connection.transaction().unwrap();
    transaction
        .execute("INSERT INTO documents VALUES (100, 1), (101, 1)", [])
        .unwrap();
    let desk = host.portal.joined(&transaction, &ada).unwrap();
    desk.place(Kind::DOCUMENT, 100, host.project).unwrap();
    let unnamed = joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(unnamed.kind(), StoreErrorKind::NeedsMigration);
    transaction.commit().unwrap();

    let visible = host
        .portal
        .visible_to(&ada, Kind::DOCUMENT)
        .column("d.id")
        .owned_by("d.client_id")
        .sql()
        .unwrap();
    assert_eq!(host.portal.store().names().prefix(), "acme_");
    assert!(visible.text().contains("acme_item AS portcullis_i"));
    assert!(!visible.text().contains("portcullis_item"));
    let sql = "SELECT d.id FROM documents d";
    let sql = visible.query(sql, "", "ORDER BY d.id").unwrap();
    let mut statement = host.connection.prepare(&sql).unwrap();
    let ids: Vec<i64> = statement
        .query_map(params_from_iter(values(&visible)), |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(ids.first(), Some(&100));
}
