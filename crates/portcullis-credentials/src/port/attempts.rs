use crate::{Account, LockTimes, Reached};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::StoreError;

/// Counting attempts before they are made.
///
/// An attempt is *reserved*, in a commit of its own, before its password is hashed, and *settled*
/// afterwards if the password was right. A program that dies between the two has counted one too
/// many, never one too few, and no number of threads, processes or nodes gets more attempts out of
/// the counter than the threshold (bugs 1, 2 and 4).
pub trait Attempts {
    /// Counts one attempt and answers the account as it is after that; `None`, and nothing
    /// changed, when no account with a password, here or in the directory, is meant or when it is
    /// locked.
    ///
    /// One statement, with `:x` the fields of `reserve`; `counted` and the others on the right
    /// are the values before:
    ///
    /// ```sql
    /// UPDATE account SET
    ///   serial   = serial + 1,
    ///   counted  = <n>,
    ///   in_a_row = in_a_row + 1,
    ///   last_at  = :now,
    ///   locked_until = CASE
    ///     WHEN <n> < :threshold AND in_a_row + 1 < :last_straw THEN NULL
    ///     WHEN in_a_row + 1 >= :longest_from THEN :longest_until
    ///     WHEN (in_a_row + 1) / :threshold < 2 THEN :first_until
    ///     ELSE :now + (:first << CAST((in_a_row + 1) / :threshold - 1 AS INTEGER)) END
    /// WHERE (name_key = :key  -- or user_id = :user)
    ///   AND (password IS NOT NULL OR directory = 1)
    ///   AND (locked_until IS NULL OR locked_until <= :now)
    /// RETURNING *
    /// -- <n>: CASE WHEN locked_until IS NOT NULL OR last_at <= :forget_before
    /// --      THEN 1 ELSE counted + 1 END
    /// ```
    ///
    /// So a lock that has been sat out, and a last attempt at or before `forget_before`, start the
    /// count anew at 1, while `in_a_row` goes on: the lock doubles with every threshold's worth of
    /// it. `last_at <= :forget_before` is false where either side is NULL.
    /// [`Tries::reserve`](crate::Tries::reserve) is the same in Rust.
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError>;

    /// Forgets the attempts up to and including the one settled, and answers the account as it is
    /// after that; `None`, and nothing changed, when it is gone or has left `epoch`.
    ///
    /// Attempts reserved after it stay counted, and a lock goes only if no attempt was reserved
    /// after it, which means that this very one reached it (bug 3, choice 23):
    ///
    /// ```sql
    /// UPDATE account SET
    ///   counted = CASE WHEN counted < serial - :serial THEN counted ELSE serial - :serial END,
    ///   in_a_row = CASE WHEN in_a_row < serial - :serial THEN in_a_row ELSE serial - :serial END,
    ///   locked_until = CASE WHEN serial = :serial THEN NULL ELSE locked_until END
    /// WHERE user_id = :user AND epoch = :epoch
    /// RETURNING *
    /// ```
    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError>;

    /// Takes back one attempt that nobody could judge, because the directory did not answer;
    /// whether it was still in the row. Of attempts that were forgotten, by a success, an unlock or
    /// a pause, nothing is taken back, so the count is never too low; a lock that was reached with
    /// this attempt's help, counted towards it, goes:
    ///
    /// ```sql
    /// UPDATE account SET
    ///   in_a_row = in_a_row - 1,
    ///   counted = CASE WHEN serial - :serial < counted THEN counted - 1 ELSE counted END,
    ///   locked_until = CASE WHEN serial - :serial < counted THEN NULL ELSE locked_until END
    /// WHERE user_id = :user AND serial - :serial < in_a_row
    /// ```
    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError>;

    /// Makes a lock that ends last until an administrator unlocks; whether it was still the one that
    /// this attempt had reached:
    ///
    /// ```sql
    /// UPDATE account SET locked_until = :max
    /// WHERE user_id = :user AND serial = :serial AND locked_until = :until
    /// ```
    fn lock_until_admin(&mut self, reached: &Reached) -> Result<bool, StoreError>;
}

/// An attempt to be counted. All arithmetic is done.
#[derive(Clone, Copy, Debug)]
pub struct Reserve<'a> {
    /// Whose attempt.
    pub who: Who<'a>,
    /// When.
    pub now: Timestamp,
    /// A last attempt at or before this moment is forgotten; `None` (NULL): never.
    pub forget_before: Option<Timestamp>,
    /// When it locks the account, and for how long (S24).
    pub lock: LockTimes,
}

/// How an account is meant: by one canonical key, so that it has one counter (bugs 7 and 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// By the key of a name that a visitor typed.
    Named(&'a str),
    /// By the user who is already signed in.
    User(UserId),
}

/// A reserved attempt whose password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settle {
    /// Whose attempt it was.
    pub user: UserId,
    /// [`Tries::serial`](crate::Tries::serial) as `reserve` answered it.
    pub serial: i64,
    /// The epoch as `reserve` answered it.
    pub epoch: Epoch,
}
