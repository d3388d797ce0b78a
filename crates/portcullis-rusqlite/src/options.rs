use crate::Store;
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::migrate::Tenancy;
use portcullis_sql::{Dialect, Names};
use std::path::Path;

/// How a [`Store`] is opened: beside whose tables, and under which names.
///
/// ```
/// use portcullis_rusqlite::{Names, Store};
/// # use portcullis_id::Timestamp;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("host.db");
///
/// let names = Names::prefixed("acme_")?;
/// let store = Store::options().names(names).with_host_tables().open(&path)?;
/// store.migrate(Timestamp::from_millis(1_700_000_000_000))?; // acme_item, acme_client ..
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is opened yet"]
pub struct StoreOptions {
    tenancy: Tenancy,
    names: Names,
}

impl StoreOptions {
    /// A database that is the portal's alone, with tables `portcullis_..`.
    pub(crate) fn new() -> Self {
        Self {
            tenancy: Tenancy::Alone,
            names: Names::default(),
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

    /// Opens `path`, or makes an empty database there.
    ///
    /// # Errors
    /// As [`Store::open`], and [`Misuse`](StoreErrorKind::Misuse) for names with a schema.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Store, StoreError> {
        let path = path.as_ref();
        // Each of the pool's connections would get a database of its own.
        if path.as_os_str().is_empty() || path == Path::new(":memory:") {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "a store needs the path of a file; use `Store::in_memory` for one without",
            ));
        }
        self.names
            .check(Dialect::Sqlite)
            .and_then(|()| Store::open_file(path, self.tenancy, self.names))
            .map_err(|error| {
                let what = format!("cannot open `{}`: {error}", path.display());
                StoreError::new(error.kind(), what).because(error)
            })
    }

    /// A store that is gone when dropped.
    ///
    /// # Errors
    /// As [`Store::in_memory`], and [`Misuse`](StoreErrorKind::Misuse) for names with a schema.
    pub fn in_memory(self) -> Result<Store, StoreError> {
        self.names.check(Dialect::Sqlite)?;
        Store::open_memory(self.tenancy, self.names)
    }
}
