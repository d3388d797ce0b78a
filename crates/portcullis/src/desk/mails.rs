use super::{Desk, Run};
use crate::{Error, PortalTx};
use portcullis_access::Gate;
use portcullis_credentials::{AccountEvent, Enclosed, LoginName};
use portcullis_id::MailId;
use portcullis_ledger::{Mail, Recipient};
use portcullis_sharing::SharingAct;

/// The outbox, for the job that sends what waits in it.
#[derive(Debug)]
pub struct MailsDesk<'d, 'p, R>(&'d Desk<'p, R>);

/// A mail that was taken out of the outbox, with what it takes to write and send it.
///
/// It does not print what it carries. Write it, send it, drop it; if sending fails,
/// [put it back](MailsDesk::put_back).
#[derive(Debug)]
#[must_use = "it is in the outbox no more: send it, or put it back"]
pub struct Letter {
    /// The mail: of what event, about what.
    pub mail: Mail,
    /// The address to send it to, as it is stored now; of the mail that tells of a new address to
    /// the one before, that one.
    pub address: String,
    /// The person's name: plain text, exactly as somebody typed it. Escape it where the mail is
    /// HTML: it may be `<a href=...>` (bug 25).
    pub name: String,
    /// The user name they sign in with, if they have an account here.
    pub login: Option<LoginName>,
    /// What it carries.
    pub enclosed: Enclosed,
}

impl Letter {
    /// Whether it is about the user's own security: their password, address or second factor was
    /// changed, or they have asked for a link themselves. No switch that stops a user's mails stops
    /// such a letter (choice 18); an invitation is none (S34).
    pub fn is_about_own_security(&self) -> bool {
        AccountEvent::named(&self.mail.event).is_some_and(AccountEvent::is_own_security)
    }
}

impl<'p, R: Run> Desk<'p, R> {
    /// The outbox, for an operator: a host's job that sends mails.
    ///
    /// ```
    /// use portcullis::credentials::Enclosed;
    /// use portcullis::ledger::Store;
    /// use portcullis::{Error, Portal, PortalTx, id::Timestamp};
    ///
    /// fn send_all<S>(portal: &Portal<S>, now: Timestamp) -> Result<(), Error>
    /// where
    ///     S: Store,
    ///     S::Tx: PortalTx,
    /// {
    ///     let desk = portal.operator("mailer", now);
    ///     for mail in desk.mails().waiting(100)? {
    ///         let letter = match desk.mails().take(mail.id) {
    ///             Ok(Some(letter)) => letter,
    ///             // Another job has taken it meanwhile, or nobody is to get it.
    ///             Ok(None) => continue,
    ///             // It does not open, as when its key is not in the ring: it waits, and no other
    ///             // for its sake. For the log alone.
    ///             Err(error) => {
    ///                 eprintln!("mail {} stays: {error:?}", mail.id);
    ///                 continue;
    ///             }
    ///         };
    ///         let text = match &letter.enclosed {
    ///             Enclosed::Invitation(invitation) => portal.invitation_link(invitation)?.expose().to_owned(),
    ///             Enclosed::Reset(link) => link.expose().to_owned(),
    ///             Enclosed::Nothing => letter.mail.event.clone(),
    ///             _ => continue,
    ///         };
    ///         if !sent(&letter.address, &text) {
    ///             desk.mails().put_back(letter)?;
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// # fn sent(_: &str, _: &str) -> bool { true }
    /// ```
    pub const fn mails(&self) -> MailsDesk<'_, 'p, R> {
        MailsDesk(self)
    }
}

impl<R: Run> MailsDesk<'_, '_, R> {
    /// What waits, oldest first, at most `limit`.
    ///
    /// # Errors
    /// Refused for anybody but an operator.
    pub fn waiting(&self, limit: u32) -> Result<Vec<Mail>, Error> {
        self.act("mail.read", |tx, _| Ok(tx.outbox(limit)?))
    }

    /// Takes one mail out to send it, and opens what it carries: a password that waited sealed, and
    /// is stored nowhere any more (choice 15), or a one-use link that is made now. Of two senders one
    /// gets it. `None` for a mail that somebody else has taken, and for one that is not to be sent:
    /// its user was removed, has no address, or could not use what it carries (D33). Such a mail is
    /// dropped, and the audit says so.
    ///
    /// # Errors
    /// Refused for anybody but an operator; a fault for a mail that does not open, which then stays:
    /// go on with the next, put its key back into the ring, or [discard](Self::discard) it.
    pub fn take(&self, mail: MailId) -> Result<Option<Letter>, Error> {
        let desk = self.0;
        self.act("mail.take", |tx, act| {
            let Some(mail) = tx.take_mail(mail)? else {
                return Ok(None);
            };
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            let to = match &mail.to {
                Recipient::User(user) => Some((*user, None)),
                Recipient::FormerAddress { user, address } => Some((*user, Some(address.clone()))),
                _ => None,
            };
            if let Some((user, former)) = to
                && let Some(person) = tx.user(user)?.filter(|user| !user.removed)
                && let Some(address) = former.or(person.email)
                && let Some(enclosed) = credentials.open_mail(tx, &mail, by, desk.now)?
            {
                return Ok(Some(Letter {
                    login: tx.account(user)?.map(|account| account.name),
                    mail,
                    address,
                    name: person.name,
                    enclosed,
                }));
            }
            drop_entry(tx, act, &mail)?;
            Ok(None)
        })
    }

    /// Drops a mail unsent, which its user then never gets; false for one that is not there any more.
    /// For one whose secret opens under no key: what it told of stands, so invite its user anew.
    ///
    /// # Errors
    /// Refused for anybody but an operator.
    pub fn discard(&self, mail: MailId) -> Result<bool, Error> {
        self.act("mail.discard", |tx, act| {
            let Some(mail) = tx.take_mail(mail)? else {
                return Ok(false);
            };
            drop_entry(tx, act, &mail)?;
            Ok(true)
        })
    }

    /// Puts back what could not be sent. A password is sealed again as it was, or under the key that
    /// seals now; of a link the next sender makes a new one.
    ///
    /// # Errors
    /// Refused for anybody but an operator.
    pub fn put_back(&self, letter: Letter) -> Result<(), Error> {
        let mail = letter.mail;
        let mail = self.0.rules.credentials.mail_to_put_back(mail)?;
        self.act("mail.put-back", |tx, _| Ok(tx.post(&mail)?))
    }

    fn act<T>(
        &self,
        action: &str,
        command: impl FnOnce(&mut dyn PortalTx, &SharingAct<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.0.act(action, |tx, act| {
            if self.0.principal.user().is_some() {
                return Err(Error::refused(Gate::Right, "only an operator sends mails"));
            }
            command(tx, act)
        })
    }
}

fn drop_entry(tx: &mut dyn PortalTx, act: &SharingAct<'_>, mail: &Mail) -> Result<(), Error> {
    let target = format_args!("mail:{}", mail.id);
    act.record(tx, "mail.drop", None, target, mail.event.as_str())?;
    Ok(())
}
