use super::locked::Counter;
use super::source::Visit;
use crate::{
    Account, Accounts, Attempts, Cause, CredentialError, CredentialTx, Credentials, Refusal,
    Reserve, Settle, Who,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Store, StoreError, StoreErrorKind, StoreExt};

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
        visit: Visit<'_>,
    ) -> Result<Result<Attempt, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let reserve = Reserve {
            who,
            now: visit.now,
            forget_before: self.policy.forget_before(visit.now),
            lock: self.policy.lock_times(visit.now),
        };
        store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let counted = counted(
                tx,
                |tx| tx.reserve(&reserve),
                |tx| {
                    let account = match who {
                        Who::Named(key) => tx.account_named(key)?,
                        Who::User(user) => tx.account(user)?,
                    };
                    Ok(match account {
                        Some(account) => turned(account, visit.now),
                        None => Some(Attempt::Turned(Cause::UnknownName, None)),
                    })
                },
            )?;
            Ok(Ok(counted.map_or_else(|turned| turned, Attempt::Reserved)))
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

    /// The same with a password that was just looked at, whose attempt may have reached a lock that
    /// somebody has met and made to last since.
    pub(crate) fn settle_reserved(
        &self,
        tx: &mut dyn CredentialTx,
        reserved: &Account,
        visit: Visit<'_>,
    ) -> Result<Option<Account>, CredentialError> {
        if reserved.tries.locked_until.is_none() {
            return Ok(Self::settle(tx, reserved)?);
        }
        self.clearing(tx, reserved.user, Counter::Passwords, visit, |tx| {
            Self::settle(tx, reserved)
        })
    }

    /// Takes an attempt back that was not judged, or was right and not enough, with a lock that it had
    /// helped to reach.
    pub(crate) fn take_back(
        &self,
        tx: &mut dyn CredentialTx,
        reserved: &Account,
        visit: Visit<'_>,
    ) -> Result<(), CredentialError> {
        let (user, serial) = (reserved.user, reserved.tries.serial);
        self.clearing(tx, user, Counter::Passwords, visit, |tx| {
            tx.release(user, serial).map(|_| ())
        })
    }

    /// Takes back the attempt of a password that was right and not enough. Those before it stay
    /// counted until the last factor is right too. `None` as with [`settle`](Self::settle).
    pub(crate) fn hold(
        &self,
        tx: &mut dyn CredentialTx,
        reserved: &Account,
        visit: Visit<'_>,
    ) -> Result<Option<Account>, CredentialError> {
        self.take_back(tx, reserved, visit)?;
        let account = tx.account(reserved.user)?;
        Ok(account.filter(|account| account.epoch == reserved.epoch))
    }
}

/// How often an attempt is asked for that nothing stands in the way of.
const ASKED: usize = 16;

/// Counts an attempt, or finds out why it was not: two statements, between which others commit. A
/// lock that stood in the way may be gone when it is looked for, by a right password or an
/// administrator; then the attempt is asked for anew.
pub(crate) fn counted<X: ?Sized, C, W>(
    tx: &mut X,
    mut count: impl FnMut(&mut X) -> Result<Option<C>, StoreError>,
    mut why: impl FnMut(&mut X) -> Result<Option<W>, StoreError>,
) -> Result<Result<C, W>, StoreError> {
    for _ in 0..ASKED {
        if let Some(counted) = count(tx)? {
            return Ok(Ok(counted));
        }
        if let Some(why) = why(tx)? {
            return Ok(Err(why));
        }
    }
    Err(StoreError::new(
        StoreErrorKind::Busy,
        "an attempt could not be counted while others at the same account came and went; try again",
    ))
}

/// Why no attempt counts at `account`; `None` for one that is open.
fn turned(account: Account, now: Timestamp) -> Option<Attempt> {
    if account.password.is_none() && !account.directory {
        return Some(Attempt::Turned(Cause::NoPassword, Some(account.user)));
    }
    let until = account.tries.locked(now)?;
    Some(Attempt::Locked(account, until))
}

#[cfg(test)]
mod tests {
    use super::{ASKED, counted};
    use portcullis_ledger::StoreErrorKind;

    /// What the statements of one attempt meet, in order: whether it counts, or else what is seen.
    type Met = Vec<Result<(), Option<&'static str>>>;

    fn ask(met: Met) -> Result<Result<(), &'static str>, StoreErrorKind> {
        let mut met = (met.into_iter(), Met::new());
        counted(
            &mut met,
            |(rest, seen)| {
                let one = rest.next().unwrap_or(Err(None));
                seen.push(one);
                Ok(one.ok())
            },
            |(_, seen)| Ok(seen.last().and_then(|one| one.err()).flatten()),
        )
        .map_err(|error| error.kind())
    }

    /// Five right passwords at once reach the lock, and a sixth asks before the last of them is
    /// settled: the lock it met is gone when it is looked for.
    #[test]
    fn bug03_a_lock_that_is_gone_when_it_is_looked_for_turns_nobody_away() {
        assert_eq!(ask(vec![Ok(())]), Ok(Ok(())));
        assert_eq!(ask(vec![Err(None), Ok(())]), Ok(Ok(())));
        assert_eq!(ask(vec![Err(None), Err(Some("locked"))]), Ok(Err("locked")));
        assert_eq!(ask(vec![Err(None); ASKED]), Err(StoreErrorKind::Busy));
    }
}
