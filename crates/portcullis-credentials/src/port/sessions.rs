use crate::{Account, Digest};
use portcullis_id::{Epoch, SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;

/// Sign-in sessions, by the digest of their secret.
pub trait Sessions {
    /// Adds a session if its user's account is at the session's epoch; false, and nothing done,
    /// where not (`INSERT .. SELECT .. FROM account WHERE user_id = :user AND epoch = :epoch`).
    fn add_session(&mut self, session: &Session) -> Result<bool, StoreError>;

    /// The session with this digest and the account of its user, in one statement (a join).
    fn session(&mut self, digest: &Digest) -> Result<Option<(Session, Account)>, StoreError>;

    /// Sets `seen_at` to `now`, if it is before `due`. False where it was not, or is gone.
    fn touch_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Sets the digest to `new`, if it still is `old`. Of any number of callers one does it:
    ///
    /// ```sql
    /// UPDATE session SET digest = :new WHERE id = :id AND digest = :old
    /// ```
    fn rotate_session(
        &mut self,
        id: SessionId,
        old: &Digest,
        new: &Digest,
    ) -> Result<bool, StoreError>;

    /// The newest `limit` sessions of a user's at `epoch`, the newest first:
    ///
    /// ```sql
    /// SELECT * FROM session WHERE user_id = :user AND epoch = :epoch
    /// ORDER BY created_at DESC, id DESC LIMIT :limit
    /// ```
    fn sessions_of(
        &mut self,
        user: UserId,
        epoch: Epoch,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError>;

    /// Ends a session by removing it, if it is this user's
    /// (`DELETE FROM session WHERE id = :id AND user_id = :user`).
    fn end_session_of(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError>;

    /// Ends every session of a user but one by removing them; how many
    /// (`DELETE FROM session WHERE user_id = :user AND id <> :keep`).
    fn end_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64, StoreError>;

    /// Ends a session by removing it. False where it is gone already.
    fn end_session(&mut self, id: SessionId) -> Result<bool, StoreError>;

    /// Ends every session of a user by removing them; how many.
    fn end_sessions(&mut self, user: UserId) -> Result<u64, StoreError>;

    /// Drops every session with `created_at <= created` or `seen_at <= seen`; how many.
    fn drop_sessions(&mut self, created: Timestamp, seen: Timestamp) -> Result<u64, StoreError>;
}

/// A session, as storage keeps it. The secret is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its own id, to list and to end it by.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// The digest of the secret. Unique.
    pub digest: Digest,
    /// The epoch of the sign-in; dead when the account has left it.
    pub epoch: Epoch,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, give or take the touch interval.
    pub seen_at: Timestamp,
}
