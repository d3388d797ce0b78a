use super::source::Visit;
use crate::authentication::Why;
use crate::{
    AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Rate, Refusal, Spend,
};
use chrono::TimeDelta;
use portcullis_id::{Timestamp, minutes};
use portcullis_ledger::{Actor, Store, StoreExt};

/// So many at once, and then one in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) at_once: u32,
    pub(crate) one_in: TimeDelta,
}

/// By how much the clocks of two nodes may be apart before what one has counted is nothing to the
/// other.
const APART: TimeDelta = minutes(1);

/// Two at once and then one in half an hour: never more than three within an hour.
pub(crate) const RESETS: Pace = Pace {
    at_once: 2,
    one_in: minutes(30),
};

/// For who adds a whole office by hand, and not for who tries out which names are taken.
pub(crate) const NAMES: Pace = Pace {
    at_once: 60,
    one_in: minutes(1),
};

impl Pace {
    /// One more of `rate` at `now`. So near the end of time that it would overflow, time stands
    /// still: all that is left is what may be asked for at once.
    pub(crate) fn spend(self, rate: Rate<'_>, now: Timestamp) -> Spend<'_> {
        let more = i32::try_from(self.at_once.saturating_sub(1)).unwrap_or(i32::MAX);
        let slack = self.one_in.checked_mul(more).unwrap_or(TimeDelta::MAX);
        let last = Timestamp::MAX
            .before(slack)
            .before(self.one_in)
            .before(APART);
        let now = now.min(last);
        Spend {
            rate,
            now,
            cost: self.one_in,
            paid: now.after(self.one_in),
            latest: now.after(slack),
            beyond: now.after(slack).after(self.one_in).after(APART),
        }
    }
}

impl Credentials {
    /// Takes one of the attempts that `source` has; the inner error, told to the visitor, when it
    /// has none left. It tells of the source alone, so it is the same whoever was meant.
    ///
    /// What the source's last attempt leaves behind is one line of the audit. What is refused
    /// after that writes nothing: a flood fills no disk.
    pub(crate) fn admit(
        &self,
        tx: &mut dyn CredentialTx,
        visit: Visit<'_>,
    ) -> Result<Result<(), Refusal>, CredentialError> {
        let Some(pace) = self.policy.source_pace() else {
            return Ok(Ok(()));
        };
        let one = pace.spend(Rate::Source(visit.source), visit.now);
        let Some(until) = tx.spend(&one)? else {
            return Ok(Err(Refusal::new(Cause::TooManyFromSource)));
        };
        if until > one.latest {
            let next = until.before(one.latest.since(one.now));
            let detail = format!("none left until {next}, from {}", visit.source);
            self.trail(&Actor::Visitor, visit.now).record(
                tx,
                AccountEvent::SourceLimited,
                None,
                detail,
            )?;
        }
        Ok(Ok(()))
    }

    /// The same in a commit of its own, for what counts nothing else.
    pub(crate) fn admitted<S>(
        &self,
        store: &S,
        visit: Visit<'_>,
    ) -> Result<Result<(), Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        store.conditionally(|tx| self.admit(tx, visit))
    }

    /// A "no" to what nothing was counted of, unless its source has asked too often.
    pub(crate) fn refuse_admitted<S>(
        &self,
        store: &S,
        (cause, user): Why,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        store.conditionally(|tx| match self.admit(tx, visit)? {
            Ok(()) => self.refuse(tx, cause, user, visit),
            Err(refusal) => Ok(refusal),
        })
    }

    /// Takes one of the user names that whoever acts may ask for; an operator may ask for any number.
    pub(crate) fn name_asked(
        tx: &mut dyn CredentialTx,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let (Actor::User(user) | Actor::External { user, .. }) = by else {
            return Ok(());
        };
        match tx.spend(&NAMES.spend(Rate::Names(*user), now))? {
            Some(_) => Ok(()),
            None => Err(CredentialError::TooManyNames),
        }
    }

    /// Counts a user name that was [taken](CredentialError::NameTaken) against whoever asked for it
    /// (choice 16), in a unit of work of its own: the one that was to make the account has been given
    /// up, and its count with it.
    ///
    /// # Errors
    /// [`CredentialError`] when storage fails.
    pub fn name_was_taken(
        &self,
        tx: &mut dyn CredentialTx,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        match Self::name_asked(tx, by, now) {
            // The last one was asked for by several at once.
            Err(CredentialError::TooManyNames) => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;
    use proptest::prelude::*;

    proptest! {
        /// A database adds without saturating: what it may add to stays clear of the end of time.
        #[test]
        fn bug14_nothing_that_may_be_spent_overflows(
            at_once in 1..10_000_u32, per_minute in 1..6_000_i32,
            now in prop_oneof![any::<i64>(), Just(i64::MAX), i64::MAX - 1_000_000_000..i64::MAX],
        ) {
            let one_in = TimeDelta::milliseconds(60_000 / i64::from(per_minute));
            let source = Source::new("10.0.0.1");
            let pace = Pace { at_once, one_in };
            let one = pace.spend(Rate::Source(&source), Timestamp::from_millis(now));
            let cost = one.cost.num_milliseconds();
            prop_assert!(one.latest.millis().checked_add(cost).is_some());
            prop_assert!(one.now <= one.latest && one.now < one.paid);
            prop_assert!(one.latest < one.beyond && one.paid < one.beyond);
            prop_assert!(one.now.millis() == now || now > 0);
        }
    }
}
