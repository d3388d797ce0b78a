//! Affiliations: the doors from users to clients, and what is given at one client alone.

use super::delegation::{carried, covered, handed_out, managed, reach_handed_out, staff_by_staff};
use super::user::done;
use crate::{AccessTx, Act, Affiliation, ClientsPerUser, Error, Gate, NamedRight, User, UserKind};
use portcullis_id::{ClientId, Timestamp, UserId};

/// Lets an existing user into one more client (S11, S36).
///
/// # Errors
/// Refused for oneself, where the profile allows one client a user (D6, P31), and when what the
/// user carries along is more than one may hand out there. Hidden for a client or a user one may
/// not know of.
pub fn add(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: UserId,
    client: ClientId,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    act.not_to_oneself(user)?;
    act.require(NamedRight::MANAGE_USERS, Some(client))?;
    if tx.client(client)?.is_none() {
        return Err(Error::hidden(None));
    }
    let found = known(tx, act, user)?;
    let others = tx.affiliations_of(user)?;
    let elsewhere = others.iter().any(|other| other.client != client);
    if found.kind != UserKind::Staff
        && elsewhere
        && act.rules().profile().clients_per_user == ClientsPerUser::One
    {
        return Err(Error::refused(
            Gate::ClientLock,
            "a user belongs to one client here; make another user for the other client",
        ));
    }
    let rights = tx
        .affiliation(user, client)?
        .map_or_else(Vec::new, |old| old.rights);
    staff_by_staff(act, &found)?;
    let carried = carried(tx, &found, client, &rights)?;
    let given = handed_out(act, found.kind, Some(client), &carried)?;
    // What comes with the kind, and the reach, are let in with them.
    covered(act, Some(client), act.rules().held(found.kind, given))?;
    reach_handed_out(act, found.reach)?;
    tx.put_affiliation(&Affiliation {
        user,
        client,
        rights,
        paused: false,
        until,
    })?;
    done(tx, act, "affiliation.add", Some(client), user, "")
}

/// Replaces the rights given directly at one client.
///
/// # Errors
/// Refused for oneself and for rights one may not hand out there; hidden without an affiliation.
pub fn set_rights(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: UserId,
    client: ClientId,
    rights: Vec<String>,
) -> Result<(), Error> {
    let (found, mut affiliation) = at(tx, act, user, client)?;
    handed_out(act, found.kind, Some(client), &rights)?;
    affiliation.rights = rights;
    tx.put_affiliation(&affiliation)?;
    done(
        tx,
        act,
        "affiliation.rights",
        Some(client),
        user,
        &affiliation.rights.join(" "),
    )
}

/// Sets when an affiliation ends.
///
/// # Errors
/// Refused for oneself, and, where the end moves back, when what the user holds there is more than
/// one may hand out; hidden without an affiliation.
pub fn set_end(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: UserId,
    client: ClientId,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let (found, mut affiliation) = at(tx, act, user, client)?;
    let later = match (affiliation.until, until) {
        (Some(old), Some(new)) => new > old,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if later {
        let carried = carried(tx, &found, client, &affiliation.rights)?;
        handed_out(act, found.kind, Some(client), &carried)?;
    }
    affiliation.until = until;
    tx.put_affiliation(&affiliation)?;
    done(tx, act, "affiliation.end", Some(client), user, "")
}

/// Closes the door: that client's containers are gone for the user at the next decision (S37).
///
/// # Errors
/// Refused for oneself; hidden without an affiliation.
pub fn remove(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: UserId,
    client: ClientId,
) -> Result<(), Error> {
    at(tx, act, user, client)?;
    tx.remove_affiliation(user, client)?;
    done(tx, act, "affiliation.remove", Some(client), user, "")
}

fn at(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: UserId,
    client: ClientId,
) -> Result<(User, Affiliation), Error> {
    act.not_to_oneself(user)?;
    act.require(NamedRight::MANAGE_USERS, Some(client))?;
    let found = tx
        .user(user)?
        .filter(|user| !user.removed)
        .ok_or_else(|| Error::hidden(None))?;
    let affiliation = tx
        .affiliation(user, client)?
        .ok_or_else(|| Error::hidden(None))?;
    staff_by_staff(act, &found)?;
    Ok((found, affiliation))
}

/// A user the one who acts manages somewhere: enough to let them into another client one manages.
fn known(tx: &mut dyn AccessTx, act: &Act<'_>, id: UserId) -> Result<User, Error> {
    for affiliation in tx.affiliations_of(id)? {
        if act
            .require(NamedRight::MANAGE_USERS, Some(affiliation.client))
            .is_ok()
            && let Some(user) = tx.user(id)?.filter(|user| !user.removed)
        {
            return Ok(user);
        }
    }
    managed(tx, act, id)
}
