use super::host::Desk;
use portcullis_credentials::{Account, Accounts, Attempts, Reserve, Settle, Who};
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
        let open = |account: &Account| {
            let secret = account.password.is_some() || account.directory;
            secret && account.tries.locked(reserve.now).is_none()
        };
        let counted = self.update(meant.user, open, |account| {
            let tries = &mut account.tries;
            let sat_out = tries.locked_until.is_some();
            let forgotten = tries.last_at.zip(reserve.forget_before);
            let anew = sat_out || forgotten.is_some_and(|(last, before)| last <= before);
            tries.serial += 1;
            tries.counted = if anew { 1 } else { tries.counted + 1 };
            tries.last_at = Some(reserve.now);
            tries.locked_until = (tries.counted >= reserve.threshold).then_some(reserve.lock_until);
        })?;
        if counted {
            self.account(meant.user)
        } else {
            Ok(None)
        }
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let there = |account: &Account| account.epoch == settle.epoch;
        let settled = self.update(settle.user, there, |account| {
            let later = account.tries.serial - settle.serial;
            account.tries.counted = account.tries.counted.min(later);
            if later == 0 {
                account.tries.locked_until = None;
            }
        })?;
        if settled {
            self.account(settle.user)
        } else {
            Ok(None)
        }
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        let counts = |account: &Account| account.tries.serial - serial < account.tries.counted;
        self.update(user, counts, |account| {
            account.tries.counted -= 1;
            account.tries.locked_until = None;
        })
    }
}
