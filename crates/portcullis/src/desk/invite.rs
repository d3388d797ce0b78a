//! The first login of somebody, and how they hear of it (K07).

use super::people::login_name;
use super::{Desk, FirstLogin, Run};
use crate::Error;
use portcullis_credentials::{
    CredentialTx, Enclosure, Expiry, FirstPassword, Invitation, NewAccount, Occasion,
};
use portcullis_id::{ContainerId, UserId};
use std::num::NonZeroU32;

/// A login that is about to be opened. Made before the unit of work: a hash takes its time.
pub(super) struct Opening {
    password: FirstPassword,
    then: Then,
}

/// How its user hears of it.
enum Then {
    /// Otherwise.
    Nothing,
    /// From who asked for it, who is answered the link.
    InHand,
    /// By mail.
    Mail(Enclosure),
}

/// Whose login it is.
pub(super) struct Whose<'a> {
    pub(super) user: UserId,
    pub(super) login: &'a str,
    pub(super) email: Option<&'a str>,
    pub(super) expires_in_days: Option<NonZeroU32>,
    /// Where the mail is to say that they are a member now (choice 22).
    pub(super) container: Option<ContainerId>,
}

impl<R: Run> Desk<'_, R> {
    pub(super) fn opening(&self, first: FirstLogin, occasion: Occasion) -> Result<Opening, Error> {
        let policy = self.rules.credentials.policy();
        let mails = policy
            .settings()
            .invitation_trigger
            .mails(occasion, self.mailing);
        let (password, then) = match first {
            FirstLogin::Directory => (FirstPassword::InDirectory, Then::Nothing),
            FirstLogin::Invited if mails => (FirstPassword::ToBeSet, Then::Mail(self.enclosure()?)),
            FirstLogin::Invited => (FirstPassword::ToBeSet, Then::InHand),
            FirstLogin::Password(given) if mails && policy.mails_passwords() => (
                FirstPassword::ToBeSet,
                Then::Mail(Enclosure::Password(given)),
            ),
            FirstLogin::Password(given) if mails => {
                (FirstPassword::Assigned(given), Then::Mail(Enclosure::Link))
            }
            FirstLogin::Password(given) => (FirstPassword::Assigned(given), Then::Nothing),
        };
        Ok(Opening { password, then })
    }

    /// Makes the account of who gets a link in hand, whatever the profile mails.
    pub(super) fn open_in_hand(
        &self,
        tx: &mut dyn CredentialTx,
        whose: &Whose<'_>,
    ) -> Result<Invitation, Error> {
        let opening = Opening {
            password: FirstPassword::ToBeSet,
            then: Then::Nothing,
        };
        self.open_account(tx, whose, opening)?;
        let (credentials, by) = (&self.rules.credentials, self.principal.actor());
        Ok(credentials.invite(tx, whose.user, by, self.now)?)
    }

    /// What an invitation by mail carries here.
    pub(super) fn enclosure(&self) -> Result<Enclosure, Error> {
        self.rules.credentials.enclosure()?.map_err(Error::retry)
    }

    /// Makes the account, and its mail if one is due; answers the link if it is to be in hand.
    pub(super) fn open_account(
        &self,
        tx: &mut dyn CredentialTx,
        whose: &Whose<'_>,
        opening: Opening,
    ) -> Result<Option<Invitation>, Error> {
        let (credentials, by) = (&self.rules.credentials, self.principal.actor());
        let new = NewAccount {
            user: whose.user,
            name: login_name(whose.login)?,
            password: opening.password,
            expiry: whose
                .expires_in_days
                .map(|days| Expiry::starting(days, self.now)),
        };
        credentials.create_account(tx, new, by, self.now)?;
        match opening.then {
            Then::Nothing => Ok(None),
            Then::InHand => Ok(Some(credentials.invite(tx, whose.user, by, self.now)?)),
            Then::Mail(enclosure) => {
                mailable(whose.email)?;
                let (user, at) = (whose.user, whose.container);
                credentials.mail_invitation(tx, user, enclosure, at, by, self.now)?;
                Ok(None)
            }
        }
    }
}

/// Refuses a mail that would go nowhere.
pub(super) fn mailable(email: Option<&str>) -> Result<(), Error> {
    if email.is_some() {
        return Ok(());
    }
    Err(Error::invalid(
        "there is no address to mail the invitation to; add one, or decline the mail",
    ))
}
