use super::{HostTransaction, InTransaction, Run};
use crate::{Error, PortalTx};
use portcullis_diesel::{HostConnection, Joined, joined_named};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::Names;
use std::cell::RefCell;

impl<'c, C: HostConnection> HostTransaction<'c> for &'c mut C {
    type Run = InTransaction<'c, RefCell<Self>>;

    fn lend(self, names: &'c Names) -> Result<Self::Run, StoreError> {
        Joined::new(&mut *self)?;
        Ok(InTransaction {
            lent: RefCell::new(self),
            names,
        })
    }
}

impl<C: HostConnection> Run for InTransaction<'_, RefCell<&mut C>> {
    fn run<T>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.lent.try_borrow_mut().map_err(|_| {
            StoreError::new(
                StoreErrorKind::Misuse,
                "a unit of work was opened inside another of the same transaction; end the first",
            )
        })?;
        joined_named(&mut **connection, self.names, |tx| work(tx))
    }
}
