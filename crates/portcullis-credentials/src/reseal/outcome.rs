use crate::KeyRingError;
use portcullis_id::{MailId, UserId};

/// What came of sealing everything anew: whether the old keys may leave the ring, and what stands in
/// the way. Made by [`Credentials::reseal`](crate::Credentials::reseal).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the old keys may not leave the ring yet"]
pub struct Resealed {
    anew: u64,
    unopened: Vec<Unopened>,
    settled: bool,
}

/// A secret that did not open, and so lies as it lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// Where it lies.
    pub place: SealedIn,
    /// Why: the key that it names is not in the ring, or it was changed.
    pub why: KeyRingError,
}

/// Where a sealed secret lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealedIn {
    /// The password hash of this user. An invitation replaces it.
    Password(UserId),
    /// The hash of a password that this user had before. It goes with the history.
    FormerPassword(UserId),
    /// The secret of this user's authenticator app, or the one that an app is being set up with.
    /// Taking the factor away removes it.
    Factor(UserId),
    /// The password in a mail that waits. [Drop it](portcullis_ledger::Ledger::take_mail), and invite
    /// anew.
    Mail(MailId),
}

impl Resealed {
    pub(super) const fn nothing() -> Self {
        Self {
            anew: 0,
            unopened: Vec::new(),
            settled: true,
        }
    }

    /// Whether every key but the one that seals may leave the ring: nothing lies under them, as a
    /// last look at everything has found. False while another program still seals under an old one,
    /// and where a row needs a key that the ring lacks: see [`unopened`](Self::unopened).
    pub fn old_keys_may_leave(&self) -> bool {
        let lacks = |one: &Unopened| matches!(one.why, KeyRingError::Unknown(_));
        self.settled && !self.unopened.iter().any(lacks)
    }

    /// How many secrets were sealed anew, or opened where the policy seals them no more.
    pub const fn resealed(&self) -> u64 {
        self.anew
    }

    /// What did not open. A row that was changed opens under no key, and keeps none in the ring; one
    /// that needs a key which is not in the ring does: put the key back, or do without the row.
    pub fn unopened(&self) -> &[Unopened] {
        &self.unopened
    }

    pub(super) fn done(&mut self, anew: u64) {
        self.anew = self.anew.saturating_add(anew);
    }

    pub(super) fn does_not_open(&mut self, place: SealedIn, why: KeyRingError) {
        self.unopened.push(Unopened { place, why });
    }

    /// The outcome of this look and of those before it.
    pub(super) fn after(self, before: u64) -> Self {
        Self {
            settled: self.anew == 0,
            anew: self.anew.saturating_add(before),
            unopened: self.unopened,
        }
    }
}
