use crate::{
    Account, AccountEvent, CredentialError, CredentialTx, Credentials, Digest, Proof, Session,
    SessionSecret, Sessions,
};
use portcullis_id::{SessionId, Standing, State, Timestamp, UserId};
use portcullis_ledger::{Actor, Store, StoreError, StoreExt};

/// What a session's secret amounts to now.
#[derive(Debug)]
#[must_use = "the session may have ended"]
pub enum SessionCheck {
    /// They are signed in.
    Live(LiveSession),
    /// They are not; have them sign in.
    Ended(Ended),
}

/// A session that was live when it was checked.
#[derive(Debug)]
pub struct LiveSession {
    id: SessionId,
    digest: Digest,
    proof: Proof,
    standing: Standing,
    touch: Option<Timestamp>,
}

/// Why a session is none, for staff. The visitor is asked to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ended {
    /// No such session: never was, signed out, or ended from elsewhere.
    Unknown,
    /// Not used for too long.
    Idle,
    /// Too long since the sign-in.
    TooOld,
    /// The account has moved on: new password, suspension, removal (bug 38).
    Superseded,
    /// The account may not be used now: expired, for one (S27).
    Standing(State),
}

impl LiveSession {
    /// Its id, to end it by.
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// The proof of who they are.
    pub const fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The digest of the secret it was checked with.
    pub(crate) const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Their standing, from the same statement: usable, until its end.
    pub const fn standing(&self) -> Standing {
        self.standing
    }
}

impl Credentials {
    /// Starts a session on a completed sign-in and answers the secret for the cookie. A new one
    /// at every sign-in (ASVS 7.2.4).
    ///
    /// # Errors
    /// [`CredentialError::Superseded`] when the account has changed since the proof was made.
    pub fn start_session<S>(
        &self,
        store: &S,
        proof: Proof,
        now: Timestamp,
    ) -> Result<SessionSecret, CredentialError>
    where
        S: Store + ?Sized,
        S::Tx: CredentialTx,
    {
        let secret = SessionSecret::fresh(&*self.entropy)?;
        let session = Session {
            id: SessionId::new(now, &*self.entropy)?,
            user: proof.user(),
            digest: secret
                .digest()
                .ok_or_else(portcullis_id::EntropyError::exhausted)?,
            epoch: proof.epoch(),
            created_at: now,
            seen_at: now,
        };
        // A command, because whoever ends all sessions must see this one, or come before it.
        let added = store.write(|tx| tx.add_session(&session))?;
        drop(proof);
        if added {
            Ok(secret)
        } else {
            Err(CredentialError::Superseded)
        }
    }

    /// What `secret` amounts to at `now`. One statement, which reads alone: a request asks it in
    /// the same unit of work as all else.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails; that is neither live nor ended.
    pub fn session(
        &self,
        tx: &mut dyn Sessions,
        secret: &SessionSecret,
        now: Timestamp,
    ) -> Result<SessionCheck, StoreError> {
        let found = match secret.digest() {
            Some(digest) => tx.session(&digest)?,
            None => None,
        };
        Ok(match found {
            Some((session, account)) => self.judge(&session, &account, now),
            None => SessionCheck::Ended(Ended::Unknown),
        })
    }

    /// Writes down that the session was used, if that is due; whether it was. Leaving it out for
    /// one request costs the user a minute of idle time at most, so it may be done after the answer.
    ///
    /// # Errors
    /// [`StoreError`] when storage fails.
    pub fn touch(
        &self,
        tx: &mut dyn Sessions,
        live: &LiveSession,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match live.touch {
            Some(due) => tx.touch_session(live.id, now, due),
            None => Ok(false),
        }
    }

    /// Signs out: ends this session.
    ///
    /// # Errors
    /// [`CredentialError`] when storage fails.
    pub fn sign_out(
        &self,
        tx: &mut dyn CredentialTx,
        live: &LiveSession,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        if tx.end_session(live.id)? {
            let user = live.proof.user();
            self.trail(&Actor::User(user), now).record(
                tx,
                AccountEvent::SessionEnded,
                Some(user),
                String::new(),
            )?;
        }
        Ok(())
    }

    /// Ends every session of `user`, as switching the portal off does (choice 2); how many.
    ///
    /// # Errors
    /// [`CredentialError`] when storage fails.
    pub fn end_sessions(
        &self,
        tx: &mut dyn CredentialTx,
        user: UserId,
        by: &Actor,
        now: Timestamp,
    ) -> Result<u64, CredentialError> {
        let ended = tx.end_sessions(user)?;
        if ended > 0 {
            self.trail(by, now).record(
                tx,
                AccountEvent::SessionsEnded,
                Some(user),
                format!("{ended} sessions"),
            )?;
        }
        Ok(ended)
    }

    pub(crate) fn judge(
        &self,
        session: &Session,
        account: &Account,
        now: Timestamp,
    ) -> SessionCheck {
        let standing = account.standing();
        let ended = if session.epoch != account.epoch {
            Some(Ended::Superseded)
        } else if now >= session.created_at.after(self.policy.session_max()) {
            Some(Ended::TooOld)
        } else if now >= session.seen_at.after(self.policy.session_idle()) {
            Some(Ended::Idle)
        } else {
            match standing.at(now) {
                State::Usable => None,
                state => Some(Ended::Standing(state)),
            }
        };
        if let Some(ended) = ended {
            return SessionCheck::Ended(ended);
        }
        let due = now.before(self.policy.session_touch());
        SessionCheck::Live(LiveSession {
            id: session.id,
            digest: session.digest,
            proof: Proof::new(session.user, session.epoch, session.created_at),
            standing,
            touch: (session.seen_at < due).then_some(due),
        })
    }
}
