use super::invite::{Whose, mailable};
use super::{Desk, Run};
use crate::administrators::somebody_administers;
use crate::{Error, PortalTx};
use portcullis_access::command::{self, affiliation, user};
use portcullis_access::{AccessTx, ContainerKinds, Gate, User, UserKind};
use portcullis_credentials::{
    AccountEvent, Enclosure, HashedPassword, Invitation, LoginName, Occasion,
};
use portcullis_id::{ClientId, MailId, Timestamp, UserId};
use portcullis_sharing::SharingAct;
use std::num::NonZeroU32;

/// A login to be made.
#[derive(Debug)]
pub struct NewLogin {
    /// The person's name.
    pub name: String,
    /// The user name they sign in with: one space over all clients (D5, S16).
    pub login: String,
    /// Where their mails go.
    pub email: Option<String>,
    /// The rights given directly, by name.
    pub rights: Vec<String>,
    /// How they come by a password.
    pub password: FirstLogin,
    /// After how many days the account expires, if ever (S27).
    pub expires_in_days: Option<NonZeroU32>,
}

/// How somebody signs in for the first time (C11).
#[derive(Debug)]
pub enum FirstLogin {
    /// From an invitation: mailed, as the profile has it or as the desk was
    /// [told](Desk::mailing), or else answered by the call, as the link by which they set their
    /// password themselves. Where passwords are made up, the mail carries one.
    Invited,
    /// With a password that staff gives out, where the profile has it so (D13, S17). It is mailed
    /// where the profile has that so (S32, D55).
    Password(HashedPassword),
    /// With the one they have in the directory (S30).
    Directory,
}

/// The accounts of users: sign-in, not rights.
#[derive(Debug)]
pub struct AccountsDesk<'d, 'p, R>(&'d Desk<'p, R>);

/// What one user is at one client.
#[derive(Debug)]
pub struct AffiliationDesk<'d, 'p, R> {
    desk: &'d Desk<'p, R>,
    user: UserId,
    client: ClientId,
}

impl<'p, R: Run> Desk<'p, R> {
    /// Adds a staff user with a login. Answers an invitation where they are to be invited, and not
    /// by mail.
    ///
    /// # Errors
    /// As [`user::add_staff`]; invalid for a login name that is taken or badly written, and for a
    /// directory that the portal was not [given](crate::PortalBuilder::directory).
    pub fn add_staff(
        &self,
        login: NewLogin,
        every_client: bool,
    ) -> Result<(UserId, Option<Invitation>), Error> {
        let opening = self.opening(login.password, Occasion::User)?;
        self.act("user.add", |tx, act| {
            let new = user::NewStaff {
                name: login.name,
                email: login.email.clone(),
                every_client,
                rights: login.rights,
                key: None,
            };
            let user = user::add_staff(tx, act, new)?;
            let whose = Whose {
                user,
                login: &login.login,
                email: login.email.as_deref(),
                expires_in_days: login.expires_in_days,
                container: None,
            };
            Ok((user, self.open_account(tx, &whose, opening)?))
        })
    }

    /// Adds a user of a client, or a guest, with a login and the affiliation that opens that
    /// client alone. Answers an invitation where they are to be invited, and not by mail.
    ///
    /// # Errors
    /// As [`user::add_client_user`]; and as [`Desk::add_staff`] for the login.
    pub fn add_user(
        &self,
        kind: UserKind,
        client: ClientId,
        contact: Option<portcullis_id::ContactId>,
        login: NewLogin,
    ) -> Result<(UserId, Option<Invitation>), Error> {
        let opening = self.opening(login.password, Occasion::User)?;
        self.act("user.add", |tx, act| {
            let new = user::NewClientUser {
                kind,
                client,
                contact,
                name: login.name,
                email: login.email.clone(),
                rights: login.rights,
                key: None,
            };
            let user = user::add_client_user(tx, act, new)?;
            let whose = Whose {
                user,
                login: &login.login,
                email: login.email.as_deref(),
                expires_in_days: login.expires_in_days,
                container: None,
            };
            Ok((user, self.open_account(tx, &whose, opening)?))
        })
    }

