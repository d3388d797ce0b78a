//! What somebody who manages users may do to whom: the laws of no-self-raise (promise 5, L9).

use crate::{
    AccessRules, AccessTx, Act, ContainerKinds, Error, Gate, HandOut, NamedRight, Right, RightSet,
    User, UserKind,
};
use portcullis_id::{ClientId, UserId};
use portcullis_ledger::StoreError;

/// A user the one who acts may manage: at every client the user reaches.
///
/// # Errors
/// Hidden where they may not even know of the user, refused where they know and may not.
pub fn managed(tx: &mut dyn AccessTx, act: &Act<'_>, id: UserId) -> Result<User, Error> {
    let user = tx
        .user(id)?
        .filter(|user| !user.removed)
        .ok_or_else(|| Error::hidden(None))?;
    let at = tx.affiliations_of(id)?;
    if user.kind == UserKind::Staff || at.is_empty() {
        act.require(NamedRight::MANAGE_USERS, None)
            .map_err(unseen)?;
    }
    let mut refused = None;
    let mut known = user.kind == UserKind::Staff || at.is_empty();
    for affiliation in at {
        match act.require(NamedRight::MANAGE_USERS, Some(affiliation.client)) {
            Ok(()) => known = true,
            Err(error) if error.hides() => refused = Some(error),
            Err(error) => {
                known = true;
                refused = Some(error);
            }
        }
    }
    match refused {
        None => Ok(user),
        Some(_) if known => Err(Error::refused(
            Gate::Right,
            "you do not manage this user; ask the provider",
        )),
        Some(error) => Err(error),
    }
}

fn unseen(error: Error) -> Error {
    match error.gate() {
        Some(gate) => Error::hidden(Some(gate)),
        None => error,
    }
}

/// The rights these names stand for, if the one who acts may hand all of them to a user of `kind`
/// at `client` (`None`: at every client).
///
/// # Errors
/// Invalid for a name nobody registered; refused for a right above the receiver's ceiling, or one
/// that the giver does not hold where the profile asks for that (K03).
pub(super) fn handed_out(
    act: &Act<'_>,
    kind: UserKind,
    client: Option<ClientId>,
    names: &[String],
) -> Result<RightSet, Error> {
    let resolved = act
        .rules()
        .catalogue()
        .resolve(names.iter().map(String::as_str));
    if let Some(name) = resolved.unknown.first() {
        return Err(Error::invalid(format!(
            "`{name}` is no registered right; register it or correct the name"
        )));
    }
    let rights = resolved.rights;
    if !act.rules().ceiling(kind).contains_all(&rights) {
        return Err(Error::refused(
            Gate::Right,
            format!(
                "some of these rights are above the ceiling of a {} user",
                kind.name()
            ),
        ));
    }
    covered(act, client, rights)?;
    Ok(rights)
}

/// Refuses to act in a user's name, so to speak, where they hold more than the one who acts: a link
/// that sets their password, or another address for their mails, is as good as their rights.
///
/// # Errors
/// Refused where the profile lets people hand out what they hold, and the user holds more.
pub fn no_more_than_oneself(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: &User,
) -> Result<(), Error> {
    for place in reached(tx, user)? {
        let names = match place {
            None => given_everywhere(tx, user)?,
            Some(client) => {
                let here = tx.affiliation(user.id, client)?;
                carried(
                    tx,
                    user,
                    client,
                    &here.map_or_else(Vec::new, |at| at.rights),
                )?
            }
        };
        let given = act
            .rules()
            .catalogue()
            .resolve(names.iter().map(String::as_str))
            .rights;
        covered(act, place, act.rules().held(user.kind, given))?;
    }
    reach_handed_out(act, user.reach)
}

/// Refuses rights at `client` that the one who acts does not hold there, those that come with the
/// kind of user included, where the profile asks for that (K03).
///
/// # Errors
/// Refused for such rights.
pub(super) fn covered(
    act: &Act<'_>,
    client: Option<ClientId>,
    rights: RightSet,
) -> Result<(), Error> {
    let holds = act.holds_at(client);
    if act.rules().profile().hand_out == HandOut::WhatTheyHold && !holds.contains_all(&rights) {
        return Err(Error::refused(
            Gate::Right,
            "you can hand out only rights that you hold here yourself",
        ));
    }
    Ok(())
}

