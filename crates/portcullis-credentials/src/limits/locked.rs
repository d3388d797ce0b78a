use super::source::Visit;
use crate::authentication::Verdict;
use crate::{
    AccountEvent, Cause, CredentialError, CredentialTx, Credentials, FactorKind, Lock, Reached,
    Tries,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Actor, Store, StoreError, StoreExt};

/// Whose wrong answers a lock is made of.
#[derive(Clone, Copy)]
pub(crate) enum Counter {
    Passwords,
    Codes(FactorKind),
}

/// What came of making a lock last.
enum Raise {
    Lasts,
    /// It was not to.
    Ends,
    /// Somebody else has made it last and told of it, or it is gone.
    Gone,
    /// It was to, and nobody else could unlock.
    Last,
}

/// Locks are reached by the statement that counts, and end by themselves. Those that are to last
/// until an administrator unlocks are made to in the commit of the refusal, unless nobody would be
/// left to unlock: a program that dies between the two leaves a lock that ends.
impl Credentials {
    /// Runs what settles an attempt: in its turn among the writers where its lock is to last, so
    /// that of two administrators locked at once the second one is seen as the last. Whoever meets
    /// the lock of the last one takes no turn: strangers may come by as often as they like.
    pub(crate) fn close<S, R>(
        &self,
        store: &S,
        verdict: Verdict,
        now: Timestamp,
        work: impl FnOnce(&mut S::Tx, Verdict) -> Result<R, CredentialError>,
    ) -> Result<R, CredentialError>
    where
        S: Store + ?Sized,
    {
        let counter = Counter::Passwords;
        let (lasting, verdict) = match verdict {
            Verdict::Locked(account, until) => {
                if self.is_to_be_raised(store, account.user, counter, &account.tries, now)? {
                    (true, Verdict::Locked(account, until))
                } else {
                    let why = Cause::Locked(until);
                    (false, Verdict::Turned(why, Some(account.user)))
                }
            }
            Verdict::Wrong(ref account, _) | Verdict::Right(ref account) => {
                let lasting = self.is_to_last(counter, &account.tries, now).is_some();
                (lasting, verdict)
            }
            other => (false, other),
        };
        let work = |tx: &mut S::Tx| work(tx, verdict);
        if lasting {
            store.write(work)
        } else {
            store.conditionally(work)
        }
    }

