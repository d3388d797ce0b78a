use super::code::SEALED_FOR;
use super::second_factor::open_step;
use super::totp::TotpSecret;
use crate::authentication::{Undone, whole};
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
        let done = whole(store, |tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let (account, factor) = open_step(tx, &digest, Purpose::EnrolFactor, now)??;
            let user = Some(account.user);
            let step = self.step_of(account.user, factor.pending.as_ref(), code, now)?;
            let (Some(step), Some(pending)) = (step, &factor.pending) else {
                return Err(Undone::Refused((Cause::WrongCode, user)));
            };
            let (account, codes) = self.enrol(tx, &account, pending, step, visit)?;
            // Wrong passwords are forgotten by the last factor that is right.
            let Some(account) = Self::settle(tx, &account)? else {
                return Err(Undone::Refused((Cause::Superseded, user)));
            };
            if tx.consume_token(&digest, Purpose::EnrolFactor)?.is_none() {
                return Err(Undone::Refused((Cause::UnknownToken, user)));
            }
            Ok(Ok((codes, self.signed_in(tx, &account, visit)?)))
        })?;
        let refusal = match done {
            Ok(Ok((codes, signed_in))) => return Ok(EnrolStep::Enrolled(codes, signed_in)),
            Ok(Err(refusal)) => refusal,
            // What was undone had admitted it.
            Err(why) => self.refuse_admitted(store, why, visit)?,
        };
        Ok(match refusal.cause() {
            Cause::WrongCode | Cause::TooManyFromSource => {
                EnrolStep::Again(Step::new(secret), refusal)
            }
            _ => EnrolStep::Refused(refusal.to_link()),
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

    /// Makes the app that was offered the second factor, and answers the account as it is after that.
    /// Where another was offered meanwhile, the code is none of the app that counts.
    pub(crate) fn enrol(
        &self,
        tx: &mut dyn CredentialTx,
        account: &Account,
        pending: &Sealed,
        step: i64,
        visit: Visit<'_>,
    ) -> Result<(Account, RecoveryCodes), Undone> {
        let user = account.user;
        if !tx.enrol_factor(user, pending, step)? {
            return Err(Undone::Refused((Cause::WrongCode, Some(user))));
        }
        let codes = self.put_recovery_codes(tx, user)?;
        match self.factor_changed(tx, account, AccountEvent::FactorEnrolled, visit)? {
            Some(account) => Ok((account, codes)),
            None => Err(Undone::Refused((Cause::Superseded, Some(user)))),
        }
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
