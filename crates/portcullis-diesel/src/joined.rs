use crate::HostConnection;
use crate::error::store_error;
use diesel::connection::TransactionManager;
use portcullis_ledger::StoreError;
#[cfg(doc)]
use portcullis_ledger::StoreErrorKind;
use portcullis_sql::adapter::{self, Savepoints, joinable};
use portcullis_sql::{Dialect, Exec, Names, Row, SqlTx, Val};

/// Runs `work` inside a transaction that the host has open, in a savepoint of its own.
///
/// Ok keeps what `work` did until the host commits or rolls back; Err and panic undo it and leave
/// the host's transaction as it was before the call, on PostgreSQL too, where one failed statement
/// would otherwise end it (pitfall 6). The host's own writes go through its own connection, before
/// or after. On PostgreSQL the call takes the writers' turn until the host's transaction ends, so
/// it belongs near the end of it.
///
/// ```no_run
/// use diesel::prelude::*;
/// use portcullis_ledger::{Ledger, Scope, StoreError};
/// use portcullis_diesel::joined;
///
/// # fn write(connection: &mut SqliteConnection) -> Result<(), Box<dyn std::error::Error>> {
/// connection.immediate_transaction(|connection| {
///     diesel::sql_query("INSERT INTO documents (title) VALUES ('Offer')").execute(connection)?;
///     joined(connection, |tx| tx.bump(Scope::Unowned))?;
///     Ok::<_, Box<dyn std::error::Error>>(()) // both, or neither
/// })
/// # }
/// ```
///
/// # Errors
/// What `work` returns; [`Misuse`](StoreErrorKind::Misuse) for a connection that is in no
/// transaction, does not enforce foreign keys, or on PostgreSQL has another level than READ
/// COMMITTED: its snapshot may be older than what took a right away. After [`Busy`](StoreErrorKind::Busy) the host
/// runs its whole transaction again.
pub fn joined<C, R, E>(
    connection: &mut C,
    work: impl FnOnce(&mut SqlTx<Joined<'_, C>>) -> Result<R, E>,
) -> Result<R, E>
where
    C: HostConnection,
    E: From<StoreError>,
{
    joined_named(connection, &Names::default(), work)
}

/// The same on tables of other names: those of the host's [`Store`](crate::Store).
///
/// # Errors
/// As [`joined`], and [`Misuse`](StoreErrorKind::Misuse) for names that the database cannot have.
pub fn joined_named<C, R, E>(
    connection: &mut C,
    names: &Names,
    work: impl FnOnce(&mut SqlTx<Joined<'_, C>>) -> Result<R, E>,
) -> Result<R, E>
where
    C: HostConnection,
    E: From<StoreError>,
{
    adapter::joined(Joined::unchecked(connection), names, work)
}

/// A connection of the host's, inside a transaction that the host opened and will end.
pub struct Joined<'c, C> {
    connection: &'c mut C,
}

impl<'c, C: HostConnection> Joined<'c, C> {
    /// For calls without a savepoint: a migration as part of the host's own.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for a connection that is in no transaction, where every
    /// statement would commit by itself, or one that does not enforce foreign keys.
    pub fn new(connection: &'c mut C) -> Result<Self, StoreError> {
        let mut joined = Self::unchecked(connection);
        joinable(&mut joined)?;
        Ok(joined)
    }

    /// For a look at a connection before anything is known of it.
    pub(crate) const fn unchecked(connection: &'c mut C) -> Self {
        Self { connection }
    }
}

impl<C: HostConnection> Exec for Joined<'_, C> {
    fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.connection.run_statement(sql, params)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.connection.statement_rows(sql, params, each)?;
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.batch_execute(sql).map_err(store_error)
    }
}

/// Diesel's own savepoints, so that it knows of them.
impl<C: HostConnection> Savepoints for Joined<'_, C> {
    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        let status = C::TransactionManager::transaction_manager_status_mut(self.connection);
        let depth = status.transaction_depth().map_err(store_error)?;
        Ok(depth.is_some())
    }

    fn savepoint(&mut self) -> Result<(), StoreError> {
        C::TransactionManager::begin_transaction(self.connection).map_err(store_error)
    }

    fn release(&mut self) -> Result<(), StoreError> {
        C::TransactionManager::commit_transaction(self.connection).map_err(store_error)
    }

    fn undo(&mut self) {
        let _ = C::TransactionManager::rollback_transaction(self.connection);
    }
}

impl<C> std::fmt::Debug for Joined<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joined").finish_non_exhaustive()
    }
}
