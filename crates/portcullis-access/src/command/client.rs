//! Clients: adding one, naming it, its light, its areas, its main contact.

use crate::{AccessTx, Act, Client, Error, Keyed, KindSet, Light, NamedRight, checked_name};
use portcullis_id::{ClientId, ContactId, HostKey};
use portcullis_ledger::Scope;

/// What a new client starts with.
#[derive(Clone, Debug, Default)]
pub struct NewClient {
    /// The company's name.
    pub name: String,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
}

/// Adds a client. Its areas are those the profile opens (K16).
///
/// # Errors
/// Refused without `clients.manage` over every client; invalid without a name.
pub fn add(tx: &mut dyn AccessTx, act: &Act<'_>, new: NewClient) -> Result<ClientId, Error> {
    act.require(NamedRight::MANAGE_CLIENTS, None)?;
    let client = Client {
        id: ClientId::new(act.now(), act.entropy())?,
        key: checked_key(act, Keyed::Clients, new.key)?,
        name: checked_name(&new.name)?,
        light: Light::Active,
        closed: act.rules().closed_areas(),
        main_contact: None,
        created_at: act.now(),
    };
    tx.put_client(&client)?;
    done(tx, act, "client.add", client.id, "")?;
    Ok(client.id)
}

/// Gives a client another name.
///
/// # Errors
/// Hidden or refused without `clients.manage` for it; invalid without a name.
pub fn rename(tx: &mut dyn AccessTx, act: &Act<'_>, id: ClientId, name: &str) -> Result<(), Error> {
    let name = checked_name(name)?;
    change(tx, act, id, "client.rename", |client| client.name = name)
}

/// Sets a client's status light (B7, B9).
///
/// # Errors
/// Hidden or refused without `clients.manage` for it.
pub fn set_light(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: ClientId,
    light: Light,
) -> Result<(), Error> {
    change(tx, act, id, "client.light", |client| client.light = light)
}

/// Closes these areas for a client and opens all others (P10).
///
/// # Errors
/// Hidden or refused without `clients.manage` for it.
pub fn close_areas(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: ClientId,
    closed: KindSet,
) -> Result<(), Error> {
    change(tx, act, id, "client.areas", |client| client.closed = closed)
}

/// Makes one of its contacts the main contact, instead of any other (B18, B20).
///
/// # Errors
/// Hidden or refused without `clients.manage`; hidden for a contact of another client.
pub fn set_main_contact(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: ClientId,
    contact: ContactId,
) -> Result<(), Error> {
    act.require(NamedRight::MANAGE_CLIENTS, Some(id))?;
    match tx.contact(contact)? {
        Some(contact) if contact.client == id => {}
        _ => return Err(Error::hidden(None)),
    }
    change(tx, act, id, "client.main-contact", |client| {
        client.main_contact = Some(contact);
    })
}

fn change(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: ClientId,
    action: &str,
    edit: impl FnOnce(&mut Client),
) -> Result<(), Error> {
    act.require(NamedRight::MANAGE_CLIENTS, Some(id))?;
    let mut client = tx.client(id)?.ok_or_else(|| Error::hidden(None))?;
    edit(&mut client);
    tx.put_client(&client)?;
    done(tx, act, action, id, "")
}

fn done(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    action: &str,
    id: ClientId,
    detail: &str,
) -> Result<(), Error> {
    act.record(tx, action, Some(id), format_args!("client:{id}"), detail)?;
    tx.bump(Scope::Policy)?;
    Ok(())
}

pub(super) fn checked_key(
    act: &Act<'_>,
    what: Keyed,
    key: Option<HostKey>,
) -> Result<Option<HostKey>, Error> {
    let catalogue = act.rules().catalogue();
    Ok(key.map(|key| catalogue.check_key(what, key)).transpose()?)
}
