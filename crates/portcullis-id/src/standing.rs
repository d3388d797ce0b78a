use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person's account amounts to, as whoever keeps the accounts answers it: our credentials
/// crate, or a host's own single sign-on.
///
/// A lock from wrong passwords is not here: it stops new sign-ins only (requirements 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    state: State,
    until: Option<Timestamp>,
}

/// The state of a person's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum State {
    /// May act.
    Usable,
    /// Invited, and has not accepted yet.
    Invited,
    /// Must choose a new password before anything else.
    ChangeDue,
    /// Suspended by an administrator.
    Suspended,
    /// Its time has run out (S27).
    Expired,
    /// Switched off for good.
    Disabled,
    /// Unknown, or removed.
    Absent,
}

impl Standing {
    /// In good standing, without an end.
    pub const USABLE: Self = Self {
        state: State::Usable,
        until: None,
    };
    /// No account at all.
    pub const ABSENT: Self = Self {
        state: State::Absent,
        until: None,
    };

    /// A standing that holds until `until`, and is [`State::Expired`] from that tick on.
    pub const fn new(state: State, until: Option<Timestamp>) -> Self {
        Self { state, until }
    }

    /// The state at `now`. At exactly the end the account has expired (choice 10).
    pub fn at(self, now: Timestamp) -> State {
        match self.until {
            Some(until) if now >= until && self.state != State::Absent => State::Expired,
            _ => self.state,
        }
    }

    /// The tick from which the account has expired, if it ever does.
    pub const fn until(self) -> Option<Timestamp> {
        self.until
    }
}
