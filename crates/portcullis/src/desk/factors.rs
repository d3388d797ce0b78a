use super::{AccountsDesk, Run};
use crate::Error;
use portcullis_access::command;
use portcullis_credentials::AccountEvent;
use portcullis_id::UserId;

impl<R: Run> AccountsDesk<'_, '_, R> {
    /// Ticks 'Enforce Two-Factor Authentication' for a user, or clears it (S29). Who has no second
    /// factor yet is signed out, and sets one up at the next sign-in.
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`]; refused for a user who holds more than oneself; invalid for a
    /// user without an address, who could not be told of it, and where the portal was
    /// [given](crate::PortalBuilder::key_ring) no key ring.
    pub fn enforce_factor(&self, user: UserId, enforced: bool) -> Result<bool, Error> {
        self.on(user, AccountEvent::FactorEnforced, |tx, act, desk| {
            let found = tx.user(user)?.ok_or_else(|| Error::hidden(None))?;
            command::no_more_than_oneself(tx, act, &found)?;
            if enforced && found.email.is_none() {
                return Err(Error::invalid(
                    "a second factor is enforced for users with an address; set theirs first",
                ));
            }
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            Ok(credentials.enforce_factor(tx, user, enforced, by, desk.now)?)
        })
    }

    /// Takes the second factor away from a user who has lost it, after making sure that it is them.
    /// They are signed out and told by mail.
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`]; refused for a user who holds more than oneself.
    pub fn remove_factor(&self, user: UserId) -> Result<bool, Error> {
        self.on(user, AccountEvent::FactorRemoved, |tx, act, desk| {
            let found = tx.user(user)?.ok_or_else(|| Error::hidden(None))?;
            command::no_more_than_oneself(tx, act, &found)?;
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            Ok(credentials.remove_factor(tx, user, by, desk.now)?)
        })
    }
}
