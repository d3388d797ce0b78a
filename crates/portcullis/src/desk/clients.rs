use super::{Desk, Run};
use crate::Error;
use portcullis_access::command::client::NewClient;
use portcullis_access::command::contact::NewContact;
use portcullis_access::{KindSet, Light, command};
use portcullis_id::{ClientId, ContactId, HostKey};
use portcullis_sharing::command::container;

/// Clients.
#[derive(Debug)]
pub struct ClientsDesk<'d, 'p, R>(&'d Desk<'p, R>);

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

    fn add_keyed(&self, name: &str, key: Option<HostKey>) -> Result<ClientId, Error> {
        self.0.act("client.add", |tx, act| {
            let new = NewClient {
                name: name.to_owned(),
                key,
            };
            let client = command::client::add(tx, act, new)?;
            container::root(tx, act, Some(client))?;
            Ok(client)
        })
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
