use crate::error::store_error;
use portcullis_ledger::{StoreError, StoreErrorKind};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::FromSql;
use std::fmt::Display;
use std::time::Duration;

/// How long a writer waits for another one.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Statements kept prepared on a connection; the driver's own 16 would thrash (pitfall 14).
const STATEMENTS: usize = 128;

/// Gives a connection the settings that Portcullis relies on, and reads each back.
///
/// WAL, foreign keys on (the library's default depends on how it was compiled: pitfall 4), 5 s of
/// patience with other writers (a driver's default may be 0: pitfall 2), and `synchronous=NORMAL`:
/// in WAL that keeps every commit when the process dies, and may lose the last ones, whole, when
/// the machine does. Call it on a connection of the host's own before [`joined`](crate::joined).
///
/// # Errors
/// [`Misuse`](StoreErrorKind::Misuse) names the setting that did not take, as WAL on a network
/// folder, or any of them inside a transaction.
pub fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(PATIENCE).map_err(store_error)?;
    verify(connection, "busy_timeout", &5_000)?;
    // A statement keeps its plan whatever it is bound to, instead of being prepared anew.
    let stable = connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(store_error)?;
    if !stable {
        return Err(StoreError::new(
            StoreErrorKind::Misuse,
            "the connection does not keep the plans of statements; link SQLite 3.20 or later",
        ));
    }
    set(connection, "foreign_keys", 1)?;
    set(connection, "synchronous", 1)?;
    if connection.path().is_none_or(str::is_empty) {
        return verify(connection, "journal_mode", &"memory".to_owned());
    }
    write_ahead(connection)?;
    verify(connection, "journal_mode", &"wal".to_owned())
}

/// Lets a connection refuse every write, for the readers of a pool.
pub(crate) fn only_read(connection: &Connection) -> Result<(), StoreError> {
    connection
        .pragma_update(None, "query_only", 1)
        .map_err(store_error)?;
    verify(connection, "query_only", &1)
}

/// Turns WAL on. Two programs that open a new file at once collide here in spite of the busy
/// timeout, which SQLite does not apply to this change.
fn write_ahead(connection: &Connection) -> Result<(), StoreError> {
    let pause = Duration::from_millis(10);
    let mut left = PATIENCE;
    loop {
        let set = connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()));
        match set.map_err(store_error) {
            Err(error) if error.kind() == StoreErrorKind::Busy && !left.is_zero() => {
                std::thread::sleep(pause);
                left = left.saturating_sub(pause);
            }
            other => return other,
        }
    }
}

fn set(connection: &Connection, setting: &str, value: i64) -> Result<(), StoreError> {
    connection
        .pragma_update(None, setting, value)
        .map_err(store_error)?;
    verify(connection, setting, &value)
}

fn verify<T>(connection: &Connection, setting: &str, wanted: &T) -> Result<(), StoreError>
where
    T: FromSql + PartialEq + Display,
{
    let found: T = connection
        .pragma_query_value(None, setting, |row| row.get(0))
        .map_err(store_error)?;
    if found == *wanted {
        return Ok(());
    }
    let what = format!(
        "the setting {setting} is {found} and must be {wanted}; configure the connection outside a transaction, on a local disk"
    );
    Err(StoreError::new(StoreErrorKind::Misuse, what))
}
