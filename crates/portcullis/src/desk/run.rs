use crate::{Error, PortalTx};
use portcullis_ledger::{Store, StoreExt};
#[cfg(feature = "rusqlite")]
use portcullis_sql::Names;

/// Where a desk's units of work run: in transactions of their own, or inside the host's.
pub trait Run {
    /// Runs one unit of work: Ok keeps it, Err leaves no trace.
    ///
    /// # Errors
    /// What `work` says, and faults of storage.
    fn run<T>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<T, Error>) -> Result<T, Error>;
}

/// Each unit of work in a transaction of its own.
#[derive(Debug)]
pub struct Own<'p, S> {
    store: &'p S,
}

impl<'p, S> Own<'p, S> {
    pub(crate) const fn new(store: &'p S) -> Self {
        Self { store }
    }
}

impl<S> Run for Own<'_, S>
where
    S: Store,
    S::Tx: PortalTx,
{
    fn run<T>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<T, Error>) -> Result<T, Error> {
        self.store.write(|tx| work(tx))
    }
}

/// Each unit of work in a savepoint of the transaction the host has open, so that its rows and
/// ours commit together.
#[cfg(feature = "rusqlite")]
#[derive(Debug)]
pub struct InTransaction<'c> {
    connection: &'c rusqlite::Connection,
    names: &'c Names,
}

#[cfg(feature = "rusqlite")]
impl<'c> InTransaction<'c> {
    pub(crate) const fn new(connection: &'c rusqlite::Connection, names: &'c Names) -> Self {
        Self { connection, names }
    }
}

#[cfg(feature = "rusqlite")]
impl Run for InTransaction<'_> {
    fn run<T>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<T, Error>) -> Result<T, Error> {
        portcullis_rusqlite::joined_named(self.connection, self.names, |tx| work(tx))
    }
}
