//! Users: logins of staff, of clients and of guests, and what they were given directly.

use super::client::checked_key;
use super::delegation::{
    covered, first_reach, handed_out, managed, no_more_than_oneself, reach_handed_out, reached,
    somebody_administers,
};
use crate::{
    AccessTx, Act, Affiliation, ContainerKinds, Error, Keyed, NamedRight, User, UserKind,
    checked_name,
};
use portcullis_id::{ClientId, ContactId, HostKey, UserId};
use portcullis_ledger::Scope;

/// What a new staff user starts with.
#[derive(Clone, Debug, Default)]
pub struct NewStaff {
    /// The person's name.
    pub name: String,
    /// Where their mails go.
    pub email: Option<String>,
    /// Whether they reach every client, or only those they are affiliated with.
    pub every_client: bool,
    /// The rights given directly, by name.
    pub rights: Vec<String>,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
}

/// What a new user of a client starts with.
#[derive(Clone, Debug)]
pub struct NewClientUser {
    /// [`UserKind::Client`] or [`UserKind::Guest`].
    pub kind: UserKind,
    /// The client they belong to (D4, S10).
    pub client: ClientId,
    /// The contact who gets the login, if one is on record.
    pub contact: Option<ContactId>,
    /// The person's name.
    pub name: String,
    /// Where their mails go.
    pub email: Option<String>,
    /// The rights given directly, by name; they count at every client reached (D42).
    pub rights: Vec<String>,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
}

/// Adds a staff user.
///
/// # Errors
/// Refused without `users.manage` over every client, or when handing out what is not held.
pub fn add_staff(tx: &mut dyn AccessTx, act: &Act<'_>, new: NewStaff) -> Result<UserId, Error> {
    act.require(NamedRight::MANAGE_USERS, None)?;
    handed_out(act, UserKind::Staff, None, &new.rights)?;
    let user = User {
        id: UserId::new(act.now(), act.entropy())?,
        key: checked_key(act, Keyed::Users, new.key)?,
        kind: UserKind::Staff,
        name: checked_name(&new.name)?,
        email: new.email,
        contact: None,
        every_client: new.every_client,
        reach: first_reach(act, UserKind::Staff),
        rights: new.rights,
        removed: false,
        created_at: act.now(),
    };
    tx.put_user(&user)?;
    done(tx, act, "user.add", None, user.id, "staff")?;
    Ok(user.id)
}

/// Adds a user of a client, with the affiliation that opens that client and no other (S10, P30).
///
/// # Errors
/// Hidden or refused without `users.manage` at the client; hidden for a contact of another client;
/// invalid for a staff kind, or a contact who has a login already.
pub fn add_client_user(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    new: NewClientUser,
) -> Result<UserId, Error> {
    act.require(NamedRight::MANAGE_USERS, Some(new.client))?;
    if new.kind == UserKind::Staff {
        return Err(Error::invalid("staff are added as staff, not at a client"));
    }
    if tx.client(new.client)?.is_none() {
        return Err(Error::hidden(None));
    }
    if let Some(contact) = new.contact {
        match tx.contact(contact)? {
            Some(contact) if contact.client == new.client => {}
            _ => return Err(Error::hidden(None)),
        }
        if tx.user_of_contact(contact)?.is_some() {
            return Err(Error::invalid(
                "this contact has a login already; add that user instead of a new one",
            ));
        }
    }
    let rights = handed_out(act, new.kind, Some(new.client), &new.rights)?;
    // What comes with the kind is handed out too.
    covered(act, Some(new.client), act.rules().held(new.kind, rights))?;
    let user = User {
        id: UserId::new(act.now(), act.entropy())?,
        key: checked_key(act, Keyed::Users, new.key)?,
        kind: new.kind,
        name: checked_name(&new.name)?,
        email: new.email,
        contact: new.contact,
        every_client: false,
        reach: first_reach(act, new.kind),
        rights: new.rights,
        removed: false,
        created_at: act.now(),
    };
    tx.put_user(&user)?;
    tx.put_affiliation(&Affiliation {
        user: user.id,
        client: new.client,
        rights: Vec::new(),
        paused: false,
        until: None,
    })?;
    done(
        tx,
        act,
        "user.add",
        Some(new.client),
        user.id,
        new.kind.name(),
    )?;
    Ok(user.id)
}

/// Replaces the rights a user was given directly (D42).
///
/// # Errors
/// Refused for oneself, for rights one may not hand out at every client the user reaches, and
/// where it would leave nobody to administer the portal.
pub fn set_rights(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: UserId,
    rights: Vec<String>,
) -> Result<(), Error> {
    act.not_to_oneself(id)?;
    let mut user = managed(tx, act, id)?;
    for client in reached(tx, &user)? {
        handed_out(act, user.kind, client, &rights)?;
    }
    user.rights = rights;
    tx.put_user(&user)?;
    somebody_administers(tx, act)?;
    done(tx, act, "user.rights", None, id, &user.rights.join(" "))
}

/// Sets of which container kinds a user reaches all, at the clients they reach (S44, S46, S58).
///
/// # Errors
/// Refused for oneself, and for reach that one does not have where the profile asks for that.
pub fn set_reach(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: UserId,
    reach: ContainerKinds,
) -> Result<(), Error> {
    act.not_to_oneself(id)?;
    let mut user = managed(tx, act, id)?;
    reach_handed_out(act, reach)?;
    user.reach = reach;
    tx.put_user(&user)?;
    done(tx, act, "user.reach", None, id, &format!("{reach:?}"))
}

/// Changes a user's address. Only somebody else may (S21, S22, choice 17).
///
/// # Errors
/// Refused for oneself, and for a user who holds more than the one who acts; hidden or refused
/// without `users.manage` where the user works.
pub fn set_email(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: UserId,
    email: Option<String>,
) -> Result<(), Error> {
    act.not_to_oneself(id)?;
    let mut user = managed(tx, act, id)?;
    // Whoever gets somebody's mails gets the links by which passwords are set.
    no_more_than_oneself(tx, act, &user)?;
    user.email = email;
    tx.put_user(&user)?;
    done(tx, act, "user.email", None, id, "")
}

/// Removes a user: from the next decision on they are nobody (D32, D33). The row stays for the
/// audit.
///
/// # Errors
/// Refused for oneself and for the last administrator.
pub fn remove(tx: &mut dyn AccessTx, act: &Act<'_>, id: UserId) -> Result<(), Error> {
    act.not_to_oneself(id)?;
    let mut user = managed(tx, act, id)?;
    user.removed = true;
    tx.put_user(&user)?;
    somebody_administers(tx, act)?;
    done(tx, act, "user.remove", None, id, "")
}

pub(super) fn done(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    action: &str,
    client: Option<ClientId>,
    id: UserId,
    detail: &str,
) -> Result<(), Error> {
    act.record(tx, action, client, format_args!("user:{id}"), detail)?;
    tx.bump(Scope::Policy)?;
    Ok(())
}
