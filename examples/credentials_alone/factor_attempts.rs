use super::cells::{json, key, text};
use super::host::Desk;
use portcullis_credentials::{FactorAttempts, FactorKind, Reached, ReserveFactor, Tries};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use rusqlite::params;

impl Desk {
    fn put_tries(&self, user: UserId, kind: &str, tries: &Tries) -> Result<bool, StoreError> {
        let put = self.run(
            "INSERT INTO app_tries (person, kind, tries) SELECT id, ?, ? FROM people \
             WHERE id = ? AND login_key IS NOT NULL \
             ON CONFLICT (person, kind) DO UPDATE SET tries = excluded.tries",
            params![kind, text(tries), key(user)],
        )?;
        Ok(put > 0)
    }
}

impl FactorAttempts for Desk {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        let found = self.factor_tries(reserve.user, reserve.kind)?;
        let tries = found.unwrap_or_default();
        let after = tries.reserve(reserve.now, None, &reserve.lock);
        Ok(match after {
            Some(after) if self.put_tries(reserve.user, reserve.kind.name(), &after)? => {
                Some(after)
            }
            _ => None,
        })
    }

    fn settle_factor(
        &mut self,
        user: UserId,
        kind: FactorKind,
        serial: i64,
    ) -> Result<bool, StoreError> {
        let Some(tries) = self.factor_tries(user, kind)? else {
            return Ok(false);
        };
        self.put_tries(user, kind.name(), &tries.settle(serial))?;
        Ok(true)
    }

    fn factor_tries(
        &mut self,
        user: UserId,
        kind: FactorKind,
    ) -> Result<Option<Tries>, StoreError> {
        let sql = "SELECT tries FROM app_tries WHERE person = ? AND kind = ?";
        self.one(sql, (key(user), kind.name()), |row| json(row, 0))
    }

    fn unlock_factors(&mut self, user: UserId) -> Result<u64, StoreError> {
        let sql = "SELECT kind, tries FROM app_tries WHERE person = ?";
        let all: Vec<(String, Tries)> =
            self.list(sql, [key(user)], |row| Ok((row.get(0)?, json(row, 1)?)))?;
        let mut unlocked = 0;
        for (kind, tries) in all {
            if !tries.is_clear() {
                self.put_tries(user, &kind, &tries.unlock())?;
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
        let tries = self.factor_tries(reached.user, kind)?;
        let Some(locked) = tries.and_then(|tries| tries.lock_until_admin(reached)) else {
            return Ok(false);
        };
        self.put_tries(reached.user, kind.name(), &locked)?;
        Ok(true)
    }
}
