use crate::Tx;
use crate::table::Row;
use portcullis_credentials::{FactorAttempts, FactorKind, Reached, ReserveFactor, Tries};
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
        if !kept.accounts.has(user) {
            return Ok(None);
        }
        let before = kept.tries.get((user, kind)).map(|counter| counter.tries);
        let before = before.unwrap_or_default();
        let Some(tries) = before.reserve(reserve.now, None, &reserve.lock) else {
            return Ok(None);
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
            .map(|counter| counter.tries = counter.tries.settle(serial))
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
            if !counter.tries.is_clear() {
                counter.tries = counter.tries.unlock();
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
        let counter = self.credentials_mut()?.tries.change((reached.user, kind));
        let locked = counter.and_then(|counter| {
            counter.tries = counter.tries.lock_until_admin(reached)?;
            Some(())
        });
        Ok(locked.is_some())
    }
}
