use super::invite::Whose;
use super::{Desk, FirstLogin, Run};
use crate::Error;
use portcullis_access::NamedRight;
use portcullis_access::UserKind;
use portcullis_access::command::user::{self, NewClientUser};
use portcullis_credentials::{Invitation, Occasion};
use portcullis_id::{ContactId, ContainerId, Timestamp, UserId};
use portcullis_sharing::command::container::managed;
use portcullis_sharing::command::member;

/// Who was let into one container.
#[derive(Debug)]
pub struct MembersDesk<'d, 'p, R> {
    desk: &'d Desk<'p, R>,
    container: ContainerId,
}

/// A member who was added.
#[derive(Debug)]
#[must_use = "a new login's invitation is nowhere else: mail it"]
pub struct Added {
    /// The member's user.
    pub user: UserId,
    /// The one-use link's secret, when the contact had no login, was invited (V19), and not by mail.
    /// A contact with a login gets none (V20).
    pub invitation: Option<Invitation>,
}

impl<'p, R: Run> Desk<'p, R> {
    /// The members of a container.
    pub fn members(&self, container: impl Into<ContainerId>) -> MembersDesk<'_, 'p, R> {
        MembersDesk {
            desk: self,
            container: container.into(),
        }
    }
}

impl<R: Run> MembersDesk<'_, '_, R> {
    /// Adds a contact of the container's client; one without a login is invited, all in one unit
    /// of work (V18 to V20). One message says both (choice 22): the mail, or whatever carries the link
    /// that is answered where the profile does not mail it.
    ///
    /// # Errors
    /// As [`member::add_contact`]; invalid for a contact without a login and without an address.
    pub fn add(&self, contact: ContactId) -> Result<Added, Error> {
        self.add_until(contact, None)
    }

    /// Adds a contact until a given end.
    ///
    /// # Errors
    /// As [`MembersDesk::add`].
    pub fn add_until(&self, contact: ContactId, until: Option<Timestamp>) -> Result<Added, Error> {
        let opening = self.desk.opening(FirstLogin::Invited, Occasion::Member)?;
        self.desk.act("member.add", |tx, act| {
            let container = managed(tx, act, self.container, NamedRight::MANAGE_MEMBERS)?;
            let known = tx
                .contact(contact)?
                .filter(|contact| Some(contact.client) == container.client)
                .ok_or_else(|| Error::hidden(Some(portcullis_access::Gate::ClientLock)))?;
            if tx.user_of_contact(contact)?.is_some() {
                let user = member::add_contact(tx, act, self.container, contact, until)?;
                return Ok(Added {
                    user,
                    invitation: None,
                });
            }
            let new = NewClientUser {
                kind: UserKind::Client,
                client: known.client,
                contact: Some(contact),
                name: known.name,
                email: known.email.clone(),
                rights: Vec::new(),
                key: None,
            };
            let user = user::add_client_user(tx, act, new)?;
            let email = known.email.ok_or_else(|| {
                Error::invalid("this contact has no address to invite them at; add one first")
            })?;
            let whose = Whose {
                user,
                login: &email,
                email: Some(&email),
                expires_in_days: None,
                container: Some(container.id),
            };
            let invitation = self.desk.open_account(tx, &whose, opening)?;
            member::add_newcomer(tx, act, self.container, contact, until)?;
            Ok(Added { user, invitation })
        })
    }

    /// Invites a guest of the same client, until a given end (B34).
    ///
    /// # Errors
    /// As [`member::invite_guest`].
    pub fn invite_guest(&self, user: UserId, until: Option<Timestamp>) -> Result<(), Error> {
        self.desk.act("member.guest", |tx, act| {
            Ok(member::invite_guest(tx, act, self.container, user, until)?)
        })
    }

    /// Lets staff in who reach listed containers only.
    ///
    /// # Errors
    /// As [`member::assign_staff`].
    pub fn assign(&self, staff: UserId) -> Result<(), Error> {
        self.desk.act("member.assign", |tx, act| {
            Ok(member::assign_staff(tx, act, self.container, staff)?)
        })
    }

    /// Sets a member up as an approver here, or takes that away (P19, P20).
    ///
    /// # Errors
    /// As [`member::set_approver`].
    pub fn set_approver(&self, user: UserId, approver: bool) -> Result<(), Error> {
        self.desk.act("member.approver", |tx, act| {
            Ok(member::set_approver(
                tx,
                act,
                self.container,
                user,
                approver,
            )?)
        })
    }

    /// Takes somebody out, at once (choice 1).
    ///
    /// # Errors
    /// As [`member::remove`].
    pub fn remove(&self, user: UserId) -> Result<(), Error> {
        self.desk.act("member.remove", |tx, act| {
            Ok(member::remove(tx, act, self.container, user)?)
        })
    }
}
