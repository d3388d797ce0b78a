use crate::exec::{Session, control};
use crate::pool::Lease;
use portcullis_ledger::{Mode, StoreError};
use portcullis_sql::adapter::Transaction;
use portcullis_sql::{Dialect, Exec, Row, Val};

/// A connection of the store's own, inside a transaction that the store opened.
///
/// Dropped without a commit, by an error or a panic, it rolls back and returns to the pool.
pub struct Owned {
    lease: Lease,
    mode: Mode,
}

impl Owned {
    /// Opens the transaction. A writer takes the lock at once: a deferred transaction that reads
    /// and then writes fails however patient it is (pitfall 1).
    pub(crate) fn begin(lease: Lease, mode: Mode) -> Result<Self, StoreError> {
        control(lease.connection()?, Dialect::Sqlite.begin(mode))?;
        Ok(Self { lease, mode })
    }

    fn session(&self) -> Result<Session<'_>, StoreError> {
        let counters = &self.lease.pool.counters;
        Session::inside(self.lease.connection()?, self.mode, Some(counters))
    }
}

impl Transaction for Owned {
    fn commit(self) -> Result<(), StoreError> {
        control(self.lease.connection()?, "COMMIT")?;
        if self.mode.writes() {
            self.lease.pool.counters.commit();
        }
        Ok(())
    }
}

impl Exec for Owned {
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

impl std::fmt::Debug for Owned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Owned")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
