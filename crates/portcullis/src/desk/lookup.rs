use super::{Desk, Run};
use crate::Error;
use portcullis_access::{ContainerKind, Keyed, NamedRight};
use portcullis_id::{ClientId, ContactId, ContainerId, HostKey, UserId};

/// Our ids behind the host's own keys, so that a host keeps its keys alone.
///
/// For staff and operators. What is not there and what is not theirs are one answer.
#[derive(Debug)]
pub struct LookupDesk<'d, 'p, R>(&'d Desk<'p, R>);

impl<'p, R: Run> Desk<'p, R> {
    /// Our ids behind the host's own keys.
    pub const fn lookup(&self) -> LookupDesk<'_, 'p, R> {
        LookupDesk(self)
    }
}

impl<R: Run> LookupDesk<'_, '_, R> {
    /// The client with this key.
    ///
    /// # Errors
    /// Refused for anybody but staff and operators; hidden for a client that is not there or not
    /// theirs; invalid for a key of another type than declared.
    pub fn client(&self, key: impl Into<HostKey>) -> Result<ClientId, Error> {
        let key = key.into();
        self.0.act("lookup.client", |tx, act| {
            act.staff_only()?;
            let key = checked(act, Keyed::Clients, key)?;
            let found = tx.client_by_key(&key)?;
            let theirs = found.filter(|client| serves(act, Some(client.id)));
            Ok(theirs.ok_or_else(|| Error::hidden(None))?.id)
        })
    }

    /// The contact with this key.
    ///
    /// # Errors
    /// As [`LookupDesk::client`].
    pub fn contact(&self, key: impl Into<HostKey>) -> Result<ContactId, Error> {
        let key = key.into();
        self.0.act("lookup.contact", |tx, act| {
            act.staff_only()?;
            let key = checked(act, Keyed::Contacts, key)?;
            let found = tx.contact_by_key(&key)?;
            let theirs = found.filter(|contact| serves(act, Some(contact.client)));
            Ok(theirs.ok_or_else(|| Error::hidden(None))?.id)
        })
    }

    /// The container of this kind with this key.
    ///
    /// # Errors
    /// As [`LookupDesk::client`].
    pub fn container(
        &self,
        kind: ContainerKind,
        key: impl Into<HostKey>,
    ) -> Result<ContainerId, Error> {
        let key = key.into();
        self.0.act("lookup.container", |tx, act| {
            act.staff_only()?;
            let key = checked(act, Keyed::Containers(kind), key)?;
            let found = tx.container_by_key(kind, &key)?;
            let theirs = found.filter(|container| serves(act, container.client));
            Ok(theirs.ok_or_else(|| Error::hidden(None))?.id)
        })
    }

    /// The user with this key, for whoever may see the users of a client the user works at.
    ///
    /// # Errors
    /// As [`LookupDesk::client`].
    pub fn user(&self, key: impl Into<HostKey>) -> Result<UserId, Error> {
        let key = key.into();
        self.0.act("lookup.user", |tx, act| {
            act.staff_only()?;
            let key = checked(act, Keyed::Users, key)?;
            let user = tx
                .user_by_key(&key)?
                .filter(|user| !user.removed)
                .ok_or_else(|| Error::hidden(None))?;
            let may_see = |client| act.require(NamedRight::VIEW_USERS, client).is_ok();
            let shared = tx
                .affiliations_of(user.id)?
                .iter()
                .any(|at| may_see(Some(at.client)));
            if shared || may_see(None) {
                Ok(user.id)
            } else {
                Err(Error::hidden(None))
            }
        })
    }
}

fn checked(
    act: &portcullis_sharing::SharingAct<'_>,
    what: Keyed,
    key: HostKey,
) -> Result<HostKey, Error> {
    let catalogue = act.rules().catalogue();
    Ok(catalogue
        .check_key(what, key)
        .map_err(portcullis_access::Error::from)?)
}

/// Whether the one who acts works for this client (`None`: for all of them).
fn serves(act: &portcullis_sharing::SharingAct<'_>, client: Option<ClientId>) -> bool {
    act.viewer()
        .is_none_or(|viewer| viewer.held_at(client).is_some())
}
