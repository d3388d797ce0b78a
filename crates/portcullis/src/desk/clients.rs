use super::invite::Whose;
use super::{Desk, FirstLogin, Run};
use crate::{Error, PortalTx};
use portcullis_access::command::client::NewClient;
use portcullis_access::command::contact::NewContact;
use portcullis_access::command::user::{self, NewClientUser};
use portcullis_access::{KindSet, Light, UserKind, command};
use portcullis_credentials::{Invitation, Occasion};
use portcullis_id::{ClientId, ContactId, HostKey, UserId};
use portcullis_sharing::SharingAct;
use portcullis_sharing::command::container;

/// Clients.
#[derive(Debug)]
pub struct ClientsDesk<'d, 'p, R>(&'d Desk<'p, R>);

/// What ticking 'Invite as a Guest' takes when a client is added (B28).
#[derive(Clone, Debug)]
pub struct GuestEntry {
    /// Where the client entry's mails go.
    pub email: String,
    /// The user name of its login; the address, unless said otherwise.
    pub login: Option<String>,
}

/// A client that was added with the box ticked.
#[derive(Debug)]
#[must_use = "a new login's invitation is nowhere else: mail it"]
pub struct AddedClient {
    /// The client.
    pub client: ClientId,
    /// The guest user that the client entry itself has become (B29).
    pub user: UserId,
    /// The one-use link's secret, where the profile does not mail it.
    pub invitation: Option<Invitation>,
}

/// The contacts of one client.
#[derive(Debug)]
pub struct ContactsDesk<'d, 'p, R> {
    desk: &'d Desk<'p, R>,
    client: ClientId,
}

impl<'p, R: Run> Desk<'p, R> {
    /// Clients.
    pub const fn clients(&self) -> ClientsDesk<'_, 'p, R> {
        ClientsDesk(self)
    }

    /// The contacts of one client.
    pub const fn contacts(&self, client: ClientId) -> ContactsDesk<'_, 'p, R> {
        ContactsDesk { desk: self, client }
    }
}

impl<R: Run> ClientsDesk<'_, '_, R> {
    /// Adds a client, with the root that holds what is in no project.
    ///
    /// # Errors
    /// As [`command::client::add`].
    pub fn add(&self, name: &str) -> Result<ClientId, Error> {
        self.add_keyed(name, None)
    }

    /// Adds a client that the host knows under a key of its own.
    ///
    /// # Errors
    /// As [`command::client::add`]; a key of another type than declared, or one that is taken.
    pub fn add_with_key(&self, name: &str, key: impl Into<HostKey>) -> Result<ClientId, Error> {
        self.add_keyed(name, Some(key.into()))
    }

    /// Adds a client with the box 'Invite as a Guest' ticked: the client entry becomes a guest user
    /// of its own client, invited by mail where the profile has it so (B28 to B30), all in one unit
    /// of work. Without the box, [`add`](Self::add), there is neither user nor mail (B31).
    ///
    /// # Errors
    /// As [`command::client::add`] and [`user::add_client_user`]; invalid for a login name that is
    /// taken or badly written.
    pub fn add_as_guest(
        &self,
        name: &str,
        key: Option<HostKey>,
        guest: &GuestEntry,
    ) -> Result<AddedClient, Error> {
        let opening = self.0.opening(FirstLogin::Invited, Occasion::Client)?;
        self.0.act("client.add", |tx, act| {
            let client = add(tx, act, name, key)?;
            let new = NewClientUser {
                kind: UserKind::Guest,
                client,
                contact: None,
                name: name.to_owned(),
                email: Some(guest.email.clone()),
                rights: Vec::new(),
                key: None,
            };
            let user = user::add_client_user(tx, act, new)?;
            let whose = Whose {
                user,
                login: guest.login.as_deref().unwrap_or(&guest.email),
                email: Some(&guest.email),
                expires_in_days: None,
                container: None,
            };
            let invitation = self.0.open_account(tx, &whose, opening)?;
            Ok(AddedClient {
                client,
                user,
                invitation,
            })
        })
    }

    fn add_keyed(&self, name: &str, key: Option<HostKey>) -> Result<ClientId, Error> {
        self.0.act("client.add", |tx, act| add(tx, act, name, key))
    }

    /// Gives it another name.
    ///
    /// # Errors
    /// As [`command::client::rename`].
    pub fn rename(&self, client: ClientId, name: &str) -> Result<(), Error> {
        self.0.act("client.rename", |tx, act| {
            Ok(command::client::rename(tx, act, client, name)?)
        })
    }

    /// Sets its status light (B7).
    ///
    /// # Errors
    /// As [`command::client::set_light`].
    pub fn set_light(&self, client: ClientId, light: Light) -> Result<(), Error> {
        self.0.act("client.light", |tx, act| {
            Ok(command::client::set_light(tx, act, client, light)?)
        })
    }

    /// Closes these areas for it and opens all others (P10).
    ///
    /// # Errors
    /// As [`command::client::close_areas`].
    pub fn close_areas(&self, client: ClientId, closed: KindSet) -> Result<(), Error> {
        self.0.act("client.areas", |tx, act| {
            Ok(command::client::close_areas(tx, act, client, closed)?)
        })
    }
}

/// A client with the root that holds what is in no project.
fn add(
    tx: &mut dyn PortalTx,
    act: &SharingAct<'_>,
    name: &str,
    key: Option<HostKey>,
) -> Result<ClientId, Error> {
    let name = name.to_owned();
    let client = command::client::add(tx, act, NewClient { name, key })?;
    container::root(tx, act, Some(client))?;
    Ok(client)
}

impl<R: Run> ContactsDesk<'_, '_, R> {
    /// Adds a contact; mails to them go to `email`.
    ///
    /// # Errors
    /// As [`command::contact::add`].
    pub fn add(&self, name: &str, email: &str) -> Result<ContactId, Error> {
        self.add_new(NewContact {
            name: name.to_owned(),
            email: Some(email.to_owned()),
            ..NewContact::default()
        })
    }

    /// Adds a contact with everything there is to say about them.
    ///
    /// # Errors
    /// As [`command::contact::add`].
    pub fn add_new(&self, new: NewContact) -> Result<ContactId, Error> {
        self.desk.act("contact.add", |tx, act| {
            Ok(command::contact::add(tx, act, self.client, new)?)
        })
    }

    /// Makes one of them the main contact, instead of any other (B18, B20).
    ///
    /// # Errors
    /// As [`command::client::set_main_contact`].
    pub fn set_main(&self, contact: ContactId) -> Result<(), Error> {
        self.desk.act("client.main-contact", |tx, act| {
            Ok(command::client::set_main_contact(
                tx,
                act,
                self.client,
                contact,
            )?)
        })
    }
}
