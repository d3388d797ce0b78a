use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_credentials::{FormerPassword, FormerPasswords, PasswordHash};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use uuid::Uuid;

statements! {
    ADD_FORMER_PASSWORD = "INSERT INTO portcullis_former_password (user_id, password, replaced_at) \
        VALUES (?, ?, ?) \
        ON CONFLICT (user_id, password) DO UPDATE SET replaced_at = excluded.replaced_at";
    FORMER_PASSWORDS = "SELECT user_id, password, replaced_at FROM portcullis_former_password \
        WHERE user_id = ? ORDER BY replaced_at DESC, password LIMIT CAST(? AS BIGINT)";
    DROP_FORMER_PASSWORDS = "DELETE FROM portcullis_former_password \
        WHERE user_id = ? AND password NOT IN (\
            SELECT password FROM portcullis_former_password \
            WHERE user_id = ? ORDER BY replaced_at DESC, password LIMIT CAST(? AS BIGINT))";
    FORMER_PASSWORDS_AFTER = "SELECT user_id, password, replaced_at \
        FROM portcullis_former_password \
        WHERE (user_id, password) > (?, ?) ORDER BY user_id, password LIMIT CAST(? AS BIGINT)";
    REPLACE_FORMER_HASH = "UPDATE portcullis_former_password SET password = ? \
        WHERE user_id = ? AND password = ?";
}

impl<E: Exec> FormerPasswords for SqlTx<E> {
    fn add_former_password(&mut self, former: &FormerPassword) -> Result<(), StoreError> {
        let password = former.password.expose().into();
        let values = [former.user.into(), password, former.replaced_at.into()];
        self.exec.run(ADD_FORMER_PASSWORD, &values).map(drop)
    }

    fn former_passwords(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        let values = [user.into(), limit.into()];
        self.exec.list(FORMER_PASSWORDS, &values, read)
    }

    fn drop_former_passwords(&mut self, user: UserId, keep: u32) -> Result<u64, StoreError> {
        let values = [user.into(), user.into(), keep.into()];
        self.exec.run(DROP_FORMER_PASSWORDS, &values)
    }

    fn former_passwords_after(
        &mut self,
        after: Option<&FormerPassword>,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        // Nobody has the least id.
        let user = after.map_or(UserId::from_uuid(Uuid::nil()), |after| after.user);
        let password = after.map_or("", |after| after.password.expose());
        let values = [user.into(), password.into(), limit.into()];
        self.exec.list(FORMER_PASSWORDS_AFTER, &values, read)
    }

    fn replace_former_hash(
        &mut self,
        old: &FormerPassword,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let stored = old.password.expose().into();
        let values = [new.expose().into(), old.user.into(), stored];
        Ok(self.exec.run(REPLACE_FORMER_HASH, &values)? > 0)
    }
}

fn read(row: &mut Cells<'_>) -> Result<FormerPassword, StoreError> {
    Ok(FormerPassword {
        user: row.id()?,
        password: PasswordHash::from_phc(row.text()?),
        replaced_at: row.timestamp()?,
    })
}
