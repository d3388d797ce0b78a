use crate::{CredentialError, CredentialTx};
use portcullis_id::{AuditId, Entropy, MailId, Timestamp, UserId};
use portcullis_ledger::{Actor, AuditEntry, Mail, Recipient};

/// What a change leaves in the ledger, in the unit of work that makes it.
pub(crate) struct Trail<'a> {
    pub(crate) entropy: &'a dyn Entropy,
    pub(crate) now: Timestamp,
    pub(crate) by: &'a Actor,
}

impl Trail<'_> {
    /// What a visitor typed as a name is never written down: it may be a password.
    pub(crate) fn record(
        &self,
        tx: &mut dyn CredentialTx,
        action: &str,
        user: Option<UserId>,
        detail: String,
    ) -> Result<(), CredentialError> {
        tx.record(&AuditEntry {
            id: AuditId::new(self.now, self.entropy)?,
            at: self.now,
            by: self.by.clone(),
            action: action.to_owned(),
            client: None,
            target: user.map_or_else(|| "user:unknown".to_owned(), |user| format!("user:{user}")),
            detail,
        })?;
        Ok(())
    }

    pub(crate) fn post(
        &self,
        tx: &mut dyn CredentialTx,
        event: &str,
        user: UserId,
    ) -> Result<(), CredentialError> {
        tx.post(&Mail {
            id: MailId::new(self.now, self.entropy)?,
            at: self.now,
            to: Recipient::User(user),
            event: event.to_owned(),
            item: None,
            container: None,
        })?;
        Ok(())
    }
}
