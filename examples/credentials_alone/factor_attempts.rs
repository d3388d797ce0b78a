use super::cells::{json, key, text};
use super::host::Desk;
use portcullis_credentials::{FactorAttempts, FactorKind, ReserveFactor, Tries};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use rusqlite::params;

impl Desk {
    fn put_tries(&self, user: UserId, kind: &str, tries: &Tries) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO app_tries (person, kind, tries) VALUES (?, ?, ?) \
             ON CONFLICT (person, kind) DO UPDATE SET tries = excluded.tries",
            params![key(user), kind, text(tries)],
        )?;
        Ok(())
    }
}

impl FactorAttempts for Desk {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        let found = self.factor_tries(reserve.user, reserve.kind)?;
        let mut tries = found.unwrap_or_default();
        if tries.locked(reserve.now).is_some() {
            return Ok(None);
        }
        let sat_out = tries.locked_until.is_some();
        tries.serial += 1;
        tries.counted = if sat_out { 1 } else { tries.counted + 1 };
        tries.last_at = Some(reserve.now);
        tries.locked_until = (tries.counted >= reserve.threshold).then_some(reserve.lock_until);
        self.put_tries(reserve.user, reserve.kind.name(), &tries)?;
        Ok(Some(tries))
    }

    fn settle_factor(
        &mut self,
        user: UserId,
        kind: FactorKind,
        serial: i64,
    ) -> Result<bool, StoreError> {
        let Some(mut tries) = self.factor_tries(user, kind)? else {
            return Ok(false);
        };
        let later = tries.serial - serial;
        tries.counted = tries.counted.min(later);
        if later == 0 {
            tries.locked_until = None;
        }
        self.put_tries(user, kind.name(), &tries)?;
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
            if tries.counted > 0 || tries.locked_until.is_some() {
                let clear = Tries {
                    serial: tries.serial,
                    ..Tries::default()
                };
                self.put_tries(user, &kind, &clear)?;
                unlocked += 1;
            }
        }
        Ok(unlocked)
    }
}
