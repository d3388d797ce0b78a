use crate::{
    Account, Accounts, Attempts, Cause, CredentialError, CredentialTx, Credentials, Refusal,
    Reserve, Settle, Source, Who,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Store, StoreError, StoreExt};

/// What came of asking for an attempt.
pub(crate) enum Attempt {
    /// It counts; the account as it is after that.
    Reserved(Account),
    /// It does not, and this is why.
    Turned(Cause, Option<UserId>),
    /// It does not, because the account is locked.
    Locked(Account, Timestamp),
}

impl Credentials {
    /// Counts an attempt before it is made, in a commit of its own. The inner error, for the
    /// visitor, is of a source that asks too often: nothing was counted, and no hash is to be run.
    pub(crate) fn reserve<S>(
        &self,
        store: &S,
        who: Who<'_>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Attempt, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let reserve = Reserve {
            who,
            now,
            forget_before: self.policy.forget_before(now),
            lock: self.policy.lock_times(now),
        };
        store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, source, now)? {
                return Ok(Err(refusal));
            }
            if let Some(account) = tx.reserve(&reserve)? {
                return Ok(Ok(Attempt::Reserved(account)));
            }
            let account = match who {
                Who::Named(key) => tx.account_named(key)?,
                Who::User(user) => tx.account(user)?,
            };
            Ok(Ok(match account {
                Some(account) => turned(account, now)?,
                None => Attempt::Turned(Cause::UnknownName, None),
            }))
        })
    }

    /// Settles an attempt whose password was right; `None` when the account has moved on, and
    /// must not be let in on what it was.
    pub(crate) fn settle(
        tx: &mut dyn CredentialTx,
        reserved: &Account,
    ) -> Result<Option<Account>, StoreError> {
        tx.settle(&Settle {
            user: reserved.user,
            serial: reserved.tries.serial,
            epoch: reserved.epoch,
        })
    }

    /// Takes back the attempt of a password that was right and not enough. Those before it stay
    /// counted until the last factor is right too. `None` as with [`settle`](Self::settle).
    pub(crate) fn hold(
        tx: &mut dyn CredentialTx,
        reserved: &Account,
    ) -> Result<Option<Account>, StoreError> {
        tx.release(reserved.user, reserved.tries.serial)?;
        let account = tx.account(reserved.user)?;
        Ok(account.filter(|account| account.epoch == reserved.epoch))
    }
}

fn turned(account: Account, now: Timestamp) -> Result<Attempt, CredentialError> {
    if account.password.is_none() && !account.directory {
        return Ok(Attempt::Turned(Cause::NoPassword, Some(account.user)));
    }
    match account.tries.locked(now) {
        Some(until) => Ok(Attempt::Locked(account, until)),
        None => Err(StoreError::corrupt(
            "an attempt was not counted for an account that is open; the store does not keep the contract of `reserve`",
        )
        .into()),
    }
}
