//! Members: who was let into a container. They come only from its client's contacts.

use super::container::managed;
use crate::{Container, Membership, SharingAct, SharingTx, Source};
use portcullis_access::{Error, Gate, Grant, NamedRight, User, UserKind};
use portcullis_id::{ContactId, ContainerId, MailId, Timestamp, UserId};
use portcullis_ledger::{Mail, Recipient, Scope};

/// Makes a contact's user a member (V21, V22). A mail about it waits in the outbox (V18).
///
/// # Errors
/// Hidden or refused without `members.manage`; hidden for a contact of another client (V24); a
/// container without a client has no members (V25); invalid for a contact without a login: invite
/// them first (V19).
pub fn add_contact(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    contact: ContactId,
    until: Option<Timestamp>,
) -> Result<UserId, Error> {
    let (container, user) = member(tx, act, container, contact)?;
    let new = let_in(tx, act, &container, &user, Source::Member, until)?;
    tell(tx, act, &container, &user, new)?;
    Ok(user.id)
}

/// The same for who has just got their login, in the same unit of work: the message about that says
/// this too, so no mail of its own waits (choice 22).
///
/// # Errors
/// As [`add_contact`].
pub fn add_newcomer(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    contact: ContactId,
    until: Option<Timestamp>,
) -> Result<UserId, Error> {
    let (container, user) = member(tx, act, container, contact)?;
    let_in(tx, act, &container, &user, Source::Member, until)?;
    Ok(user.id)
}

/// Invites a guest of the same client into a container, until a given end (B34, B36).
///
/// # Errors
/// Hidden or refused without `members.manage`; hidden for a user of another client; invalid for a
/// user who is no guest.
pub fn invite_guest(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    user: UserId,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let (container, user) = known(tx, act, container, user)?;
    if user.kind != UserKind::Guest {
        return Err(Error::invalid(
            "only a guest is invited; add the contact as a member",
        ));
    }
    let new = let_in(tx, act, &container, &user, Source::Guest, until)?;
    tell(tx, act, &container, &user, new)
}

/// Lets staff who reach listed containers only into one more.
///
/// # Errors
/// Hidden or refused without `members.manage`; invalid for a user who is not staff.
pub fn assign_staff(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    user: UserId,
) -> Result<(), Error> {
    let (container, user) = known(tx, act, container, user)?;
    if user.kind != UserKind::Staff {
        return Err(Error::invalid(
            "only staff are assigned; add the contact as a member",
        ));
    }
    let_in(tx, act, &container, &user, Source::Staff, None)?;
    Ok(())
}

/// Sets a member up as an approver in this container, or takes that away (P19, P20).
///
/// # Errors
/// Hidden or refused without `members.manage`, or for somebody who is no member.
pub fn set_approver(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    user: UserId,
    approver: bool,
) -> Result<(), Error> {
    let container = managed(tx, act, container, NamedRight::MANAGE_MEMBERS)?;
    act.not_to_oneself(user)?;
    let mut membership = tx
        .membership(user, container.id)?
        .ok_or_else(|| Error::hidden(None))?;
    membership.grant.approver = approver;
    tx.put_membership(&membership)?;
    done(tx, act, "member.approver", &container, user)
}

/// Takes somebody out: the container is gone for them at the next decision (choice 1).
///
/// # Errors
/// Hidden or refused without `members.manage`, or for somebody who is no member.
pub fn remove(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    user: UserId,
) -> Result<(), Error> {
    let container = managed(tx, act, container, NamedRight::MANAGE_MEMBERS)?;
    if tx.membership(user, container.id)?.is_none() {
        return Err(Error::hidden(None));
    }
    tx.remove_membership(user, container.id)?;
    done(tx, act, "member.remove", &container, user)
}

/// The container, and the user of a contact of its client.
fn member(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    contact: ContactId,
) -> Result<(Container, User), Error> {
    let container = managed(tx, act, container, NamedRight::MANAGE_MEMBERS)?;
    let contact = tx
        .contact(contact)?
        .filter(|contact| Some(contact.client) == container.client)
        .ok_or_else(|| Error::hidden(Some(Gate::ClientLock)))?;
    let user = tx
        .user_of_contact(contact.id)?
        .ok_or_else(|| Error::invalid("this contact has no login yet; invite them first"))?;
    Ok((container, user))
}

/// The container, and a user whom its client lets in.
fn known(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: ContainerId,
    user: UserId,
) -> Result<(Container, User), Error> {
    let container = managed(tx, act, container, NamedRight::MANAGE_MEMBERS)?;
    let user = tx
        .user(user)?
        .filter(|user| !user.removed)
        .ok_or_else(|| Error::hidden(None))?;
    let affiliated = match container.client {
        None => false,
        Some(client) => tx.affiliation(user.id, client)?.is_some(),
    };
    if affiliated || user.every_client {
        Ok((container, user))
    } else {
        Err(Error::hidden(Some(Gate::ClientLock)))
    }
}

/// Whether they were not in before.
fn let_in(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: &Container,
    user: &User,
    source: Source,
    until: Option<Timestamp>,
) -> Result<bool, Error> {
    act.not_to_oneself(user.id)?;
    if until.is_some_and(|until| until <= act.now()) {
        return Err(Error::invalid(
            "this end lies in the past; choose a later one",
        ));
    }
    let before = tx.membership(user.id, container.id)?;
    tx.put_membership(&Membership {
        user: user.id,
        container: container.id,
        source,
        grant: Grant {
            until,
            approver: before.is_some_and(|before| before.grant.approver),
        },
        since: before.map_or(act.now(), |before| before.since),
    })?;
    done(tx, act, "member.add", container, user.id)?;
    Ok(before.is_none())
}

/// Posts the mail about a new membership (V18).
fn tell(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: &Container,
    user: &User,
    new: bool,
) -> Result<(), Error> {
    if new {
        tx.post(&Mail {
            id: MailId::new(act.now(), act.entropy())?,
            at: act.now(),
            to: Recipient::User(user.id),
            event: "membership.added".to_owned(),
            item: None,
            container: Some(container.id),
            sealed: None,
        })?;
    }
    Ok(())
}

fn done(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    action: &str,
    container: &Container,
    user: UserId,
) -> Result<(), Error> {
    act.record(
        tx,
        action,
        container.client,
        format_args!("container:{}", container.id),
        format!("user:{user}"),
    )?;
    // Grants are part of the subject half: a cached viewer must die with them.
    tx.bump(Scope::Policy)?;
    Ok(())
}
