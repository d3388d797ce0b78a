use crate::Tx;
use portcullis_id::{ClientId, MailId};
use portcullis_ledger::{
    AuditEntry, Ledger, Mail, Revision, Scope, SealedText, StoreError, StoreErrorKind,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the ledger keeps. Entries are shared between snapshots, not copied.
#[derive(Clone, Default)]
pub(crate) struct Part {
    policy: Revision,
    unowned: Revision,
    clients: BTreeMap<ClientId, Revision>,
    audit: Vec<Arc<AuditEntry>>,
    outbox: Vec<Arc<Mail>>,
}

impl Tx {
    fn ledger(&self) -> &Part {
        &self.state().ledger
    }

    pub(crate) fn policy_revision(&self) -> Revision {
        self.ledger().policy
    }

    fn ledger_mut(&mut self) -> Result<&mut Part, StoreError> {
        self.state_mut()
            .map(|state| Arc::make_mut(&mut state.ledger))
    }
}

impl Ledger for Tx {
    fn revision(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        let ledger = self.ledger();
        Ok(match scope {
            Scope::Policy => ledger.policy,
            Scope::Unowned => ledger.unowned,
            Scope::Client(client) => ledger.clients.get(&client).copied().unwrap_or_default(),
        })
    }

    fn bump(&mut self, scope: Scope) -> Result<Revision, StoreError> {
        self.needs_turn()?;
        let ledger = self.ledger_mut()?;
        let revision = match scope {
            Scope::Policy => &mut ledger.policy,
            Scope::Unowned => &mut ledger.unowned,
            Scope::Client(client) => ledger.clients.entry(client).or_default(),
        };
        *revision = Revision::from_number(revision.number() + 1);
        Ok(*revision)
    }

    fn record(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        let audit = &mut self.ledger_mut()?.audit;
        if audit.iter().any(|known| known.id == entry.id) {
            return Err(taken(&format!("the audit entry {}", entry.id)));
        }
        audit.push(Arc::new(entry.clone()));
        Ok(())
    }

    fn post(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let outbox = &mut self.ledger_mut()?.outbox;
        if outbox.iter().any(|known| known.id == mail.id) {
            return Err(taken(&format!("the mail {}", mail.id)));
        }
        outbox.push(Arc::new(mail.clone()));
        Ok(())
    }

    fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let newest = self.ledger().audit.iter().rev();
        Ok(newest
            .take(limit as usize)
            .map(|entry| AuditEntry::clone(entry))
            .collect())
    }

    fn outbox(&mut self, limit: u32) -> Result<Vec<Mail>, StoreError> {
        let oldest = self.ledger().outbox.iter();
        Ok(oldest
            .take(limit as usize)
            .map(|mail| Mail::clone(mail))
            .collect())
    }

    fn sealed_mails_after(
        &mut self,
        after: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        let sealed = self.ledger().outbox.iter();
        let sealed = sealed.filter(|mail| mail.sealed.is_some() && Some(mail.id) > after);
        let mut sealed: Vec<Mail> = sealed.map(|mail| Mail::clone(mail)).collect();
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
        let mut waiting = self.ledger_mut()?.outbox.iter_mut();
        let found = waiting.find(|known| known.id == mail && known.sealed.as_ref() == Some(old));
        Ok(found
            .map(|mail| Arc::make_mut(mail).sealed = Some(new.clone()))
            .is_some())
    }

    fn take_mail(&mut self, mail: MailId) -> Result<Option<Mail>, StoreError> {
        let outbox = &mut self.ledger_mut()?.outbox;
        let at = outbox.iter().position(|known| known.id == mail);
        Ok(at.map(|at| Arc::unwrap_or_clone(outbox.remove(at))))
    }
}

fn taken(what: &str) -> StoreError {
    let what = format!("{what} is there already; make it with an id of its own");
    StoreError::new(StoreErrorKind::Conflict, what)
}
