use super::people::Desk;
use portcullis_credentials::{Account, Attempts, Reserve, Settle, Tries, Who};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

impl Attempts for Desk {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let mut accounts = self.change()?.accounts.values_mut();
        let meant = accounts.find(|account| match reserve.who {
            Who::Named(key) => account.name.key() == key,
            Who::User(user) => account.user == user,
        });
        let open = |account: &&mut Account| {
            let secret = account.password.is_some() || account.directory;
            secret && account.tries.locked(reserve.now).is_none()
        };
        let Some(account) = meant.filter(open) else {
            return Ok(None);
        };
        let tries = &mut account.tries;
        let sat_out = tries.locked_until.is_some();
        let forgotten = tries.last_at.zip(reserve.forget_before);
        let anew = sat_out || forgotten.is_some_and(|(last, before)| last <= before);
        tries.serial += 1;
        tries.counted = if anew { 1 } else { tries.counted + 1 };
        tries.last_at = Some(reserve.now);
        tries.locked_until = (tries.counted >= reserve.threshold).then_some(reserve.lock_until);
        Ok(Some(account.clone()))
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let account = self.change()?.accounts.get_mut(&settle.user);
        let Some(account) = account.filter(|account| account.epoch == settle.epoch) else {
            return Ok(None);
        };
        let later = account.tries.serial - settle.serial;
        account.tries.counted = account.tries.counted.min(later);
        if later == 0 {
            account.tries.locked_until = None;
        }
        Ok(Some(account.clone()))
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        let account = self.change()?.accounts.get_mut(&user);
        let counted = |tries: &Tries| tries.serial - serial < tries.counted;
        let Some(account) = account.filter(|account| counted(&account.tries)) else {
            return Ok(false);
        };
        account.tries.counted -= 1;
        account.tries.locked_until = None;
        Ok(true)
    }
}