/// Refuses reach that the one who acts does not have, where the profile asks for that (K03).
///
/// # Errors
/// Refused for such reach.
pub(super) fn reach_handed_out(act: &Act<'_>, reach: ContainerKinds) -> Result<(), Error> {
    if let Some(viewer) = act.viewer()
        && act.rules().profile().hand_out == HandOut::WhatTheyHold
        && !reach.intersection(viewer.reach().complement()).is_empty()
    {
        return Err(Error::refused(
            Gate::Right,
            "you can hand out only reach that you have yourself",
        ));
    }
    Ok(())
}

/// The reach a new user of `kind` starts with: the profile's, cut to what the one who adds them has
/// where the profile asks for that.
pub(super) fn first_reach(act: &Act<'_>, kind: UserKind) -> ContainerKinds {
    let reach = act.rules().reach(kind);
    match act.viewer() {
        Some(viewer) if act.rules().profile().hand_out == HandOut::WhatTheyHold => {
            reach.intersection(viewer.reach())
        }
        _ => reach,
    }
}

/// Refuses what people of a client do to the provider's staff.
///
/// # Errors
/// Hidden where they may not know of the staff, refused otherwise.
pub(super) fn staff_by_staff(act: &Act<'_>, user: &User) -> Result<(), Error> {
    if user.kind == UserKind::Staff {
        act.require(NamedRight::MANAGE_USERS, None)
            .map_err(unseen)?;
    }
    Ok(())
}

/// The names of all rights a user was given that count at every client: directly and by roles.
pub(super) fn given_everywhere(
    tx: &mut dyn AccessTx,
    user: &User,
) -> Result<Vec<String>, StoreError> {
    let mut names = user.rights.clone();
    for role in tx.roles_of(user.id, None)? {
        names.extend(role.rights);
    }
    Ok(names)
}

/// The places at which what a user was given everywhere counts: `None` stands for every client.
pub(super) fn reached(tx: &mut dyn AccessTx, user: &User) -> Result<Vec<Option<ClientId>>, Error> {
    let mut at: Vec<_> = tx
        .affiliations_of(user.id)?
        .into_iter()
        .map(|affiliation| Some(affiliation.client))
        .collect();
    if user.kind == UserKind::Staff || at.is_empty() {
        at.push(None);
    }
    Ok(at)
}

/// The names of all rights a door gives a user when it opens, or opens again: `here` and those of
/// the roles given there, kept from before, beside what they hold everywhere.
pub(super) fn carried(
    tx: &mut dyn AccessTx,
    user: &User,
    client: ClientId,
    here: &[String],
) -> Result<Vec<String>, Error> {
    let mut names = given_everywhere(tx, user)?;
    names.extend_from_slice(here);
    for role in tx.roles_of(user.id, Some(client))? {
        names.extend(role.rights);
    }
    Ok(names)
}

/// Who administers the portal: staff of every client who hold `users.manage`.
///
/// The last of them can be neither removed nor demoted here; whoever keeps the accounts asks this
/// before suspending one.
///
/// # Errors
/// Faults of storage.
pub fn administrators(
    tx: &mut dyn AccessTx,
    rules: &AccessRules,
) -> Result<Vec<UserId>, StoreError> {
    let mut found = Vec::new();
    for user in tx.users()? {
        if administers(tx, rules, &user)? {
            found.push(user.id);
        }
    }
    Ok(found)
}

/// Whether `user` is one of the [`administrators`], read without a look at anybody else.
///
/// # Errors
/// Faults of storage.
pub fn administers(
    tx: &mut dyn AccessTx,
    rules: &AccessRules,
    user: &User,
) -> Result<bool, StoreError> {
    if user.removed || user.kind != UserKind::Staff || !user.every_client {
        return Ok(false);
    }
    let names = given_everywhere(tx, user)?;
    let given = rules
        .catalogue()
        .resolve(names.iter().map(String::as_str))
        .rights;
    Ok(rules
        .held(UserKind::Staff, given)
        .contains(Right::Named(NamedRight::MANAGE_USERS)))
}

/// Refuses a change after which nobody would administer the portal. Called after the change, in
/// the same unit of work.
pub(super) fn somebody_administers(tx: &mut dyn AccessTx, act: &Act<'_>) -> Result<(), Error> {
    if act.viewer().is_some() && administrators(tx, act.rules())?.is_empty() {
        return Err(Error::refused(
            Gate::Right,
            "this would leave the portal without an administrator; make another one first",
        ));
    }
    Ok(())
}
