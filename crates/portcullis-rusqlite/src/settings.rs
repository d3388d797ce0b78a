use crate::error::store_error;
use crate::exec::Session;
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::adapter;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

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
    adapter::configure(&mut Session::outside(connection))
}
