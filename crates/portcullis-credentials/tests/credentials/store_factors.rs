//! Second factors in the host's own store of these tests.

use crate::store::Rows;
use portcullis_credentials::{
    Digest, Factor, FactorAttempts, FactorKind, Factors, Reached, ReserveFactor, Sealed, Tries,
};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

#[derive(Clone, Debug)]
pub(crate) struct KeptFactor {
    pub(crate) factor: Factor,
    last_step: i64,
}

impl Rows {
    fn kept(&mut self, user: UserId) -> Option<&mut KeptFactor> {
        self.factors
            .iter_mut()
            .find(|kept| kept.factor.user == user)
    }

    fn made(&mut self, user: UserId) -> &mut KeptFactor {
        assert!(self.accounts.iter().any(|a| a.user == user), "no account");
        if self.kept(user).is_none() {
            let factor = Factor {
                user,
                enforced: false,
                secret: None,
                pending: None,
            };
            self.factors.push(KeptFactor {
                factor,
                last_step: -1,
            });
        }
        self.kept(user).unwrap()
    }

    fn update(
        &mut self,
        user: UserId,
        met: impl Fn(&KeptFactor) -> bool,
        to: impl FnOnce(&mut KeptFactor),
    ) -> bool {
        self.statement();
        let kept = self.kept(user).filter(|kept| met(kept));
        kept.map(to).is_some()
    }

    fn counter(&mut self, user: UserId, kind: FactorKind) -> Option<&mut Tries> {
        let mut counters = self.factor_tries.iter_mut();
        counters
            .find(|(of, what, _)| (*of, *what) == (user, kind))
            .map(|(_, _, tries)| tries)
    }
}

impl Factors for Rows {
    fn factor(&mut self, user: UserId) -> Result<Option<Factor>, StoreError> {
        self.statement();
        Ok(self.kept(user).map(|kept| kept.factor.clone()))
    }
    fn enforce_factor(&mut self, user: UserId, enforced: bool) -> Result<(), StoreError> {
        self.statement();
        self.made(user).factor.enforced = enforced;
        Ok(())
    }
    fn offer_factor(&mut self, user: UserId, pending: &Sealed) -> Result<bool, StoreError> {
        if !self.accounts.iter().any(|a| a.user == user) {
            return Ok(false);
        }
        self.made(user);
        Ok(self.update(
            user,
            |kept| kept.factor.secret.is_none(),
            |kept| kept.factor.pending = Some(pending.clone()),
        ))
    }
    fn enrol_factor(
        &mut self,
        user: UserId,
        pending: &Sealed,
        step: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.update(
            user,
            |kept| kept.factor.pending.as_ref() == Some(pending) && kept.factor.secret.is_none(),
            |kept| {
                kept.factor.secret = kept.factor.pending.take();
                kept.last_step = step;
            },
        ))
    }
    fn consume_step(&mut self, user: UserId, step: i64) -> Result<bool, StoreError> {
        Ok(self.update(
            user,
            |kept| kept.last_step < step && kept.factor.secret.is_some(),
            |kept| kept.last_step = step,
        ))
    }
    fn remove_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.update(
            user,
            |kept| kept.factor.secret.is_some(),
            |kept| (kept.factor.secret, kept.factor.pending) = (None, None),
        ))
    }
    fn factors_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Factor>, StoreError> {
        self.statement();
        let factors = self.factors.iter().map(|kept| kept.factor.clone());
        let mut found: Vec<Factor> = factors
            .filter(|factor| factor.secret.is_some() || factor.pending.is_some())
            .filter(|factor| Some(factor.user) > after)
            .collect();
        found.sort_by_key(|factor| factor.user);
        found.truncate(limit as usize);
        Ok(found)
    }
    fn reseal_factor(
        &mut self,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        Ok(self.update(
            user,
            |kept| [&kept.factor.secret, &kept.factor.pending].contains(&&Some(old.clone())),
            |kept| {
                let factor = &mut kept.factor;
                for place in [&mut factor.secret, &mut factor.pending] {
                    if place.as_ref() == Some(old) {
                        *place = Some(new.clone());
                    }
                }
            },
        ))
    }
    fn add_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<(), StoreError> {
        self.statement();
        self.codes.push((user, *code));
        Ok(())
    }
    fn use_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<bool, StoreError> {
        self.statement();
        let at = self.codes.iter().position(|kept| *kept == (user, *code));
        Ok(at.map(|at| self.codes.remove(at)).is_some())
    }
    fn recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.statement();
        Ok(self.codes.iter().filter(|(of, _)| *of == user).count() as u64)
    }
    fn drop_recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        let before = self.recovery_codes(user)?;
        self.codes.retain(|(of, _)| *of != user);
        Ok(before)
    }
}

impl FactorAttempts for Rows {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        self.statement();
        let (user, kind) = (reserve.user, reserve.kind);
        if !self.accounts.iter().any(|a| a.user == user) {
            return Ok(None);
        }
        if self.counter(user, kind).is_none() {
            self.factor_tries.push((user, kind, Tries::default()));
        }
        let tries = self.counter(user, kind).unwrap();
        let after = tries.reserve(reserve.now, None, &reserve.lock);
        *tries = after.unwrap_or(*tries);
        Ok(after)
    }
    fn settle_factor(
        &mut self,
        user: UserId,
        kind: FactorKind,
        serial: i64,
    ) -> Result<bool, StoreError> {
        self.statement();
        Ok(self
            .counter(user, kind)
            .map(|tries| *tries = tries.settle(serial))
            .is_some())
    }
    fn factor_tries(
        &mut self,
        user: UserId,
        kind: FactorKind,
    ) -> Result<Option<Tries>, StoreError> {
        self.statement();
        Ok(self.counter(user, kind).copied())
    }
    fn unlock_factors(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.statement();
        let mut unlocked = 0;
        for (of, _, tries) in &mut self.factor_tries {
            if *of == user && !tries.is_clear() {
                *tries = tries.unlock();
                unlocked += 1;
            }
        }
        Ok(unlocked)
    }
    fn lock_factor_until_admin(
        &mut self,
        kind: FactorKind,
        reached: &Reached,
    ) -> Result<bool, StoreError> {
        self.statement();
        Ok(self
            .counter(reached.user, kind)
            .and_then(|tries| {
                *tries = tries.lock_until_admin(reached)?;
                Some(())
            })
            .is_some())
    }
}
