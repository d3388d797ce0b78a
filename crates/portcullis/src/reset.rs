use crate::{Error, Portal, PortalTx};
use portcullis_credentials::{
    Invitation, Link, NewPassword, Refusal, SecretString, Source, TokenSecret,
};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::Store;

/// A new password by mail link, for who forgot theirs.
impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Asks for a link to a new password, for whoever has this user name. The answer is the same
    /// whether anybody has (bug 21); the refusal is of a source that asks too often. The mail waits
    /// in the outbox: the link is made by whoever [takes](crate::desk::MailsDesk::take) it to send
    /// it.
    ///
    /// ```
    /// use portcullis::{Error, Portal, PortalTx, credentials::Source, id::Timestamp, ledger::Store};
    ///
    /// fn forgotten<S>(portal: &Portal<S>, name: &str, from: &Source, now: Timestamp) -> Result<String, Error>
    /// where
    ///     S: Store,
    ///     S::Tx: PortalTx,
    /// {
    ///     Ok(match portal.request_reset(name, from, now)? {
    ///         Ok(()) => "if there is such an account, a mail is on its way".to_owned(),
    ///         Err(refusal) => refusal.shown().to_string(),
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// Faults alone; one of them is a profile without a `base_address`.
    pub fn request_reset(
        &self,
        name: &str,
        source: &Source,
        now: Timestamp,
    ) -> Result<Result<(), Refusal>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.request_reset(self.store(), name, source, now)?)
    }

    /// Sets the new password of who holds the link. It does not sign in, and every session ends.
    ///
    /// # Errors
    /// Faults alone.
    pub fn finish_reset(
        &self,
        secret: &TokenSecret,
        new: &SecretString,
        source: &Source,
        now: Timestamp,
    ) -> Result<NewPassword<UserId>, Error> {
        let credentials = &self.rules().credentials;
        Ok(credentials.finish_reset(self.store(), secret, new, source, now)?)
    }

    /// The link of an invitation, for its mail.
    ///
    /// # Errors
    /// A fault where the profile has no `base_address`.
    pub fn invitation_link(&self, invitation: &Invitation) -> Result<Link, Error> {
        Ok(self.rules().credentials.invitation_link(invitation)?)
    }
}
