use serde::{Deserialize, Serialize};

/// The generation of a user's credentials.
///
/// Everything handed out on the strength of a sign-in (sessions, steps, one-time tokens) carries
/// the epoch it was made in and is dead as soon as the account has moved on: a change of password,
/// of second factor or of address, a suspension, a removal. A re-hash at sign-in does not move it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Epoch(i64);

impl Epoch {
    /// The epoch of a new account.
    pub const FIRST: Self = Self(0);

    /// The epoch as storage keeps it.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// An epoch read back from storage.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The next epoch; everything bound to this one is dead.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
