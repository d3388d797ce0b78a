use crate::sight::standing_now;
use crate::{Error, Me, Portal, PortalTx};
use portcullis_access::{Gate, OwnField, Principal};
use portcullis_credentials::{
    ChangePassword, CredentialError, Fresh, NewPassword, PasswordStep, Proof, SecretString,
    SessionCheck, SessionSecret, SignIn, Source, Step, TokenSecret,
};
use portcullis_id::{Standing, Timestamp, UserId};
use portcullis_ledger::{Store, StoreExt};
use portcullis_sharing::load_sight;

/// The ways in and out.
impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Signs somebody in: the outcome's arms carry the only way on. Takes the store, never a
    /// caller's transaction, so that no attempt is ever uncounted.
    ///
    /// # Errors
    /// Faults alone; every "no" is a [`SignIn::Refused`].
    pub fn sign_in(
        &self,
        name: &str,
        password: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<SignIn, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.sign_in(self.store(), name, password, source, now)?)
    }

    /// Answers a forced change of password, and goes on with the sign-in (S52, S53).
    ///
    /// # Errors
    /// Faults alone.
    pub fn set_new_password(
        &self,
        step: Step<ChangePassword>,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<PasswordStep, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.set_new_password(self.store(), step, new, source, now)?)
    }

    /// Changes one's own password. The current one was needed for the [`Fresh`] (S18, S19), of
    /// [`Portal::reauthenticate`].
    ///
    /// # Errors
    /// Refused where the profile does not list [`OwnField::Password`] (K28); otherwise faults alone.
    pub fn change_password(
        &self,
        fresh: &Fresh,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<NewPassword<Proof>, Error> {
        if !self
            .rules()
            .access
            .own_fields()
            .contains(&OwnField::Password)
        {
            return Err(Error::refused(
                Gate::Right,
                "here staff gives out passwords; ask them for a new one",
            ));
        }
        let credentials = &self.rules().credentials;
        Ok(credentials.change_password(self.store(), fresh, new, source, now)?)
    }

    /// Sets the password of the invited. It does not sign in.
    ///
    /// # Errors
    /// Faults alone.
    pub fn accept_invitation(
        &self,
        secret: &TokenSecret,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<NewPassword<UserId>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.accept_invitation(self.store(), secret, new, source, now)?)
    }

    /// Starts a session on a completed sign-in; the secret goes into the cookie.
    ///
    /// # Errors
    /// [`SignedOut`](crate::ErrorKind::SignedOut) when the account has changed since.
    pub fn start_session(&self, proof: Proof, now: Timestamp) -> Result<SessionSecret, Error> {
        let credentials = &self.rules().credentials;
        match credentials.start_session(self.store(), proof, now) {
            Err(CredentialError::Superseded) => Err(Error::signed_out()),
            other => Ok(other?),
        }
    }

    /// Who a request comes from and what they see: three statements in one snapshot.
    ///
    /// # Errors
    /// [`SignedOut`](crate::ErrorKind::SignedOut) when the session has ended, whatever the cause.
    pub fn session(&self, secret: &SessionSecret, now: Timestamp) -> Result<Me, Error> {
        let rules = self.rules();
        let me = self.store().read(|tx| {
            let SessionCheck::Live(live) = rules.credentials.session(tx, secret, now)? else {
                return Err(Error::signed_out());
            };
            let (user, standing) = (live.proof().user(), live.standing());
            let viewer = load_sight(tx, user, standing, &rules.access, &rules.sharing, now)?
                .ok_or_else(Error::signed_out)?;
            let principal = Principal::vouched_by_sign_in(user);
            let session = Some((live, secret.clone()));
            Ok(Me::new(principal, viewer, standing, session, now))
        })?;
        Ok(me)
    }

    /// Writes down that the session was used, where that is due. May be left to after the answer.
    ///
    /// # Errors
    /// Faults alone.
    pub fn touch(&self, me: &Me) -> Result<(), Error> {
        if let Some(live) = me.session() {
            let credentials = &self.rules().credentials;
            self.store()
                .conditionally(|tx| credentials.touch(tx, live, me.at()))?;
        }
        Ok(())
    }

    /// Signs out.
    ///
    /// # Errors
    /// Faults alone.
    pub fn sign_out(&self, me: Me) -> Result<(), Error> {
        if let Some(live) = me.session() {
            let credentials = &self.rules().credentials;
            self.store()
                .conditionally(|tx| credentials.sign_out(tx, live, me.at()))?;
        }
        drop(me);
        Ok(())
    }

    /// Somebody in good standing for whom the host's own single sign-on vouches: as
    /// [`Portal::vouched_as`] with [`Standing::USABLE`].
    ///
    /// # Errors
    /// As [`Portal::vouched_as`].
    pub fn vouched(&self, user: UserId, voucher: &str, now: Timestamp) -> Result<Me, Error> {
        self.vouched_as(user, voucher, Standing::USABLE, now)
    }

    /// Somebody for whom the host's own single sign-on vouches; its name is kept in the audit.
    ///
    /// The host answers what their account with it amounts to. Where they have an account here
    /// too, the worse of both counts: a suspension here ends what they see and do. That the
    /// account here waits for a password (invited, or a change due) does not count, since they
    /// need none.
    ///
    /// # Errors
    /// [`SignedOut`](crate::ErrorKind::SignedOut) for a user who is none.
    pub fn vouched_as(
        &self,
        user: UserId,
        voucher: &str,
        standing: Standing,
        now: Timestamp,
    ) -> Result<Me, Error> {
        let rules = self.rules();
        let principal = Principal::vouched_by(voucher, user);
        self.store().read(|tx| {
            let counts = standing_now(tx, &principal, standing, now)?;
            let viewer = load_sight(tx, user, counts, &rules.access, &rules.sharing, now)?
                .ok_or_else(Error::signed_out)?;
            Ok(Me::new(principal.clone(), viewer, standing, None, now))
        })
    }
}
