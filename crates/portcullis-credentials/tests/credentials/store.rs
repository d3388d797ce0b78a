//! A host's own store: a few vectors behind a mutex, written against the ports' documentation.

use crate::store_factors::KeptFactor;
use portcullis_credentials::{
    Account, Accounts, Attempts, Digest, Expiry, FactorKind, FormerPassword, PasswordHash, Purpose,
    Reached, Reserve, Session, Sessions, Settle, Token, Tokens, Tries, Who,
};
use portcullis_id::{Epoch, MailId, SessionId, Timestamp, UserId};
use portcullis_ledger::{
    AuditEntry, Ledger, Mail, Mode, Revision, Scope, SealedText, Store, StoreError,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub(crate) struct MapStore {
    rows: Mutex<Rows>,
    pub(crate) commits: AtomicUsize,
    /// What somebody else does right behind the next commit.
    pub(crate) meanwhile: Mutex<Option<fn(&mut Rows)>>,
}

#[derive(Clone, Default)]
pub(crate) struct Rows {
    pub(crate) accounts: Vec<Account>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) factors: Vec<KeptFactor>,
    pub(crate) factor_tries: Vec<(UserId, FactorKind, Tries)>,
    pub(crate) codes: Vec<(UserId, Digest)>,
    pub(crate) former: Vec<FormerPassword>,
    pub(crate) rates: Vec<(&'static str, String, Timestamp)>,
    pub(crate) audit: Vec<AuditEntry>,
    pub(crate) mails: Vec<Mail>,
    pub(crate) policy: i64,
    pub(crate) statements: Arc<AtomicUsize>,
}

impl MapStore {
    pub(crate) fn rows(&self) -> Rows {
        self.rows.lock().unwrap().clone()
    }
}

impl Store for MapStore {
    type Tx = Rows;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Rows) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut rows = self
            .rows
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut mine = rows.clone();
        work(&mut mine)?;
        if mode.writes() {
            *rows = mine;
            self.commits.fetch_add(1, Ordering::SeqCst);
            if let Some(change) = self.meanwhile.lock().unwrap().take() {
                change(&mut rows);
            }
        }
        Ok(())
    }
}

impl Rows {
    fn find(&mut self, met: impl Fn(&Account) -> bool) -> Option<&mut Account> {
        self.statements.fetch_add(1, Ordering::SeqCst);
        self.accounts.iter_mut().find(|account| met(account))
    }

    fn change(&mut self, met: impl Fn(&Account) -> bool, to: impl FnOnce(&mut Account)) -> bool {
        self.find(met).map(to).is_some()
    }

    pub(crate) fn statement(&self) {
        self.statements.fetch_add(1, Ordering::SeqCst);
    }

    fn account_of(&self, user: UserId) -> Account {
        self.accounts
            .iter()
            .find(|account| account.user == user)
            .unwrap()
            .clone()
    }
}

