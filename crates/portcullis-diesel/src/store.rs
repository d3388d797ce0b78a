use crate::HostConnection;
use crate::counters::{Counters, Counts};
use crate::joined::Joined;
use crate::options::StoreOptions;
use crate::owned::{Owned, Unbegun};
use crate::pool::Connections;
use crate::settings::verify;
use diesel::r2d2::{ConnectionManager, Pool, R2D2Connection};
use portcullis_id::Timestamp;
#[cfg(doc)]
use portcullis_ledger::StoreErrorKind;
use portcullis_ledger::{Mode, StoreError};
use portcullis_sql::migrate::{Migrator, Pending, Tenancy, sets};
use portcullis_sql::{Dialect, Names, SqlStore, SqlTx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A portal kept in a database that Diesel connects to.
pub struct Store<C: HostConnection + R2D2Connection + 'static> {
    connections: Connections<C>,
    counters: Arc<Counters>,
    tenancy: Tenancy,
    names: Names,
    dialect: Dialect,
    /// Set once nothing is pending, so that a unit of work asks only until then.
    migrated: AtomicBool,
}

impl<C: HostConnection + R2D2Connection + 'static> Store<C> {
    /// Opens a database that is the portal's alone: the path of a file for SQLite, where an empty
    /// one is made, a URL for PostgreSQL.
    ///
    /// # Errors
    /// [`Foreign`](StoreErrorKind::Foreign) for a file that is no database, or a database of
    /// somebody else's; [`Newer`](StoreErrorKind::Newer) for one that a newer version wrote;
    /// [`Driver`](StoreErrorKind::Driver) where there is none.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::options().open(url)
    }

    /// Opens the host's own database, in which our tables stand beside the host's.
    ///
    /// # Errors
    /// As [`open`](Self::open), but other tables are welcome.
    pub fn open_with_host_tables(url: &str) -> Result<Self, StoreError> {
        Self::options().with_host_tables().open(url)
    }

    /// For tables of other names.
    pub fn options() -> StoreOptions<C> {
        StoreOptions::new()
    }

    /// Over the host's own pool, which sets its connections up with
    /// [`Configure`](crate::Configure). Our tables stand beside the host's. A unit of work takes
    /// one connection; the pool is the host's to bound.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for a pool that does not, and as [`open`](Self::open).
    pub fn over(pool: Pool<ConnectionManager<C>>) -> Result<Self, StoreError> {
        Self::options().with_host_tables().over(pool)
    }

    /// The migrations the store lacks. Until there are none, every unit of work is refused.
    ///
    /// # Errors
    /// As [`open`](Self::open): another program may have changed the database since.
    pub fn pending(&self) -> Result<Pending, StoreError> {
        let mut owned = self.begin(Mode::Read)?;
        self.migrator().pending(&mut owned)
    }

    /// Runs the migrations the store lacks, all or none. `now` goes into the record of them.
    ///
    /// Two programs may call it at once: the second waits and finds nothing left to do.
    ///
    /// # Errors
    /// As [`open`](Self::open); the store is then as it was.
    pub fn migrate(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut owned = self.begin(Mode::Write)?;
        self.migrator().migrate(&mut owned, now)?;
        owned.commit()?;
        self.migrated.store(true, Ordering::Release);
        Ok(())
    }

    /// What the store was asked so far, for tests of a call's budget.
    pub fn counters(&self) -> Counts {
        self.counters.counts()
    }

    pub(crate) fn open_url(url: &str, tenancy: Tenancy, names: Names) -> Result<Self, StoreError> {
        let mut dialect = Dialect::Sqlite;
        let connections = Connections::open(url, |first: &mut C| {
            dialect = first.dialect();
            names.check(dialect)?;
            // Before any setting is written into a database that may not be ours.
            let migrator = Migrator::new(sets(), tenancy).named(&names);
            migrator.pending(&mut Joined::unchecked(first)).map(drop)
        })?;
        Self::new(connections, tenancy, names, dialect)
    }

    pub(crate) fn over_pool(
        pool: Pool<ConnectionManager<C>>,
        tenancy: Tenancy,
        names: Names,
    ) -> Result<Self, StoreError> {
        let connections = Connections::of(pool);
        let mut first = connections.take(Mode::Write)?;
        let dialect = first.dialect();
        names.check(dialect)?;
        verify(&mut *first)?;
        drop(first);
        Self::new(connections, tenancy, names, dialect)
    }

    fn new(
        connections: Connections<C>,
        tenancy: Tenancy,
        names: Names,
        dialect: Dialect,
    ) -> Result<Self, StoreError> {
        let store = Self {
            connections,
            counters: Arc::default(),
            tenancy,
            names,
            dialect,
            migrated: AtomicBool::new(false),
        };
        let migrated = store.pending()?.is_empty();
        store.migrated.store(migrated, Ordering::Release);
        Ok(store)
    }

    /// A connection that the server has closed is known by its BEGIN, and leaves the pool then.
    fn begin(&self, mode: Mode) -> Result<Owned<C>, StoreError> {
        let mut left = self.connections.most();
        loop {
            let connection = self.connections.take(mode)?;
            match Owned::begin(connection, mode, &self.names, Arc::clone(&self.counters)) {
                Err(Unbegun::Dead(_)) if left > 0 => left -= 1,
                Err(Unbegun::Dead(error) | Unbegun::Refused(error)) => return Err(error),
                Ok(owned) => return Ok(owned),
            }
        }
    }

    fn migrator(&self) -> Migrator<'_> {
        Migrator::new(sets(), self.tenancy).named(&self.names)
    }
}

impl<C: HostConnection + R2D2Connection + 'static> SqlStore for Store<C> {
    fn names(&self) -> &Names {
        &self.names
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

impl<C: HostConnection + R2D2Connection + 'static> portcullis_ledger::Store for Store<C> {
    type Tx = SqlTx<Owned<C>>;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut owned = self.begin(mode)?;
        if !self.migrated.load(Ordering::Acquire) {
            self.migrator().pending(&mut owned)?.into_result()?;
            self.migrated.store(true, Ordering::Release);
        }
        let mut tx = SqlTx::named(owned, &self.names);
        work(&mut tx)?;
        tx.into_exec().commit()
    }
}

impl<C: HostConnection + R2D2Connection + 'static> std::fmt::Debug for Store<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("tenancy", &self.tenancy)
            .finish_non_exhaustive()
    }
}
