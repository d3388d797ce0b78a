use portcullis_id::{Epoch, Timestamp, UserId};

/// Somebody has proved who they are. Made by the last step of a sign-in and by the check of a
/// session, and by nothing else:
///
/// ```compile_fail,E0451
/// use portcullis_credentials::Proof;
/// use portcullis_id::{Epoch, Timestamp, UserId};
/// fn forge(user: UserId, at: Timestamp) -> Proof {
///     Proof { user, epoch: Epoch::FIRST, at }
/// }
/// ```
///
/// A session takes it by value, so one sign-in starts one session; it cannot be cloned.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "start a session with it, or the sign-in was for nothing"]
pub struct Proof {
    user: UserId,
    epoch: Epoch,
    at: Timestamp,
}

impl Proof {
    pub(crate) const fn new(user: UserId, epoch: Epoch, at: Timestamp) -> Self {
        Self { user, epoch, at }
    }

    /// Who.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// In which generation of their credentials.
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// When they signed in.
    pub const fn signed_in_at(&self) -> Timestamp {
        self.at
    }
}
