use crate::Verb;
use portcullis_id::Timestamp;

/// What a grant of one container gives: reach, and what was set up for this user in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// From this tick on it is worth nothing.
    pub until: Option<Timestamp>,
    /// Whether the user was set up as an approver here (K18).
    pub approver: bool,
}

impl Grant {
    /// Whether it opens anything at `now`. At exactly its end it does not.
    #[inline]
    pub fn live_at(self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Whether what `verb` needs beside the right was set up.
    #[inline]
    pub const fn sets_up(self, verb: Verb) -> bool {
        match verb {
            Verb::Approve => self.approver,
            _ => true,
        }
    }
}
