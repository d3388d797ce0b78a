use crate::sign_in::Verdict;
use crate::{
    Accounts, Cause, ChangePassword, CredentialError, CredentialTx, Credentials, NewPassword,
    PasswordFlaw, Proof, Purpose, Refusal, Retry, SignIn, Source, Step, Who, password,
};
use portcullis_id::{State, Timestamp};
use portcullis_ledger::{Store, StoreExt};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

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
        let secret = step.into_secret();
        let purpose = Purpose::ChangePassword;
        let outcome = self.redeem(store, &secret, purpose, new, source, now, |tx, account| {
            let demand = Self::demand(tx, account.user)?;
            self.onward(tx, account, demand, source, now)
        })?;
        Ok(match outcome {
            NewPassword::Set(sign_in) => PasswordStep::Onward(sign_in),
            NewPassword::Again(retry) => PasswordStep::Again(Step::new(secret), retry),
            NewPassword::Refused(refusal) => PasswordStep::Onward(SignIn::Refused(refusal)),
        })
    }

    /// Changes one's own password: the current one must be given as well (S18, ASVS 6.2.3), and a
    /// wrong one counts like a wrong one at the sign-in (S19). It ends all of one's sessions; the
    /// proof that comes back starts a new one. Whoever signs in through the directory changes it
    /// there (S31).
    ///
    /// # Errors
    /// [`CredentialError`] when storage, randomness or the function fails.
    pub fn change_password<S>(
        &self,
        store: &S,
        proof: &Proof,
        current: &SecretString,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<NewPassword<Proof>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let (account, guard) = store.read(|tx| {
            let account = tx.account(proof.user())?;
            Ok::<_, CredentialError>((account, Self::guard(tx, proof.user())?))
        })?;
        let name = account.as_ref().map(|account| &account.name);
        if let Err(flaw) = password::check(&self.policy, new, name, guard) {
            return Ok(NewPassword::Again(Retry::Flaw(flaw)));
        }
        let same = current
            .expose_secret()
            .as_bytes()
            .ct_eq(new.expose_secret().as_bytes());
        if bool::from(same) {
            return Ok(NewPassword::Again(Retry::Flaw(PasswordFlaw::Same)));
        }
        if account.is_some_and(|account| account.directory) {
            return store.conditionally(|tx| {
                self.refuse(tx, Cause::InDirectory, Some(proof.user()), source, now)
                    .map(NewPassword::Refused)
            });
        }
        let Some(run) = self.hasher.run() else {
            return Ok(NewPassword::Again(Retry::Overloaded));
        };
        let attempt = self.reserve(store, Who::User(proof.user()), now)?;
        let (account, hash) = match self.verdict(&run, attempt, current)? {
            Verdict::Right(account) => (account, run.hash(new, &*self.entropy)?),
            other => {
                return store.conditionally(|tx| {
                    self.turn_away(tx, other, source, now)
                        .map(NewPassword::Refused)
                });
            }
        };
        drop(run);
        store.write(|tx| {
            let refusal = |tx, cause| -> Result<_, CredentialError> {
                let refusal: Refusal = self.refuse(tx, cause, Some(account.user), source, now)?;
                Ok(NewPassword::Refused(refusal))
            };
            if account.epoch != proof.epoch() {
                return refusal(tx, Cause::Superseded);
            }
            let Some(account) = Self::settle(tx, &account)? else {
                return refusal(tx, Cause::Superseded);
            };
            match account.standing().at(now) {
                State::Usable => {}
                state => return refusal(tx, Cause::Standing(state)),
            }
            if !tx.set_password(account.user, account.epoch, &hash, false)? {
                return refusal(tx, Cause::Superseded);
            }
            self.password_set(tx, account.user, source, now)?;
            Ok(NewPassword::Set(Proof::new(
                account.user,
                account.epoch.next(),
                now,
            )))
        })
    }
}
