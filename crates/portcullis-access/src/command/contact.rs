//! Contacts: the people at a client, with or without a login.

use super::client::checked_key;
use crate::{AccessTx, Act, Contact, Error, Keyed, NamedRight, checked_name};
use portcullis_id::{ClientId, ContactId, HostKey};
use portcullis_ledger::Scope;

/// What a new contact starts with.
#[derive(Clone, Debug, Default)]
pub struct NewContact {
    /// The person's name.
    pub name: String,
    /// Where mails go.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
}

/// Adds a contact to a client; there is no limit to their number (B17).
///
/// # Errors
/// Hidden or refused without `clients.manage` for the client; invalid without a name.
pub fn add(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    client: ClientId,
    new: NewContact,
) -> Result<ContactId, Error> {
    act.require(NamedRight::MANAGE_CLIENTS, Some(client))?;
    if tx.client(client)?.is_none() {
        return Err(Error::hidden(None));
    }
    let contact = Contact {
        id: ContactId::new(act.now(), act.entropy())?,
        client,
        key: checked_key(act, Keyed::Contacts, new.key)?,
        name: checked_name(&new.name)?,
        email: new.email,
        phone: new.phone,
    };
    tx.put_contact(&contact)?;
    act.record(
        tx,
        "contact.add",
        Some(client),
        format_args!("contact:{}", contact.id),
        "",
    )?;
    tx.bump(Scope::Policy)?;
    Ok(contact.id)
}
