use super::held::held;
use super::lock::{self, locked_until};
use super::row::tries;
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx};
use portcullis_credentials::{FactorAttempts, FactorKind, Reached, ReserveFactor, Tries};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;

/// How many attempts count with this one: from 1 anew after a lock that was sat out.
macro_rules! counted {
    () => {
        "CASE WHEN portcullis_factor_tries.locked_until IS NOT NULL THEN 1 \
         ELSE portcullis_factor_tries.counted + 1 END"
    };
}

statements! {
    RESERVE_FACTOR = concat!(
        "INSERT INTO portcullis_factor_tries \
            (user_id, kind, serial, counted, in_a_row, last_at, locked_until) \
        SELECT user_id, ?, 1, 1, 1, ?, CAST(? AS BIGINT) FROM portcullis_account WHERE user_id = ? \
        ON CONFLICT (user_id, kind) DO UPDATE SET \
            serial = portcullis_factor_tries.serial + 1, counted = ",
        counted!(),
        ", in_a_row = portcullis_factor_tries.in_a_row + 1, last_at = excluded.last_at, \
            locked_until = ",
        locked_until!(counted!(), "portcullis_factor_tries.in_a_row"),
        " WHERE portcullis_factor_tries.locked_until IS NULL \
            OR portcullis_factor_tries.locked_until <= excluded.last_at \
        RETURNING serial, counted, in_a_row, last_at, locked_until"
    );
    SETTLE_FACTOR = "UPDATE portcullis_factor_tries SET \
            counted = CASE WHEN counted < serial - ? THEN counted ELSE serial - ? END, \
            in_a_row = CASE WHEN in_a_row < serial - ? THEN in_a_row ELSE serial - ? END, \
            locked_until = CASE WHEN serial = ? THEN NULL ELSE locked_until END \
        WHERE user_id = ? AND kind = ?";
    FACTOR_TRIES = "SELECT serial, counted, in_a_row, last_at, locked_until \
        FROM portcullis_factor_tries WHERE user_id = ? AND kind = ?";
    UNLOCK_FACTORS = "UPDATE portcullis_factor_tries \
        SET counted = 0, in_a_row = 0, last_at = NULL, locked_until = NULL \
        WHERE user_id = ? AND (counted > 0 OR in_a_row > 0 OR locked_until IS NOT NULL)";
    KEEP_FACTOR_LOCK = "UPDATE portcullis_factor_tries SET locked_until = ? \
        WHERE user_id = ? AND kind = ? AND serial = ? AND locked_until = ?";
}

impl<E: Exec> FactorAttempts for SqlTx<E> {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        let first = Tries::default().reserve(reserve.now, None, &reserve.lock);
        let mut values = vec![
            reserve.kind.name().into(),
            reserve.now.into(),
            first.and_then(|tries| tries.locked_until).into(),
            reserve.user.into(),
        ];
        values.extend(lock::values(&reserve.lock, reserve.now));
        let sql = held(self.exec.dialect(), RESERVE_FACTOR);
        self.exec.optional(&sql, &values, tries)
    }

    fn settle_factor(
        &mut self,
        user: UserId,
        kind: FactorKind,
        serial: i64,
    ) -> Result<bool, StoreError> {
        let values = [
            serial.into(),
            serial.into(),
            serial.into(),
            serial.into(),
            serial.into(),
            user.into(),
            kind.name().into(),
        ];
        Ok(self.exec.run(SETTLE_FACTOR, &values)? > 0)
    }

    fn factor_tries(
        &mut self,
        user: UserId,
        kind: FactorKind,
    ) -> Result<Option<Tries>, StoreError> {
        let values = [user.into(), kind.name().into()];
        self.exec.optional(FACTOR_TRIES, &values, tries)
    }

    fn unlock_factors(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.exec.run(UNLOCK_FACTORS, &[user.into()])
    }

    fn lock_factor_until_admin(
        &mut self,
        kind: FactorKind,
        reached: &Reached,
    ) -> Result<bool, StoreError> {
        let values = [
            Timestamp::MAX.into(),
            reached.user.into(),
            kind.name().into(),
            reached.serial.into(),
            reached.until.into(),
        ];
        Ok(self.exec.run(KEEP_FACTOR_LOCK, &values)? > 0)
    }
}
