#[cfg(feature = "diesel")]
mod diesel;
#[cfg(feature = "sql")]
mod lent;
#[cfg(feature = "rusqlite")]
mod rusqlite;

#[cfg(feature = "sql")]
pub use lent::{HostTransaction, InTransaction};

use crate::{Error, PortalTx};
use portcullis_ledger::{Store, StoreExt};

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
    pub(super) store: &'p S,
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
