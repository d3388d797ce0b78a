use super::people::Desk;
use portcullis_id::MailId;
use portcullis_ledger::{AuditEntry, Ledger, Mail, Revision, Scope, SealedText, StoreError};

impl Ledger for Desk {
    fn revision(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        let number = self.kept().revisions.get(&scope).copied();
        Ok(Revision::from_number(number.unwrap_or(0)))
    }

    fn bump(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        self.needs_turn()?;
        let number = self.change()?.revisions.entry(scope).or_default();
        *number += 1;
        Ok(Revision::from_number(*number))
    }

    fn record(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.change()?.audit.push(entry.clone());
        Ok(())
    }

    fn post(&mut self, mail: &Mail) -> Result<(), StoreError> {
        self.change()?.outbox.push(mail.clone());
        Ok(())
    }

    fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let newest = self.kept().audit.iter().rev().take(limit as usize);
        Ok(newest.cloned().collect())
    }

    fn outbox(&mut self, limit: u32) -> Result<Vec<Mail>, StoreError> {
        let oldest = self.kept().outbox.iter().take(limit as usize);
        Ok(oldest.cloned().collect())
    }

    fn sealed_mails_after(
        &mut self,
        after: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        let sealed = self.kept().outbox.iter();
        let sealed = sealed.filter(|mail| mail.sealed.is_some() && Some(mail.id) > after);
        let mut sealed: Vec<Mail> = sealed.cloned().collect();
        sealed.sort_by_key(|mail| mail.id);
        sealed.truncate(limit as usize);
        Ok(sealed)
    }

    fn reseal_mail(
        &mut self,
        mail: MailId,
        old: &SealedText,
        new: &SealedText,
    ) -> Result<bool, StoreError> {
        let mut waiting = self.change()?.outbox.iter_mut();
        let found = waiting.find(|known| known.id == mail && known.sealed.as_ref() == Some(old));
        Ok(found.map(|mail| mail.sealed = Some(new.clone())).is_some())
    }

    fn take_mail(&mut self, mail: MailId) -> Result<Option<Mail>, StoreError> {
        let outbox = &mut self.change()?.outbox;
        let waiting = outbox.iter().position(|known| known.id == mail);
        Ok(waiting.map(|at| outbox.remove(at)))
    }
}
