//! Roles: named sets of rights, and giving them out.

use super::delegation::{handed_out, managed, reached, somebody_administers, staff_by_staff};
use super::user::done;
use crate::{AccessTx, Act, Error, NamedRight, Role, UserKind, checked_name};
use portcullis_id::{ClientId, RoleId, UserId};
use portcullis_ledger::Scope;

/// Adds a role.
///
/// # Errors
/// Refused without `roles.manage` over every client, or when it holds rights one may not hand out;
/// invalid for a name that is taken.
pub fn add(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    name: &str,
    rights: Vec<String>,
) -> Result<RoleId, Error> {
    act.require(NamedRight::MANAGE_ROLES, None)?;
    handed_out(act, UserKind::Staff, None, &rights)?;
    let name = checked_name(name)?;
    if tx.role_by_name(&name)?.is_some() {
        return Err(Error::invalid(format!(
            "there is a role `{name}` already; take another name"
        )));
    }
    let role = Role {
        id: RoleId::new(act.now(), act.entropy())?,
        name,
        rights,
    };
    tx.put_role(&role)?;
    changed(tx, act, "role.add", &role)?;
    Ok(role.id)
}

/// Replaces the rights in a role, for everybody who has it.
///
/// # Errors
/// Refused without `roles.manage`, for a role one has oneself (S42), and for rights one may not
/// hand out.
pub fn set_rights(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    id: RoleId,
    rights: Vec<String>,
) -> Result<(), Error> {
    act.require(NamedRight::MANAGE_ROLES, None)?;
    let mut role = tx.role(id)?.ok_or_else(|| Error::hidden(None))?;
    if let Some(user) = act.principal().user()
        && has(tx, user, id)?
    {
        return Err(Act::nobody_raises_themselves());
    }
    handed_out(act, UserKind::Staff, None, &rights)?;
    role.rights = rights;
    tx.put_role(&role)?;
    somebody_administers(tx, act)?;
    changed(tx, act, "role.rights", &role)
}

/// Replaces the roles of a user: at one client, or (`None`) at every client they reach (S35, S39).
///
/// # Errors
/// Refused for oneself (S42, S43), and for roles that hold what one may not hand out; hidden for a
/// role or a user that is not there.
pub fn give(
    tx: &mut dyn AccessTx,
    act: &Act<'_>,
    user: UserId,
    client: Option<ClientId>,
    roles: &[RoleId],
) -> Result<(), Error> {
    act.not_to_oneself(user)?;
    let found = match client {
        None => managed(tx, act, user)?,
        Some(client) => {
            act.require(NamedRight::MANAGE_USERS, Some(client))?;
            if tx.affiliation(user, client)?.is_none() {
                return Err(Error::hidden(None));
            }
            let found = tx
                .user(user)?
                .filter(|user| !user.removed)
                .ok_or_else(|| Error::hidden(None))?;
            staff_by_staff(act, &found)?;
            found
        }
    };
    let places = match client {
        Some(client) => vec![Some(client)],
        None => reached(tx, &found)?,
    };
    let mut names = Vec::new();
    for id in roles {
        let role = tx.role(*id)?.ok_or_else(|| Error::hidden(None))?;
        for place in &places {
            handed_out(act, found.kind, *place, &role.rights)?;
        }
        names.push(role.name);
    }
    tx.set_roles_of(user, client, roles)?;
    somebody_administers(tx, act)?;
    done(tx, act, "user.roles", client, user, &names.join(", "))
}

fn has(tx: &mut dyn AccessTx, user: UserId, role: RoleId) -> Result<bool, Error> {
    let mut places = vec![None];
    places.extend(
        tx.affiliations_of(user)?
            .into_iter()
            .map(|affiliation| Some(affiliation.client)),
    );
    for place in places {
        if tx.roles_of(user, place)?.iter().any(|held| held.id == role) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn changed(tx: &mut dyn AccessTx, act: &Act<'_>, action: &str, role: &Role) -> Result<(), Error> {
    act.record(
        tx,
        action,
        None,
        format_args!("role:{}", role.id),
        role.rights.join(" "),
    )?;
    tx.bump(Scope::Policy)?;
    Ok(())
}
