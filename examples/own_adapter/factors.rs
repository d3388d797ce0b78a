use super::people::Desk;
use portcullis_credentials::{
    Digest, Factor, FactorAttempts, FactorKind, Factors, Reached, ReserveFactor, Sealed, Tries,
};
use portcullis_id::UserId;
use portcullis_ledger::{StoreError, StoreErrorKind};

/// A second factor, with the step whose code was used last.
#[derive(Clone)]
pub(crate) struct KeptFactor {
    factor: Factor,
    last_step: i64,
}

impl Desk {
    fn factor_of(&mut self, user: UserId) -> Result<&mut KeptFactor, StoreError> {
        let kept = self.change()?;
        if !kept.accounts.contains_key(&user) {
            return Err(no_account());
        }
        Ok(kept.factors.entry(user).or_insert_with(|| KeptFactor {
            factor: Factor {
                user,
                enforced: false,
                secret: None,
                pending: None,
            },
            last_step: -1,
        }))
    }

    /// `UPDATE .. WHERE user = :user AND ..`
    fn update_factor(
        &mut self,
        user: UserId,
        met: impl Fn(&KeptFactor) -> bool,
        set: impl FnOnce(&mut KeptFactor),
    ) -> Result<bool, StoreError> {
        let kept = self.change()?.factors.get_mut(&user);
        Ok(kept.filter(|kept| met(kept)).map(set).is_some())
    }
}

fn no_account() -> StoreError {
    StoreError::new(
        StoreErrorKind::Conflict,
        "the account of a second factor is gone",
    )
}

impl Factors for Desk {
    fn factor(&mut self, user: UserId) -> Result<Option<Factor>, StoreError> {
        let kept = self.kept().factors.get(&user);
        Ok(kept.map(|kept| kept.factor.clone()))
    }

    fn enforce_factor(&mut self, user: UserId, enforced: bool) -> Result<(), StoreError> {
        self.factor_of(user)?.factor.enforced = enforced;
        Ok(())
    }

    fn offer_factor(&mut self, user: UserId, pending: &Sealed) -> Result<bool, StoreError> {
        if !self.kept().accounts.contains_key(&user) {
            return Ok(false);
        }
        let factor = &mut self.factor_of(user)?.factor;
        if factor.secret.is_some() {
            return Ok(false);
        }
        factor.pending = Some(pending.clone());
        Ok(true)
    }

    fn enrol_factor(
        &mut self,
        user: UserId,
        pending: &Sealed,
        step: i64,
    ) -> Result<bool, StoreError> {
        let offered = |kept: &KeptFactor| {
            kept.factor.pending.as_ref() == Some(pending) && kept.factor.secret.is_none()
        };
        self.update_factor(user, offered, |kept| {
            kept.factor.secret = kept.factor.pending.take();
            kept.last_step = step;
        })
    }

    fn consume_step(&mut self, user: UserId, step: i64) -> Result<bool, StoreError> {
        let later = |kept: &KeptFactor| kept.last_step < step && kept.factor.secret.is_some();
        self.update_factor(user, later, |kept| kept.last_step = step)
    }

    fn remove_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        let enrolled = |kept: &KeptFactor| kept.factor.secret.is_some();
        self.update_factor(user, enrolled, |kept| {
            kept.factor.secret = None;
            kept.factor.pending = None;
        })
    }

    fn factors_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Factor>, StoreError> {
        let factors = self.kept().factors.values().map(|kept| &kept.factor);
        let enrolled = factors.filter(|factor| factor.secret.is_some() || factor.pending.is_some());
        let enrolled = enrolled.filter(|factor| Some(factor.user) > after);
        Ok(enrolled.take(limit as usize).cloned().collect())
    }

    fn reseal_factor(
        &mut self,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let same = |kept: &KeptFactor| {
            let places = [&kept.factor.secret, &kept.factor.pending];
            places.into_iter().flatten().any(|sealed| sealed == old)
        };
        self.update_factor(user, same, |kept| {
            let places = [&mut kept.factor.secret, &mut kept.factor.pending];
            for place in places.into_iter().flatten().filter(|sealed| *sealed == old) {
                *place = new.clone();
            }
        })
    }

    fn add_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<(), StoreError> {
        let kept = self.change()?;
        if !kept.accounts.contains_key(&user) {
            return Err(no_account());
        }
        kept.codes.insert((user, *code.bytes()));
        Ok(())
    }

    fn use_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<bool, StoreError> {
        Ok(self.change()?.codes.remove(&(user, *code.bytes())))
    }

    fn recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        let codes = self.kept().codes.iter();
        Ok(codes.filter(|(of, _)| *of == user).count() as u64)
    }

    fn drop_recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        let dropped = self.recovery_codes(user)?;
        self.change()?.codes.retain(|(of, _)| *of != user);
        Ok(dropped)
    }
}

impl FactorAttempts for Desk {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        let kept = self.change()?;
        if !kept.accounts.contains_key(&reserve.user) {
            return Ok(None);
        }
        let key = (reserve.user, reserve.kind);
        let tries = kept.tries.entry(key).or_default();
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
        let Some(tries) = self.change()?.tries.get_mut(&(user, kind)) else {
            return Ok(false);
        };
        *tries = tries.settle(serial);
        Ok(true)
    }

    fn factor_tries(
        &mut self,
        user: UserId,
        kind: FactorKind,
    ) -> Result<Option<Tries>, StoreError> {
        Ok(self.kept().tries.get(&(user, kind)).copied())
    }

    fn unlock_factors(&mut self, user: UserId) -> Result<u64, StoreError> {
        let mut unlocked = 0;
        for ((of, _), tries) in &mut self.change()?.tries {
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
        let Some(tries) = self.change()?.tries.get_mut(&(reached.user, kind)) else {
            return Ok(false);
        };
        let locked = tries.lock_until_admin(reached);
        *tries = locked.unwrap_or(*tries);
        Ok(locked.is_some())
    }
}
