use super::people::Desk;
use portcullis_credentials::{Account, Digest, Session, Sessions};
use portcullis_id::{Epoch, SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;
use std::cmp::Reverse;

impl Desk {
    /// `DELETE .. WHERE NOT ..`: how many.
    fn keep_sessions(&mut self, kept: impl Fn(&Session) -> bool) -> Result<u64, StoreError> {
        let sessions = &mut self.change()?.sessions;
        let before = sessions.len();
        sessions.retain(|_, session| kept(session));
        Ok((before - sessions.len()) as u64)
    }
}

impl Sessions for Desk {
    fn add_session(&mut self, session: &Session) -> Result<bool, StoreError> {
        let kept = self.change()?;
        let account = kept.accounts.get(&session.user);
        let there = account.is_some_and(|account| account.epoch == session.epoch);
        if there {
            kept.sessions.insert(session.id, session.clone());
        }
        Ok(there)
    }

    fn session(&mut self, digest: &Digest) -> Result<Option<(Session, Account)>, StoreError> {
        let kept = self.kept();
        let mut sessions = kept.sessions.values();
        let found = sessions.find(|session| session.digest == *digest);
        Ok(found.and_then(|session| {
            let account = kept.accounts.get(&session.user)?;
            Some((session.clone(), account.clone()))
        }))
    }

    fn touch_session(
        &mut self,
        id: SessionId,
        now: Timestamp,
        due: Timestamp,
    ) -> Result<bool, StoreError> {
        let session = self.change()?.sessions.get_mut(&id);
        let stale = session.filter(|session| session.seen_at < due);
        Ok(stale.map(|session| session.seen_at = now).is_some())
    }

    fn rotate_session(
        &mut self,
        id: SessionId,
        old: &Digest,
        new: &Digest,
    ) -> Result<bool, StoreError> {
        let session = self.change()?.sessions.get_mut(&id);
        let same = session.filter(|session| session.digest == *old);
        Ok(same.map(|session| session.digest = *new).is_some())
    }

    fn sessions_of(
        &mut self,
        user: UserId,
        epoch: Epoch,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        let sessions = self.kept().sessions.values();
        let theirs = sessions.filter(|session| session.user == user && session.epoch == epoch);
        let mut found: Vec<Session> = theirs.cloned().collect();
        found.sort_by_key(|session| Reverse((session.created_at, session.id)));
        found.truncate(limit as usize);
        Ok(found)
    }

    fn end_session_of(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let ended = self.keep_sessions(|session| session.id != id || session.user != user)?;
        Ok(ended > 0)
    }

    fn end_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64, StoreError> {
        self.keep_sessions(|session| session.user != user || session.id == keep)
    }

    fn end_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.change()?.sessions.remove(&id).is_some())
    }

    fn end_sessions(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.keep_sessions(|session| session.user != user)
    }

    fn drop_sessions(&mut self, created: Timestamp, seen: Timestamp) -> Result<u64, StoreError> {
        self.keep_sessions(|session| session.created_at > created && session.seen_at > seen)
    }
}
