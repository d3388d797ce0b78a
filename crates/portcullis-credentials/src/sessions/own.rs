use crate::limits::Visit;
use crate::{
    AccountEvent, CredentialError, CredentialTx, Credentials, Fresh, LiveSession, Refusal,
    SessionCheck, Source,
};
use portcullis_id::{SessionId, Timestamp};
use portcullis_ledger::{Actor, Store, StoreError};

/// One of the sessions that somebody has, as they are shown it (ASVS 7.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// To end it by.
    pub id: SessionId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, give or take
    /// [`session_touch_minutes`](crate::CredentialSettings::session_touch_minutes).
    pub seen_at: Timestamp,
    /// The one that asks.
    pub this: bool,
}

/// How many sessions are shown: the newest.
const MOST: u32 = 100;

/// The sessions of who is signed in.
impl Credentials {
    /// Theirs that are live now, the newest first; at most 100.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails.
    pub fn own_sessions(
        &self,
        tx: &mut dyn CredentialTx,
        live: &LiveSession,
        now: Timestamp,
    ) -> Result<Vec<OwnSession>, StoreError> {
        let Some(account) = tx.account(live.proof().user())? else {
            return Ok(Vec::new());
        };
        let sessions = tx.sessions_of(account.user, account.epoch, MOST)?;
        let live_now = sessions
            .into_iter()
            .filter(|session| matches!(self.judge(session, &account, now), SessionCheck::Live(_)));
        let shown = live_now.map(|session| OwnSession {
            id: session.id,
            began_at: session.created_at,
            seen_at: session.seen_at,
            this: session.id == live.id(),
        });
        Ok(shown.collect())
    }

    /// Ends one of their sessions; whether it was there. Another user's is not.
    ///
    /// # Errors
    /// [`CredentialError`] when storage fails. The inner error is for the user.
    pub fn end_own_session<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        session: SessionId,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<bool, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.behind(store, fresh, visit, |tx, account| {
            let ended = tx.end_session_of(account.user, session)?;
            if ended {
                let actor = Actor::User(account.user);
                let detail = format!("from {source}");
                self.trail(&actor, now).record(
                    tx,
                    AccountEvent::SessionEnded,
                    Some(account.user),
                    detail,
                )?;
            }
            Ok(Some(ended))
        })
    }

    /// Ends all their sessions but the one that asks; how many.
    ///
    /// # Errors
    /// [`CredentialError`] when storage fails. The inner error is for the user.
    pub fn end_other_sessions<S>(
        &self,
        store: &S,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<u64, Refusal>, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let visit = Visit { source, now };
        self.behind(store, fresh, visit, |tx, account| {
            let ended = tx.end_other_sessions(account.user, fresh.session())?;
            if ended > 0 {
                let actor = Actor::User(account.user);
                let detail = format!("{ended} sessions, from {source}");
                self.trail(&actor, now).record(
                    tx,
                    AccountEvent::OtherSessionsEnded,
                    Some(account.user),
                    detail,
                )?;
            }
            Ok(Some(ended))
        })
    }
}
