//! Migrations: told, never silent; refused when they are not the ones we know.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_id::Timestamp;
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use portcullis_rusqlite::{Joined, Store};
use portcullis_sql::migrate::{Migration, MigrationSet, Migrator, Tenancy};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Barrier;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn migrated() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("portal.db");
    Store::open(&path).unwrap().migrate(NOW).unwrap();
    (folder, path)
}

/// The error of opening the store after somebody ran `sql` on it.
fn after(sql: &str) -> StoreError {
    let (_folder, path) = migrated();
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let error = Store::open(&path).unwrap_err();
    let shared = Store::open_with_host_tables(&path).unwrap_err();
    assert_eq!(error.kind(), shared.kind());
    error
}

#[test]
fn a_fresh_store_says_what_it_needs_and_does_nothing_by_itself() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("portal.db");
    let store = Store::open(&path).unwrap();
    let pending = store.pending().unwrap();
    assert!(pending.to_string().contains("ledger 1"), "{pending}");

    let error = store.write(|tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
    assert!(error.to_string().contains("ledger 1"), "{error}");
    let tables: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 0, "a migration ran silently");

    store.migrate(NOW).unwrap();
    assert!(store.pending().unwrap().is_empty());
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
}

#[test]
fn a_second_run_changes_nothing() {
    let (_folder, path) = migrated();
    let store = Store::open(&path).unwrap();
    store.migrate(Timestamp::from_millis(5)).unwrap();
    let times: Vec<i64> = Connection::open(&path)
        .unwrap()
        .prepare("SELECT DISTINCT applied_at FROM portcullis_migration")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(times, [NOW.millis()]);
}

#[test]
fn a_newer_store_is_refused() {
    let error = after(
        "INSERT INTO portcullis_migration SELECT set_name, MAX(version) + 1, 'later', 'x', 0 \
         FROM portcullis_migration WHERE set_name = 'ledger'",
    );
    assert_eq!(error.kind(), StoreErrorKind::Newer);
    assert!(
        error.to_string().contains("upgrade this program"),
        "{error}"
    );
}

#[test]
fn a_migration_applied_with_another_text_is_refused() {
    let error = after("UPDATE portcullis_migration SET checksum = 'x' WHERE set_name = 'ledger'");
    assert_eq!(error.kind(), StoreErrorKind::Foreign);
    assert!(error.to_string().contains("ledger 1"), "{error}");
}

#[test]
fn two_runners_at_once_take_turns() {
    for _ in 0..5 {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("portal.db");
        let start = Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    Store::open(&path).unwrap().migrate(NOW).unwrap();
                });
            }
        });
        assert!(Store::open(&path).unwrap().pending().unwrap().is_empty());
    }
}

const FIRST: Migration = Migration {
    version: 1,
    name: "names",
    sql: "CREATE TABLE portcullis_names (name {text} NOT NULL) {strict}; \
          INSERT INTO portcullis_names VALUES ('Ada');",
};
const SECOND: Migration = Migration {
    version: 2,
    name: "length",
    sql: "ALTER TABLE portcullis_names ADD COLUMN length {int}; \
          UPDATE portcullis_names SET length = length(name);",
};
const BROKEN: Migration = Migration {
    version: 2,
    name: "broken",
    sql: "CREATE TABEL oops",
};

fn run(connection: &mut Connection, migrations: &'static [Migration]) -> Result<(), StoreError> {
    let transaction = connection.transaction().unwrap();
    let sets = [MigrationSet {
        name: "access",
        migrations,
    }];
    let migrator = Migrator::new(&sets, Tenancy::Shared);
    migrator.migrate(&mut Joined::new(&transaction)?, NOW)?;
    transaction.commit().unwrap();
    Ok(())
}

#[test]
fn a_later_migration_finds_what_the_earlier_left() {
    let mut connection = Connection::open_in_memory().unwrap();
    let sets = [MigrationSet {
        name: "access",
        migrations: &[FIRST, SECOND],
    }];
    let migrator = Migrator::new(&sets, Tenancy::Shared);
    let transaction = connection.transaction().unwrap();
    let pending = migrator
        .pending(&mut Joined::new(&transaction).unwrap())
        .unwrap();
    assert_eq!(pending.to_string(), "needs migration access 1 to 2");
    drop(transaction);

    run(&mut connection, &[FIRST]).unwrap();
    run(&mut connection, &[FIRST, SECOND]).unwrap();
    let length: i64 = connection
        .query_row("SELECT length FROM portcullis_names", [], |row| row.get(0))
        .unwrap();
    assert_eq!(length, 3);
}

#[test]
fn a_migration_that_fails_leaves_nothing_and_says_its_name() {
    let mut connection = Connection::open_in_memory().unwrap();
    let error = run(&mut connection, &[FIRST, BROKEN]).unwrap_err();
    assert!(error.to_string().contains("access 2"), "{error}");
    let tables: i64 = connection
        .query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 0);
}

#[test]
fn pitfall17_a_strict_table_refuses_text_in_a_number() {
    let (_folder, path) = migrated();
    let connection = Connection::open(path).unwrap();
    let insert = "UPDATE portcullis_meta SET policy_revision = '7x'";
    assert!(connection.execute(insert, []).is_err());
}
