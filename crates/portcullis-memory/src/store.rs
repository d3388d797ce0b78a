use crate::tx::{State, Tx};
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

/// A portal kept in memory.
#[derive(Default)]
pub struct Store {
    state: Mutex<State>,
    writing: Mutex<bool>,
    written: Condvar,
}

impl Store {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// No code of a caller runs under this lock, so a poisoned state is still whole (pitfall 15).
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits to be the one writer.
    fn turn(&self) -> Result<Turn<'_>, StoreError> {
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut writing, waited) = self
            .written
            .wait_timeout_while(writing, PATIENCE, |writing| *writing)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(StoreError::new(
                StoreErrorKind::Busy,
                "another writer holds the store; try again, and never open a unit of work inside another",
            ));
        }
        *writing = true;
        Ok(Turn(self))
    }
}

impl portcullis_ledger::Store for Store {
    type Tx = Tx;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let _turn = match mode {
            Mode::Read => None,
            Mode::Write | Mode::Conditional => Some(self.turn()?),
        };
        let snapshot = self.state().clone();
        let mut tx = Tx::new(mode, snapshot);
        work(&mut tx)?;
        if mode.writes() {
            let kept = tx.into_state()?;
            *self.state() = kept;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// The right to write, given back when dropped, by a panic too.
struct Turn<'s>(&'s Store);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self
            .0
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = false;
        self.0.written.notify_one();
    }
}
