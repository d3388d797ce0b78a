use super::cells::{key, time, user};
use super::host::Desk;
use portcullis_credentials::{FormerPassword, FormerPasswords, PasswordHash};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use rusqlite::Row;

impl FormerPasswords for Desk {
    fn add_former_password(&mut self, former: &FormerPassword) -> Result<(), StoreError> {
        let values = (
            key(former.user),
            former.password.expose(),
            former.replaced_at.millis(),
        );
        self.run(
            "INSERT INTO former_password (person, password, replaced) VALUES (?, ?, ?) \
             ON CONFLICT (person, password) DO UPDATE SET replaced = excluded.replaced",
            values,
        )
        .map(drop)
    }

    fn former_passwords(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        self.list(
            "SELECT person, password, replaced FROM former_password \
             WHERE person = ? ORDER BY replaced DESC, password LIMIT ?",
            (key(user), limit),
            read,
        )
    }

    fn drop_former_passwords(&mut self, user: UserId, keep: u32) -> Result<u64, StoreError> {
        self.run(
            "DELETE FROM former_password WHERE person = ?1 AND password NOT IN (\
                SELECT password FROM former_password \
                WHERE person = ?1 ORDER BY replaced DESC, password LIMIT ?2)",
            (key(user), keep),
        )
    }

    fn former_passwords_after(
        &mut self,
        after: Option<&FormerPassword>,
        limit: u32,
    ) -> Result<Vec<FormerPassword>, StoreError> {
        let person = after.map_or(Vec::new(), |after| Vec::from(key(after.user)));
        let password = after.map_or("", |after| after.password.expose());
        self.list(
            "SELECT person, password, replaced FROM former_password \
             WHERE (person, password) > (?, ?) ORDER BY person, password LIMIT ?",
            (person, password, limit),
            read,
        )
    }

    fn replace_former_hash(
        &mut self,
        old: &FormerPassword,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let replaced = self.run(
            "UPDATE former_password SET password = ? WHERE person = ? AND password = ?",
            (new.expose(), key(old.user), old.password.expose()),
        )?;
        Ok(replaced > 0)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<FormerPassword> {
    Ok(FormerPassword {
        user: user(row, 0)?,
        password: PasswordHash::from_phc(row.get::<_, String>(1)?),
        replaced_at: time(row, 2)?,
    })
}
