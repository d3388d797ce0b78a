use crate::HostConnection;
use crate::error::store_error;
use diesel::connection::TransactionManager;
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::{Cells, Dialect, Exec, ExecExt, Names, Row, SqlTx, Val};

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
    names.check(connection.dialect())?;
    Joined::new(connection)?;
    let savepoint = Savepoint::begin(connection, names)?;
    let lent = Joined::unchecked(savepoint.connection);
    let value = work(&mut SqlTx::named(lent, names))?;
    savepoint.release()?;
    Ok(value)
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
        if depth(connection)? == 0 {
            return Err(misuse(
                "the connection is in no transaction; begin one, or give the portal a store of its own",
            ));
        }
        let mut joined = Self { connection };
        if let Some(enforced) = joined.dialect().enforcement() {
            let enforced = joined.one(enforced, &[], read_flag)?;
            if !enforced {
                return Err(misuse(
                    "the connection does not enforce foreign keys; call `configure` on it before the transaction",
                ));
            }
        }
        Ok(joined)
    }

    /// For a look at a database before anything is known of it.
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

impl<C> std::fmt::Debug for Joined<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joined").finish_non_exhaustive()
    }
}

/// Undone when dropped, unless released. Diesel's own, so that it knows of it.
struct Savepoint<'c, C: HostConnection> {
    connection: &'c mut C,
    open: bool,
}

impl<'c, C: HostConnection> Savepoint<'c, C> {
    fn begin(connection: &'c mut C, names: &Names) -> Result<Self, StoreError> {
        C::TransactionManager::begin_transaction(connection).map_err(store_error)?;
        let savepoint = Self {
            connection,
            open: true,
        };
        if let Some(turn) = names.turn(savepoint.connection.dialect()) {
            let mut lent = Joined::unchecked(&mut *savepoint.connection);
            if !lent.one(&turn, &[], read_flag)? {
                return Err(misuse(
                    "the transaction may not see what was committed before this call; begin it as READ COMMITTED",
                ));
            }
        }
        Ok(savepoint)
    }

    fn release(mut self) -> Result<(), StoreError> {
        C::TransactionManager::commit_transaction(self.connection).map_err(store_error)?;
        self.open = false;
        Ok(())
    }
}

impl<C: HostConnection> Drop for Savepoint<'_, C> {
    fn drop(&mut self) {
        if self.open {
            // Fails only where the database has already rolled back the whole transaction.
            let _ = C::TransactionManager::rollback_transaction(self.connection);
        }
    }
}

fn depth<C: HostConnection>(connection: &mut C) -> Result<u32, StoreError> {
    let status = C::TransactionManager::transaction_manager_status_mut(connection);
    let depth = status.transaction_depth().map_err(store_error)?;
    Ok(depth.map_or(0, std::num::NonZeroU32::get))
}

fn misuse(what: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Misuse, what)
}

fn read_flag(row: &mut Cells<'_>) -> Result<bool, StoreError> {
    row.flag()
}
