use super::cells::json;
use super::host::Desk;
use portcullis_id::MailId;
use portcullis_ledger::{AuditEntry, Ledger, Mail, Revision, Scope, SealedText, StoreError};
use rusqlite::params;
use uuid::Uuid;

impl Ledger for Desk {
    fn revision(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        let sql = "SELECT number FROM revision WHERE scope = ?";
        let number = self.one(sql, [format!("{scope:?}")], |row| row.get(0))?;
        Ok(Revision::from_number(number.unwrap_or(0)))
    }

    fn bump(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        self.needs_turn()?;
        self.run(
            "INSERT INTO revision (scope, number) VALUES (?, 1) \
             ON CONFLICT (scope) DO UPDATE SET number = number + 1",
            [format!("{scope:?}")],
        )?;
        self.revision(scope)
    }

    fn record(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.run("INSERT INTO audit (entry) VALUES (?)", [kept(entry)?])?;
        Ok(())
    }

    fn post(&mut self, mail: &Mail) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO outbox (id, seq, mail) \
             SELECT ?, COALESCE(MAX(seq), 0) + 1, ? FROM outbox",
            params![mail.id.uuid().as_bytes(), kept(mail)?],
        )?;
        Ok(())
    }

    fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = "SELECT entry FROM audit ORDER BY rowid DESC LIMIT ?";
        self.list(sql, [limit], |row| json(row, 0))
    }

    fn outbox(&mut self, limit: u32) -> Result<Vec<Mail>, StoreError> {
        let sql = "SELECT mail FROM outbox ORDER BY seq LIMIT ?";
        self.list(sql, [limit], |row| json(row, 0))
    }

    fn sealed_mails_after(
        &mut self,
        after: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        let sql = "SELECT mail FROM outbox WHERE id > ? AND mail ->> 'sealed' IS NOT NULL \
                   ORDER BY id LIMIT ?";
        let after = after.unwrap_or(MailId::from_uuid(Uuid::nil()));
        self.list(sql, params![after.uuid().as_bytes(), limit], |row| {
            json(row, 0)
        })
    }

    fn reseal_mail(
        &mut self,
        mail: MailId,
        old: &SealedText,
        new: &SealedText,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET mail = json_set(mail, '$.sealed', ?) \
                   WHERE id = ? AND mail ->> 'sealed' = ?";
        let changed = self.run(sql, params![new.text(), mail.uuid().as_bytes(), old.text()])?;
        Ok(changed > 0)
    }

    fn take_mail(&mut self, mail: MailId) -> Result<Option<Mail>, StoreError> {
        let sql = "DELETE FROM outbox WHERE id = ? RETURNING mail";
        self.one(sql, [mail.uuid().as_bytes()], |row| json(row, 0))
    }
}

fn kept(what: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(what)
        .map_err(|error| StoreError::corrupt("what is told cannot be kept").because(error))
}
