use crate::error::store_error;
use crate::exec::Session;
use crate::options::StoreOptions;
use crate::owned::Owned;
use crate::pool::Pool;
use crate::settings::configure;
use portcullis_id::Timestamp;
#[cfg(doc)]
use portcullis_ledger::StoreErrorKind;
use portcullis_ledger::{Mode, StoreError};
use portcullis_sql::adapter::{Counts, Tables};
use portcullis_sql::migrate::{Pending, Tenancy};
use portcullis_sql::{Dialect, Names, SqlStore, SqlTx};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;

/// A portal kept in SQLite.
pub struct Store {
    pool: Arc<Pool>,
    tables: Tables,
}

impl Store {
    /// Opens `path` as a database that is the portal's alone, or makes an empty one.
    ///
    /// # Errors
    /// [`Foreign`](StoreErrorKind::Foreign) for a file that is no database, or one of somebody
    /// else's; [`Newer`](StoreErrorKind::Newer) for one that a newer version wrote;
    /// [`Busy`](StoreErrorKind::Busy) for one that is locked. None of these changes the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::options().open(path)
    }

    /// Opens `path` as the host's own database, in which our tables stand beside the host's.
    ///
    /// # Errors
    /// As [`open`](Self::open), but other tables are welcome.
    pub fn open_with_host_tables(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::options().with_host_tables().open(path)
    }

    /// A store that is gone when dropped. It has one connection: units of work take turns.
    ///
    /// # Errors
    /// When SQLite cannot be set up.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::options().in_memory()
    }

    /// For tables of other names.
    pub fn options() -> StoreOptions {
        StoreOptions::new()
    }

    /// The file, for a host that opens a connection of its own beside; none for one in memory.
    pub fn path(&self) -> Option<&Path> {
        self.pool.path()
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
        self.pool.counters.counts()
    }

    pub(crate) fn open_file(
        path: &Path,
        tenancy: Tenancy,
        names: Names,
    ) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(store_error)?;
        Self::on(connection, Some(path), tenancy, names)
    }

    pub(crate) fn open_memory(tenancy: Tenancy, names: Names) -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().map_err(store_error)?;
        Self::on(connection, None, tenancy, names)
    }

    fn on(
        connection: Connection,
        path: Option<&Path>,
        tenancy: Tenancy,
        names: Names,
    ) -> Result<Self, StoreError> {
        let tables = Tables::of(&mut Session::outside(&connection), tenancy, names)?;
        configure(&connection)?;
        let path = path.map(|path| path.canonicalize().unwrap_or_else(|_| path.to_owned()));
        let pool = Pool::new(path, connection);
        Ok(Self { pool, tables })
    }

    fn begin(&self, mode: Mode) -> Result<Owned, StoreError> {
        Owned::begin(self.pool.take(mode)?, mode)
    }
}

impl SqlStore for Store {
    fn names(&self) -> &Names {
        self.tables.names()
    }

    fn dialect(&self) -> Dialect {
        self.tables.dialect()
    }
}

impl portcullis_ledger::Store for Store {
    type Tx = SqlTx<Owned>;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.tables.with_tx(mode, self.begin(mode)?, work)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("tables", &self.tables)
            .finish_non_exhaustive()
    }
}
