//! What people do: commands, each for a principal, each in one unit of work.

mod clients;
mod containers;
mod factors;
mod invite;
mod items;
mod keys;
mod lookup;
mod mails;
mod members;
mod own;
mod people;
mod run;
mod settings;
mod staff;
mod survey;

pub use clients::{AddedClient, ClientsDesk, ContactsDesk, GuestEntry};
pub use containers::ContainersDesk;
pub use items::Newcomer;
pub use lookup::LookupDesk;
pub use mails::{Letter, MailsDesk};
pub use members::{Added, MembersDesk};
pub use own::OwnDesk;
pub use people::{AccountsDesk, AffiliationDesk, FirstLogin, NewLogin};
#[cfg(feature = "sql")]
pub use run::{HostTransaction, InTransaction};
pub use run::{Own, Run};
pub use settings::SettingsDesk;
pub use staff::{RolesDesk, Witness};
pub use survey::Finding;

use crate::portal::Rules;
use crate::sight::standing_now;
use crate::{Error, PortalTx};
use portcullis_access::Principal;
use portcullis_credentials::Mailing;
use portcullis_id::{AuditId, Standing, Timestamp};
use portcullis_ledger::AuditEntry;
use portcullis_sharing::SharingAct;

/// One person at work. Every call is refused without the right, and a refusal is audited and
/// leaves nothing else behind: `command.refused`, with what it was to be done to where that was
/// known, the call and the gate. A user name that is taken is audited like a refusal, and
/// users ask for so many of them in an hour (choice 16).
///
/// For a desk inside the host's own transaction the entry shares that transaction: it is kept if
/// the host commits, and lost with the rest if the host rolls back.
///
/// Made from a [`Me`](crate::Me) or from the operator's name; a preview's viewer makes none.
#[derive(Debug)]
pub struct Desk<'p, R> {
    rules: &'p Rules,
    run: R,
    principal: Principal,
    standing: Standing,
    now: Timestamp,
    mailing: Mailing,
}

impl<'p, R: Run> Desk<'p, R> {
    pub(crate) const fn new(
        rules: &'p Rules,
        run: R,
        principal: Principal,
        standing: Standing,
        now: Timestamp,
    ) -> Self {
        Self {
            rules,
            run,
            principal,
            standing,
            now,
            mailing: Mailing::AsUsual,
        }
    }

    /// The same desk with an answer about the mails to users whom it makes: what was said to the
    /// prompt (P37, P38), or that mails are switched off for this user (S34). Without one it is as the
    /// profile's trigger has it (K07).
    ///
    /// Where an invitation is mailed, the call that makes the user answers none. Where it is not, the
    /// call answers the one-use link as ever, and the mail can be sent
    /// [later](AccountsDesk::mail_invitation).
    #[must_use]
    pub fn mailing(mut self, mailing: Mailing) -> Self {
        self.mailing = mailing;
        self
    }

    pub(crate) const fn rules(&self) -> &Rules {
        self.rules
    }

    pub(crate) const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// One command in one unit of work; who acts is read fresh inside it.
    pub(crate) fn act<T>(
        &self,
        action: &str,
        command: impl FnOnce(&mut dyn PortalTx, &SharingAct<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.act_on(action, String::new(), command)
    }

    /// The same, where it is known beforehand what it is done to: `noun:id`, for the audit.
    pub(crate) fn act_on<T>(
        &self,
        action: &str,
        target: String,
        command: impl FnOnce(&mut dyn PortalTx, &SharingAct<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let outcome = self.run.run(|tx| {
            let standing = self.standing_now(tx)?;
            let act = SharingAct::begin(
                tx,
                &self.principal,
                standing,
                &self.rules.access,
                &self.rules.sharing,
                self.now,
                &*self.rules.entropy,
            )?;
            command(tx, &act)
        });
        if let Err(error) = &outcome
            && let Some(why) = error.audited()
        {
            self.run.run(|tx| {
                if error.is_taken_name() {
                    let (credentials, by) = (&self.rules.credentials, self.principal.actor());
                    credentials.name_was_taken(tx, by, self.now)?;
                }
                self.record_refusal(tx, action, target, &why)
            })?;
        }
        outcome
    }

    /// Asked again inside the unit of work, so that a suspension acts at the next command.
    fn standing_now(&self, tx: &mut dyn PortalTx) -> Result<Standing, Error> {
        standing_now(tx, &self.principal, self.standing, self.now)
    }

    fn record_refusal(
        &self,
        tx: &mut dyn PortalTx,
        action: &str,
        target: String,
        why: &str,
    ) -> Result<(), Error> {
        tx.record(&AuditEntry {
            id: AuditId::new(self.now, &*self.rules.entropy)?,
            at: self.now,
            by: self.principal.actor().clone(),
            action: "command.refused".to_owned(),
            client: None,
            target,
            detail: format!("{action}: {why}"),
        })?;
        Ok(())
    }
}
