use super::recovery;
use super::totp::TotpSecret;
use crate::limits::{Counter, Visit, counted};
use crate::{
    AccountEvent, Accounts, Cause, CredentialError, CredentialTx, Credentials, Digest, Factor,
    FactorAttempts, FactorKind, KeyRing, KeyRingError, Refusal, ReserveFactor, Sealed, Tries,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::{Actor, Store, StoreExt};
use secrecy::{ExposeSecret, SecretString};

/// A code of the second factor, as typed.
#[derive(Clone, Copy, Debug)]
pub enum FactorCode<'a> {
    /// Six digits of the authenticator app.
    App(&'a SecretString),
    /// A recovery code, for who has lost the app.
    Recovery(&'a SecretString),
}

/// A code that was counted, and what it amounts to.
pub(crate) struct Counted {
    kind: FactorKind,
    pub(crate) tries: Tries,
    means: Option<Means>,
}

enum Means {
    Step(i64),
    Recovery(Digest),
}

/// What sealed secrets of apps are bound to.
pub(crate) const SEALED_FOR: &str = "totp";

impl Credentials {
    /// Counts a code, in a commit of its own, and then looks at it. The inner error is for the
    /// visitor whose code was not even counted. What it is compared with is opened first: a ring
    /// that lacks a key is a fault that counts against nobody.
    pub(crate) fn count_code<S>(
        &self,
        store: &S,
        factor: &Factor,
        code: FactorCode<'_>,
        visit: Visit<'_>,
    ) -> Result<Result<Counted, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let kind = match code {
            FactorCode::App(_) => FactorKind::Totp,
            FactorCode::Recovery(_) => FactorKind::Recovery,
        };
        let secret = match code {
            FactorCode::App(_) => self.open_factor(factor.user, factor.secret.as_ref())?,
            FactorCode::Recovery(_) => None,
        };
        let reserve = ReserveFactor {
            user: factor.user,
            kind,
            now: visit.now,
            lock: self.policy.factor_lock_times(visit.now),
        };
        let tries = store.conditionally(|tx| {
            if let Err(refusal) = self.admit(tx, visit)? {
                return Ok(Err(refusal));
            }
            let counted = counted(
                tx,
                |tx| tx.reserve_factor(&reserve),
                |tx| {
                    let tries = tx.factor_tries(factor.user, kind)?;
                    let locked = tries.filter(|tries| tries.locked(visit.now).is_some());
                    Ok(match locked {
                        Some(tries) => Some(Some(tries)),
                        None if tx.account(factor.user)?.is_none() => Some(None),
                        None => None,
                    })
                },
            )?;
            Ok::<_, CredentialError>(Ok(counted))
        })?;
        let tries = match tries {
            Ok(Ok(tries)) => tries,
            Ok(Err(None)) => {
                let gone = (Cause::Superseded, Some(factor.user));
                return self.refused(store, gone, visit).map(Err);
            }
            Ok(Err(Some(tries))) => {
                let refusal = self.refuse_locked(store, factor.user, kind, &tries, visit)?;
                return Ok(Err(refusal));
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        let means = match code {
            FactorCode::App(typed) => secret
                .and_then(|secret| self.step_under(&secret, typed, visit.now))
                .map(Means::Step),
            FactorCode::Recovery(typed) => {
                recovery::read(typed.expose_secret()).map(Means::Recovery)
            }
        };
        Ok(Ok(Counted { kind, tries, means }))
    }

    /// A "no" to a code of a kind that is locked.
    fn refuse_locked<S>(
        &self,
        store: &S,
        user: UserId,
        kind: FactorKind,
        tries: &Tries,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let counter = Counter::Codes(kind);
        let raise = self.is_to_be_raised(store, user, counter, tries, visit.now)?;
        let refuse = |tx: &mut S::Tx| {
            if raise {
                self.lock_met(tx, user, counter, tries, visit)?;
            }
            let until = tries.locked(visit.now).unwrap_or(visit.now);
            self.refuse(tx, Cause::FactorLocked(until), Some(user), visit)
        };
        if raise {
            store.write(refuse)
        } else {
            store.conditionally(refuse)
        }
    }

    /// The step of which `typed` is the code under the sealed `secret`.
    pub(crate) fn step_of(
        &self,
        user: UserId,
        secret: Option<&Sealed>,
        typed: &SecretString,
        now: Timestamp,
    ) -> Result<Option<i64>, CredentialError> {
        let secret = self.open_factor(user, secret)?;
        Ok(secret.and_then(|secret| self.step_under(&secret, typed, now)))
    }

    fn open_factor(
        &self,
        user: UserId,
        secret: Option<&Sealed>,
    ) -> Result<Option<TotpSecret>, KeyRingError> {
        let Some(sealed) = secret else {
            return Ok(None);
        };
        let bytes = self.key_ring()?.open(SEALED_FOR, user, sealed)?;
        let secret = TotpSecret::from_bytes(&bytes).ok_or(KeyRingError::Broken)?;
        Ok(Some(secret))
    }

    fn step_under(&self, secret: &TotpSecret, typed: &SecretString, now: Timestamp) -> Option<i64> {
        let skew = self.policy.settings().factor_skew_steps;
        secret.step(typed.expose_secret(), now, skew)
    }

    /// Uses a counted code up and settles its counter; why not, if it was none or is used.
    pub(crate) fn spend_code(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        counted: &Counted,
        visit: Visit<'_>,
    ) -> Result<Option<Cause>, CredentialError> {
        let cause = match &counted.means {
            None => Some(Cause::WrongCode),
            Some(Means::Step(step)) if !tx.consume_step(user, *step)? => Some(Cause::UsedCode),
            // Of a code that is gone nothing tells whether it ever was one.
            Some(Means::Recovery(code)) if !tx.use_recovery_code(user, code)? => {
                Some(Cause::WrongCode)
            }
            Some(_) => None,
        };
        if cause.is_none() {
            let (kind, serial) = (counted.kind, counted.tries.serial);
            let settle = |tx: &mut dyn CredentialTx| tx.settle_factor(user, kind, serial);
            if counted.tries.locked_until.is_none() {
                settle(tx)?;
            } else {
                self.clearing(tx, user, Counter::Codes(kind), visit, settle)?;
            }
        }
        Ok(cause)
    }

    /// A "no" to a code that was counted, and may have been the one that locks its counter. The
    /// user is told of that: somebody has their password.
    pub(crate) fn refuse_code<Tx: CredentialTx + 'static>(
        &self,
        tx: &mut Tx,
        user: UserId,
        counted: &Counted,
        cause: Cause,
        visit: Visit<'_>,
    ) -> Result<Refusal, CredentialError> {
        let codes = Counter::Codes(counted.kind);
        self.lock_reached(tx, user, codes, &counted.tries, visit)?;
        self.refuse(tx, cause, Some(user), visit)
    }

    /// A recovery code was used: how many are left, and a mail to its owner (ASVS 6.3.7).
    pub(crate) fn code_used(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        counted: &Counted,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        if counted.kind == FactorKind::Recovery {
            let left = tx.recovery_codes(user)?;
            let actor = Actor::User(user);
            let trail = self.trail(&actor, now);
            trail.record(
                tx,
                AccountEvent::RecoveryUsed,
                Some(user),
                format!("{left} left"),
            )?;
        }
        Ok(())
    }

    /// Whether there is a key ring, without which no second factor can be set up.
    pub const fn has_key_ring(&self) -> bool {
        self.key_ring.is_some()
    }

    pub(crate) fn key_ring(&self) -> Result<&KeyRing, KeyRingError> {
        self.key_ring.as_deref().ok_or(KeyRingError::Missing)
    }
}
