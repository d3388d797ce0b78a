use super::people::Desk;
use portcullis_credentials::{Account, Attempts, Reached, Reserve, Settle, Tries, Who};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

impl Attempts for Desk {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let mut accounts = self.change()?.accounts.values_mut();
        let meant = accounts.find(|account| match reserve.who {
            Who::Named(key) => account.name.key() == key,
            Who::User(user) => account.user == user,
        });
        let open = |account: &&mut Account| account.password.is_some() || account.directory;
        let Some(account) = meant.filter(open) else {
            return Ok(None);
        };
        // What a database computes in its statement, a map lets our own type compute.
        let (now, forget_before) = (reserve.now, reserve.forget_before);
        let Some(tries) = account.tries.reserve(now, forget_before, &reserve.lock) else {
            return Ok(None);
        };
        account.tries = tries;
        Ok(Some(account.clone()))
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let account = self.change()?.accounts.get_mut(&settle.user);
        let Some(account) = account.filter(|account| account.epoch == settle.epoch) else {
            return Ok(None);
        };
        account.tries = account.tries.settle(settle.serial);
        Ok(Some(account.clone()))
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        self.recount(user, |tries| tries.release(serial))
    }

    fn lock_until_admin(&mut self, reached: &Reached) -> Result<bool, StoreError> {
        self.recount(reached.user, |tries| tries.lock_until_admin(reached))
    }
}

impl Desk {
    fn recount(
        &mut self,
        user: UserId,
        change: impl FnOnce(&Tries) -> Option<Tries>,
    ) -> Result<bool, StoreError> {
        let account = self.change()?.accounts.get_mut(&user);
        Ok(account
            .and_then(|account| {
                account.tries = change(&account.tries)?;
                Some(())
            })
            .is_some())
    }
}
