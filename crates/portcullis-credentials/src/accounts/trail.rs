use crate::{AccountEvent, CredentialError, CredentialTx};
use portcullis_id::{AuditId, Entropy, MailId, Timestamp, UserId};
use portcullis_ledger::{Actor, AuditEntry, Mail, Recipient};

/// What a change leaves in the ledger, in the unit of work that makes it.
pub(crate) struct Trail<'a> {
    pub(crate) entropy: &'a dyn Entropy,
    pub(crate) now: Timestamp,
    pub(crate) by: &'a Actor,
}

impl Trail<'_> {
    /// The audit entry of `event`, and the mail to its user where it is one of those. What a visitor
    /// typed as a name is never written down: it may be a password.
    pub(crate) fn record(
        &self,
        tx: &mut dyn CredentialTx,
        event: AccountEvent,
        user: Option<UserId>,
        detail: String,
    ) -> Result<(), CredentialError> {
        tx.record(&AuditEntry {
            id: AuditId::new(self.now, self.entropy)?,
            at: self.now,
            by: self.by.clone(),
            action: event.name().to_owned(),
            client: None,
            target: user.map_or_else(|| "user:unknown".to_owned(), |user| format!("user:{user}")),
            detail,
        })?;
        match user {
            Some(user) if event.is_mailed() => self.post(tx, event, user),
            _ => Ok(()),
        }
    }

    /// Of an event that is not mailed each time.
    pub(crate) fn post(
        &self,
        tx: &mut dyn CredentialTx,
        event: AccountEvent,
        user: UserId,
    ) -> Result<(), CredentialError> {
        self.post_to(tx, event, Recipient::User(user))
    }

    /// The same, to somebody at a certain address.
    pub(crate) fn post_to(
        &self,
        tx: &mut dyn CredentialTx,
        event: AccountEvent,
        to: Recipient,
    ) -> Result<(), CredentialError> {
        tx.post(&Mail {
            id: MailId::new(self.now, self.entropy)?,
            at: self.now,
            to,
            event: event.name().to_owned(),
            item: None,
            container: None,
            sealed: None,
        })?;
        Ok(())
    }
}
