use crate::{HostConnection, Store};
use diesel::r2d2::{ConnectionManager, Pool, R2D2Connection};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::Names;
use portcullis_sql::migrate::Tenancy;
use std::fmt;
use std::marker::PhantomData;

/// How a [`Store`] is opened: beside whose tables, and under which names.
///
/// ```no_run
/// use diesel::PgConnection;
/// use portcullis_diesel::{Names, Store};
///
/// let names = Names::prefixed("acme_")?.in_schema("portal")?;
/// let store = Store::<PgConnection>::options()
///     .names(names)
///     .with_host_tables()
///     .open("postgresql://localhost/host")?; // portal.acme_item, portal.acme_client ..
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is opened yet"]
pub struct StoreOptions<C> {
    tenancy: Tenancy,
    names: Names,
    connection: PhantomData<fn() -> C>,
}

impl<C: HostConnection + R2D2Connection + 'static> StoreOptions<C> {
    /// A database that is the portal's alone, with tables `portcullis_..`.
    pub(crate) fn new() -> Self {
        Self {
            tenancy: Tenancy::Alone,
            names: Names::default(),
            connection: PhantomData,
        }
    }

    /// The host's own database, in which our tables stand beside the host's, or beside those of
    /// another portal.
    pub const fn with_host_tables(mut self) -> Self {
        self.tenancy = Tenancy::Shared;
        self
    }

    /// Tables of these names. They belong to the data: with others, the store is an empty one.
    pub fn names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Opens `url`, with pools of the store's own.
    ///
    /// # Errors
    /// As [`Store::open`], and [`Misuse`](StoreErrorKind::Misuse) for names that the database
    /// cannot have.
    pub fn open(self, url: &str) -> Result<Store<C>, StoreError> {
        // Each of the pool's connections would get a database of its own.
        if url.is_empty() || url == ":memory:" {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "a store needs the path of a file or the URL of a server",
            ));
        }
        Store::open_url(url, self.tenancy, self.names)
    }

    /// Over the host's own pool.
    ///
    /// # Errors
    /// As [`Store::over`], and [`Misuse`](StoreErrorKind::Misuse) for names that the database
    /// cannot have.
    pub fn over(self, pool: Pool<ConnectionManager<C>>) -> Result<Store<C>, StoreError> {
        Store::over_pool(pool, self.tenancy, self.names)
    }
}

impl<C> fmt::Debug for StoreOptions<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("tenancy", &self.tenancy)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}