    /// Replaces the rights a user was given directly (D42). Never one's own.
    ///
    /// # Errors
    /// As [`user::set_rights`].
    pub fn set_rights(&self, user: UserId, rights: &[&str]) -> Result<(), Error> {
        let rights = rights.iter().map(|right| (*right).to_owned()).collect();
        self.act("user.rights", |tx, act| {
            leaving_somebody(tx, self, false, |tx| {
                Ok(user::set_rights(tx, act, user, rights)?)
            })
        })
    }

    /// Sets of which container kinds a user reaches all (S44).
    ///
    /// # Errors
    /// As [`user::set_reach`].
    pub fn set_reach(&self, user: UserId, reach: ContainerKinds) -> Result<(), Error> {
        self.act("user.reach", |tx, act| {
            Ok(user::set_reach(tx, act, user, reach)?)
        })
    }

    /// Changes a user's address, and ends their sessions and the links that the one before got. They
    /// are told at both.
    /// Never one's own (S21).
    ///
    /// # Errors
    /// As [`user::set_email`]; invalid to take it from a user for whom a second factor is enforced.
    pub fn set_email(&self, user: UserId, email: Option<&str>) -> Result<(), Error> {
        self.act("user.email", |tx, act| {
            let before = tx.user(user)?.and_then(|user| user.email);
            user::set_email(tx, act, user, email.map(str::to_owned))?;
            if before.as_deref() != email {
                let (credentials, by) = (&self.rules.credentials, self.principal.actor());
                credentials.email_changed(tx, user, before.as_deref(), by, self.now)?;
            }
            let factor = tx.factor(user)?;
            if email.is_none() && factor.is_some_and(|factor| factor.enforced) {
                return Err(Error::invalid(
                    "a second factor is enforced for this user, which needs an address",
                ));
            }
            Ok(())
        })
    }

    /// Removes a user and their account; everything of theirs ends (D32, D33).
    ///
    /// # Errors
    /// As [`user::remove`].
    pub fn remove_user(&self, user: UserId) -> Result<(), Error> {
        self.act("user.remove", |tx, act| {
            leaving_somebody(tx, self, false, |tx| Ok(user::remove(tx, act, user)?))?;
            if tx.account(user)?.is_some() {
                let credentials = &self.rules.credentials;
                credentials.remove_account(tx, user, self.principal.actor(), self.now)?;
            }
            Ok(())
        })
    }

    /// What one user is at one client.
    pub const fn affiliation(&self, user: UserId, client: ClientId) -> AffiliationDesk<'_, 'p, R> {
        AffiliationDesk {
            desk: self,
            user,
            client,
        }
    }

    /// The accounts of users.
    pub const fn accounts(&self) -> AccountsDesk<'_, 'p, R> {
        AccountsDesk(self)
    }
}

impl<R: Run> AffiliationDesk<'_, '_, R> {
    /// Opens this client to the user, until an end if one is given (S11, S36).
    ///
    /// # Errors
    /// As [`affiliation::add`].
    pub fn add(&self, until: Option<Timestamp>) -> Result<(), Error> {
        self.desk.act("affiliation.add", |tx, act| {
            Ok(affiliation::add(tx, act, self.user, self.client, until)?)
        })
    }

    /// Replaces the rights given directly at this client.
    ///
    /// # Errors
    /// As [`affiliation::set_rights`].
    pub fn set_rights(&self, rights: &[&str]) -> Result<(), Error> {
        let rights = rights.iter().map(|right| (*right).to_owned()).collect();
        self.desk.act("affiliation.rights", |tx, act| {
            Ok(affiliation::set_rights(
                tx,
                act,
                self.user,
                self.client,
                rights,
            )?)
        })
    }

    /// Sets when it ends.
    ///
    /// # Errors
    /// As [`affiliation::set_end`].
    pub fn set_end(&self, until: Option<Timestamp>) -> Result<(), Error> {
        self.desk.act("affiliation.end", |tx, act| {
            Ok(affiliation::set_end(
                tx,
                act,
                self.user,
                self.client,
                until,
            )?)
        })
    }

