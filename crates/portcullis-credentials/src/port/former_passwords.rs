use crate::PasswordHash;
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;

/// A password that was replaced, as its hash lies: open or sealed.
#[derive(Clone, Debug)]
pub struct FormerPassword {
    /// Whose it was.
    pub user: UserId,
    /// What was stored of it.
    pub password: PasswordHash,
    /// When another took its place. What orders those of one user, newest first.
    pub replaced_at: Timestamp,
}

/// The passwords that users had before, for as many as the
/// [history](crate::CredentialSettings::password_history) asks for; user and hash are the key. They
/// go with the account (`ON DELETE CASCADE`). Texts are compared in binary.
pub trait FormerPasswords {
    /// Adds one:
    ///
    /// ```sql
    /// INSERT INTO former_password (user_id, password, replaced_at)
    /// VALUES (:user, :password, :replaced_at)
    /// ON CONFLICT (user_id, password) DO UPDATE SET replaced_at = excluded.replaced_at
    /// ```
    fn add_former_password(&mut self, former: &FormerPassword) -> Result<(), StoreError>;

    /// The newest `limit` of a user, newest first:
    ///
    /// ```sql
    /// SELECT user_id, password, replaced_at FROM former_password
    /// WHERE user_id = :user ORDER BY replaced_at DESC, password LIMIT :limit
    /// ```
    fn former_passwords(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError>;

    /// Drops all of a user but the newest `keep`; how many:
    ///
    /// ```sql
    /// DELETE FROM former_password WHERE user_id = :user AND password NOT IN (
    ///     SELECT password FROM former_password
    ///     WHERE user_id = :user ORDER BY replaced_at DESC, password LIMIT :keep)
    /// ```
    fn drop_former_passwords(&mut self, user: UserId, keep: u32) -> Result<u64, StoreError>;

    /// The next `limit` of all users behind `after`, by user and hash:
    ///
    /// ```sql
    /// SELECT user_id, password, replaced_at FROM former_password
    /// WHERE (user_id, password) > (:user, :password) ORDER BY user_id, password LIMIT :limit
    /// ```
    fn former_passwords_after(
        &mut self,
        after: Option<&FormerPassword>,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError>;

    /// Puts `new`, another hash of the same password, in the place of `old`, if that is stored;
    /// whether it was:
    ///
    /// ```sql
    /// UPDATE former_password SET password = :new WHERE user_id = :user AND password = :old
    /// ```
    fn replace_former_hash(
        &mut self,
        old: &FormerPassword,
        new: &PasswordHash,
    ) -> Result<bool, StoreError>;
}