impl Accounts for Rows {
    fn account(&mut self, user: UserId) -> Result<Option<Account>, StoreError> {
        Ok(self.find(|a| a.user == user).cloned())
    }
    fn account_named(&mut self, key: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.find(|a| a.name.key() == key).cloned())
    }
    fn add_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        let taken = self
            .find(|a| a.user == account.user || a.name == account.name)
            .is_some();
        if !taken {
            self.accounts.push(account.clone());
        }
        Ok(!taken)
    }
    fn set_password(
        &mut self,
        user: UserId,
        epoch: Epoch,
        password: &PasswordHash,
        change_due: bool,
    ) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.epoch == epoch && !a.directory,
            |a| {
                a.password = Some(password.clone());
                a.change_due = change_due;
                a.epoch = a.epoch.next();
            },
        ))
    }
    fn replace_hash(
        &mut self,
        user: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let is = |hash: &PasswordHash| hash.expose() == old.expose();
        Ok(self.change(
            |a| a.user == user && a.password.as_ref().is_some_and(is),
            |a| a.password = Some(new.clone()),
        ))
    }
    fn hashes_after(
        &mut self,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
        self.statement();
        let accounts = self.accounts.iter().filter(|a| Some(a.user) > after);
        let hashes = accounts.filter_map(|a| Some((a.user, a.password.clone()?)));
        let mut found: Vec<_> = hashes.collect();
        found.sort_by_key(|(user, _)| *user);
        found.truncate(limit as usize);
        Ok(found)
    }
    fn set_directory(&mut self, user: UserId, directory: bool) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.directory != directory,
            |a| {
                a.directory = directory;
                a.password = None;
                a.change_due = false;
                a.epoch = a.epoch.next();
            },
        ))
    }
    fn move_epoch(&mut self, user: UserId, epoch: Epoch) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.epoch == epoch,
            |a| a.epoch = a.epoch.next(),
        ))
    }
    fn demand_change(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.password.is_some() && !a.change_due,
            |a| {
                a.change_due = true;
                a.epoch = a.epoch.next();
            },
        ))
    }
    fn unlock(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.change(|a| a.user == user, |a| a.tries = a.tries.unlock()))
    }
    fn suspend(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.suspended_at.is_none(),
            |a| {
                a.suspended_at = Some(at);
                a.epoch = a.epoch.next();
            },
        ))
    }
    fn resume(&mut self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.suspended_at.is_some(),
            |a| a.suspended_at = None,
        ))
    }
    fn disable(&mut self, user: UserId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.disabled_at.is_none(),
            |a| {
                a.disabled_at = Some(at);
                a.epoch = a.epoch.next();
            },
        ))
    }
    fn set_expiry(&mut self, user: UserId, expiry: Option<Expiry>) -> Result<bool, StoreError> {
        Ok(self.change(|a| a.user == user, |a| a.expiry = expiry))
    }
    fn remove_account(&mut self, user: UserId) -> Result<bool, StoreError> {
        self.statement();
        let before = self.accounts.len();
        self.accounts.retain(|a| a.user != user);
        self.tokens.retain(|t| t.user != user);
        self.sessions.retain(|s| s.user != user);
        self.factors.retain(|kept| kept.factor.user != user);
        self.factor_tries.retain(|(of, _, _)| *of != user);
        self.codes.retain(|(of, _)| *of != user);
        self.former.retain(|one| one.user != user);
        Ok(self.accounts.len() < before)
    }
}

impl Attempts for Rows {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let found = self.find(|a| {
            let meant = match reserve.who {
                Who::Named(key) => a.name.key() == key,
                Who::User(user) => a.user == user,
            };
            meant && (a.password.is_some() || a.directory)
        });
        Ok(found.and_then(|a| {
            a.tries = a
                .tries
                .reserve(reserve.now, reserve.forget_before, &reserve.lock)?;
            Some(a.clone())
        }))
    }
    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let found = self.find(|a| a.user == settle.user && a.epoch == settle.epoch);
        Ok(found.map(|a| {
            a.tries = a.tries.settle(settle.serial);
            a.clone()
        }))
    }
    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == user && a.tries.release(serial).is_some(),
            |a| a.tries = a.tries.release(serial).unwrap(),
        ))
    }
    fn lock_until_admin(&mut self, reached: &Reached) -> Result<bool, StoreError> {
        Ok(self.change(
            |a| a.user == reached.user && a.tries.lock_until_admin(reached).is_some(),
            |a| a.tries = a.tries.lock_until_admin(reached).unwrap(),
        ))
    }
}

impl Tokens for Rows {
    fn put_token(&mut self, token: &Token) -> Result<bool, StoreError> {
        self.statement();
        if !self.accounts.iter().any(|a| a.user == token.user) {
            return Ok(false);
        }
        self.tokens
            .retain(|t| (t.user, t.purpose) != (token.user, token.purpose));
        self.tokens.push(token.clone());
        Ok(true)
    }
    fn token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<(Token, Account)>, StoreError> {
        self.statement();
        let found = self
            .tokens
            .iter()
            .find(|t| t.digest == *digest && t.purpose == purpose);
        Ok(found.map(|t| (t.clone(), self.account_of(t.user))))
    }
    fn consume_token(
        &mut self,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Token>, StoreError> {
        self.statement();
        let at = self
            .tokens
            .iter()
            .position(|t| t.digest == *digest && t.purpose == purpose);
        Ok(at.map(|at| self.tokens.remove(at)))
    }
    fn drop_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.statement();
        let before = self.tokens.len();
        self.tokens.retain(|t| t.expires_at > now);
        Ok((before - self.tokens.len()) as u64)
    }
}

