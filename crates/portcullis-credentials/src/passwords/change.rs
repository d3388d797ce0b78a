use super::history::Present;
use super::password::check;
use crate::factors::Demand;
use crate::limits::Visit;
use crate::{
    Cause, ChangePassword, CredentialError, CredentialTx, Credentials, Fresh, NewPassword, Proof,
    Purpose, Retry, SignIn, Source, Step,
};
use portcullis_id::Timestamp;
use portcullis_ledger::{Store, StoreExt};
use secrecy::SecretString;

/// What came of answering a step with a new password.
#[derive(Debug)]
#[must_use = "the password may not have been set"]
pub enum PasswordStep {
    /// On with the sign-in.
    Onward(SignIn),
    /// Here is the step again: nothing was used up, ask once more.
    Again(Step<ChangePassword>, Retry),
}

impl Credentials {
    /// Answers the step of a forced change (S52, S53, S60): the old password was right a moment
    /// ago and is not asked for again; the new one must be another.
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails.
    pub fn set_new_password<S>(
        &self,
        store: &S,
        step: Step<ChangePassword>,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<PasswordStep, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let secret = step.into_secret();
        let purpose = Purpose::ChangePassword;
        let outcome = self.redeem(store, purpose, &secret, new, visit, |tx, account| {
            // The step was open behind the code, where there is a factor: a change of factors in
            // between has moved the epoch, and with it ended the step.
            let demand = Self::demand(tx, account.user)?.filter(|due| *due != Demand::Code);
            self.onward(tx, account, demand, visit)
        })?;
        Ok(match outcome {
            NewPassword::Set(sign_in) => PasswordStep::Onward(sign_in),
            NewPassword::Again(retry) => PasswordStep::Again(Step::new(secret), retry),
            NewPassword::Refused(refusal) => PasswordStep::Onward(SignIn::Refused(refusal)),
        })
    }

    /// Changes one's own password, behind a [`Fresh`] confirmation, for which the current one was
    /// given (S18, S19, ASVS 6.2.3); the new one must be another. It ends all of one's sessions; the
    /// proof that comes back starts a new one. Whoever signs in through the directory changes it
    /// there (S31).
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails.
    pub fn change_password<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<NewPassword<Proof>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let begun = store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let guard = Self::guard(tx, fresh.user())?;
            let cause = match self.confirmed(tx, fresh, now)? {
                Ok(account) if account.directory => Cause::InDirectory,
                Ok(account) => {
                    let former = self.former(tx, account.user)?;
                    return Ok(Ok((account, guard, former)));
                }
                Err(cause) => cause,
            };
            self.refuse(tx, cause, Some(fresh.user()), visit).map(Err)
        })?;
        let (account, guard, former) = match begun {
            Ok(begun) => begun,
            Err(refusal) => return Ok(NewPassword::Refused(refusal)),
        };
        if let Err(flaw) = check(&self.policy, new, Some(&account.name), guard) {
            return Ok(NewPassword::Again(Retry::Flaw(flaw)));
        }
        let made = match self.hash_new(&account, Present::Left, &former, new)? {
            Ok(made) => made,
            Err(retry) => return Ok(NewPassword::Again(retry)),
        };
        let set = self.behind(store, fresh, visit, |tx, account| {
            if let Some(flaw) = self.outgrown(tx, new, account, guard)? {
                return Ok(Some(Err(Retry::Flaw(flaw))));
            }
            if !self.put_password(tx, account, &made.hash, false, now)? {
                return Ok(None);
            }
            self.password_set(tx, account.user, &made, visit)?;
            let proof = Proof::new(account.user, account.epoch.next(), now);
            Ok(Some(Ok(proof)))
        })?;
        Ok(match set {
            Ok(Ok(proof)) => NewPassword::Set(proof),
            Ok(Err(retry)) => NewPassword::Again(retry),
            Err(refusal) => NewPassword::Refused(refusal),
        })
    }
}
