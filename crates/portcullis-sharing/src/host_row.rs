//! A row of the host's own table, judged one by one: the same answer as the list over that table.
//!
//! The host's owner and container columns may only narrow: where one is used it must agree with
//! our row. A row we do not know is hidden from clients and guests, and open to staff who hold the
//! right to view its kind at the client the owner column names; without such a client, to staff of
//! every client alone.

use crate::{Container, Decision, ItemRow, decide};
use portcullis_access::gates::{client_usable, portal_active, standing};
use portcullis_access::{
    Catalogue, ContainerKind, Deny, Fields, Gate, Kind, KindSet, UserKind, Verb, Viewer,
};
use portcullis_id::{ClientId, HostKey, Timestamp};

/// A row of the host's own table, with what we know of it.
#[derive(Clone, Copy, Debug)]
pub struct HostRow<'r> {
    /// The kind of item that the table holds.
    pub kind: Kind,
    /// Our row of this kind and key with its container, if there is one.
    pub row: Option<(&'r ItemRow, &'r Container)>,
    /// What the owner column says.
    pub owner: OwnerColumn,
    /// What the container column says.
    pub container: ContainerColumn<'r>,
}

/// What the host's owner column says about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerColumn {
    /// There is none, or it is not used.
    Unused,
    /// NULL: it belongs to no client.
    Null,
    /// A key that no client of ours has.
    Unknown,
    /// The key of this client.
    Client(ClientId),
}

/// What the host's container column says about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerColumn<'r> {
    /// There is none, or it is not used.
    Unused,
    /// It names containers of any kind; NULL is a client's root.
    Any(Option<&'r HostKey>),
    /// It names containers of this kind alone; NULL is a container of another kind.
    Of(ContainerKind, Option<&'r HostKey>),
}

/// May this viewer see this row of the host's own table? Exactly the rows that the list over the
/// table holds.
pub fn decide_host_row(
    viewer: &Viewer,
    host: &HostRow<'_>,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Decision {
    let Some((row, container)) = host.row else {
        return decide_unknown(viewer, host, catalogue, now);
    };
    if !host.owner.agrees(row.item.client) {
        return Decision::Deny(Deny::hidden(Gate::ClientLock));
    }
    if !host.container.agrees(container) {
        return Decision::Deny(Deny::hidden(Gate::Reach));
    }
    decide(viewer, Verb::View, &row.facts(catalogue), now)
}

impl OwnerColumn {
    fn agrees(self, client: Option<ClientId>) -> bool {
        match self {
            Self::Unused => true,
            Self::Null => client.is_none(),
            Self::Unknown => false,
            Self::Client(owner) => client == Some(owner),
        }
    }
}

impl ContainerColumn<'_> {
    fn agrees(self, container: &Container) -> bool {
        let (named, key) = match self {
            Self::Unused => return true,
            Self::Any(key) => (container.kind != ContainerKind::Root, key),
            Self::Of(kind, key) => (container.kind == kind, key),
        };
        match key {
            Some(_) => named && container.key.as_ref() == key,
            None => !named,
        }
    }
}

fn decide_unknown(
    viewer: &Viewer,
    host: &HostRow<'_>,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Decision {
    let judged = KindSet::of(catalogue.judged_as(host.kind));
    let held = match (viewer.everywhere(), host.owner) {
        (Some(held), _) => Some(held),
        (None, OwnerColumn::Client(owner)) => viewer.held_at(Some(owner)),
        (None, _) => None,
    };
    let refused = if !viewer.fresh_at(now) {
        Gate::Stale
    } else if !portal_active::passes(viewer) {
        Gate::PortalActive
    } else if viewer.licensed().is_empty() {
        Gate::Licence
    } else if !standing::passes(viewer) {
        Gate::Standing
    } else if !client_usable::passes(viewer, held) {
        Gate::ClientUsable
    } else if viewer.kind() != UserKind::Staff {
        Gate::ClientLock
    } else {
        match held {
            None => Gate::ClientLock,
            Some(held) if !held.rights.kinds(Verb::View).contains_all(judged) => Gate::Right,
            Some(_) => {
                return Decision::Allow {
                    fields: Fields::ALL,
                };
            }
        }
    };
    Decision::Deny(Deny::hidden(refused))
}
