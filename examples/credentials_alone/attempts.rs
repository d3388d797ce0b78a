use super::host::Desk;
use portcullis_credentials::{Account, Accounts, Attempts, Reached, Reserve, Settle, Tries, Who};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

impl Attempts for Desk {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let meant = match reserve.who {
            Who::Named(key) => self.account_named(key)?,
            Who::User(user) => self.account(user)?,
        };
        let Some(meant) = meant else {
            return Ok(None);
        };
        // What a database computes in one statement, our own type computes on a row that is read.
        let counted = |account: &Account| {
            let secret = account.password.is_some() || account.directory;
            let (now, forget_before) = (reserve.now, reserve.forget_before);
            let tries = account.tries.reserve(now, forget_before, &reserve.lock);
            tries.filter(|_| secret)
        };
        let counted = self.recount(meant.user, counted)?;
        if counted {
            self.account(meant.user)
        } else {
            Ok(None)
        }
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let there = |account: &Account| account.epoch == settle.epoch;
        let settled = self.recount(settle.user, |account| {
            there(account).then(|| account.tries.settle(settle.serial))
        })?;
        if settled {
            self.account(settle.user)
        } else {
            Ok(None)
        }
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        self.recount(user, |account| account.tries.release(serial))
    }

    fn lock_until_admin(&mut self, reached: &Reached) -> Result<bool, StoreError> {
        self.recount(reached.user, |account| {
            account.tries.lock_until_admin(reached)
        })
    }
}

impl Desk {
    fn recount(
        &mut self,
        user: UserId,
        change: impl Fn(&Account) -> Option<Tries>,
    ) -> Result<bool, StoreError> {
        let met = |account: &Account| change(account).is_some();
        self.update(user, met, |account| {
            account.tries = change(account).unwrap_or(account.tries);
        })
    }
}
