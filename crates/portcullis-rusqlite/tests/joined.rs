//! Our calls inside a transaction that the host has open.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_id::Timestamp;
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use portcullis_rusqlite::{Store, configure, joined};
use rusqlite::{Connection, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

struct Host {
    folder: TempDir,
    connection: Connection,
}

fn host() -> Host {
    let folder = TempDir::new().unwrap();
    let connection = Connection::open(folder.path().join("host.db")).unwrap();
    configure(&connection).unwrap();
    connection
        .execute_batch("CREATE TABLE documents (title TEXT NOT NULL)")
        .unwrap();
    let host = Host { folder, connection };
    Store::open_with_host_tables(host.path())
        .unwrap()
        .migrate(NOW)
        .unwrap();
    host
}

impl Host {
    fn path(&self) -> PathBuf {
        self.folder.path().join("host.db")
    }

    /// Rows of the host, and our revision, as another program sees them.
    fn kept(&self) -> (i64, i64) {
        let other = Connection::open(self.path()).unwrap();
        let rows = other
            .query_row("SELECT COUNT(*) FROM documents", [], |row| row.get(0))
            .unwrap();
        let store = Store::open_with_host_tables(self.path()).unwrap();
        (
            rows,
            store
                .read(|tx| tx.revision(Scope::Policy))
                .unwrap()
                .number(),
        )
    }
}

const INSERT: &str = "INSERT INTO documents VALUES ('Offer')";

fn gives_up(connection: &Connection) -> StoreError {
    joined(connection, |tx| {
        tx.bump(Scope::Policy)?;
        Err::<(), _>(StoreError::corrupt("changed my mind"))
    })
    .unwrap_err()
}

#[test]
fn the_hosts_rows_and_ours_are_kept_together() {
    let mut host = host();
    let transaction = host.connection.transaction().unwrap();
    transaction.execute(INSERT, []).unwrap();
    let revision = joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap();
    assert_eq!(revision.number(), 1);
    transaction.commit().unwrap();
    assert_eq!(host.kept(), (1, 1));
}

#[test]
fn the_hosts_rows_and_ours_are_lost_together() {
    let mut host = host();
    let transaction = host.connection.transaction().unwrap();
    transaction.execute(INSERT, []).unwrap();
    joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap();
    transaction.rollback().unwrap();
    assert_eq!(host.kept(), (0, 0));
}

#[test]
fn pitfall06_a_call_that_fails_leaves_the_hosts_transaction_whole() {
    let mut host = host();
    let transaction = host.connection.transaction().unwrap();
    transaction.execute(INSERT, []).unwrap();
    joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap();
    assert_eq!(gives_up(&transaction).to_string(), "changed my mind");
    transaction.execute(INSERT, []).unwrap();
    transaction.commit().unwrap();
    assert_eq!(host.kept(), (2, 1));
}

#[test]
fn pitfall15_a_panic_undoes_the_call_alone() {
    let mut host = host();
    let transaction = host.connection.transaction().unwrap();
    transaction.execute(INSERT, []).unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        joined(&transaction, |tx| {
            tx.bump(Scope::Policy)?;
            panic!("in the middle");
            #[expect(unreachable_code, reason = "gives the closure its type")]
            Ok::<(), StoreError>(())
        })
    }));
    assert!(panicked.is_err());
    transaction.commit().unwrap();
    assert_eq!(host.kept(), (1, 0));
}

#[test]
fn calls_nest() {
    let mut host = host();
    let transaction = host.connection.transaction().unwrap();
    joined(&transaction, |tx| {
        tx.bump(Scope::Policy)?;
        gives_up(&transaction);
        tx.bump(Scope::Policy)
    })
    .unwrap();
    transaction.commit().unwrap();
    assert_eq!(host.kept(), (0, 2));
}

#[test]
fn a_connection_in_no_transaction_is_refused() {
    let host = host();
    let error = joined(&host.connection, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Misuse);
    assert_eq!(host.kept(), (0, 0));
}

#[test]
fn pitfall04_a_connection_that_ignores_foreign_keys_is_refused() {
    let mut host = host();
    host.connection
        .pragma_update(None, "foreign_keys", 0)
        .unwrap();
    let transaction = host.connection.transaction().unwrap();
    let error = joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert!(error.to_string().contains("configure"), "{error}");
}

#[test]
fn pitfall01_a_host_that_read_before_another_wrote_is_told_to_start_again() {
    let mut host = host();
    let store = Store::open_with_host_tables(host.path()).unwrap();
    let transaction = host
        .connection
        .transaction_with_behavior(TransactionBehavior::Deferred)
        .unwrap();
    transaction
        .query_row("SELECT COUNT(*) FROM documents", [], |row| {
            row.get::<_, i64>(0)
        })
        .unwrap();
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    let error = joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(error.to_string().contains("run all of it again"), "{error}");
}

#[test]
fn a_database_without_our_tables_says_so() {
    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let error = joined(&transaction, |tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NeedsMigration, "{error}");
}

#[test]
fn a_call_whose_transaction_was_ended_writes_nothing() {
    let mut host = host();
    let transaction = host.connection.transaction().unwrap();
    let error = joined(&transaction, |tx| {
        transaction.execute_batch("ROLLBACK").unwrap();
        tx.bump(Scope::Policy)
    })
    .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Misuse, "{error}");
    drop(transaction);
    assert_eq!(host.kept(), (0, 0));
}
