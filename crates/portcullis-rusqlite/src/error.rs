use portcullis_ledger::{StoreError, StoreErrorKind};
use rusqlite::{Error, ErrorCode, ffi};

/// What a caller can do about a driver's error; the error itself is kept as the source.
pub(crate) fn store_error(error: Error) -> StoreError {
    let (kind, what) = classify(&error);
    StoreError::new(kind, format!("{what}: {error}")).because(error)
}

fn classify(error: &Error) -> (StoreErrorKind, &'static str) {
    let failure = match error {
        Error::SqliteFailure(failure, text) => {
            let text = text.as_deref().unwrap_or_default();
            if text.starts_with("no such table: portcullis_") {
                return (
                    StoreErrorKind::NeedsMigration,
                    "the database has none of our tables, call `migrate` once",
                );
            }
            failure
        }
        // rusqlite's own error for a statement that cannot be prepared, with its place in the text.
        Error::SqlInputError { error, msg, .. } => {
            if msg.starts_with("no such table: portcullis_") {
                return (
                    StoreErrorKind::NeedsMigration,
                    "the database has none of our tables, call `migrate` once",
                );
            }
            error
        }
        _ => return (StoreErrorKind::Driver, "the driver failed"),
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
