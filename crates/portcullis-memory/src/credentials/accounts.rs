use crate::Tx;
use crate::table::Row;
use portcullis_credentials::{Account, Accounts, Expiry, PasswordHash};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::StoreError;

impl Row for Account {
    const KEY: &'static str = "the name of an account";
    type Id = UserId;
    type Key = String;
    fn id(&self) -> UserId {
        self.user
    }
    fn key(&self) -> Option<String> {
        Some(self.name.key().to_owned())
    }
}

impl Accounts for Tx {
    fn account(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        Ok(self.credentials().accounts.get(user).cloned())
    }

    fn account_named(&mut self, key: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.credentials().accounts.by_key(key).cloned())
    }

    fn add_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        let accounts = &mut self.credentials_mut()?.accounts;
        if accounts.has(account.user) || accounts.by_key(account.name.key()).is_some() {
            return Ok(false);
        }
        accounts.put(account.clone())?;
        Ok(true)
    }

    fn set_password(
        &mut self,
        user: UserId,
        epoch: Epoch,
        password: &PasswordHash,
        change_due: bool,
    ) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.epoch == epoch && !account.directory,
            |account| {
                account.password = Some(password.clone());
                account.change_due = change_due;
                account.epoch = account.epoch.next();
            },
        ))
    }

    fn replace_hash(
        &mut self,
        user: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| is(account, old),
            |account| account.password = Some(new.clone()),
        ))
    }

    fn hashes_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
        let accounts = self.credentials().accounts.rows_after(after);
        let hashes = accounts.filter_map(|one| Some((one.user, one.password.clone()?)));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(hashes.take(limit).collect())
    }

    fn set_directory(&mut self, user: UserId, directory: bool) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.directory != directory,
            |account| {
                account.directory = directory;
                account.password = None;
                account.change_due = false;
                account.epoch = account.epoch.next();
            },
        ))
    }

    fn move_epoch(&mut self, user: UserId, epoch: Epoch) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.epoch == epoch,
            |account| account.epoch = account.epoch.next(),
        ))
    }

    fn demand_change(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.password.is_some() && !account.change_due,
            |account| {
                account.change_due = true;
                account.epoch = account.epoch.next();
            },
        ))
    }

    fn unlock(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |_| true,
            |account| account.tries = account.tries.unlock(),
        ))
    }

    fn suspend(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.suspended_at.is_none(),
            |account| {
                account.suspended_at = Some(at);
                account.epoch = account.epoch.next();
            },
        ))
    }

    fn resume(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.suspended_at.is_some(),
            |account| account.suspended_at = None,
        ))
    }

    fn disable(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.disabled_at.is_none(),
            |account| {
                account.disabled_at = Some(at);
                account.epoch = account.epoch.next();
            },
        ))
    }

    fn set_expiry(&mut self, user: UserId, expiry: Option<Expiry>) -> Result<bool, StoreError> {
        Ok(self
            .credentials_mut()?
            .change(user, |_| true, |account| account.expiry = expiry))
    }

    fn remove_account(&mut self, user: UserId) -> Result<bool, StoreError> {
        let kept = self.credentials_mut()?;
        kept.tokens.remove_where(|token| token.user == user);
        kept.sessions.remove_where(|session| session.user == user);
        kept.forget_factors(user);
        kept.former.remove(&user);
        Ok(kept.accounts.remove(user))
    }
}

fn is(account: &Account, hash: &PasswordHash) -> bool {
    let stored = account.password.as_ref();
    stored.is_some_and(|stored| stored.expose() == hash.expose())
}
