use super::{HostTransaction, InTransaction, Run};
use crate::{Error, PortalTx};
use portcullis_ledger::StoreError;
use portcullis_rusqlite::{Joined, joined_named};
use portcullis_sql::Names;
use rusqlite::{Connection, Transaction};

impl<'c> HostTransaction<'c> for &'c Connection {
    type Run = InTransaction<'c, Self>;

    fn lend(self, names: &'c Names) -> Result<Self::Run, StoreError> {
        Joined::new(self)?;
        Ok(InTransaction { lent: self, names })
    }
}

impl<'c> HostTransaction<'c> for &'c Transaction<'_> {
    type Run = InTransaction<'c, &'c Connection>;

    fn lend(self, names: &'c Names) -> Result<Self::Run, StoreError> {
        let connection: &Connection = self;
        connection.lend(names)
    }
}

impl Run for InTransaction<'_, &Connection> {
    fn run<T>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<T, Error>) -> Result<T, Error> {
        joined_named(self.lent, self.names, |tx| work(tx))
    }
}