    /// The lock that a counted attempt reached, if it did: made to last where the policy has it so,
    /// and told, with the source and with its end.
    pub(crate) fn lock_reached<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        user: UserId,
        counter: Counter,
        tries: &Tries,
        visit: Visit<'_>,
    ) -> Result<(), CredentialError> {
        let Some(until) = tries.locked(visit.now) else {
            return Ok(());
        };
        let (until, why) = match self.make_last(tx, user, counter, tries, visit.now)? {
            Raise::Lasts => (Timestamp::MAX, ""),
            Raise::Ends => (until, ""),
            Raise::Gone => return Ok(()),
            Raise::Last => (
                until,
                ", and not until an administrator unlocks: nobody else could",
            ),
        };
        self.tell(tx, user, Self::locked(counter, until), why, visit)
    }

    /// A lock that was to last and ends by itself, because the program died or the store was busy
    /// before the refusal, is made to last when somebody meets it: in a turn among the writers.
    pub(crate) fn lock_met<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        user: UserId,
        counter: Counter,
        tries: &Tries,
        visit: Visit<'_>,
    ) -> Result<(), CredentialError> {
        match self.make_last(tx, user, counter, tries, visit.now)? {
            Raise::Lasts => {
                let event = Self::locked(counter, Timestamp::MAX);
                self.tell(tx, user, event, "", visit)
            }
            Raise::Ends | Raise::Gone | Raise::Last => Ok(()),
        }
    }

    /// Makes a lock that is to last do so, unless nobody would be left to unlock.
    fn make_last<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        user: UserId,
        counter: Counter,
        tries: &Tries,
        now: Timestamp,
    ) -> Result<Raise, CredentialError> {
        let Some(until) = self.is_to_last(counter, tries, now) else {
            return Ok(Raise::Ends);
        };
        if self.administrators.is_last(tx, user, now)? {
            return Ok(Raise::Last);
        }
        let reached = Reached {
            user,
            serial: tries.serial,
            until,
        };
        let lasts = match counter {
            Counter::Passwords => tx.lock_until_admin(&reached)?,
            Counter::Codes(kind) => tx.lock_factor_until_admin(kind, &reached)?,
        };
        Ok(if lasts { Raise::Lasts } else { Raise::Gone })
    }

    const fn locked(counter: Counter, until: Timestamp) -> (AccountEvent, Cause) {
        match counter {
            Counter::Passwords => (AccountEvent::Locked, Cause::Locked(until)),
            Counter::Codes(_) => (AccountEvent::FactorLocked, Cause::FactorLocked(until)),
        }
    }

    fn tell(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        (event, locked): (AccountEvent, Cause),
        why: &str,
        visit: Visit<'_>,
    ) -> Result<(), CredentialError> {
        let detail = format!("{locked}{why}, from {}", visit.source);
        self.trail(&Actor::Visitor, visit.now)
            .record(tx, event, Some(user), detail)
    }

    /// Whether a lock that was met is to last and does not, for want of a commit and not because
    /// nobody else could unlock.
    pub(crate) fn is_to_be_raised<S>(
        &self,
        store: &S,
        user: UserId,
        counter: Counter,
        tries: &Tries,
        now: Timestamp,
    ) -> Result<bool, CredentialError>
    where
        S: Store + ?Sized,
    {
        if self.is_to_last(counter, tries, now).is_none() {
            return Ok(false);
        }
        let last = store.read(|tx| self.administrators.is_last(tx, user, now))?;
        Ok(!last)
    }

    /// Runs what settles an attempt or takes it back. A lock that lasts was told; where it goes with
    /// the attempt that had helped to reach it, the audit says so.
    pub(crate) fn clearing<R>(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        counter: Counter,
        visit: Visit<'_>,
        clear: impl FnOnce(&mut dyn CredentialTx) -> Result<R, StoreError>,
    ) -> Result<R, CredentialError> {
        let lasted = self.lock_of(counter).may_last() && lasts(tx, user, counter)?;
        let cleared = clear(tx)?;
        if lasted && !lasts(tx, user, counter)? {
            let what = match counter {
                Counter::Passwords => "an attempt",
                Counter::Codes(_) => "a code",
            };
            let detail = format!(
                "by {what} that had counted towards it, from {}",
                visit.source
            );
            self.trail(&Actor::Visitor, visit.now).record(
                tx,
                AccountEvent::Unlocked,
                Some(user),
                detail,
            )?;
        }
        Ok(cleared)
    }

    /// Until when `tries` are locked, if for a time by a lock that is to last until an administrator
    /// unlocks.
    pub(crate) fn is_to_last(
        &self,
        counter: Counter,
        tries: &Tries,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let until = tries.locked(now).filter(|&until| until != Timestamp::MAX)?;
        self.lock_of(counter).is_for_good(tries).then_some(until)
    }

    fn lock_of(&self, counter: Counter) -> Lock {
        match counter {
            Counter::Passwords => self.policy.settings().lock,
            Counter::Codes(_) => self.policy.settings().factor_lock,
        }
    }
}

/// Whether that counter is locked until an administrator unlocks.
fn lasts(tx: &mut dyn CredentialTx, user: UserId, counter: Counter) -> Result<bool, StoreError> {
    let tries = match counter {
        Counter::Passwords => tx.account(user)?.map(|account| account.tries),
        Counter::Codes(kind) => tx.factor_tries(user, kind)?,
    };
    Ok(tries.is_some_and(|tries| tries.locked_until == Some(Timestamp::MAX)))
}
