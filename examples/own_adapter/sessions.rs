use super::people::Desk;
use portcullis_credentials::{Account, Digest, Session, Sessions};
use portcullis_id::{SessionId, Timestamp, UserId};
use portcullis_ledger::StoreError;

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
