//! Containers: making projects, tickets and the others; their switch, life and areas.

use crate::{
    Container, DefaultExposure, DefaultOf, Exposure, Lifecycle, Membership, SharingAct, SharingTx,
    Source, decide_container,
};
use portcullis_access::{
    ContainerKind, Error, Gate, Grant, Keyed, KindSet, NamedRight, UserKind, checked_name,
};
use portcullis_id::{ClientId, ContainerId, HostKey};
use portcullis_ledger::Scope;

/// What a new container starts with.
#[derive(Clone, Debug)]
pub struct NewContainer {
    /// What kind of container.
    pub kind: ContainerKind,
    /// The client it belongs to, if one.
    pub client: Option<ClientId>,
    /// Its name.
    pub name: String,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
}

/// Makes a container, with the default exposure in force (D45, V16).
///
/// # Errors
/// Hidden or refused without `containers.manage` for the client; invalid for a root, which comes
/// with its client, for a name that is empty, or a key of the wrong type.
pub fn add(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    new: NewContainer,
) -> Result<ContainerId, Error> {
    act.require(NamedRight::MANAGE_CONTAINERS, new.client)?;
    if new.kind == ContainerKind::Root {
        return Err(Error::invalid(
            "a root comes with its client; make another kind",
        ));
    }
    let name = checked_name(&new.name)?;
    if let Some(client) = new.client
        && tx.client(client)?.is_none()
    {
        return Err(Error::hidden(None));
    }
    let key = new
        .key
        .map(|key| {
            let catalogue = act.rules().catalogue();
            catalogue.check_key(Keyed::Containers(new.kind), key)
        })
        .transpose()?;
    let container = made(tx, act, new.kind, new.client, &name, key)?;
    tx.put_container(&container)?;
    let_its_maker_in(tx, act, &container)?;
    done(tx, act, "container.add", &container, container.kind.name())?;
    Ok(container.id)
}

/// The root of a client, made when it is first needed.
///
/// # Errors
/// Faults of storage; hidden for a client that is not there.
pub fn root(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    client: Option<ClientId>,
) -> Result<Container, Error> {
    if let Some(root) = tx.root_of(client)? {
        return Ok(root);
    }
    if let Some(client) = client
        && tx.client(client)?.is_none()
    {
        return Err(Error::hidden(None));
    }
    let mut root = made(tx, act, ContainerKind::Root, client, "root", None)?;
    // A root hides nothing by itself: what is in it is shown or hidden item by item.
    root.exposure = Exposure::Shown;
    root.open = root.derived_open();
    tx.put_container(&root)?;
    Ok(root)
}

/// Sets a container's own switch (D43, D44, D46).
///
/// # Errors
/// Hidden or refused without `containers.manage` for its client.
pub fn set_exposure(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ContainerId,
    exposure: Exposure,
) -> Result<(), Error> {
    change(
        tx,
        act,
        id,
        "container.share",
        exposure.name(),
        |container| {
            container.exposure = exposure;
        },
    )
}

/// Issues a container, makes it a draft again, or withdraws it.
///
/// # Errors
/// Hidden or refused without `containers.manage` for its client.
pub fn set_lifecycle(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ContainerId,
    lifecycle: Lifecycle,
) -> Result<(), Error> {
    change(
        tx,
        act,
        id,
        "container.lifecycle",
        lifecycle.name(),
        |container| {
            container.lifecycle = lifecycle;
        },
    )
}

/// Closes these areas in a container and opens all others (P15, P18).
///
/// # Errors
/// Hidden or refused without `containers.manage` for its client.
pub fn close_areas(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ContainerId,
    closed: KindSet,
) -> Result<(), Error> {
    change(tx, act, id, "container.areas", "", |container| {
        container.closed = closed;
    })
}

/// A container the one who acts may manage: they enter it, and hold `right` at its client. Staff
/// enter by reach or grant, others as the one rule says.
///
/// # Errors
/// Hidden where they do not enter it, so that it is like one that is not there; refused where they
/// do and lack the right.
pub fn managed(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ContainerId,
    right: NamedRight,
) -> Result<Container, Error> {
    let Some(container) = tx.container(id)? else {
        return Err(Error::hidden(None));
    };
    if let Some(viewer) = act.viewer() {
        let granted = tx
            .membership(viewer.user(), id)?
            .is_some_and(|membership| membership.grant.live_at(act.now()));
        let enters = if viewer.kind() == UserKind::Staff {
            viewer.held_at(container.client).is_some()
                && (viewer.reach().contains(container.kind) || granted)
        } else {
            let facts = container.facts();
            decide_container(viewer, container.client, &facts, granted, act.now()).is_allow()
        };
        if !enters {
            return Err(Error::hidden(Some(Gate::Reach)));
        }
    }
    act.require(right, container.client)?;
    Ok(container)
}

fn change(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ContainerId,
    action: &str,
    detail: &str,
    edit: impl FnOnce(&mut Container),
) -> Result<(), Error> {
    let mut container = managed(tx, act, id, NamedRight::MANAGE_CONTAINERS)?;
    edit(&mut container);
    container.open = container.derived_open();
    tx.put_container(&container)?;
    done(tx, act, action, &container, detail)
}

/// Whoever makes a container and does not reach all of its kind is let into this one.
fn let_its_maker_in(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    container: &Container,
) -> Result<(), Error> {
    let Some(viewer) = act.viewer() else {
        return Ok(());
    };
    if viewer.reach().contains(container.kind) {
        return Ok(());
    }
    tx.put_membership(&Membership {
        user: viewer.user(),
        container: container.id,
        source: match viewer.kind() {
            UserKind::Staff => Source::Staff,
            UserKind::Client => Source::Member,
            UserKind::Guest => Source::Guest,
        },
        grant: Grant {
            until: None,
            approver: false,
        },
        since: act.now(),
    })?;
    tx.bump(Scope::Policy)?;
    Ok(())
}

fn made(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    kind: ContainerKind,
    client: Option<ClientId>,
    name: &str,
    key: Option<HostKey>,
) -> Result<Container, Error> {
    let mut container = Container {
        id: ContainerId::new(act.now(), act.entropy())?,
        kind,
        key,
        client,
        name: name.to_owned(),
        exposure: Exposure::Inherit,
        default: default_for(tx, act, kind)?,
        lifecycle: Lifecycle::Issued,
        closed: KindSet::NONE,
        created_at: act.now(),
        open: false,
    };
    container.open = container.derived_open();
    Ok(container)
}

fn default_for(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    kind: ContainerKind,
) -> Result<DefaultExposure, Error> {
    let set = tx.set_defaults()?;
    Ok(set
        .iter()
        .find(|(of, _)| *of == DefaultOf::Containers(kind))
        .map_or_else(
            || act.sharing().container_default(kind),
            |(_, default)| *default,
        ))
}

pub(super) fn scope(client: Option<ClientId>) -> Scope {
    client.map_or(Scope::Unowned, Scope::Client)
}

fn done(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    action: &str,
    container: &Container,
    detail: &str,
) -> Result<(), Error> {
    act.record(
        tx,
        action,
        container.client,
        format_args!("container:{}", container.id),
        detail,
    )?;
    tx.bump(scope(container.client))?;
    Ok(())
}
