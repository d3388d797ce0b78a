use crate::Tx;
use crate::conflict::refers;
use crate::table::Row;
use portcullis_credentials::{FactorAttempts, FactorKind, ReserveFactor, Tries};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

/// The counter of one kind of code.
#[derive(Clone)]
pub(super) struct Counter {
    pub(super) user: UserId,
    kind: FactorKind,
    tries: Tries,
}

impl Row for Counter {
    const KEY: &'static str = "no key";
    type Id = (UserId, FactorKind);
    type Key = ();
    fn id(&self) -> Self::Id {
        (self.user, self.kind)
    }
    fn key(&self) -> Option<()> {
        None
    }
}

impl FactorAttempts for Tx {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        let (user, kind) = (reserve.user, reserve.kind);
        let kept = self.credentials_mut()?;
        refers(kept.accounts.has(user), "account")?;
        let before = kept.tries.get((user, kind)).map(|counter| counter.tries);
        let before = before.unwrap_or_default();
        if before.locked(reserve.now).is_some() {
            return Ok(None);
        }
        let counted = match before.locked_until {
            Some(_) => 1,
            None => before.counted.saturating_add(1),
        };
        let tries = Tries {
            serial: before.serial.saturating_add(1),
            counted,
            last_at: Some(reserve.now),
            locked_until: (counted >= reserve.threshold).then_some(reserve.lock_until),
        };
        kept.tries.put(Counter { user, kind, tries })?;
        Ok(Some(tries))
    }

    fn settle_factor(
        &mut self,
        user: UserId,
        kind: FactorKind,
        serial: i64,
    ) -> Result<bool, StoreError> {
        let counter = self.credentials_mut()?.tries.change((user, kind));
        Ok(counter
            .map(|counter| {
                let tries = &mut counter.tries;
                let after = tries.serial.saturating_sub(serial);
                tries.counted = tries.counted.min(after);
                if after == 0 {
                    tries.locked_until = None;
                }
            })
            .is_some())
    }

    fn factor_tries(
        &mut self,
        user: UserId,
        kind: FactorKind,
    ) -> Result<Option<Tries>, StoreError> {
        let counter = self.credentials().tries.get((user, kind));
        Ok(counter.map(|counter| counter.tries))
    }

    fn unlock_factors(&mut self, user: UserId) -> Result<u64, StoreError> {
        let counters = &mut self.credentials_mut()?.tries;
        let mut unlocked = 0;
        for kind in [FactorKind::Totp, FactorKind::Recovery] {
            let Some(counter) = counters.change((user, kind)) else {
                continue;
            };
            let tries = &mut counter.tries;
            unlocked += u64::from(tries.counted > 0 || tries.locked_until.is_some());
            *tries = Tries {
                serial: tries.serial,
                ..Tries::default()
            };
        }
        Ok(unlocked)
    }
}
