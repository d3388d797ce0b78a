use crate::Tx;
use portcullis_credentials::{Account, Attempts, Reached, Reserve, Settle, Who};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

impl Attempts for Tx {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let accounts = &mut self.credentials_mut()?.accounts;
        let meant = match reserve.who {
            Who::Named(key) => accounts.by_key(key),
            Who::User(user) => accounts.get(user),
        };
        let open = meant.filter(|account| account.password.is_some() || account.directory);
        let after = open.and_then(|account| {
            let tries = account.tries;
            let tries = tries.reserve(reserve.now, reserve.forget_before, &reserve.lock);
            Some((account.user, tries?))
        });
        let Some((user, tries)) = after else {
            return Ok(None);
        };
        Ok(accounts.change(user).map(|account| {
            account.tries = tries;
            account.clone()
        }))
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let accounts = &mut self.credentials_mut()?.accounts;
        let here = accounts.get(settle.user);
        if here.is_none_or(|account| account.epoch != settle.epoch) {
            return Ok(None);
        }
        Ok(accounts.change(settle.user).map(|account| {
            account.tries = account.tries.settle(settle.serial);
            account.clone()
        }))
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.tries.release(serial).is_some(),
            |account| account.tries = account.tries.release(serial).unwrap_or(account.tries),
        ))
    }

    fn lock_until_admin(&mut self, reached: &Reached) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            reached.user,
            |account| account.tries.lock_until_admin(reached).is_some(),
            |account| {
                let locked = account.tries.lock_until_admin(reached);
                account.tries = locked.unwrap_or(account.tries);
            },
        ))
    }
}
