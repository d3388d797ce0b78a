use crate::names::Names;
use crate::{Dialect, Exec, Row, Val};
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};

/// The unit of work of every SQL adapter.
///
/// It implements [`Ledger`](portcullis_ledger::Ledger) and the port of each domain whose feature
/// is on, over an [`Exec`] that is already inside a transaction.
#[derive(Debug)]
pub struct SqlTx<E> {
    pub(crate) exec: Named<E>,
    mode: Mode,
    out_of_turn: bool,
}

impl<E> SqlTx<E> {
    /// A unit of work over `exec`, on the tables `portcullis_..`, as one that may write and has its
    /// turn.
    pub fn new(exec: E) -> Self {
        Self::named(exec, Names::portcullis())
    }

    /// A unit of work over `exec`, on tables of other names.
    pub fn named(exec: E, names: &Names) -> Self {
        Self::begun(Mode::Write, exec, names)
    }

    /// A unit of work over `exec`, which was begun so.
    pub(crate) fn begun(mode: Mode, exec: E, names: &Names) -> Self {
        Self {
            exec: Named::new(exec, names.clone()),
            mode,
            out_of_turn: false,
        }
    }

    /// That this is a command's unit of work; whoever drops the answer cannot commit.
    pub(crate) fn needs_turn(&mut self) -> Result<(), StoreError> {
        let turn = self.mode.needs_turn();
        self.out_of_turn |= turn.is_err();
        turn
    }

    pub(crate) const fn exec_mut(&mut self) -> &mut E {
        &mut self.exec.exec
    }
}

impl<E: Exec> SqlTx<E> {
    /// The executor back, to commit what was done: all of it, or it is refused.
    pub(crate) fn into_whole(self) -> Result<E, StoreError> {
        if self.out_of_turn {
            self.mode.needs_turn()?;
        }
        let Named { exec, failed, .. } = self.exec;
        if failed && exec.dialect().one_failure_ends_all() {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "a statement of this unit of work failed and its error was dropped, which on this database loses all of it; return the error",
            ));
        }
        Ok(exec)
    }
}

/// An executor that gives every text its names before it is run, and remembers a failure.
#[derive(Debug)]
pub(crate) struct Named<E> {
    exec: E,
    names: Names,
    failed: bool,
}

impl<E> Named<E> {
    pub(crate) const fn new(exec: E, names: Names) -> Self {
        Self {
            exec,
            names,
            failed: false,
        }
    }

    fn noting<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed |= outcome.is_err();
        outcome
    }
}

impl<E: Exec> Exec for Named<E> {
    fn dialect(&self) -> Dialect {
        self.exec.dialect()
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        let outcome = self.exec.run(&self.names.statement(sql), params);
        self.noting(outcome)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let outcome = self.exec.rows(&self.names.statement(sql), params, each);
        self.noting(outcome)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let outcome = self.exec.script(&self.names.migration(sql));
        self.noting(outcome)
    }
}
