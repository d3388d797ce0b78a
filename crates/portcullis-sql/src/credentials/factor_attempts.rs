use super::row::tries;
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx};
use portcullis_credentials::{FactorAttempts, FactorKind, ReserveFactor, Tries};
use portcullis_id::UserId;
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
            (user_id, kind, serial, counted, last_at, locked_until) \
        VALUES (?, ?, 1, 1, ?, CASE WHEN 1 >= CAST(? AS BIGINT) THEN CAST(? AS BIGINT) ELSE NULL END) \
        ON CONFLICT (user_id, kind) DO UPDATE SET \
            serial = portcullis_factor_tries.serial + 1, counted = ",
        counted!(),
        ", last_at = excluded.last_at, locked_until = CASE WHEN ",
        counted!(),
        " >= CAST(? AS BIGINT) THEN CAST(? AS BIGINT) ELSE NULL END \
        WHERE portcullis_factor_tries.locked_until IS NULL \
            OR portcullis_factor_tries.locked_until <= excluded.last_at \
        RETURNING serial, counted, last_at, locked_until"
    );
    SETTLE_FACTOR = "UPDATE portcullis_factor_tries SET \
            counted = CASE WHEN counted < serial - ? THEN counted ELSE serial - ? END, \
            locked_until = CASE WHEN serial = ? THEN NULL ELSE locked_until END \
        WHERE user_id = ? AND kind = ?";
    FACTOR_TRIES = "SELECT serial, counted, last_at, locked_until FROM portcullis_factor_tries \
        WHERE user_id = ? AND kind = ?";
    UNLOCK_FACTORS = "UPDATE portcullis_factor_tries \
        SET counted = 0, last_at = NULL, locked_until = NULL \
        WHERE user_id = ? AND (counted > 0 OR locked_until IS NOT NULL)";
}

impl<E: Exec> FactorAttempts for SqlTx<E> {
    fn reserve_factor(&mut self, reserve: &ReserveFactor) -> Result<Option<Tries>, StoreError> {
        let values = [
            reserve.user.into(),
            reserve.kind.name().into(),
            reserve.now.into(),
            reserve.threshold.into(),
            reserve.lock_until.into(),
            reserve.threshold.into(),
            reserve.lock_until.into(),
        ];
        self.exec.optional(RESERVE_FACTOR, &values, tries)
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
}
