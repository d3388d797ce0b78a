use crate::HostConnection;
use crate::error::store_error;
use diesel::connection::TransactionManager;
use diesel::r2d2::{ConnectionManager, PooledConnection, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error};
use portcullis_ledger::{Mode, StoreError};
use portcullis_sql::adapter::{Counters, Transaction};
use portcullis_sql::{Dialect, Exec, Row, Val};
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
    counters: Arc<Counters>,
}

impl<C: HostConnection + R2D2Connection + 'static> Owned<C> {
    /// Opens the transaction with the text `begin`.
    ///
    /// Past Diesel's transaction manager, which can begin no writer on SQLite without a closure
    /// (pitfall 3). Nobody else has this connection, so nobody else counts on the manager.
    pub(crate) fn begin(
        connection: PooledConnection<ConnectionManager<C>>,
        mode: Mode,
        begin: &str,
        counters: Arc<Counters>,
    ) -> Result<Self, Unbegun> {
        let mut owned = Self {
            connection,
            mode,
            // Before it is: where a lock is not got, a transaction is open all the same.
            open: true,
            counters,
        };
        match owned.connection.batch_execute(begin) {
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
}

impl<C: HostConnection + R2D2Connection + 'static> Transaction for Owned<C> {
    fn commit(mut self) -> Result<(), StoreError> {
        self.end("COMMIT")?;
        if self.mode.writes() {
            self.counters.commit();
        }
        Ok(())
    }
}

impl<C: HostConnection + R2D2Connection + 'static> Exec for Owned<C> {
    fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.counters.statement(0);
        self.connection.run_statement(sql, params)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let seen = self.connection.statement_rows(sql, params, each)?;
        self.counters.statement(seen);
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.control(sql)
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
