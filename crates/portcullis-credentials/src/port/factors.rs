use crate::{Digest, Sealed};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

/// Second factors: at most one authenticator app a user, and their recovery codes.
///
/// What is kept of an app is its secret, sealed, the secret that an app is being set up with, and
/// the step whose code was used last:
///
/// ```sql
/// CREATE TABLE factor (user_id PRIMARY KEY REFERENCES account ON DELETE CASCADE,
///   enforced, secret, pending, last_step);
/// CREATE TABLE recovery_code (user_id REFERENCES account ON DELETE CASCADE, digest,
///   PRIMARY KEY (user_id, digest));
/// ```
///
/// Methods that change answer whether there was a row that met their condition; where not, nothing
/// has changed.
pub trait Factors {
    /// What is kept of the second factor of `user`; `None` where nothing is.
    fn factor(&mut self, user: UserId) -> Result<Option<Factor>, StoreError>;

    /// Sets `enforced`, in a new row (`last_step` -1) where there is none.
    fn enforce_factor(&mut self, user: UserId, enforced: bool) -> Result<(), StoreError>;

    /// Sets `pending`, in a new row (not enforced, `last_step` -1) where there is none; unless
    /// there is a `secret`, or no account (`INSERT .. SELECT .. FROM account WHERE user_id = :user`).
    fn offer_factor(&mut self, user: UserId, pending: &Sealed) -> Result<bool, StoreError>;

    /// Makes `pending` the `secret`, if it still is what is given and there is no secret yet;
    /// `last_step` becomes `step`, whose code confirmed it.
    fn enrol_factor(
        &mut self,
        user: UserId,
        pending: &Sealed,
        step: i64,
    ) -> Result<bool, StoreError>;

    /// Uses up the code of `step`. Of any number of callers one gets it, and after a later step no
    /// earlier one (bugs 32 and 33):
    ///
    /// ```sql
    /// UPDATE factor SET last_step = :step
    /// WHERE user_id = :user AND last_step < :step AND secret IS NOT NULL
    /// ```
    fn consume_step(&mut self, user: UserId, step: i64) -> Result<bool, StoreError>;

    /// Sets `secret` and `pending` to NULL, if there is a secret. `enforced` stays.
    fn remove_factor(&mut self, user: UserId) -> Result<bool, StoreError>;

    /// The next `limit` factors with a secret, or one that an app is being set up with, behind
    /// `after`, by user.
    fn factors_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Factor>, StoreError>;

    /// Puts `new` in the place of `old`, as `secret` or as `pending`, if it still is there:
    ///
    /// ```sql
    /// UPDATE factor SET
    ///   secret  = CASE WHEN secret  = :old THEN :new ELSE secret  END,
    ///   pending = CASE WHEN pending = :old THEN :new ELSE pending END
    /// WHERE user_id = :user AND (secret = :old OR pending = :old)
    /// ```
    fn reseal_factor(
        &mut self,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError>;

    /// Adds a recovery code.
    fn add_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<(), StoreError>;

    /// Uses up a recovery code by removing it. Of any number of callers one gets it (bug 35).
    fn use_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<bool, StoreError>;

    /// How many recovery codes are left.
    fn recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError>;

    /// Removes all recovery codes of a user; how many.
    fn drop_recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError>;
}

/// What is kept of a user's second factor: plain data, no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Whose it is.
    pub user: UserId,
    /// They may not sign in without one (S29).
    pub enforced: bool,
    /// The secret of their authenticator app; none: they have not set one up.
    pub secret: Option<Sealed>,
    /// The secret that an app is being set up with.
    pub pending: Option<Sealed>,
}
