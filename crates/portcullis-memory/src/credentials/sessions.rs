use crate::Tx;
use crate::conflict::taken;
use crate::table::Row;
use portcullis_credentials::{Account, Digest, Session, Sessions};
use portcullis_id::{Epoch, SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;
use std::cmp::Reverse;

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

    fn rotate_session(
        &mut self,
        id: SessionId,
        old: &Digest,
        new: &Digest,
    ) -> Result<bool, StoreError> {
        let sessions = &mut self.credentials_mut()?.sessions;
        let Some(session) = sessions.get(id).filter(|session| session.digest == *old) else {
            return Ok(false);
        };
        let rotated = Session {
            digest: *new,
            ..session.clone()
        };
        sessions.put(rotated)?;
        Ok(true)
    }

    fn sessions_of(
        &mut self,
        user: UserId,
        epoch: Epoch,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        let sessions = self.credentials().sessions.rows();
        let of = |session: &&Session| session.user == user && session.epoch == epoch;
        let mut found: Vec<Session> = sessions.filter(of).cloned().collect();
        found.sort_by_key(|session| Reverse((session.created_at, session.id)));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    fn end_session_of(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let sessions = &mut self.credentials_mut()?.sessions;
        let theirs = sessions.get(id).is_some_and(|found| found.user == user);
        Ok(theirs && sessions.remove(id))
    }

    fn end_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64, StoreError> {
        let sessions = &mut self.credentials_mut()?.sessions;
        Ok(sessions.remove_where(|session| session.user == user && session.id != keep))
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
