use crate::second_factor::Demand;
use crate::sign_in::Verdict;
use crate::{
    Account, AccountEvent, Cause, CredentialError, CredentialTx, Credentials, Enrolled, FactorCode,
    FactorOffer, Factors, Proof, RecoveryCodes, Refusal, Source, Who,
};
use portcullis_id::{State, Timestamp};
use portcullis_ledger::{Actor, Store, StoreExt};
use secrecy::SecretString;

/// The second factor of who is signed in. Every change asks for the current password, and for a code
/// where there is a factor already (ASVS 7.5.1); wrong ones count as they do at a sign-in. The inner
/// error is for the user.
impl Credentials {
    /// A secret for an authenticator app that they set up of their own accord.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or where there is no key ring.
    pub fn offer_own_factor<S>(
        &self,
        store: &S,
        proof: &Proof,
        current: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<FactorOffer, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        self.key_ring()?;
        if let Err(refusal) = self.current_password(store, proof, current, source, now)? {
            return Ok(Err(refusal));
        }
        store.conditionally(|tx| match own_account(tx, proof, now)? {
            Ok(account) if Self::settle(tx, &account)?.is_some() => {
                self.offer(tx, &account, source, now)
            }
            Ok(_) => self.refuse_own(tx, Cause::Superseded, proof, source, now),
            Err(cause) => self.refuse_own(tx, cause, proof, source, now),
        })
    }

    /// Confirms that app with its first code. All sessions end.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or the secret does not open.
    pub fn enrol_own_factor<S>(
        &self,
        store: &S,
        proof: &Proof,
        code: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Enrolled, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        store.write(|tx| {
            let account = match own_account(tx, proof, now)? {
                Ok(account) => account,
                Err(cause) => return self.refuse_own(tx, cause, proof, source, now),
            };
            let pending = tx.factor(account.user)?.and_then(|factor| factor.pending);
            let step = self.step_of(account.user, pending.as_ref(), code, now)?;
            let (Some(step), Some(pending)) = (step, pending) else {
                return self.refuse_own(tx, Cause::WrongCode, proof, source, now);
            };
            match self.enrol(tx, &account, &pending, step, source, now)? {
                Some((account, recovery)) => Ok(Ok(enrolled(&account, recovery, now))),
                None => self.refuse_own(tx, Cause::Superseded, proof, source, now),
            }
        })
    }

