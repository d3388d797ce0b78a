use crate::sign_in::Verdict;
use crate::{
    AccountEvent, Cause, CredentialError, CredentialTx, Credentials, FactorKind, Lock, Reached,
    Source, Tries,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Actor, Store, StoreError, StoreExt};

/// Whose wrong answers a lock is made of.
#[derive(Clone, Copy)]
pub(crate) enum Counter {
    Passwords,
    Codes(FactorKind),
}

/// Locks are reached by the statement that counts, and end by themselves. Those that are to last
/// until an administrator unlocks are made to in the commit of the refusal, unless nobody would be
/// left to unlock: a program that dies between the two leaves a lock that ends.
impl Credentials {
    /// Runs what settles an attempt: in its turn among the writers where its lock is to last, so
    /// that of two administrators locked at once the second one is seen as the last.
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
        let lasting = match &verdict {
            Verdict::Wrong(account, _) | Verdict::Right(account) | Verdict::Locked(account, _) => {
                self.is_to_last(Counter::Passwords, &account.tries, now)
            }
            _ => false,
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
        source: &Source,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let Some(until) = tries.locked(now) else {
            return Ok(());
        };
        let reached = Reached {
            user,
            serial: tries.serial,
            until,
        };
        let (until, why) = if !self.lock_of(counter).is_for_good(tries) {
            (until, "")
        } else if self.administrators.is_last(tx, user, now)? {
            (
                until,
                ", and not until an administrator unlocks: nobody else could",
            )
        } else {
            let lasts = Self::raise(tx, counter, &reached)?;
            (if lasts { Timestamp::MAX } else { until }, "")
        };
        self.tell(tx, user, Self::locked(counter, until), why, source, now)
    }

    /// A lock that was to last and ends by itself, because the program died or the store was busy
    /// before the refusal, is made to last when somebody meets it: in a turn among the writers.
    pub(crate) fn lock_met<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        user: UserId,
        counter: Counter,
        tries: &Tries,
        source: &Source,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let Some(until) = tries.locked(now) else {
            return Ok(());
        };
        if !self.is_to_last(counter, tries, now) || self.administrators.is_last(tx, user, now)? {
            return Ok(());
        }
        let serial = tries.serial;
        if Self::raise(
            tx,
            counter,
            &Reached {
                user,
                serial,
                until,
            },
        )? {
            let event = Self::locked(counter, Timestamp::MAX);
            self.tell(tx, user, event, "", source, now)?;
        }
        Ok(())
    }

    fn raise(
        tx: &mut dyn CredentialTx,
        counter: Counter,
        reached: &Reached,
    ) -> Result<bool, StoreError> {
        match counter {
            Counter::Passwords => tx.lock_until_admin(reached),
            Counter::Codes(kind) => tx.lock_factor_until_admin(kind, reached),
        }
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
        source: &Source,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let detail = format!("{locked}{why}, from {source}");
        self.trail(&Actor::Visitor, now)
            .record(tx, event, Some(user), detail)
    }

    /// Whether `tries` are locked for a time by a lock that is to last until an administrator unlocks.
    pub(crate) fn is_to_last(&self, counter: Counter, tries: &Tries, now: Timestamp) -> bool {
        let ends = tries
            .locked(now)
            .is_some_and(|until| until != Timestamp::MAX);
        ends && self.lock_of(counter).is_for_good(tries)
    }

    fn lock_of(&self, counter: Counter) -> Lock {
        match counter {
            Counter::Passwords => self.policy.settings().lock,
            Counter::Codes(_) => self.policy.settings().factor_lock,
        }
    }
}
