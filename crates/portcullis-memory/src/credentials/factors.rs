use super::Part;
use crate::Tx;
use crate::conflict::{refers, taken};
use crate::table::Row;
use portcullis_credentials::{Digest, Factor, Factors, Sealed};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

/// A factor, with the step that was used last.
#[derive(Clone)]
pub(super) struct Kept {
    factor: Factor,
    last_step: i64,
}

/// A recovery code of a user.
#[derive(Clone)]
pub(super) struct Code(UserId, [u8; 32]);

impl Row for Kept {
    const KEY: &'static str = "no key";
    type Id = UserId;
    type Key = ();
    fn id(&self) -> UserId {
        self.factor.user
    }
    fn key(&self) -> Option<()> {
        None
    }
}

impl Row for Code {
    const KEY: &'static str = "no key";
    type Id = (UserId, [u8; 32]);
    type Key = ();
    fn id(&self) -> Self::Id {
        (self.0, self.1)
    }
    fn key(&self) -> Option<()> {
        None
    }
}

impl Part {
    /// The row of `user`, made if there is none.
    fn factor_of(&mut self, user: UserId) -> Result<Option<&mut Kept>, StoreError> {
        refers(self.accounts.has(user), "account")?;
        if !self.factors.has(user) {
            self.factors.put(Kept {
                factor: Factor {
                    user,
                    enforced: false,
                    secret: None,
                    pending: None,
                },
                last_step: -1,
            })?;
        }
        Ok(self.factors.change(user))
    }

    /// Changes the factor of `user` if it meets a condition; whether it did.
    fn change_factor(
        &mut self,
        user: UserId,
        met: impl Fn(&Kept) -> bool,
        to: impl FnOnce(&mut Kept),
    ) -> bool {
        if !self.factors.get(user).is_some_and(met) {
            return false;
        }
        self.factors.change(user).map(to).is_some()
    }

    /// Everything of a second factor goes with its account.
    pub(super) fn forget_factors(&mut self, user: UserId) {
        self.factors.remove(user);
        self.tries.remove_where(|one| one.user == user);
        self.codes.remove_where(|code| code.0 == user);
    }
}

impl Factors for Tx {
    fn factor(&mut self, user: UserId) -> Result<Option<Factor>, StoreError> {
        let kept = self.credentials().factors.get(user);
        Ok(kept.map(|kept| kept.factor.clone()))
    }

    fn enforce_factor(&mut self, user: UserId, enforced: bool) -> Result<(), StoreError> {
        if let Some(kept) = self.credentials_mut()?.factor_of(user)? {
            kept.factor.enforced = enforced;
        }
        Ok(())
    }

    fn offer_factor(&mut self, user: UserId, pending: &Sealed) -> Result<bool, StoreError> {
        let kept = self.credentials_mut()?;
        if !kept.accounts.has(user) {
            return Ok(false);
        }
        let kept = kept.factor_of(user)?;
        let free = kept.filter(|kept| kept.factor.secret.is_none());
        Ok(free
            .map(|kept| kept.factor.pending = Some(pending.clone()))
            .is_some())
    }

    fn enrol_factor(
        &mut self,
        user: UserId,
        pending: &Sealed,
        step: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change_factor(
            user,
            |kept| kept.factor.pending.as_ref() == Some(pending) && kept.factor.secret.is_none(),
            |kept| {
                kept.factor.secret = kept.factor.pending.take();
                kept.last_step = step;
            },
        ))
    }

    fn consume_step(&mut self, user: UserId, step: i64) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change_factor(
            user,
            |kept| kept.last_step < step && kept.factor.secret.is_some(),
            |kept| kept.last_step = step,
        ))
    }

    fn remove_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change_factor(
            user,
            |kept| kept.factor.secret.is_some(),
            |kept| {
                kept.factor.secret = None;
                kept.factor.pending = None;
            },
        ))
    }

    fn factors_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Factor>, StoreError> {
        let factors = self.credentials().factors.rows_after(after);
        let enrolled =
            factors.filter(|kept| kept.factor.secret.is_some() || kept.factor.pending.is_some());
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(enrolled
            .take(limit)
            .map(|kept| kept.factor.clone())
            .collect())
    }

    fn reseal_factor(
        &mut self,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.change_factor(
            user,
            |kept| {
                let places = [&kept.factor.secret, &kept.factor.pending];
                places.into_iter().flatten().any(|sealed| sealed == old)
            },
            |kept| {
                let places = [&mut kept.factor.secret, &mut kept.factor.pending];
                for place in places.into_iter().flatten().filter(|sealed| *sealed == old) {
                    *place = new.clone();
                }
            },
        ))
    }

    fn add_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<(), StoreError> {
        let kept = self.credentials_mut()?;
        refers(kept.accounts.has(user), "account")?;
        if kept.codes.has((user, *code.bytes())) {
            return Err(taken("the digest of a recovery code"));
        }
        kept.codes.put(Code(user, *code.bytes()))
    }

    fn use_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.codes.remove((user, *code.bytes())))
    }

    fn recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        let codes = self.credentials().codes.rows();
        Ok(codes.filter(|code| code.0 == user).map(|_| 1).sum())
    }

    fn drop_recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        let codes = &mut self.credentials_mut()?.codes;
        Ok(codes.remove_where(|code| code.0 == user))
    }
}