    /// Closes it, with all grants in the client's containers: everything of this client is gone for
    /// the user at the next decision (S37), and does not come back with the door.
    ///
    /// # Errors
    /// As [`affiliation::remove`].
    pub fn remove(&self) -> Result<(), Error> {
        self.desk.act("affiliation.remove", |tx, act| {
            affiliation::remove(tx, act, self.user, self.client)?;
            for membership in tx.memberships_of(self.user, u32::MAX)? {
                let container = tx.container(membership.container)?;
                if container.is_some_and(|container| container.client == Some(self.client)) {
                    tx.remove_membership(self.user, membership.container)?;
                }
            }
            Ok(())
        })
    }
}

impl<R: Run> AccountsDesk<'_, '_, R> {
    /// Clears a lock from wrong passwords (S25).
    ///
    /// # Errors
    /// Hidden or refused without `users.manage` where the user works.
    pub fn unlock(&self, user: UserId) -> Result<bool, Error> {
        self.on(user, AccountEvent::Unlocked, |tx, _, desk| {
            let credentials = &desk.rules.credentials;
            Ok(credentials.unlock(tx, user, desk.principal.actor(), desk.now)?)
        })
    }

    /// Suspends an account: it ends everything at once.
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`]; refused for oneself and for the last administrator.
    pub fn suspend(&self, user: UserId) -> Result<bool, Error> {
        self.on(user, AccountEvent::Suspended, |tx, _, desk| {
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            leaving_somebody(tx, desk, false, |tx| {
                Ok(credentials.suspend(tx, user, by, desk.now)?)
            })
        })
    }

    /// Switches an account off for good; its name stays taken.
    ///
    /// # Errors
    /// As [`AccountsDesk::suspend`].
    pub fn disable(&self, user: UserId) -> Result<bool, Error> {
        self.on(user, AccountEvent::Disabled, |tx, _, desk| {
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            leaving_somebody(tx, desk, false, |tx| {
                Ok(credentials.disable(tx, user, by, desk.now)?)
            })
        })
    }

    /// Gives out a new password to who forgot theirs, where the profile has staff do so (D31, S53).
    ///
    /// # Errors
    /// As [`AccountsDesk::invite`]; invalid where users set their passwords themselves.
    pub fn assign_password(&self, user: UserId, new: HashedPassword) -> Result<(), Error> {
        self.on(user, AccountEvent::PasswordAssigned, |tx, act, desk| {
            let found = tx.user(user)?.ok_or_else(|| Error::hidden(None))?;
            command::no_more_than_oneself(tx, act, &found)?;
            let credentials = &desk.rules.credentials;
            Ok(credentials.assign_password(tx, user, new, desk.principal.actor(), desk.now)?)
        })
    }

    /// Ends a suspension.
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`].
    pub fn resume(&self, user: UserId) -> Result<bool, Error> {
        self.on(user, AccountEvent::Resumed, |tx, _, desk| {
            let credentials = &desk.rules.credentials;
            Ok(credentials.resume(tx, user, desk.principal.actor(), desk.now)?)
        })
    }

    /// Makes a new password due at the next sign-in.
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`].
    pub fn demand_change(&self, user: UserId) -> Result<bool, Error> {
        self.on(user, AccountEvent::ChangeDemanded, |tx, _, desk| {
            let credentials = &desk.rules.credentials;
            Ok(credentials.demand_change(tx, user, desk.principal.actor(), desk.now)?)
        })
    }

    /// Ticks that the user signs in through the directory, or clears it (S30). Either way they are
    /// signed out and have no password here; whoever is cleared is to be [invited](Self::invite).
    ///
    /// # Errors
    /// As [`AccountsDesk::suspend`]; refused for a user who holds more than oneself, because
    /// whoever has that name in the directory signs in as them; invalid where the portal was
    /// [given](crate::PortalBuilder::directory) no directory.
    pub fn set_directory(&self, user: UserId, directory: bool) -> Result<bool, Error> {
        self.on(user, AccountEvent::InDirectory, |tx, act, desk| {
            let found = tx.user(user)?.ok_or_else(|| Error::hidden(None))?;
            command::no_more_than_oneself(tx, act, &found)?;
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            leaving_somebody(tx, desk, false, |tx| {
                Ok(credentials.set_directory(tx, user, directory, by, desk.now)?)
            })
        })
    }

    /// Sets after how many days from now the account expires, or that it never does (S27, S28).
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`].
    pub fn expire_in(&self, user: UserId, days: Option<NonZeroU32>) -> Result<bool, Error> {
        self.on(user, AccountEvent::ExpirySet, |tx, _, desk| {
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            leaving_somebody(tx, desk, days.is_some(), |tx| {
                Ok(credentials.set_expiry(tx, user, days, by, desk.now)?)
            })
        })
    }

    /// Makes a new one-use link by which the user sets a password. Whoever holds it can sign in as
    /// them, so nobody makes one for a user who holds more than they do themselves.
    ///
    /// # Errors
    /// As [`AccountsDesk::unlock`]; refused for such a user.
    pub fn invite(&self, user: UserId) -> Result<Invitation, Error> {
        self.on(user, AccountEvent::Invited, |tx, act, desk| {
            let found = tx.user(user)?.ok_or_else(|| Error::hidden(None))?;
            command::no_more_than_oneself(tx, act, &found)?;
            let credentials = &desk.rules.credentials;
            Ok(credentials.invite(tx, user, desk.principal.actor(), desk.now)?)
        })
    }

    /// Invites a user by mail, again or at last (D36, P53): with a new password that is made up, where
    /// the profile has it so, or with a one-use link. Like [`invite`](Self::invite), not for a user
    /// who holds more than oneself.
    ///
    /// # Errors
    /// As [`AccountsDesk::invite`]; invalid for a user without an address; busy where a password
    /// could not be hashed just now.
    pub fn mail_invitation(&self, user: UserId) -> Result<MailId, Error> {
        let enclosure = self.0.enclosure()?;
        self.mail(user, enclosure)
    }

    /// Sets a password that staff has chosen and mails it, in one (D39, D55). Who had one must change
    /// this at the next sign-in (choice 15).
    ///
    /// # Errors
    /// As [`AccountsDesk::mail_invitation`]; invalid where the profile mails no passwords, or staff
    /// chooses none.
    pub fn mail_password(&self, user: UserId, new: HashedPassword) -> Result<MailId, Error> {
        self.mail(user, Enclosure::Password(new))
    }

    fn mail(&self, user: UserId, enclosure: Enclosure) -> Result<MailId, Error> {
        self.on(user, AccountEvent::Invited, |tx, act, desk| {
            let found = tx.user(user)?.ok_or_else(|| Error::hidden(None))?;
            command::no_more_than_oneself(tx, act, &found)?;
            mailable(found.email.as_deref())?;
            let (credentials, by) = (&desk.rules.credentials, desk.principal.actor());
            Ok(credentials.mail_invitation(tx, user, enclosure, None, by, desk.now)?)
        })
    }

    pub(super) fn on<T>(
        &self,
        user: UserId,
        event: AccountEvent,
        change: impl FnOnce(&mut dyn PortalTx, &SharingAct<'_>, &Desk<'_, R>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.0.act(event.name(), |tx, act| {
            act.not_to_oneself(user)?;
            manageable(tx, act, user)?;
            change(tx, act, self.0)
        })
    }
}

