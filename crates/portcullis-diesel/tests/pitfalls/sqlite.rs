use crate::stage::{NOW, bump, migrate};
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::result::Error;
use portcullis_diesel::{Configure, Store, configure, joined};
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use std::sync::{Mutex, mpsc};
use std::time::Duration;
use tempfile::TempDir;

fn host() -> (SqliteConnection, TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db").to_str().unwrap().to_owned();
    let mut connection = SqliteConnection::establish(&file).unwrap();
    configure(&mut connection).unwrap();
    migrate(&mut connection);
    (connection, folder, file)
}

fn boxed(error: StoreError) -> Box<dyn std::error::Error> {
    Box::new(error)
}

fn kind(error: &(dyn std::error::Error + 'static)) -> Option<StoreErrorKind> {
    error.downcast_ref::<StoreError>().map(StoreError::kind)
}

#[test]
fn pitfall01_a_transaction_that_read_first_is_busy_at_its_first_write_and_ours_takes_its_turn() {
    let (mut reader, _folder, file) = host();
    let store = Store::<SqliteConnection>::open_with_host_tables(&file).unwrap();
    let stale = reader.transaction(|connection| {
        diesel::sql_query("SELECT id FROM documents").execute(connection)?;
        // Somebody else commits between this transaction's read and its write.
        store.write(|tx| tx.bump(Scope::Policy)).map_err(boxed)?;
        joined(connection, bump).map_err(boxed)
    });
    let busy = stale.unwrap_err();
    assert_eq!(kind(&*busy), Some(StoreErrorKind::Busy), "{busy}");
    assert!(busy.to_string().contains("IMMEDIATE"), "{busy}");
    // A unit of work that reads and then writes has the turn from its start.
    let twice = store.write(|tx| {
        tx.revision(Scope::Policy)?;
        tx.bump(Scope::Policy)
    });
    assert_eq!(twice.unwrap().number(), 2);
}

#[test]
fn pitfall02_a_connection_is_given_patience_and_every_setting_is_read_back() {
    #[derive(QueryableByName)]
    struct Timeout {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        timeout: i32,
    }
    let patience = |connection: &mut SqliteConnection| {
        let asked: Timeout = diesel::sql_query("PRAGMA busy_timeout")
            .get_result(connection)
            .unwrap();
        asked.timeout
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db");
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    assert_eq!(patience(&mut connection), 0, "Diesel gives none by itself");
    configure(&mut connection).unwrap();
    assert_eq!(patience(&mut connection), 5_000);
    // What cannot take is told by its name: here, because a transaction is open.
    connection.batch_execute("PRAGMA foreign_keys = 0").unwrap();
    let refused = connection.transaction(|connection| {
        let refused = configure(connection).unwrap_err();
        Ok::<_, Error>(refused)
    });
    let refused = refused.unwrap();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse);
    assert!(refused.to_string().contains("foreign_keys"), "{refused}");
}

#[test]
fn pitfall02_a_writer_waits_for_another_instead_of_failing_at_once() {
    let (mut other, _folder, file) = host();
    let (telling, begun) = mpsc::channel();
    let pool = Pool::builder()
        .max_size(1)
        .connection_customizer(Box::new(TellsOfBegin(telling)))
        .build(ConnectionManager::new(&file))
        .unwrap();
    let store = Store::<SqliteConnection>::over(pool).unwrap();
    store.read(|tx| tx.revision(Scope::Policy)).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let order = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let written = store.write(|tx| tx.bump(Scope::Policy));
            order.lock().unwrap().push("ours");
            written.unwrap();
        });
        begun.recv_timeout(Duration::from_secs(60)).unwrap();
        // It asks for the turn now. A writer without patience would have failed meanwhile.
        std::thread::sleep(Duration::from_millis(150));
        order.lock().unwrap().push("theirs");
        other.batch_execute("COMMIT").unwrap();
    });
    assert_eq!(order.into_inner().unwrap(), ["theirs", "ours"]);
}

