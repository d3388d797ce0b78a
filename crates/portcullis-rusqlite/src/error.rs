use portcullis_ledger::{StoreError, StoreErrorKind};
use rusqlite::{Error, ErrorCode, ffi};

/// What a caller can do about a driver's error; the error itself is kept as the source.
pub(crate) fn store_error(error: Error) -> StoreError {
    let text = error.to_string();
    // No statement comes here but ours, whatever the tables are called.
    let (kind, what) = if text.starts_with("no such table: ") {
        (
            StoreErrorKind::NeedsMigration,
            "the database has none of our tables, call `migrate` once",
        )
    } else {
        classify(&error)
    };
    StoreError::new(kind, format!("{what}: {text}")).because(error)
}

fn classify(error: &Error) -> (StoreErrorKind, &'static str) {
    let Error::SqliteFailure(failure, _) = error else {
        return (StoreErrorKind::Driver, "the driver failed");
    };
    match failure.code {
        ErrorCode::DatabaseBusy if failure.extended_code == ffi::SQLITE_BUSY_SNAPSHOT => (
            StoreErrorKind::Busy,
            "somebody wrote after this transaction's first read, run all of it again, begun as IMMEDIATE",
        ),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => (
            StoreErrorKind::Busy,
            "another writer holds the database, try again",
        ),
        ErrorCode::ConstraintViolation => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => {
                (StoreErrorKind::Conflict, "the key is taken, use another")
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => (
                StoreErrorKind::Conflict,
                "a row that is referred to is gone, or is still referred to",
            ),
            _ => (StoreErrorKind::Driver, "the database refused a value"),
        },
        ErrorCode::NotADatabase => (
            StoreErrorKind::Foreign,
            "the file is not a database, name another",
        ),
        ErrorCode::DatabaseCorrupt => (
            StoreErrorKind::Corrupt,
            "the database file is damaged, restore it from a backup",
        ),
        _ => (StoreErrorKind::Driver, "the database failed"),
    }
}
