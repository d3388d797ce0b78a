use crate::Tx;
use crate::conflict::taken;
use crate::table::Row;
use portcullis_credentials::{Account, Digest, Session, Sessions};
use portcullis_id::{SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;

impl Row for Session {
    const KEY: &'static str = "the digest of a session";
    type Id = SessionId;
    type Key = [u8; 32];
    fn id(&self) -> SessionId {
        self.id
    }
    fn key(&self) -> Option<[u8; 32]> {
        Some(*self.digest.bytes())
    }
}

impl Sessions for Tx {
    fn add_session(&mut self, session: &Session) -> Result<bool, StoreError> {
        let kept = self.credentials_mut()?;
        let account = kept.accounts.get(session.user);
        if account.is_none_or(|account| account.epoch != session.epoch) {
            return Ok(false);
        }
        if kept.sessions.has(session.id) {
            return Err(taken("the id of a session"));
        }
        kept.sessions.put(session.clone())?;
        Ok(true)
    }

    fn session(&mut self, digest: &Digest) -> Result<Option<(Session, Account)>, StoreError> {
        let kept = self.credentials();
        let session = kept.sessions.by_key(digest.bytes());
        Ok(session
            .and_then(|session| Some((session.clone(), kept.accounts.get(session.user)?.clone()))))
    }

    fn touch_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<bool, StoreError> {
        let sessions = &mut self.credentials_mut()?.sessions;
        if sessions
            .get(id)
            .is_none_or(|session| session.seen_at >= due)
        {
            return Ok(false);
        }
        let touched = sessions.change(id).map(|session| session.seen_at = now);
        Ok(touched.is_some())
    }

    fn end_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.credentials_mut()?.sessions.remove(id))
    }

    fn end_sessions(&mut self, user: UserId) -> Result<u64, StoreError> {
        let sessions = &mut self.credentials_mut()?.sessions;
        Ok(sessions.remove_where(|session| session.user == user))
    }

    fn drop_sessions(&mut self, created: Timestamp, seen: Timestamp) -> Result<u64, StoreError> {
        let sessions = &mut self.credentials_mut()?.sessions;
        Ok(sessions
            .remove_where(|session| session.created_at <= created || session.seen_at <= seen))
    }
}
