//! The store: everything behind one lock, and a unit of work on a copy of it.

use super::factors::KeptFactor;
use portcullis_credentials::{Account, FactorKind, FormerPassword, Purpose, Session, Token, Tries};
use portcullis_id::{SessionId, Timestamp, UserId};
use portcullis_ledger::{AuditEntry, Mail, Mode, Scope, Store, StoreError, StoreErrorKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// What the host keeps.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    pub(crate) accounts: BTreeMap<UserId, Account>,
    pub(crate) tokens: BTreeMap<(UserId, Purpose), Token>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) factors: BTreeMap<UserId, KeptFactor>,
    pub(crate) tries: BTreeMap<(UserId, FactorKind), Tries>,
    pub(crate) codes: BTreeSet<(UserId, [u8; 32])>,
    pub(crate) former: BTreeMap<UserId, Vec<FormerPassword>>,
    pub(crate) spent: BTreeMap<(&'static str, String), Timestamp>,
    pub(crate) revisions: HashMap<Scope, i64>,
    pub(crate) audit: Vec<AuditEntry>,
    pub(crate) outbox: Vec<Mail>,
}

/// The store. One unit of work at a time, so that an attempt is counted before the next one looks.
#[derive(Default)]
pub(crate) struct People(Mutex<Kept>);

/// A unit of work.
pub(crate) struct Desk {
    kept: Kept,
    mode: Mode,
    out_of_turn: bool,
}

impl Store for People {
    type Tx = Desk;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Desk) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What a panic leaves behind the lock is whole: only a finished copy is put there.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut desk = Desk {
            kept: kept.clone(),
            mode,
            out_of_turn: false,
        };
        work(&mut desk)?;
        if desk.out_of_turn {
            mode.needs_turn()?;
        }
        *kept = desk.kept;
        Ok(())
    }
}

impl Desk {
    /// To look something up.
    pub(crate) const fn kept(&self) -> &Kept {
        &self.kept
    }

    /// To move a revision, which what only counts may not; whoever drops the answer keeps nothing.
    pub(crate) fn needs_turn(&mut self) -> Result<(), StoreError> {
        let turn = self.mode.needs_turn();
        self.out_of_turn |= turn.is_err();
        turn
    }

    /// To change something, which a unit of work that reads may not.
    pub(crate) fn change(&mut self) -> Result<&mut Kept, StoreError> {
        match self.mode {
            Mode::Write | Mode::Conditional => Ok(&mut self.kept),
            Mode::Read => Err(StoreError::new(
                StoreErrorKind::Misuse,
                "a unit of work that may only read was asked to write; open it with `write`",
            )),
        }
    }
}
