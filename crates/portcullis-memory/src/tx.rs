use crate::{access, credentials, ledger, sharing};
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use std::sync::Arc;

/// All that is kept, one part a domain.
///
/// Cloning it copies pointers; a part is copied when a unit of work first writes to it, so that a
/// snapshot costs nothing and giving up is forgetting the copy.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub(crate) access: Arc<access::Part>,
    pub(crate) credentials: Arc<credentials::Part>,
    pub(crate) ledger: Arc<ledger::Part>,
    pub(crate) sharing: Arc<sharing::Part>,
}

/// A unit of work: a snapshot of its own, kept by the store when the work was Ok.
pub struct Tx {
    mode: Mode,
    state: State,
    out_of_turn: bool,
}

impl Tx {
    pub(crate) fn new(mode: Mode, state: State) -> Self {
        Self {
            mode,
            state,
            out_of_turn: false,
        }
    }

    /// The state to keep; refused to a command without its turn that dropped the refusal.
    pub(crate) fn into_state(self) -> Result<State, StoreError> {
        if self.out_of_turn {
            self.mode.needs_turn()?;
        }
        Ok(self.state)
    }

    /// That this is a command's unit of work.
    pub(crate) fn needs_turn(&mut self) -> Result<(), StoreError> {
        let turn = self.mode.needs_turn();
        self.out_of_turn |= turn.is_err();
        turn
    }

    /// The state to read.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The state to change; refused in a unit of work that may only read.
    pub(crate) fn state_mut(&mut self) -> Result<&mut State, StoreError> {
        match self.mode {
            Mode::Write | Mode::Conditional => Ok(&mut self.state),
            Mode::Read => Err(StoreError::new(
                StoreErrorKind::Misuse,
                "a unit of work that may only read was asked to write; open it with `write`",
            )),
        }
    }

    /// Back to an earlier state.
    pub(crate) fn restore(&mut self, state: State) {
        self.state = state;
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