/// Sets connections up, and has each tell when it begins to write.
#[derive(Debug)]
struct TellsOfBegin(mpsc::Sender<()>);

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for TellsOfBegin {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        Configure.on_acquire(connection)?;
        let told = self.0.clone();
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event
                && query.to_string().contains("BEGIN IMMEDIATE")
            {
                let _ = told.send(());
            }
        });
        Ok(())
    }
}

/// A file without WAL yet, as a host may have it.
#[test]
fn pitfall02_a_store_that_is_opened_waits_for_whoever_holds_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db").to_str().unwrap().to_owned();
    let mut other = SqliteConnection::establish(&file).unwrap();
    other
        .batch_execute("BEGIN EXCLUSIVE; CREATE TABLE documents (id INTEGER)")
        .unwrap();
    std::thread::scope(|scope| {
        let opened = scope.spawn(|| {
            Store::<SqliteConnection>::open_with_host_tables(&file)
                .map(drop)
                .map_err(|error| error.to_string())
        });
        std::thread::sleep(Duration::from_millis(150));
        other.batch_execute("COMMIT").unwrap();
        assert_eq!(opened.join().unwrap(), Ok(()));
    });
}

#[test]
fn a_connection_in_memory_is_configured_and_joined() {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    configure(&mut connection).unwrap();
    migrate(&mut connection);
    let moved = connection.transaction(|connection| joined(connection, bump).map_err(boxed));
    assert_eq!(moved.unwrap(), 1);
}

#[test]
fn pitfall03_a_call_joins_a_transaction_in_which_diesel_can_begin_no_immediate_one() {
    let (mut connection, ..) = host();
    let nested = connection.transaction(|connection| {
        let again = connection.immediate_transaction(|_| Ok::<_, Error>(()));
        assert!(matches!(again, Err(Error::AlreadyInTransaction)));
        joined(connection, bump).map_err(|_| Error::RollbackTransaction)
    });
    assert_eq!(nested.unwrap(), 1);
    let immediate = connection.immediate_transaction(|connection| {
        joined(connection, bump).map_err(|_| Error::RollbackTransaction)
    });
    assert_eq!(immediate.unwrap(), 2);
}

#[test]
fn pitfall04_a_connection_that_does_not_enforce_foreign_keys_is_refused() {
    let (mut connection, ..) = host();
    connection.batch_execute("PRAGMA foreign_keys = 0").unwrap();
    let refused = connection.transaction(|connection| {
        let refused = joined(connection, bump).unwrap_err();
        Ok::<_, Error>(refused)
    });
    let refused = refused.unwrap();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse);
    assert!(refused.to_string().contains("configure"), "{refused}");
}

#[test]
fn a_connection_in_no_transaction_is_refused() {
    let (mut connection, ..) = host();
    let refused = joined(&mut connection, bump).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse);
    assert!(refused.to_string().contains("begin one"), "{refused}");
}

#[test]
fn pitfall15_a_panic_in_a_unit_of_work_leaves_nothing_and_the_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.db");
    let store = Store::<SqliteConnection>::open(file.to_str().unwrap()).unwrap();
    store.migrate(NOW).unwrap();
    for _ in 0..20 {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.write(|tx| -> Result<(), StoreError> {
                tx.bump(Scope::Policy)?;
                panic!("in the middle");
            })
        }));
        assert!(panicked.is_err());
    }
    let revision = store.read(|tx| tx.revision(Scope::Policy)).unwrap();
    assert_eq!(revision.number(), 0);
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
}

#[test]
fn pitfall17_a_column_of_numbers_takes_no_text() {
    let (mut connection, ..) = host();
    let stored = connection.batch_execute("UPDATE portcullis_meta SET policy_revision = '7x'");
    let refused = stored.unwrap_err().to_string();
    assert!(refused.contains("cannot store TEXT value"), "{refused}");
}
