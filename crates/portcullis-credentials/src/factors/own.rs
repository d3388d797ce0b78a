use super::second_factor::Demand;
use crate::authentication::{Undone, whole};
use crate::limits::Visit;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Enrolled,
    FactorOffer, Factors, Fresh, Proof, RecoveryCodes, Refusal, Source,
};
use portcullis_id::Timestamp;
use portcullis_ledger::Store;
use secrecy::SecretString;

/// The second factor of who is signed in. Every change asks for a [`Fresh`] confirmation (ASVS
/// 7.5.1), which takes the current password, and a code where there is a factor already. The inner
/// error is for the user.
impl Credentials {
    /// A secret for an authenticator app that they set up of their own accord.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or where there is no key ring.
    pub fn offer_own_factor<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<FactorOffer, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.key_ring()?;
        let offered = self.behind(store, fresh, visit, |tx, account| {
            self.offer(tx, account, visit).map(Some)
        })?;
        Ok(offered.and_then(|offered| offered))
    }

    /// Confirms that app with its first code, behind the confirmation of before. All sessions end.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or the secret does not open.
    pub fn enrol_own_factor<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        code: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Enrolled, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        let done = whole(store, |tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let refused = |cause| Undone::Refused((cause, Some(fresh.user())));
            let account = self.confirmed(tx, fresh, now)?.map_err(refused)?;
            let pending = tx.factor(account.user)?.and_then(|factor| factor.pending);
            let step = self.step_of(account.user, pending.as_ref(), code, now)?;
            let (step, pending) = step.zip(pending).ok_or(refused(Cause::WrongCode))?;
            let (account, recovery) = self.enrol(tx, &account, &pending, step, visit)?;
            Ok(Ok(enrolled(&account, recovery, now)))
        })?;
        match done {
            Ok(done) => Ok(done),
            // What was undone had admitted it.
            Err(why) => self.refuse_admitted(store, why, visit).map(Err),
        }
    }

    /// Ten new recovery codes; those of before are dead (bug 35). All sessions end.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails.
    pub fn renew_recovery_codes<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Enrolled, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.behind(store, fresh, visit, |tx, account| {
            if Self::demand(tx, account.user)? != Some(Demand::Code) {
                return Ok(None);
            }
            let recovery = self.put_recovery_codes(tx, account.user)?;
            let moved = self.factor_changed(tx, account, AccountEvent::RecoveryRenewed, visit)?;
            Ok(moved.map(|account| enrolled(&account, recovery, now)))
        })
    }

    /// Takes the app and its recovery codes away. Where a second factor is enforced, the next sign-in
    /// asks for another. All sessions end; the proof starts a new one, unless one is enforced.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails.
    pub fn remove_own_factor<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Option<Proof>, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.behind(store, fresh, visit, |tx, account| {
            if !tx.remove_factor(account.user)? {
                return Ok(None);
            }
            tx.drop_recovery_codes(account.user)?;
            let Some(moved) =
                self.factor_changed(tx, account, AccountEvent::FactorRemoved, visit)?
            else {
                return Ok(None);
            };
            let owed = Self::demand(tx, moved.user)? == Some(Demand::Enrolment);
            Ok(Some(
                (!owed).then(|| Proof::new(moved.user, moved.epoch, now)),
            ))
        })
    }
}

fn enrolled(account: &Account, recovery: RecoveryCodes, now: Timestamp) -> Enrolled {
    Enrolled {
        recovery,
        proof: Proof::new(account.user, account.epoch, now),
    }
}
