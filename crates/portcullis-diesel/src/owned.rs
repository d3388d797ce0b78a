use crate::HostConnection;
use crate::counters::Counters;
use crate::error::store_error;
use diesel::connection::TransactionManager;
use diesel::r2d2::{ConnectionManager, PooledConnection, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error};
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use portcullis_sql::{Dialect, Exec, Names, Row, Val};
use std::sync::Arc;

/// Why a unit of work was not begun.
pub(crate) enum Unbegun {
    /// The connection is gone; another may do.
    Dead(StoreError),
    Refused(StoreError),
}

/// A connection of the store's own, inside a transaction that the store opened.
///
/// Dropped without a commit, by an error or a panic, it rolls back and returns to the pool.
pub struct Owned<C: HostConnection + R2D2Connection + 'static> {
    connection: PooledConnection<ConnectionManager<C>>,
    mode: Mode,
    open: bool,
    failed: bool,
    counters: Arc<Counters>,
}

impl<C: HostConnection + R2D2Connection + 'static> Owned<C> {
    /// Opens the transaction.
    ///
    /// Past Diesel's transaction manager, which can begin no writer on SQLite without a closure
    /// (pitfall 3). Nobody else has this connection, so nobody else counts on the manager.
    pub(crate) fn begin(
        connection: PooledConnection<ConnectionManager<C>>,
        mode: Mode,
        names: &Names,
        counters: Arc<Counters>,
    ) -> Result<Self, Unbegun> {
        let dialect = connection.dialect();
        let mut begin = dialect.begin(mode).to_owned();
        if let Some(fence) = dialect.fence(mode) {
            begin = format!("{fence}; {begin}");
        }
        // In the same round trip.
        if let (Mode::Write, Some(turn)) = (mode, names.turn(dialect)) {
            begin = format!("{begin}; {turn}");
        }
        let mut owned = Self {
            connection,
            mode,
            // Before it is: where a lock is not got, a transaction is open all the same.
            open: true,
            failed: false,
            counters,
        };
        match owned.connection.batch_execute(&begin) {
            Ok(()) => Ok(owned),
            Err(error) => {
                let dead = matches!(
                    error,
                    Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
                );
                let error = store_error(error);
                Err(if dead {
                    Unbegun::Dead(error)
                } else {
                    Unbegun::Refused(error)
                })
            }
        }
    }

    pub(crate) fn commit(mut self) -> Result<(), StoreError> {
        if self.failed && self.dialect().one_failure_ends_all() {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "a statement of this unit of work failed and its error was dropped, which on this database loses all of it; return the error",
            ));
        }
        self.end("COMMIT")?;
        if self.mode.writes() {
            self.counters.commit();
        }
        Ok(())
    }

    /// Ends the transaction and lets the connection take writes again: whoever has it next may be
    /// the host.
    fn end(&mut self, how: &str) -> Result<(), StoreError> {
        self.control(how)?;
        self.open = false;
        match self.dialect().fence(Mode::Write) {
            Some(fence) if self.mode == Mode::Read => self.control(fence),
            _ => Ok(()),
        }
    }

    fn control(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.batch_execute(sql).map_err(store_error)
    }

    fn noting<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome
    }
}

impl<C: HostConnection + R2D2Connection + 'static> Exec for Owned<C> {
    fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.counters.statement(0);
        let outcome = self.connection.run_statement(sql, params);
        self.noting(outcome)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let outcome = self.connection.statement_rows(sql, params, each);
        let seen = self.noting(outcome)?;
        self.counters.statement(seen);
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let outcome = self.control(sql);
        self.noting(outcome)
    }
}

impl<C: HostConnection + R2D2Connection + 'static> Drop for Owned<C> {
    fn drop(&mut self) {
        if self.open && self.end("ROLLBACK").is_err() {
            // The pool closes it, which is the last way to roll back.
            C::TransactionManager::transaction_manager_status_mut(&mut *self.connection)
                .set_in_error();
        }
    }
}

impl<C: HostConnection + R2D2Connection + 'static> std::fmt::Debug for Owned<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Owned")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
