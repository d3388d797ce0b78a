use crate::HostConnection;
use crate::joined::Joined;
use crate::options::StoreOptions;
use crate::owned::{Owned, Unbegun};
use crate::pool::Connections;
use diesel::r2d2::{ConnectionManager, Pool, R2D2Connection};
use portcullis_id::Timestamp;
#[cfg(doc)]
use portcullis_ledger::StoreErrorKind;
use portcullis_ledger::{Mode, StoreError};
use portcullis_sql::adapter::{Counters, Counts, Tables, verify};
use portcullis_sql::migrate::{Pending, Tenancy};
use portcullis_sql::{Dialect, Names, SqlStore, SqlTx};
use std::sync::Arc;

/// A portal kept in a database that Diesel connects to.
pub struct Store<C: HostConnection + R2D2Connection + 'static> {
    connections: Connections<C>,
    counters: Arc<Counters>,
    tables: Tables,
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
    /// one connection, and a command keeps it while it waits for its turn: give the pool more than
    /// there are commands at once, or sign-ins wait with them. A store that opens its own database
    /// keeps connections apart for its commands.
    ///
    /// The settings are looked at now, on the one connection that the pool gives, and never again: a
    /// look at each would be a round trip more for every unit of work. So a pool that sets up some of
    /// its connections only, or whose host changes a setting later, is not found out.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for a pool whose connection is not set up, and as
    /// [`open`](Self::open).
    pub fn over(pool: Pool<ConnectionManager<C>>) -> Result<Self, StoreError> {
        Self::options().with_host_tables().over(pool)
    }

    /// The migrations the store lacks. Until there are none, every unit of work is refused.
    ///
    /// # Errors
    /// As [`open`](Self::open): another program may have changed the database since.
    pub fn pending(&self) -> Result<Pending, StoreError> {
        self.tables.pending(&mut self.begin(Mode::Read)?)
    }

    /// Runs the migrations the store lacks, all or none. `now` goes into the record of them.
    ///
    /// Two programs may call it at once: the second waits, up to ten minutes, and finds nothing left
    /// to do.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`Busy`](StoreErrorKind::Busy) after these ten minutes; the store
    /// is then as it was.
    pub fn migrate(&self, now: Timestamp) -> Result<(), StoreError> {
        self.tables.migrate(|| self.begin(Mode::Write), now)
    }

    /// What the store was asked so far, for tests of a call's budget.
    pub fn counters(&self) -> Counts {
        self.counters.counts()
    }

    pub(crate) fn open_url(url: &str, tenancy: Tenancy, names: Names) -> Result<Self, StoreError> {
        let look = |first: &mut C| Tables::of(&mut Joined::unchecked(first), tenancy, names);
        let (connections, tables) = Connections::open(url, look)?;
        let store = Self::new(connections, tables);
        // So that a setting that does not take is known now.
        drop(store.begin(Mode::Read)?);
        Ok(store)
    }

    pub(crate) fn over_pool(
        pool: Pool<ConnectionManager<C>>,
        tenancy: Tenancy,
        names: Names,
    ) -> Result<Self, StoreError> {
        let connections = Connections::of(pool);
        let mut first = connections.take(Mode::Write)?;
        let mut exec = Joined::unchecked(&mut *first);
        verify(&mut exec, ", or let the pool do it with `Configure`")?;
        let tables = Tables::of(&mut exec, tenancy, names)?;
        drop(first);
        Ok(Self::new(connections, tables))
    }

    fn new(connections: Connections<C>, tables: Tables) -> Self {
        Self {
            connections,
            counters: Arc::default(),
            tables,
        }
    }

    /// A connection that the server has closed is known by its BEGIN, and leaves the pool then.
    fn begin(&self, mode: Mode) -> Result<Owned<C>, StoreError> {
        let begin = self.tables.begin(mode);
        let mut left = self.connections.most();
        loop {
            let connection = self.connections.take(mode)?;
            match Owned::begin(connection, mode, &begin, Arc::clone(&self.counters)) {
                Err(Unbegun::Dead(_)) if left > 0 => left -= 1,
                Err(Unbegun::Dead(error) | Unbegun::Refused(error)) => return Err(error),
                Ok(owned) => return Ok(owned),
            }
        }
    }
}

impl<C: HostConnection + R2D2Connection + 'static> SqlStore for Store<C> {
    fn names(&self) -> &Names {
        self.tables.names()
    }

    fn dialect(&self) -> Dialect {
        self.tables.dialect()
    }
}

impl<C: HostConnection + R2D2Connection + 'static> portcullis_ledger::Store for Store<C> {
    type Tx = SqlTx<Owned<C>>;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.tables.with_tx(mode, self.begin(mode)?, work)
    }
}

impl<C: HostConnection + R2D2Connection + 'static> std::fmt::Debug for Store<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("tables", &self.tables)
            .finish_non_exhaustive()
    }
}
