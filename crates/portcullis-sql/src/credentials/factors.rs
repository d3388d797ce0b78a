use super::held::held;
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_credentials::{Digest, Factor, Factors, Sealed};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use uuid::Uuid;

macro_rules! factor {
    ($where:literal) => {
        concat!(
            "SELECT user_id, enforced, secret, pending FROM portcullis_factor ",
            $where
        )
    };
}

statements! {
    FACTOR = factor!("WHERE user_id = ?");
    FACTORS_AFTER =
        factor!("WHERE user_id > ? AND (secret IS NOT NULL OR pending IS NOT NULL) \
            ORDER BY user_id LIMIT CAST(? AS BIGINT)");
    ENFORCE_FACTOR = "INSERT INTO portcullis_factor (user_id, enforced, last_step) \
        VALUES (?, ?, -1) ON CONFLICT (user_id) DO UPDATE SET enforced = excluded.enforced";
    OFFER_FACTOR = "INSERT INTO portcullis_factor (user_id, enforced, pending, last_step) \
        SELECT user_id, 0, ?, -1 FROM portcullis_account WHERE user_id = ? \
        ON CONFLICT (user_id) DO UPDATE SET pending = excluded.pending \
        WHERE portcullis_factor.secret IS NULL";
    ENROL_FACTOR = "UPDATE portcullis_factor SET secret = pending, pending = NULL, last_step = ? \
        WHERE user_id = ? AND pending = ? AND secret IS NULL";
    CONSUME_STEP = "UPDATE portcullis_factor SET last_step = ? \
        WHERE user_id = ? AND last_step < ? AND secret IS NOT NULL";
    REMOVE_FACTOR = "UPDATE portcullis_factor SET secret = NULL, pending = NULL \
        WHERE user_id = ? AND secret IS NOT NULL";
    RESEAL_FACTOR = "UPDATE portcullis_factor SET \
        secret = CASE WHEN secret = ? THEN ? ELSE secret END, \
        pending = CASE WHEN pending = ? THEN ? ELSE pending END \
        WHERE user_id = ? AND (secret = ? OR pending = ?)";
    ADD_RECOVERY_CODE = "INSERT INTO portcullis_recovery_code (user_id, digest) VALUES (?, ?)";
    USE_RECOVERY_CODE =
        "DELETE FROM portcullis_recovery_code WHERE user_id = ? AND digest = ?";
    RECOVERY_CODES = "SELECT COUNT(*) FROM portcullis_recovery_code WHERE user_id = ?";
    DROP_RECOVERY_CODES = "DELETE FROM portcullis_recovery_code WHERE user_id = ?";
}

impl<E: Exec> Factors for SqlTx<E> {
    fn factor(&mut self, user: UserId) -> Result<Option<Factor>, StoreError> {
        self.exec.optional(FACTOR, &[user.into()], read)
    }

    fn enforce_factor(&mut self, user: UserId, enforced: bool) -> Result<(), StoreError> {
        self.exec
            .run(ENFORCE_FACTOR, &[user.into(), enforced.into()])?;
        Ok(())
    }

    fn offer_factor(&mut self, user: UserId, pending: &Sealed) -> Result<bool, StoreError> {
        let values = [pending.text().into(), user.into()];
        let sql = held(self.exec.dialect(), OFFER_FACTOR);
        Ok(self.exec.run(&sql, &values)? > 0)
    }

    fn enrol_factor(
        &mut self,
        user: UserId,
        pending: &Sealed,
        step: i64,
    ) -> Result<bool, StoreError> {
        let values = [step.into(), user.into(), pending.text().into()];
        Ok(self.exec.run(ENROL_FACTOR, &values)? > 0)
    }

    fn consume_step(&mut self, user: UserId, step: i64) -> Result<bool, StoreError> {
        let values = [step.into(), user.into(), step.into()];
        Ok(self.exec.run(CONSUME_STEP, &values)? > 0)
    }

    fn remove_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.exec.run(REMOVE_FACTOR, &[user.into()])? > 0)
    }

    fn factors_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Factor>, StoreError> {
        // Nobody has the least id.
        let after = after.unwrap_or(UserId::from_uuid(Uuid::nil()));
        self.exec
            .list(FACTORS_AFTER, &[after.into(), limit.into()], read)
    }

    fn reseal_factor(
        &mut self,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let (old, new) = (old.text(), new.text());
        let values = [
            old.into(),
            new.into(),
            old.into(),
            new.into(),
            user.into(),
            old.into(),
            old.into(),
        ];
        Ok(self.exec.run(RESEAL_FACTOR, &values)? > 0)
    }

    fn add_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<(), StoreError> {
        let values = [user.into(), code.bytes().as_slice().into()];
        self.exec.run(ADD_RECOVERY_CODE, &values)?;
        Ok(())
    }

    fn use_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<bool, StoreError> {
        let values = [user.into(), code.bytes().as_slice().into()];
        Ok(self.exec.run(USE_RECOVERY_CODE, &values)? > 0)
    }

    fn recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.exec.one(RECOVERY_CODES, &[user.into()], |row| {
            Ok(row.int()?.unsigned_abs())
        })
    }

    fn drop_recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.exec.run(DROP_RECOVERY_CODES, &[user.into()])
    }
}

fn read(row: &mut Cells<'_>) -> Result<Factor, StoreError> {
    Ok(Factor {
        user: row.id()?,
        enforced: row.flag()?,
        secret: row.opt_text()?.map(Sealed::from_stored),
        pending: row.opt_text()?.map(Sealed::from_stored),
    })
}
