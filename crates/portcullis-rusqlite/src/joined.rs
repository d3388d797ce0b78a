use crate::exec::{Session, control};
#[cfg(doc)]
use portcullis_ledger::StoreErrorKind;
use portcullis_ledger::{Mode, StoreError};
use portcullis_sql::adapter::{self, Savepoints, joinable};
use portcullis_sql::{Dialect, Exec, Names, Row, SqlTx, Val};
use rusqlite::Connection;

/// Runs `work` inside a transaction that the host has open, in a savepoint of its own.
///
/// Ok keeps what `work` did until the host commits or rolls back; Err and panic undo it and leave
/// the host's transaction as it was before the call (pitfall 6).
///
/// ```
/// use portcullis_ledger::{Ledger, Scope, StoreError};
/// use portcullis_rusqlite::{configure, joined};
/// # use portcullis_rusqlite::Joined;
/// # use portcullis_sql::migrate::{Migrator, Tenancy, sets};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut connection = rusqlite::Connection::open_in_memory()?;
/// configure(&connection)?;
/// # let founding = connection.transaction()?;
/// # let now = portcullis_id::Timestamp::from_millis(0);
/// # Migrator::new(sets(), Tenancy::Shared).migrate(&mut Joined::new(&founding)?, now)?;
/// # founding.execute_batch("CREATE TABLE documents (title TEXT)")?;
/// # founding.commit()?;
/// let transaction = connection.transaction()?;
/// transaction.execute("INSERT INTO documents (title) VALUES ('Offer')", [])?;
/// joined(&transaction, |tx| tx.bump(Scope::Unowned))?;
/// transaction.commit()?; // both, or neither
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// What `work` returns; [`Misuse`](StoreErrorKind::Misuse) for a connection that is in no
/// transaction or does not enforce foreign keys. After [`Busy`](StoreErrorKind::Busy) the host
/// runs its whole transaction again.
pub fn joined<R, E>(
    connection: &Connection,
    work: impl FnOnce(&mut SqlTx<Joined<'_>>) -> Result<R, E>,
) -> Result<R, E>
where
    E: From<StoreError>,
{
    joined_named(connection, &Names::default(), work)
}

/// The same on tables of other names: those of the host's [`Store`](crate::Store).
///
/// # Errors
/// As [`joined`], and [`Misuse`](StoreErrorKind::Misuse) for names with a schema.
pub fn joined_named<R, E>(
    connection: &Connection,
    names: &Names,
    work: impl FnOnce(&mut SqlTx<Joined<'_>>) -> Result<R, E>,
) -> Result<R, E>
where
    E: From<StoreError>,
{
    adapter::joined(Joined { connection }, names, work)
}

/// A connection of the host's, inside a transaction that the host opened and will end.
pub struct Joined<'c> {
    connection: &'c Connection,
}

impl<'c> Joined<'c> {
    /// For calls without a savepoint: a migration as part of the host's own.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for a connection that is in no transaction, where every
    /// statement would commit by itself, or one that does not enforce foreign keys.
    pub fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        let mut joined = Self { connection };
        joinable(&mut joined)?;
        Ok(joined)
    }

    fn session(&self) -> Result<Session<'_>, StoreError> {
        Session::inside(self.connection, Mode::Write, None)
    }
}

impl Exec for Joined<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.session()?.run(sql, params)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.session()?.rows(sql, params, each)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.session()?.script(sql)
    }
}

/// SQLite takes the innermost of one name, so calls nest.
impl Savepoints for Joined<'_> {
    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        Ok(!self.connection.is_autocommit())
    }

    fn savepoint(&mut self) -> Result<(), StoreError> {
        control(self.connection, "SAVEPOINT portcullis_call")
    }

    fn release(&mut self) -> Result<(), StoreError> {
        control(self.connection, "RELEASE portcullis_call")
    }

    fn undo(&mut self) {
        if control(self.connection, "ROLLBACK TO portcullis_call").is_ok() {
            let _ = self.release();
        }
    }
}

impl std::fmt::Debug for Joined<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joined").finish_non_exhaustive()
    }
}
