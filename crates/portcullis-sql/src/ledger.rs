mod text;

use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_id::MailId;
use portcullis_ledger::{AuditEntry, Ledger, Mail, Revision, Scope, SealedText, StoreError};
use uuid::Uuid;

statements! {
    POLICY_REVISION = "SELECT policy_revision FROM portcullis_meta WHERE id = 1";
    BUMP_POLICY = "UPDATE portcullis_meta SET policy_revision = policy_revision + 1 WHERE id = 1 \
        RETURNING policy_revision";
    SCOPE_REVISION = "SELECT revision FROM portcullis_scope_revision WHERE scope = ?";
    BUMP_SCOPE = "INSERT INTO portcullis_scope_revision (scope, revision) VALUES (?, 1) \
        ON CONFLICT (scope) DO UPDATE SET revision = portcullis_scope_revision.revision + 1 \
        RETURNING revision";
    RECORD = "INSERT INTO portcullis_audit (id, at, actor, action, client, target, detail) \
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    POST = "INSERT INTO portcullis_outbox (id, at, recipient, event, item, container, sealed) \
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    NEWEST_AUDIT = "SELECT id, at, actor, action, client, target, detail FROM portcullis_audit \
        ORDER BY seq DESC LIMIT ?";
    OLDEST_MAIL = "SELECT id, at, recipient, event, item, container, sealed \
        FROM portcullis_outbox ORDER BY seq LIMIT ?";
    SEALED_MAILS_AFTER = "SELECT id, at, recipient, event, item, container, sealed \
        FROM portcullis_outbox WHERE id > ? AND sealed IS NOT NULL \
        ORDER BY id LIMIT CAST(? AS BIGINT)";
    RESEAL_MAIL = "UPDATE portcullis_outbox SET sealed = ? WHERE id = ? AND sealed = ?";
    TAKE_MAIL = "DELETE FROM portcullis_outbox WHERE id = ? \
        RETURNING id, at, recipient, event, item, container, sealed";
}

impl<E: Exec> Ledger for SqlTx<E> {
    fn revision(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        match scope_id(scope) {
            None => self.exec.one(POLICY_REVISION, &[], read_revision),
            Some(id) => {
                let found = self
                    .exec
                    .optional(SCOPE_REVISION, &[id.into()], read_revision)?;
                Ok(found.unwrap_or_default())
            }
        }
    }

    fn bump(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        self.needs_turn()?;
        match scope_id(scope) {
            None => self.exec.one(BUMP_POLICY, &[], read_revision),
            Some(id) => self.exec.one(BUMP_SCOPE, &[id.into()], read_revision),
        }
    }

    fn record(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        let actor = text::actor(&entry.by)?;
        self.exec.run(
            RECORD,
            &[
                entry.id.into(),
                entry.at.into(),
                actor.as_str().into(),
                entry.action.as_str().into(),
                entry.client.into(),
                entry.target.as_str().into(),
                entry.detail.as_str().into(),
            ],
        )?;
        Ok(())
    }

    fn post(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let recipient = text::recipient(&mail.to)?;
        self.exec.run(
            POST,
            &[
                mail.id.into(),
                mail.at.into(),
                recipient.as_str().into(),
                mail.event.as_str().into(),
                mail.item.into(),
                mail.container.into(),
                mail.sealed.as_ref().map(SealedText::text).into(),
            ],
        )?;
        Ok(())
    }

    fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.exec.list(NEWEST_AUDIT, &[limit.into()], |row| {
            Ok(AuditEntry {
                id: row.id()?,
                at: row.timestamp()?,
                by: text::read_actor(row.text()?)?,
                action: row.text()?.to_owned(),
                client: row.opt_id()?,
                target: row.text()?.to_owned(),
                detail: row.text()?.to_owned(),
            })
        })
    }

    fn outbox(&mut self, limit: u32) -> Result<Vec<Mail>, StoreError> {
        self.exec.list(OLDEST_MAIL, &[limit.into()], read_mail)
    }

    fn sealed_mails_after(
        &mut self,
        after: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        // No mail has the least id.
        let after = after.unwrap_or(MailId::from_uuid(Uuid::nil()));
        let values = [after.into(), limit.into()];
        self.exec.list(SEALED_MAILS_AFTER, &values, read_mail)
    }

    fn reseal_mail(
        &mut self,
        mail: MailId,
        old: &SealedText,
        new: &SealedText,
    ) -> Result<bool, StoreError> {
        let values = [new.text().into(), mail.into(), old.text().into()];
        Ok(self.exec.run(RESEAL_MAIL, &values)? > 0)
    }

    fn take_mail(&mut self, mail: MailId) -> Result<Option<Mail>, StoreError> {
        self.exec.optional(TAKE_MAIL, &[mail.into()], read_mail)
    }
}

fn read_mail(row: &mut Cells<'_>) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.id()?,
        at: row.timestamp()?,
        to: text::read_recipient(row.text()?)?,
        event: row.text()?.to_owned(),
        item: row.opt_id()?,
        container: row.opt_id()?,
        sealed: row.opt_text()?.map(SealedText::from_stored),
    })
}

/// The key of a scope; the policy's revision lies in the store's own row instead.
fn scope_id(scope: Scope) -> Option<Uuid> {
    match scope {
        Scope::Policy => None,
        Scope::Client(client) => Some(client.uuid()),
        Scope::Unowned => Some(Uuid::nil()),
    }
}

fn read_revision(row: &mut Cells<'_>) -> Result<Revision, StoreError> {
    row.int().map(Revision::from_number)
}
