use super::code::SEALED_FOR;
use super::second_factor::open_step;
use super::totp::TotpSecret;
use crate::limits::Visit;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, EnrolFactor,
    FactorOffer, Proof, Purpose, RecoveryCodes, Refusal, Sealed, SignIn, Source, Step, Tokens,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Actor, Store, StoreExt};
use secrecy::SecretString;

/// What came of confirming an authenticator app with its first code, during a sign-in.
#[derive(Debug)]
#[must_use = "the app may not have been confirmed"]
pub enum EnrolStep {
    /// It is enrolled: show the recovery codes, and on with the sign-in.
    Enrolled(RecoveryCodes, SignIn),
    /// Here is the step again: the code was wrong, and may be typed once more.
    Again(Step<EnrolFactor>, Refusal),
    /// No; have them sign in anew.
    Refused(Refusal),
}

/// A second factor was set up, or its recovery codes were renewed. All sessions ended.
#[derive(Debug)]
#[must_use = "show the codes, and start a new session with the proof"]
pub struct Enrolled {
    /// The recovery codes; those of before are dead.
    pub recovery: RecoveryCodes,
    /// To start a new session with.
    pub proof: Proof,
}

impl Credentials {
    /// A secret for the app of who must enrol one to sign in (S29). The step stays open; asked
    /// again, it gives a new secret, and the one before is dead. The inner error is for the visitor.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or where there is no key ring.
    pub fn offer_factor<S>(
        &self,
        store: &S,
        step: &Step<EnrolFactor>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<FactorOffer, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let digest = step.secret().digest();
        store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let opened = match digest {
                Some(digest) => open_step(tx, &digest, Purpose::EnrolFactor, now)?,
                None => Err((Cause::UnknownToken, None)),
            };
            match opened {
                Ok((account, _)) => self.offer(tx, &account, visit),
                Err((cause, user)) => self
                    .refuse(tx, cause, user, visit)
                    .map(|refusal| Err(refusal.to_link())),
            }
        })
    }

    /// Confirms the app with its first code, which makes it the second factor, and signs in.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or the secret does not open.
    pub fn enrol_factor<S>(
        &self,
        store: &S,
        step: Step<EnrolFactor>,
        code: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<EnrolStep, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let secret = step.into_secret();
        let Some(digest) = secret.digest() else {
            return self
                .refuse_admitted(store, (Cause::UnknownToken, None), visit)
                .map(EnrolStep::Refused);
        };
        store.write(|tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(EnrolStep::Again(Step::new(secret), refusal));
            }
            let (account, factor) = match open_step(tx, &digest, Purpose::EnrolFactor, now)? {
                Ok(found) => found,
                Err((cause, user)) => {
                    let refusal = self.refuse(tx, cause, user, visit)?;
                    return Ok(EnrolStep::Refused(refusal.to_link()));
                }
            };
            let user = account.user;
            let step = self.step_of(user, factor.pending.as_ref(), code, now)?;
            let (Some(step), Some(pending)) = (step, &factor.pending) else {
                let refusal = self.refuse(tx, Cause::WrongCode, Some(user), visit)?;
                return Ok(EnrolStep::Again(Step::new(secret), refusal));
            };
            if tx.consume_token(&digest, Purpose::EnrolFactor)?.is_none() {
                let refusal = self.refuse(tx, Cause::UnknownToken, Some(user), visit)?;
                return Ok(EnrolStep::Refused(refusal.to_link()));
            }
            // Wrong passwords are forgotten by the last factor that is right.
            let enrolled = match self.enrol(tx, &account, pending, step, visit)? {
                Some((account, codes)) => Self::settle(tx, &account)?.zip(Some(codes)),
                None => None,
            };
            let Some((account, codes)) = enrolled else {
                let refusal = self.refuse(tx, Cause::Superseded, Some(user), visit)?;
                return Ok(EnrolStep::Refused(refusal.to_link()));
            };
            let signed_in = self.signed_in(tx, &account, visit)?;
            Ok(EnrolStep::Enrolled(codes, signed_in))
        })
    }

    /// A secret for an app of `account`'s.
    pub(crate) fn offer(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        visit: Visit<'_>,
    ) -> Result<Result<FactorOffer, Refusal>, CredentialError> {
        let user = account.user;
        let secret = TotpSecret::fresh(&*self.entropy)?;
        let sealed = self
            .key_ring()?
            .seal(SEALED_FOR, user, secret.bytes(), &*self.entropy)?;
        if !tx.offer_factor(user, &sealed)? {
            let refusal = self.refuse(tx, Cause::Superseded, Some(user), visit)?;
            return Ok(Err(refusal));
        }
        Ok(Ok(FactorOffer::new(account.name.clone(), secret)))
    }

    /// Makes the app that was offered the second factor. `None`, for a page that must be refused,
    /// when the account or the offer has moved on. Answers the account as it is after that.
    pub(crate) fn enrol(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        pending: &Sealed,
        step: i64,
        visit: Visit<'_>,
    ) -> Result<Option<(Account, RecoveryCodes)>, CredentialError> {
        let user = account.user;
        if !tx.enrol_factor(user, pending, step)? {
            return Ok(None);
        }
        let codes = self.put_recovery_codes(tx, user)?;
        let moved = self.factor_changed(tx, account, AccountEvent::FactorEnrolled, visit)?;
        Ok(moved.map(|account| (account, codes)))
    }

    /// Ten new codes in place of what there is (bug 35).
    pub(crate) fn put_recovery_codes(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
    ) -> Result<RecoveryCodes, CredentialError> {
        let (codes, digests) = RecoveryCodes::fresh(&*self.entropy)?;
        tx.drop_recovery_codes(user)?;
        for digest in &digests {
            tx.add_recovery_code(user, digest)?;
        }
        Ok(codes)
    }

    /// The user has changed their second factor: everything that was handed out before is dead
    /// (bug 38), and they are told. `None`: moved on meanwhile.
    pub(crate) fn factor_changed(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        event: AccountEvent,
        visit: Visit<'_>,
    ) -> Result<Option<Account>, CredentialError> {
        let user = account.user;
        if !tx.move_epoch(user, account.epoch)? {
            return Ok(None);
        }
        let account = Account {
            epoch: account.epoch.next(),
            ..account.clone()
        };
        let actor = Actor::User(user);
        let detail = format!("from {}", visit.source);
        self.finish(tx, event, user, detail, &actor, visit.now)?;
        Ok(Some(account))
    }
}