    /// Ten new recovery codes; those of before are dead (bug 35). All sessions end.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or the secret does not open.
    pub fn renew_recovery_codes<S>(
        &self,
        store: &S,
        proof: &Proof,
        current: &SecretString,
        code: FactorCode<'_>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Enrolled, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        self.with_both(store, proof, current, code, source, now, |tx, account| {
            let recovery = self.put_recovery_codes(tx, account.user)?;
            let moved =
                self.factor_changed(tx, account, AccountEvent::RecoveryRenewed, source, now)?;
            Ok(moved.map(|account| enrolled(&account, recovery, now)))
        })
    }

    /// Takes the app and its recovery codes away. Where a second factor is enforced, the next sign-in
    /// asks for another. All sessions end; the proof starts a new one, unless one is enforced.
    ///
    /// # Errors
    /// [`CredentialError`] when storage or randomness fails, or the secret does not open.
    pub fn remove_own_factor<S>(
        &self,
        store: &S,
        proof: &Proof,
        current: &SecretString,
        code: FactorCode<'_>,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<Option<Proof>, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        self.with_both(store, proof, current, code, source, now, |tx, account| {
            if !tx.remove_factor(account.user)? {
                return Ok(None);
            }
            tx.drop_recovery_codes(account.user)?;
            let Some(moved) =
                self.factor_changed(tx, account, AccountEvent::FactorRemoved, source, now)?
            else {
                return Ok(None);
            };
            let owed = Self::demand(tx, moved.user)? == Some(Demand::Enrolment);
            Ok(Some(
                (!owed).then(|| Proof::new(moved.user, moved.epoch, now)),
            ))
        })
    }

    /// Runs `change` behind the current password and a code of the factor there is. `None` of
    /// `change`: the account has moved on.
    #[expect(
        clippy::too_many_arguments,
        reason = "who, both secrets, from where, when, and what"
    )]
    fn with_both<S, T>(
        &self,
        store: &S,
        proof: &Proof,
        current: &SecretString,
        code: FactorCode<'_>,
        source: &Source,
        now: Timestamp,
        change: impl FnOnce(&mut dyn CredentialTx, &Account) -> Result<Option<T>, CredentialError>,
    ) -> Result<Result<T, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        if let Err(refusal) = self.current_password(store, proof, current, source, now)? {
            return Ok(Err(refusal));
        }
        let refused =
            |cause| store.conditionally(|tx| self.refuse_own(tx, cause, proof, source, now));
        let factor = store.read(|tx| Ok::<_, CredentialError>(tx.factor(proof.user())?))?;
        let Some(factor) = factor.filter(|factor| factor.secret.is_some()) else {
            return refused(Cause::Superseded);
        };
        let counted = match self.count_code(store, &factor, code, now)? {
            Ok(counted) => counted,
            Err(cause) => return refused(cause),
        };
        store.write(|tx| {
            let account = match own_account(tx, proof, now)? {
                Ok(account) => account,
                Err(cause) => return self.refuse_own(tx, cause, proof, source, now),
            };
            if let Some(cause) = Self::spend_code(tx, account.user, &counted)? {
                let refusal = self.refuse_code(tx, account.user, &counted, cause, source, now)?;
                return Ok(Err(refusal));
            }
            self.code_used(tx, account.user, &counted, now)?;
            match change(tx, &account)? {
                Some(done) => Ok(Ok(done)),
                None => self.refuse_own(tx, Cause::Superseded, proof, source, now),
            }
        })
    }

    /// The current password once more, counted like one at the sign-in (S19). A right one takes its
    /// own attempt back; whoever asked settles the others when everything else is right too.
    fn current_password<S>(
        &self,
        store: &S,
        proof: &Proof,
        current: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<(), Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let Some(run) = self.hasher.run() else {
            return Ok(Err(Refusal::new(Cause::Overloaded)));
        };
        let attempt = self.reserve(store, Who::User(proof.user()), now)?;
        let (verdict, rehash) = self.weigh(run, attempt, current, now)?;
        store.conditionally(|tx| match verdict {
            Verdict::Right(account) => match Self::hold(tx, &account)? {
                Some(account) => {
                    if let Some(rehash) = &rehash {
                        let actor = Actor::User(account.user);
                        rehash.keep(tx, account.user, &self.trail(&actor, now))?;
                    }
                    Ok(Ok(()))
                }
                None => self.refuse_own(tx, Cause::Superseded, proof, source, now),
            },
            other => self.turn_away(tx, other, source, now).map(Err),
        })
    }

    fn refuse_own<T>(
        &self,
        tx: &mut dyn CredentialTx,
        cause: Cause,
        proof: &Proof,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<T, Refusal>, CredentialError> {
        self.refuse(tx, cause, Some(proof.user()), source, now)
            .map(Err)
    }
}

/// The account behind a proof, if it is as it was then and may be used (bug 6).
fn own_account(
    tx: &mut dyn CredentialTx,
    proof: &Proof,
    now: Timestamp,
) -> Result<Result<Account, Cause>, CredentialError> {
    let Some(account) = tx.account(proof.user())? else {
        return Ok(Err(Cause::Superseded));
    };
    if account.epoch != proof.epoch() {
        return Ok(Err(Cause::Superseded));
    }
    if let Some(until) = account.tries.locked(now) {
        return Ok(Err(Cause::Locked(until)));
    }
    Ok(match account.standing().at(now) {
        State::Usable => Ok(account),
        state => Err(Cause::Standing(state)),
    })
}

fn enrolled(account: &Account, recovery: RecoveryCodes, now: Timestamp) -> Enrolled {
    Enrolled {
        recovery,
        proof: Proof::new(account.user, account.epoch, now),
    }
}
