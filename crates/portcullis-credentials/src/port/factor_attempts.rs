use crate::{LockTimes, Reached, Tries};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;

/// Counting wrong codes, apart from wrong passwords and one counter a kind of code (bugs 16, 17).
///
/// As with [`Attempts`](crate::Attempts), an attempt is reserved in a commit of its own before the
/// code is looked at, and settled when it was right. Time alone forgets none. A row stays as long as
/// its account, so that a serial number never comes twice.
pub trait FactorAttempts {
    /// Counts one attempt and answers the counter as it is after that; `None`, and nothing changed,
    /// while it is locked, or where there is no such account. One statement: the first attempt of its kind inserts the row that it
    /// would leave behind, and any other counts as [`Attempts::reserve`](crate::Attempts::reserve)
    /// does, forgetting nothing over time:
    ///
    /// ```sql
    /// INSERT INTO factor_tries (user_id, kind, serial, counted, in_a_row, last_at, locked_until)
    /// SELECT user_id, :kind, 1, 1, 1, :now, :first_lock FROM account WHERE user_id = :user
    /// ON CONFLICT (user_id, kind) DO UPDATE SET
    ///   serial   = serial + 1,
    ///   counted  = <n>,
    ///   in_a_row = in_a_row + 1,
    ///   last_at  = :now,
    ///   locked_until = <as there>
    /// WHERE locked_until IS NULL OR locked_until <= :now
    /// RETURNING serial, counted, in_a_row, last_at, locked_until
    /// -- <n>: CASE WHEN locked_until IS NOT NULL THEN 1 ELSE counted + 1 END
    /// ```
    ///
    /// `:first_lock` is the lock of [`Tries::reserve`] on a counter that is not there yet.
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError>;

    /// Forgets the attempts up to and including number `serial`, and a lock that this very one
    /// reached, as [`Attempts::settle`](crate::Attempts::settle) does; whether there is a counter.
    fn settle_factor(
        &mut self,
        user: UserId,
        kind: FactorKind,
        serial: i64,
    ) -> Result<bool, StoreError>;

    /// The counter; `None` before the first attempt.
    fn factor_tries(&mut self, user: UserId, kind: FactorKind)
    -> Result<Option<Tries>, StoreError>;

    /// Sets `counted` and `in_a_row` to zero and `last_at` and `locked_until` to NULL, of every
    /// counter of the user's at which something is counted or locked; how many those were. `serial`
    /// stays.
    fn unlock_factors(&mut self, user: UserId) -> Result<u64, StoreError>;

    /// Makes a lock that ends last until an administrator unlocks, as
    /// [`Attempts::lock_until_admin`](crate::Attempts::lock_until_admin) does.
    fn lock_factor_until_admin(
        &mut self,
        kind: FactorKind,
        reached: &Reached,
    ) -> Result<bool, StoreError>;
}

/// A code to be counted. All arithmetic is done.
#[derive(Clone, Copy, Debug)]
pub struct ReserveFactor {
    /// Whose.
    pub user: UserId,
    /// Of which kind.
    pub kind: FactorKind,
    /// When.
    pub now: Timestamp,
    /// When it locks codes of the kind, and for how long.
    pub lock: LockTimes,
}

/// What kind of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactorKind {
    /// Six digits of an authenticator app.
    Totp,
    /// A recovery code.
    Recovery,
}

impl FactorKind {
    /// The stable name that storage keeps.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Recovery => "recovery",
        }
    }
}
