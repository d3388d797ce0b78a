use crate::{Error, Me, Portal, PortalTx};
use portcullis_credentials::{Current, Fresh, OwnSession, Reauthentication, Refusal, Source};
use portcullis_id::{SessionId, Timestamp};
use portcullis_ledger::{Store, StoreExt};

/// One's own sessions, and confirming who one is in one. A [`Refusal`] is for the visitor.
impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Asks who is signed in for their current password, and for a code where they have a second
    /// factor: what changes their own credentials takes the [`Fresh`] that comes of it. The session
    /// goes on under the new secret, and this `Me` is read no further.
    ///
    /// # Errors
    /// [`SignedOut`](crate::ErrorKind::SignedOut) for who did not sign in here; otherwise faults
    /// alone.
    pub fn reauthenticate(
        &self,
        me: &Me,
        current: Current<'_>,
        source: &Source,
    ) -> Result<Reauthentication, Error> {
        let live = me.session().ok_or_else(Error::signed_out)?;
        let credentials = &self.rules().credentials;
        Ok(credentials.reauthenticate(self.store(), live, current, source, me.at())?)
    }

    /// One's own sessions that are live, the newest first.
    ///
    /// # Errors
    /// As [`Portal::reauthenticate`].
    pub fn own_sessions(&self, me: &Me) -> Result<Vec<OwnSession>, Error> {
        let live = me.session().ok_or_else(Error::signed_out)?;
        let credentials = &self.rules().credentials;
        self.store()
            .read(|tx| Ok(credentials.own_sessions(tx, live, me.at())?))
    }

    /// Ends one of one's own sessions; whether it was there.
    ///
    /// # Errors
    /// Faults alone.
    pub fn end_own_session(
        &self,
        fresh: &Fresh,
        session: SessionId,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<bool, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.end_own_session(self.store(), fresh, session, source, now)?)
    }

    /// Ends all of one's own sessions but this one; how many.
    ///
    /// # Errors
    /// Faults alone.
    pub fn end_other_sessions(
        &self,
        fresh: &Fresh,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<u64, Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.end_other_sessions(self.store(), fresh, source, now)?)
    }
}