impl Sessions for Rows {
    fn add_session(&mut self, session: &Session) -> Result<bool, StoreError> {
        let there = self
            .find(|a| a.user == session.user && a.epoch == session.epoch)
            .is_some();
        if there {
            self.sessions.push(session.clone());
        }
        Ok(there)
    }
    fn session(&mut self, digest: &Digest) -> Result<Option<(Session, Account)>, StoreError> {
        self.statement();
        let found = self.sessions.iter().find(|s| s.digest == *digest);
        Ok(found.map(|s| (s.clone(), self.account_of(s.user))))
    }
    fn touch_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<bool, StoreError> {
        self.statement();
        let found = self
            .sessions
            .iter_mut()
            .find(|s| s.id == id && s.seen_at < due);
        Ok(found.map(|s| s.seen_at = now).is_some())
    }
    fn rotate_session(
        &mut self,
        id: SessionId,
        old: &Digest,
        new: &Digest,
    ) -> Result<bool, StoreError> {
        self.statement();
        let mut sessions = self.sessions.iter_mut();
        let found = sessions.find(|s| s.id == id && s.digest == *old);
        Ok(found.map(|s| s.digest = *new).is_some())
    }
    fn sessions_of(
        &mut self,
        user: UserId,
        epoch: Epoch,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        self.statement();
        let sessions = self.sessions.iter().cloned();
        let mut found: Vec<Session> = sessions
            .filter(|s| s.user == user && s.epoch == epoch)
            .collect();
        found.sort_by_key(|s| std::cmp::Reverse((s.created_at, s.id)));
        found.truncate(limit as usize);
        Ok(found)
    }
    fn end_session_of(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        self.statement();
        let before = self.sessions.len();
        self.sessions.retain(|s| s.id != id || s.user != user);
        Ok(self.sessions.len() < before)
    }
    fn end_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64, StoreError> {
        self.statement();
        let before = self.sessions.len();
        self.sessions.retain(|s| s.user != user || s.id == keep);
        Ok((before - self.sessions.len()) as u64)
    }
    fn end_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        self.statement();
        let before = self.sessions.len();
        self.sessions.retain(|s| s.id != id);
        Ok(self.sessions.len() < before)
    }
    fn end_sessions(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.statement();
        let before = self.sessions.len();
        self.sessions.retain(|s| s.user != user);
        Ok((before - self.sessions.len()) as u64)
    }
    fn drop_sessions(&mut self, created: Timestamp, seen: Timestamp) -> Result<u64, StoreError> {
        self.statement();
        let before = self.sessions.len();
        self.sessions
            .retain(|s| s.created_at > created && s.seen_at > seen);
        Ok((before - self.sessions.len()) as u64)
    }
}

impl Ledger for Rows {
    fn revision(&mut self, _: Scope) -> Result<Revision, StoreError> {
        Ok(Revision::from_number(self.policy))
    }
    fn bump(&mut self, _: Scope) -> Result<Revision, StoreError> {
        self.statement();
        self.policy += 1;
        Ok(Revision::from_number(self.policy))
    }
    fn record(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.statement();
        self.audit.push(entry.clone());
        Ok(())
    }
    fn post(&mut self, mail: &Mail) -> Result<(), StoreError> {
        self.statement();
        self.mails.push(mail.clone());
        Ok(())
    }
    fn audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(self
            .audit
            .iter()
            .rev()
            .take(limit as usize)
            .cloned()
            .collect())
    }
    fn outbox(&mut self, limit: u32) -> Result<Vec<Mail>, StoreError> {
        Ok(self.mails.iter().take(limit as usize).cloned().collect())
    }
    fn sealed_mails_after(
        &mut self,
        after: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        self.statement();
        let sealed = self.mails.iter();
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
        self.statement();
        let mut waiting = self.mails.iter_mut();
        let found = waiting.find(|known| known.id == mail && known.sealed.as_ref() == Some(old));
        Ok(found.map(|mail| mail.sealed = Some(new.clone())).is_some())
    }

    fn take_mail(&mut self, mail: MailId) -> Result<Option<Mail>, StoreError> {
        self.statement();
        let found = self.mails.iter().position(|known| known.id == mail);
        Ok(found.map(|at| self.mails.remove(at)))
    }
}