/// A user whose account the one who acts may manage: everywhere the user works.
fn manageable(tx: &mut dyn AccessTx, act: &SharingAct<'_>, user: UserId) -> Result<User, Error> {
    Ok(command::managed_user(tx, act, user)?)
}

pub(super) fn login_name(text: &str) -> Result<LoginName, Error> {
    LoginName::parse(text).map_err(|flaw| Error::invalid(flaw.to_string()))
}

/// Makes a change, and refuses it where it leaves nobody who administers and can sign in: now, or
/// (`lasting`) for good.
pub(super) fn leaving_somebody<R: Run, T>(
    tx: &mut dyn PortalTx,
    desk: &Desk<'_, R>,
    lasting: bool,
    change: impl FnOnce(&mut dyn PortalTx) -> Result<T, Error>,
) -> Result<T, Error> {
    if desk.principal.user().is_none() {
        return change(tx);
    }
    let (rules, now) = (&desk.rules.access, desk.now);
    // Whom a host's own single sign-on vouches for has no account here to be left.
    let before = somebody_administers(tx, rules, now, lasting, None)?;
    let changed = change(tx)?;
    if before && !somebody_administers(tx, rules, now, lasting, None)? {
        return Err(Error::refused(
            Gate::Right,
            "this would leave the portal without an administrator who can sign in; make or unlock \
             another one first",
        ));
    }
    Ok(changed)
}
