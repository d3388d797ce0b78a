//! What opening checks, and what it leaves alone.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_id::Timestamp;
use portcullis_ledger::{Ledger, Scope, StoreErrorKind, StoreExt};
use portcullis_rusqlite::{Store, configure};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn file() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("portal.db");
    (folder, path)
}

fn setting(connection: &Connection, name: &str) -> i64 {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .unwrap()
}

/// The kind of the refusal, after a look that the file is byte-equal.
fn refused(path: &Path) -> StoreErrorKind {
    let before = std::fs::read(path).unwrap();
    let error = Store::open(path).unwrap_err();
    assert!(error.to_string().contains("portal.db"), "{error}");
    assert_eq!(std::fs::read(path).unwrap(), before, "the file was changed");
    error.kind()
}

#[test]
fn pitfall02_a_connection_has_patience_and_wal() {
    let (_folder, path) = file();
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    configure(&connection).unwrap();
    assert_eq!(setting(&connection, "busy_timeout"), 5_000);
    assert_eq!(setting(&connection, "synchronous"), 1);
    let journal: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(journal, "wal");
}

#[test]
fn pitfall04_foreign_keys_are_on_however_sqlite_was_compiled() {
    let connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", 0).unwrap();
    configure(&connection).unwrap();
    assert_eq!(setting(&connection, "foreign_keys"), 1);
}

#[test]
fn pitfall04_a_setting_that_does_not_take_is_an_error() {
    let connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", 0).unwrap();
    // SQLite ignores the pragma inside a transaction without a word.
    connection.execute_batch("BEGIN").unwrap();
    let error = configure(&connection).unwrap_err();
    assert!(error.to_string().contains("foreign_keys"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_foreign() {
    let (_folder, path) = file();
    std::fs::write(
        &path,
        "Dear diary, today I was opened by a stranger. ".repeat(40),
    )
    .unwrap();
    assert_eq!(refused(&path), StoreErrorKind::Foreign);
}

#[test]
fn a_database_with_other_tables_is_foreign() {
    let (_folder, path) = file();
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE recipes (name TEXT)")
        .unwrap();
    drop(other);
    assert_eq!(refused(&path), StoreErrorKind::Foreign);
}

#[test]
fn a_database_marked_by_another_program_is_foreign() {
    let (_folder, path) = file();
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA application_id = 7")
        .unwrap();
    assert_eq!(refused(&path), StoreErrorKind::Foreign);
}

#[test]
fn a_host_opens_its_own_database_on_purpose() {
    let (_folder, path) = file();
    let host = Connection::open(&path).unwrap();
    host.execute_batch("PRAGMA application_id = 7; CREATE TABLE documents (id INTEGER)")
        .unwrap();
    let store = Store::open_with_host_tables(&path).unwrap();
    store.migrate(NOW).unwrap();
    assert_eq!(
        store.write(|tx| tx.bump(Scope::Policy)).unwrap().number(),
        1
    );
    assert_eq!(setting(&host, "application_id"), 7, "the host's mark stays");
}

#[test]
fn a_locked_database_is_busy_and_left_alone() {
    let (_folder, path) = file();
    Store::open(&path).unwrap().migrate(NOW).unwrap();
    let other = Connection::open(&path).unwrap();
    let lock = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (id INTEGER)";
    other.execute_batch(lock).unwrap();
    assert_eq!(refused(&path), StoreErrorKind::Busy);
}

#[test]
fn a_store_without_a_file_has_a_name_of_its_own() {
    for path in ["", ":memory:"] {
        let error = Store::open(path).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Misuse);
        assert!(error.to_string().contains("Store::in_memory"), "{error}");
    }
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let (_folder, path) = file();
    let store = Store::open(&path).unwrap();
    store.migrate(NOW).unwrap();
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    assert_eq!(
        store
            .read(|tx| tx.revision(Scope::Policy))
            .unwrap()
            .number(),
        1
    );
}
