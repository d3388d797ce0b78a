use super::row::{account, account_columns};
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx};
use portcullis_credentials::{Account, Accounts, Expiry, PasswordHash};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::StoreError;
use uuid::Uuid;

statements! {
    ACCOUNT = concat!("SELECT ", account_columns!(), " FROM portcullis_account WHERE user_id = ?");
    ACCOUNT_NAMED =
        concat!("SELECT ", account_columns!(), " FROM portcullis_account WHERE name_key = ?");
    ADD_ACCOUNT = "INSERT INTO portcullis_account (user_id, name, name_key, password, directory, \
            change_due, suspended_at, disabled_at, expires_in_days, expires_at, epoch, serial, counted, \
            in_a_row, last_at, locked_until, created_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    SET_PASSWORD = "UPDATE portcullis_account \
        SET password = ?, change_due = ?, epoch = epoch + 1 \
        WHERE user_id = ? AND epoch = ? AND directory = 0";
    SET_DIRECTORY = "UPDATE portcullis_account SET directory = ?, password = NULL, \
            change_due = 0, epoch = epoch + 1 \
        WHERE user_id = ? AND directory <> ?";
    REPLACE_HASH = "UPDATE portcullis_account SET password = ? WHERE user_id = ? AND password = ?";
    HASHES_AFTER = "SELECT user_id, password FROM portcullis_account \
        WHERE user_id > ? AND password IS NOT NULL ORDER BY user_id LIMIT CAST(? AS BIGINT)";
    MOVE_EPOCH = "UPDATE portcullis_account SET epoch = epoch + 1 WHERE user_id = ? AND epoch = ?";
    DEMAND_CHANGE = "UPDATE portcullis_account SET change_due = 1, epoch = epoch + 1 \
        WHERE user_id = ? AND password IS NOT NULL AND change_due = 0";
    UNLOCK = "UPDATE portcullis_account SET counted = 0, in_a_row = 0, last_at = NULL, \
            locked_until = NULL \
        WHERE user_id = ?";
    SUSPEND = "UPDATE portcullis_account SET suspended_at = ?, epoch = epoch + 1 \
        WHERE user_id = ? AND suspended_at IS NULL";
    RESUME = "UPDATE portcullis_account SET suspended_at = NULL \
        WHERE user_id = ? AND suspended_at IS NOT NULL";
    DISABLE = "UPDATE portcullis_account SET disabled_at = ?, epoch = epoch + 1 \
        WHERE user_id = ? AND disabled_at IS NULL";
    SET_EXPIRY = "UPDATE portcullis_account SET expires_in_days = ?, expires_at = ? \
        WHERE user_id = ?";
    /// Tokens, sessions and factors go with it.
    REMOVE_ACCOUNT = "DELETE FROM portcullis_account WHERE user_id = ?";
}

impl<E: Exec> Accounts for SqlTx<E> {
    fn account(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.exec.optional(ACCOUNT, &[user.into()], account)
    }

    fn account_named(&mut self, key: &str) -> Result<Option<Account>, StoreError> {
        self.exec.optional(ACCOUNT_NAMED, &[key.into()], account)
    }

    fn add_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        let added = self.exec.run(
            ADD_ACCOUNT,
            &[
                account.user.into(),
                account.name.shown().into(),
                account.name.key().into(),
                account.password.as_ref().map(PasswordHash::expose).into(),
                account.directory.into(),
                account.change_due.into(),
                account.suspended_at.into(),
                account.disabled_at.into(),
                account.expiry.map(|expiry| expiry.days.get()).into(),
                account.expiry.map(|expiry| expiry.at).into(),
                account.epoch.into(),
                account.tries.serial.into(),
                account.tries.counted.into(),
                account.tries.in_a_row.into(),
                account.tries.last_at.into(),
                account.tries.locked_until.into(),
                account.created_at.into(),
            ],
        )?;
        Ok(added > 0)
    }

    fn set_password(
        &mut self,
        user: UserId,
        epoch: Epoch,
        password: &PasswordHash,
        change_due: bool,
    ) -> Result<bool, StoreError> {
        let password = password.expose().into();
        let values = [password, change_due.into(), user.into(), epoch.into()];
        Ok(self.exec.run(SET_PASSWORD, &values)? > 0)
    }

    fn replace_hash(
        &mut self,
        user: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let values = [new.expose().into(), user.into(), old.expose().into()];
        Ok(self.exec.run(REPLACE_HASH, &values)? > 0)
    }

    fn hashes_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
        // Nobody has the least id.
        let after = after.unwrap_or(UserId::from_uuid(Uuid::nil()));
        let values = [after.into(), limit.into()];
        self.exec.list(HASHES_AFTER, &values, |row| {
            Ok((row.id()?, PasswordHash::from_phc(row.text()?)))
        })
    }

    fn set_directory(&mut self, user: UserId, directory: bool) -> Result<bool, StoreError> {
        let values = [directory.into(), user.into(), directory.into()];
        Ok(self.exec.run(SET_DIRECTORY, &values)? > 0)
    }

    fn move_epoch(&mut self, user: UserId, epoch: Epoch) -> Result<bool, StoreError> {
        Ok(self.exec.run(MOVE_EPOCH, &[user.into(), epoch.into()])? > 0)
    }

    fn demand_change(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.exec.run(DEMAND_CHANGE, &[user.into()])? > 0)
    }

    fn unlock(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.exec.run(UNLOCK, &[user.into()])? > 0)
    }

    fn suspend(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.exec.run(SUSPEND, &[at.into(), user.into()])? > 0)
    }

    fn resume(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.exec.run(RESUME, &[user.into()])? > 0)
    }

    fn disable(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.exec.run(DISABLE, &[at.into(), user.into()])? > 0)
    }

    fn set_expiry(&mut self, user: UserId, expiry: Option<Expiry>) -> Result<bool, StoreError> {
        let days = expiry.map(|expiry| expiry.days.get()).into();
        let at = expiry.map(|expiry| expiry.at).into();
        Ok(self.exec.run(SET_EXPIRY, &[days, at, user.into()])? > 0)
    }

    fn remove_account(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.exec.run(REMOVE_ACCOUNT, &[user.into()])? > 0)
    }
}
