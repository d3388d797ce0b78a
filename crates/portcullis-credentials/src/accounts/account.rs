use crate::{LoginName, PasswordHash, Tries};
use portcullis_id::{Epoch, Standing, State, Timestamp, UserId, days};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// An account, as storage keeps it: plain data, no rule.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose account it is.
    pub user: UserId,
    /// The user name, unique by its key over all clients (D5, S16).
    pub name: LoginName,
    /// The password's hash; none before an invitation was accepted, nor beside `directory`.
    pub password: Option<PasswordHash>,
    /// They sign in through the directory, which keeps their password (S30).
    pub directory: bool,
    /// A new password must be set before anything else (S52, S53).
    pub change_due: bool,
    /// Since when an administrator has suspended it.
    pub suspended_at: Option<Timestamp>,
    /// Since when it is switched off for good.
    pub disabled_at: Option<Timestamp>,
    /// When its time runs out, if ever (S27, S28).
    pub expiry: Option<Expiry>,
    /// The generation that sessions, steps and tokens are bound to.
    pub epoch: Epoch,
    /// The counter of wrong passwords.
    pub tries: Tries,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The end of a temporary account (S27): so many days of 24 hours from the save that set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// The number that was entered in 'Account Expires In _ Days'.
    pub days: NonZeroU32,
    /// The tick from which the account has expired.
    pub at: Timestamp,
}

impl Expiry {
    /// `days` times 24 hours from `now` (choice 10).
    pub fn starting(days_from_now: NonZeroU32, now: Timestamp) -> Self {
        Self {
            days: days_from_now,
            at: now.after(days(days_from_now.get())),
        }
    }
}

impl Account {
    /// What the account amounts to, as the access rules ask for it.
    ///
    /// A lock from wrong passwords is not in it: it stops new sign-ins only (requirements 7.1).
    pub fn standing(&self) -> Standing {
        let state = if self.disabled_at.is_some() {
            State::Disabled
        } else if self.suspended_at.is_some() {
            State::Suspended
        } else if self.password.is_none() && !self.directory {
            State::Invited
        } else if self.change_due {
            State::ChangeDue
        } else {
            State::Usable
        };
        Standing::new(state, self.expiry.map(|expiry| expiry.at))
    }
}
