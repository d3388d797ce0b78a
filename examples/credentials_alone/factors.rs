use super::cells::{key, user};
use super::host::Desk;
use portcullis_credentials::{Digest, Factor, Factors, Sealed};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use rusqlite::{Row, params};

impl Factors for Desk {
    fn factor(&mut self, user: UserId) -> Result<Option<Factor>, StoreError> {
        let sql = "SELECT person, enforced, secret, pending FROM app WHERE person = ?";
        self.one(sql, [key(user)], factor)
    }

    fn enforce_factor(&mut self, user: UserId, enforced: bool) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO app (person, enforced) VALUES (?, ?) \
             ON CONFLICT (person) DO UPDATE SET enforced = excluded.enforced",
            (key(user), enforced),
        )?;
        Ok(())
    }

    fn offer_factor(&mut self, user: UserId, pending: &Sealed) -> Result<bool, StoreError> {
        let offered = self.run(
            "INSERT INTO app (person, pending) SELECT id, ? FROM people \
             WHERE id = ? AND login_key IS NOT NULL \
             ON CONFLICT (person) DO UPDATE SET pending = excluded.pending WHERE secret IS NULL",
            (pending.text(), key(user)),
        )?;
        Ok(offered > 0)
    }

    fn enrol_factor(
        &mut self,
        user: UserId,
        pending: &Sealed,
        step: i64,
    ) -> Result<bool, StoreError> {
        let enrolled = self.run(
            "UPDATE app SET secret = pending, pending = NULL, last_step = ? \
             WHERE person = ? AND pending = ? AND secret IS NULL",
            (step, key(user), pending.text()),
        )?;
        Ok(enrolled > 0)
    }

    fn consume_step(&mut self, user: UserId, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE app SET last_step = ?1 \
            WHERE person = ?2 AND last_step < ?1 AND secret IS NOT NULL";
        Ok(self.run(sql, (step, key(user)))? > 0)
    }

    fn remove_factor(&mut self, user: UserId) -> Result<bool, StoreError> {
        let sql = "UPDATE app SET secret = NULL, pending = NULL \
            WHERE person = ? AND secret IS NOT NULL";
        Ok(self.run(sql, [key(user)])? > 0)
    }

    fn factors_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Factor>, StoreError> {
        let after = after.map(key).map_or(Vec::new(), Vec::from);
        self.list(
            "SELECT person, enforced, secret, pending FROM app \
             WHERE person > ? AND (secret IS NOT NULL OR pending IS NOT NULL) \
             ORDER BY person LIMIT ?",
            params![after, limit],
            factor,
        )
    }

    fn reseal_factor(
        &mut self,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE app SET \
             secret = CASE WHEN secret = ?2 THEN ?1 ELSE secret END, \
             pending = CASE WHEN pending = ?2 THEN ?1 ELSE pending END \
             WHERE person = ?3 AND (secret = ?2 OR pending = ?2)";
        Ok(self.run(sql, (new.text(), old.text(), key(user)))? > 0)
    }

    fn add_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<(), StoreError> {
        let sql = "INSERT INTO recovery (person, digest) VALUES (?, ?)";
        self.run(sql, (key(user), code.bytes()))?;
        Ok(())
    }

    fn use_recovery_code(&mut self, user: UserId, code: &Digest) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery WHERE person = ? AND digest = ?";
        Ok(self.run(sql, (key(user), code.bytes()))? > 0)
    }

    fn recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM recovery WHERE person = ?";
        let left: Option<i64> = self.one(sql, [key(user)], |row| row.get(0))?;
        Ok(left.unwrap_or(0).unsigned_abs())
    }

    fn drop_recovery_codes(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.run("DELETE FROM recovery WHERE person = ?", [key(user)])
    }
}

fn factor(row: &Row<'_>) -> rusqlite::Result<Factor> {
    let sealed = |at| -> rusqlite::Result<Option<Sealed>> {
        let text: Option<String> = row.get(at)?;
        Ok(text.map(Sealed::from_stored))
    };
    Ok(Factor {
        user: user(row, 0)?,
        enforced: row.get(1)?,
        secret: sealed(2)?,
        pending: sealed(3)?,
    })
}
