use super::people::Desk;
use portcullis_credentials::{Account, Accounts, Expiry, PasswordHash};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::StoreError;

impl Desk {
    /// `UPDATE .. WHERE user = :user AND ..`: whether there was a row that met the condition.
    fn update(
        &mut self,
        user: UserId,
        met: impl Fn(&Account) -> bool,
        set: impl FnOnce(&mut Account),
    ) -> Result<bool, StoreError> {
        let account = self.change()?.accounts.get_mut(&user);
        Ok(account.filter(|account| met(account)).map(set).is_some())
    }
}

fn move_epoch(account: &mut Account) {
    account.epoch = account.epoch.next();
}

impl Accounts for Desk {
    fn account(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        Ok(self.kept().accounts.get(&user).cloned())
    }

    fn account_named(&mut self, key: &str) -> Result<Option<Account>, StoreError> {
        let mut accounts = self.kept().accounts.values();
        Ok(accounts.find(|account| account.name.key() == key).cloned())
    }

    fn add_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        let named = self.account_named(account.name.key())?;
        if named.is_some() || self.account(account.user)?.is_some() {
            return Ok(false);
        }
        let accounts = &mut self.change()?.accounts;
        accounts.insert(account.user, account.clone());
        Ok(true)
    }

    fn set_password(
        &mut self,
        user: UserId,
        epoch: Epoch,
        password: &PasswordHash,
        change_due: bool,
    ) -> Result<bool, StoreError> {
        let at_epoch = |account: &Account| account.epoch == epoch && !account.directory;
        self.update(user, at_epoch, |account| {
            account.password = Some(password.clone());
            account.change_due = change_due;
            move_epoch(account);
        })
    }

    fn replace_hash(
        &mut self,
        user: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let still_old = |account: &Account| {
            let stored = account.password.as_ref();
            stored.is_some_and(|stored| stored.expose() == old.expose())
        };
        self.update(user, still_old, |account| {
            account.password = Some(new.clone());
        })
    }

    fn hashes_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
        let accounts = self.kept().accounts.values();
        let accounts = accounts.filter(|account| Some(account.user) > after);
        let hashes = accounts.filter_map(|one| Some((one.user, one.password.clone()?)));
        Ok(hashes.take(limit as usize).collect())
    }

    fn set_directory(&mut self, user: UserId, directory: bool) -> Result<bool, StoreError> {
        let otherwise = |account: &Account| account.directory != directory;
        self.update(user, otherwise, |account| {
            account.directory = directory;
            account.password = None;
            account.change_due = false;
            move_epoch(account);
        })
    }

    fn move_epoch(&mut self, user: UserId, epoch: Epoch) -> Result<bool, StoreError> {
        self.update(user, |account| account.epoch == epoch, move_epoch)
    }

    fn demand_change(&mut self, user: UserId) -> Result<bool, StoreError> {
        let none_due = |account: &Account| account.password.is_some() && !account.change_due;
        self.update(user, none_due, |account| {
            account.change_due = true;
            move_epoch(account);
        })
    }

    fn unlock(&mut self, user: UserId) -> Result<bool, StoreError> {
        self.update(
            user,
            |_| true,
            |account| account.tries = account.tries.unlock(),
        )
    }

    fn suspend(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        let in_use = |account: &Account| account.suspended_at.is_none();
        self.update(user, in_use, |account| {
            account.suspended_at = Some(at);
            move_epoch(account);
        })
    }

    fn resume(&mut self, user: UserId) -> Result<bool, StoreError> {
        let suspended = |account: &Account| account.suspended_at.is_some();
        self.update(user, suspended, |account| account.suspended_at = None)
    }

    fn disable(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        let in_use = |account: &Account| account.disabled_at.is_none();
        self.update(user, in_use, |account| {
            account.disabled_at = Some(at);
            move_epoch(account);
        })
    }

    fn set_expiry(&mut self, user: UserId, expiry: Option<Expiry>) -> Result<bool, StoreError> {
        self.update(user, |_| true, |account| account.expiry = expiry)
    }

    fn remove_account(&mut self, user: UserId) -> Result<bool, StoreError> {
        let kept = self.change()?;
        kept.tokens.retain(|_, token| token.user != user);
        kept.sessions.retain(|_, session| session.user != user);
        kept.factors.remove(&user);
        kept.former.remove(&user);
        kept.tries.retain(|(of, _), _| *of != user);
        kept.codes.retain(|(of, _)| *of != user);
        Ok(kept.accounts.remove(&user).is_some())
    }
}
