use crate::{Account, Expiry, PasswordHash};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::StoreError;

/// The accounts. One row a user; [`LoginName::key`](crate::LoginName::key) is unique.
///
/// Methods that change answer whether there was a row that met their condition; where not, nothing
/// has changed. "Moves the epoch" means `epoch = epoch + 1` in the same statement.
pub trait Accounts {
    /// The account of `user`.
    fn account(&mut self, user: UserId) -> Result<Option<Account>, StoreError>;

    /// The account whose name has this key, compared in binary.
    fn account_named(&mut self, key: &str) -> Result<Option<Account>, StoreError>;

    /// Adds an account, every field as given. False, and nothing done, when the user or the
    /// name's key is already there (`INSERT .. ON CONFLICT DO NOTHING`).
    fn add_account(&mut self, account: &Account) -> Result<bool, StoreError>;

    /// Sets password and `change_due`, and moves the epoch, if the account is still at `epoch` and
    /// has its password here (`directory = 0`).
    /// The counter of wrong passwords stays as it is.
    fn set_password(
        &mut self,
        user: UserId,
        epoch: Epoch,
        password: &PasswordHash,
        change_due: bool,
    ) -> Result<bool, StoreError>;

    /// Replaces the hash `old` by `new`, another one of the same password, if `old` is what is
    /// stored. Nothing else changes, the epoch least of all: whoever is signed in stays so
    /// (bug 38). Of several who replace one hash at once, one does:
    ///
    /// ```sql
    /// UPDATE account SET password = :new WHERE user_id = :user AND password = :old
    /// ```
    fn replace_hash(
        &mut self,
        user: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError>;

    /// The next `limit` users who have a password here behind `after`, by user, with what is stored
    /// of it:
    ///
    /// ```sql
    /// SELECT user_id, password FROM account
    /// WHERE user_id > :after AND password IS NOT NULL ORDER BY user_id LIMIT :limit
    /// ```
    fn hashes_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(UserId, PasswordHash)>, StoreError>;

    /// Sets `directory`, takes the password and `change_due` away and moves the epoch, if
    /// `directory` is not so already. So neither a password nor a token outlives the change.
    fn set_directory(&mut self, user: UserId, directory: bool) -> Result<bool, StoreError>;

    /// Moves the epoch, if the account is still at `epoch`.
    fn move_epoch(&mut self, user: UserId, epoch: Epoch) -> Result<bool, StoreError>;

    /// Sets `change_due` and moves the epoch, if there is a password and no change is due yet.
    fn demand_change(&mut self, user: UserId) -> Result<bool, StoreError>;

    /// Sets `counted` and `in_a_row` to zero and `last_at` and `locked_until` to NULL; `serial`
    /// stays.
    fn unlock(&mut self, user: UserId) -> Result<bool, StoreError>;

    /// Sets `suspended_at` and moves the epoch, if the account is not suspended.
    fn suspend(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError>;

    /// Sets `suspended_at` to NULL, if the account is suspended. The epoch stays.
    fn resume(&mut self, user: UserId) -> Result<bool, StoreError>;

    /// Sets `disabled_at` and moves the epoch, if the account is not disabled.
    fn disable(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError>;

    /// Sets the expiry, or takes it away. The epoch stays: sessions ask for the expiry themselves.
    fn set_expiry(&mut self, user: UserId, expiry: Option<Expiry>) -> Result<bool, StoreError>;

    /// Removes the account, and with it all its tokens, sessions, factors and former
    /// passwords (`ON DELETE CASCADE`).
    fn remove_account(&mut self, user: UserId) -> Result<bool, StoreError>;
}
