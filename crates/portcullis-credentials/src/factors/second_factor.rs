use crate::authentication::{Undone, Why, whole};
use crate::limits::Visit;
use crate::policy::Guard;
use crate::tokens::live;
use crate::{
    Account, Cause, CredentialError, CredentialTx, Credentials, Digest, Factor, FactorCode,
    PasswordFlaw, Purpose, Refusal, SecondFactor, SignIn, Source, Step, Tokens, passwords,
};
use portcullis_id::{State, Timestamp, UserId};
use portcullis_ledger::{Store, StoreExt};
use secrecy::SecretString;

/// What came of answering a step with a code.
#[derive(Debug)]
#[must_use = "the code may not have been right"]
pub enum FactorStep {
    /// On with the sign-in.
    Onward(SignIn),
    /// Here is the step again: the code was wrong or used, and may be typed once more.
    Again(Step<SecondFactor>, Refusal),
}

/// What a right password is not enough for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    Code,
    Enrolment,
}

impl Credentials {
    /// Answers the step of a second factor (S29).
    ///
    /// The code is counted before it is looked at, by a counter of its own that is reached only
    /// after a right password (bugs 16 and 17); a code is good once, an app's by its time step
    /// (bugs 32 and 33). The step stays open for a next try until the counter locks. Wrong
    /// passwords are forgotten by the right code, not by the right password before it.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or the secret does not open.
    pub fn second_factor<S>(
        &self,
        store: &S,
        step: Step<SecondFactor>,
        code: FactorCode<'_>,
        source: &Source,
        now: Timestamp,
    ) -> Result<FactorStep, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let secret = step.into_secret();
        let refused = |why| {
            self.refuse_admitted(store, why, visit)
                .map(|refusal| FactorStep::Onward(SignIn::Refused(refusal.to_link())))
        };
        let Some(digest) = secret.digest() else {
            return refused((Cause::UnknownToken, None));
        };
        let opened = store.read(|tx| open_step(tx, &digest, Purpose::SecondFactor, now))?;
        let (account, factor) = match opened {
            Ok(opened) => opened,
            Err(why) => return refused(why),
        };
        let user = account.user;
        let counted = match self.count_code(store, &factor, code, visit)? {
            Ok(counted) => counted,
            Err(refusal) if refusal.cause() == Cause::TooManyFromSource => {
                return Ok(FactorStep::Again(Step::new(secret), refusal));
            }
            Err(refusal) => return Ok(FactorStep::Onward(SignIn::Refused(refusal))),
        };
        let done = whole(store, |tx| {
            let (account, _) = open_step(tx, &digest, Purpose::SecondFactor, now)??;
            if let Some(cause) = self.spend_code(tx, user, &counted, visit)? {
                let refusal = self.refuse_code(tx, user, &counted, cause, visit)?;
                return Ok(Err(refusal));
            }
            let Some(account) = Self::settle(tx, &account)? else {
                return Err(Undone::Refused((Cause::Superseded, Some(user))));
            };
            if tx.consume_token(&digest, Purpose::SecondFactor)?.is_none() {
                return Err(Undone::Refused((Cause::UnknownToken, Some(user))));
            }
            self.code_used(tx, user, &counted, now)?;
            Ok(Ok(self.onward(tx, &account, None, visit)?))
        })?;
        Ok(match done {
            Ok(Ok(onward)) => FactorStep::Onward(onward),
            Ok(Err(refusal)) if counted.tries.locked(now).is_some() => {
                FactorStep::Onward(SignIn::Refused(refusal))
            }
            Ok(Err(refusal)) => FactorStep::Again(Step::new(secret), refusal),
            Err(why) => {
                let refusal = self.refused(store, why, visit)?;
                FactorStep::Onward(SignIn::Refused(refusal.to_link()))
            }
        })
    }

    /// What `user` owes behind a right password.
    pub(crate) fn demand(
        tx: &mut dyn CredentialTx,
        user: UserId,
    ) -> Result<Option<Demand>, CredentialError> {
        Ok(tx.factor(user)?.and_then(|factor| {
            if factor.secret.is_some() {
                Some(Demand::Code)
            } else {
                factor.enforced.then_some(Demand::Enrolment)
            }
        }))
    }

    /// What a new password of `user` stands beside.
    pub(crate) fn guard(tx: &mut dyn CredentialTx, user: UserId) -> Result<Guard, CredentialError> {
        let factor = tx.factor(user)?;
        Ok(if factor.is_some_and(|factor| factor.enforced) {
            Guard::Factor
        } else {
            Guard::Password
        })
    }

    /// What is wrong with a password that was fine `beside` what guarded the account when it was
    /// looked at. In the commit that sets it: a box that was cleared while it was hashed leaves one
    /// that is as short as it is only beside a factor.
    pub(crate) fn outgrown(
        &self,
        tx: &mut dyn CredentialTx,
        new: &SecretString,
        account: &Account,
        beside: Guard,
    ) -> Result<Option<PasswordFlaw>, CredentialError> {
        if beside == Guard::Password || Self::guard(tx, account.user)? == beside {
            return Ok(None);
        }
        let fits = passwords::check(&self.policy, new, Some(&account.name), Guard::Password);
        Ok(fits.err())
    }
}

/// Account and factor behind an open step, if it is open and the account may sign in (bug 6).
pub(crate) fn open_step(
    tx: &mut dyn CredentialTx,
    digest: &Digest,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Result<(Account, Factor), Why>, CredentialError> {
    let (_, account) = match live(tx.token(digest, purpose)?, now) {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    let user = account.user;
    let state = account.standing().at(now);
    // Behind the code comes the new password that is due.
    let due = state == State::ChangeDue && purpose == Purpose::SecondFactor;
    if state != State::Usable && !due {
        return Ok(Err((Cause::Standing(state), Some(user))));
    }
    Ok(match tx.factor(user)? {
        Some(factor) => Ok((account, factor)),
        None => Err((Cause::Superseded, Some(user))),
    })
}
