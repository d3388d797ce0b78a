use crate::names::Names;
use crate::{Dialect, Exec, Row, Val};
use portcullis_ledger::StoreError;

/// The unit of work of every SQL adapter.
///
/// It implements [`Ledger`](portcullis_ledger::Ledger) and the port of each domain whose feature
/// is on, over an [`Exec`] that is already inside a transaction.
#[derive(Debug)]
pub struct SqlTx<E> {
    pub(crate) exec: Named<E>,
}

impl<E> SqlTx<E> {
    /// A unit of work over `exec`, on the tables `portcullis_..`.
    pub fn new(exec: E) -> Self {
        Self::named(exec, Names::portcullis())
    }

    /// A unit of work over `exec`, on tables of other names.
    pub fn named(exec: E, names: &Names) -> Self {
        Self {
            exec: Named::new(exec, names.clone()),
        }
    }

    /// The executor back, to commit or to give up what was done.
    pub fn into_exec(self) -> E {
        self.exec.exec
    }
}

/// An executor that gives every text its names before it is run.
#[derive(Debug)]
pub(crate) struct Named<E> {
    exec: E,
    names: Names,
}

impl<E> Named<E> {
    pub(crate) const fn new(exec: E, names: Names) -> Self {
        Self { exec, names }
    }
}

impl<E: Exec> Exec for Named<E> {
    fn dialect(&self) -> Dialect {
        self.exec.dialect()
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.exec.run(&self.names.statement(sql), params)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.exec.rows(&self.names.statement(sql), params, each)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.exec.script(&self.names.migration(sql))
    }
}
