use diesel::result::{DatabaseErrorKind, Error};
use portcullis_ledger::{StoreError, StoreErrorKind};

/// What a caller can do about a driver's error; the error itself is kept as the source.
pub(crate) fn store_error(error: Error) -> StoreError {
    let text = error.to_string();
    let (kind, what) = classify(&error, &text);
    StoreError::new(kind, format!("{what}: {text}")).because(error)
}

fn classify(error: &Error, text: &str) -> (StoreErrorKind, &'static str) {
    let Error::DatabaseError(kind, _) = error else {
        return match error {
            Error::AlreadyInTransaction
            | Error::NotInTransaction
            | Error::BrokenTransactionManager
            | Error::RollbackErrorOnCommit { .. } => (
                StoreErrorKind::Driver,
                "the transaction cannot go on, run all of it again",
            ),
            _ => (StoreErrorKind::Driver, "the driver failed"),
        };
    };
    match kind {
        DatabaseErrorKind::UniqueViolation => {
            (StoreErrorKind::Conflict, "the key is taken, use another")
        }
        DatabaseErrorKind::ForeignKeyViolation => (
            StoreErrorKind::Conflict,
            "a row that is referred to is gone, or is still referred to",
        ),
        DatabaseErrorKind::SerializationFailure => (
            StoreErrorKind::Busy,
            "somebody wrote after this transaction's first read, run all of it again",
        ),
        DatabaseErrorKind::ReadOnlyTransaction => (
            StoreErrorKind::Misuse,
            "a unit of work that may only read was asked to write; open it with `write`",
        ),
        DatabaseErrorKind::ClosedConnection => (
            StoreErrorKind::Driver,
            "the connection to the database is gone, try again",
        ),
        DatabaseErrorKind::CheckViolation | DatabaseErrorKind::NotNullViolation => {
            (StoreErrorKind::Driver, "the database refused a value")
        }
        _ => told(text),
    }
}

/// Diesel keeps neither SQLite's result codes nor PostgreSQL's: only the texts are left. One in
/// another language than these is a fault of the driver's, which is safe.
fn told(text: &str) -> (StoreErrorKind, &'static str) {
    let says = |what: &str| text.contains(what);
    if says("database is locked")
        || says("database table is locked")
        || says("database schema is locked")
    {
        (
            StoreErrorKind::Busy,
            "another writer holds the database, or wrote after this transaction's first read; run all of it again, begun as IMMEDIATE",
        )
    } else if says("due to lock timeout") || says("deadlock detected") {
        (
            StoreErrorKind::Busy,
            "another writer holds a row, run all of it again",
        )
    } else if says("attempt to write a readonly database") {
        (
            StoreErrorKind::Misuse,
            "a unit of work that may only read was asked to write; open it with `write`",
        )
    } else if missing_table(text) {
        (
            StoreErrorKind::NeedsMigration,
            "the database has none of our tables, call `migrate` once",
        )
    } else if says("file is not a database") {
        (
            StoreErrorKind::Foreign,
            "the file is not a database, name another",
        )
    } else if says("database disk image is malformed") {
        (
            StoreErrorKind::Corrupt,
            "the database file is damaged, restore it from a backup",
        )
    } else {
        (StoreErrorKind::Driver, "the database failed")
    }
}

fn missing_table(text: &str) -> bool {
    text.starts_with("no such table: ")
        || (text.starts_with("relation \"") && text.ends_with("\" does not exist"))
}
