use crate::Tx;
use portcullis_credentials::{Account, Attempts, Reserve, Settle, Tries, Who};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

impl Attempts for Tx {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let accounts = &mut self.credentials_mut()?.accounts;
        let meant = match reserve.who {
            Who::Named(key) => accounts.by_key(key),
            Who::User(user) => accounts.get(user),
        };
        let open = meant.filter(|account| {
            let secret = account.password.is_some() || account.directory;
            secret && account.tries.locked(reserve.now).is_none()
        });
        let Some(user) = open.map(|account| account.user) else {
            return Ok(None);
        };
        Ok(accounts.change(user).map(|account| {
            account.tries = counted(&account.tries, reserve);
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
            let tries = &mut account.tries;
            let after = tries.serial.saturating_sub(settle.serial);
            tries.counted = tries.counted.min(after);
            if after == 0 {
                tries.locked_until = None;
            }
            account.clone()
        }))
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change(
            user,
            |account| account.tries.serial.saturating_sub(serial) < account.tries.counted,
            |account| {
                account.tries.counted = account.tries.counted.saturating_sub(1);
                account.tries.locked_until = None;
            },
        ))
    }
}

/// One attempt more, beginning anew behind a lock that was sat out or a pause that was long enough.
fn counted(before: &Tries, reserve: &Reserve<'_>) -> Tries {
    let forgotten = match (before.last_at, reserve.forget_before) {
        (Some(last), Some(forget)) => last <= forget,
        _ => false,
    };
    let counted = if before.locked_until.is_some() || forgotten {
        1
    } else {
        before.counted.saturating_add(1)
    };
    Tries {
        serial: before.serial.saturating_add(1),
        counted,
        last_at: Some(reserve.now),
        locked_until: (counted >= reserve.threshold).then_some(reserve.lock_until),
    }
}
