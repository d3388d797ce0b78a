//! Items: placing them, their "Show on portal" switch, their life.

use super::container::{root, scope};
use crate::settle::{fits, is_derived, settle, settle_parent};
use crate::{
    AtActivation, Container, DefaultExposure, DefaultOf, Exposure, Item, ItemFacts, Lifecycle,
    SharingAct, SharingTx,
};
use portcullis_access::{Error, Kind, KindEntry, KindSet, UserKind, Verb};
use portcullis_id::{ClientId, ContainerId, HostKey, ItemId, UserId};

/// Where a new item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into a container.
    In(ContainerId),
    /// Below another item, in that item's container: a comment on a document.
    Under(ItemId),
    /// Into a client's root, or the root of what belongs to no client.
    Root(Option<ClientId>),
}

/// What a new item starts with.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// Its kind.
    pub kind: Kind,
    /// The host's key, unique among items of the kind.
    pub key: HostKey,
    /// Where it goes.
    pub place: Place,
    /// Where it stands in lists; none for the moment it is placed.
    pub sort: Option<i64>,
}

/// Places an item. It gets the default exposure in force, recorded with it; what a client user
/// makes starts shown of its own (choice 9) unless it is derived from what hangs on it; kinds that the profile issues start as drafts.
///
/// # Errors
/// Hidden where the place may not be known, refused without Create on the kind; invalid for a key
/// of the wrong type, a kind nobody registered, or a parent that cannot have it.
pub fn place(tx: &mut dyn SharingTx, act: &SharingAct<'_>, new: NewItem) -> Result<ItemId, Error> {
    let catalogue = act.rules().catalogue();
    let entry = catalogue
        .kind(new.kind)
        .ok_or_else(|| Error::invalid("register the kind in the catalogue before placing it"))?;
    let key = catalogue.check_item_key(new.kind, new.key)?;
    let (container, parent) = spot(tx, act, entry, new.place)?;
    let judged_as = catalogue.judged_as(new.kind);
    let own = KindSet::of(judged_as);
    let author = authored_by(act);
    let (default, older) = default_for(tx, act, new.kind)?;
    // What is derived has no switch and no life of its own, whoever makes it.
    let derived = entry.derived_from.is_some();
    let item = Item {
        id: ItemId::new(act.now(), act.entropy())?,
        kind: new.kind,
        key,
        container: container.id,
        client: container.client,
        path: parent.as_ref().map_or(own, |parent| parent.path.union(own)),
        parent: parent.map(|parent| parent.id),
        exposure: if author.is_some() && !derived {
            Exposure::Shown
        } else {
            Exposure::Inherit
        },
        default,
        older,
        lifecycle: if act.sharing().starts_as_draft(new.kind) && !derived {
            Lifecycle::Draft
        } else {
            Lifecycle::Issued
        },
        author,
        created_at: act.now(),
        sort: new.sort.unwrap_or_else(|| act.now().millis()),
        open: false,
    };
    let (id, client) = (item.id, item.client);
    settle(tx, catalogue, item)?;
    done(tx, act, "item.place", client, id, &entry.name)?;
    Ok(id)
}

/// Sets the "Show on portal" switch; seen at the next decision (V35, V44, V58).
///
/// # Errors
/// Hidden where the item may not be known, refused without Share on its kind.
pub fn set_exposure(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ItemId,
    exposure: Exposure,
) -> Result<(), Error> {
    act.staff_only()?;
    change(
        tx,
        act,
        id,
        Verb::Share,
        "item.share",
        exposure.name(),
        |item| {
            item.exposure = exposure;
        },
    )
}

/// Issues an item, makes it a draft again, or withdraws it (P7, P49).
///
/// # Errors
/// Hidden where the item may not be known, refused without Share on its kind.
pub fn set_lifecycle(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ItemId,
    lifecycle: Lifecycle,
) -> Result<(), Error> {
    act.staff_only()?;
    change(
        tx,
        act,
        id,
        Verb::Share,
        "item.lifecycle",
        lifecycle.name(),
        |item| {
            item.lifecycle = lifecycle;
        },
    )
}

/// Says where an item stands in lists, as the host's own list has it. Whoever may edit the item may.
///
/// # Errors
/// Hidden where the item may not be known, refused without Edit on its kind.
pub fn set_sort(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ItemId,
    sort: i64,
) -> Result<(), Error> {
    let mut item = allowed(tx, act, id, Verb::Edit)?;
    let client = item.client;
    item.sort = sort;
    // Nothing that settles an item has changed.
    tx.put_item(&item)?;
    done(tx, act, "item.sort", client, id, &sort.to_string())
}

/// Removes an item. The host removes its own row in the same transaction.
///
/// What somebody who is not staff removes is withdrawn: gone for clients, and staff remove it for
/// good. So whether something they cannot see hangs on it makes no difference to them (L5).
///
/// # Errors
/// Hidden or refused as the one rule says for Delete; for staff, invalid while other items hang on
/// it.
pub fn remove(tx: &mut dyn SharingTx, act: &SharingAct<'_>, id: ItemId) -> Result<(), Error> {
    let mut item = allowed(tx, act, id, Verb::Delete)?;
    let client = item.client;
    if authored_by(act).is_some() {
        item.lifecycle = Lifecycle::Withdrawn;
        settle(tx, act.rules().catalogue(), item)?;
        return done(tx, act, "item.withdraw", client, id, "");
    }
    if !tx.children_of(id)?.is_empty() {
        return Err(Error::invalid(
            "other items hang on this one; remove those first",
        ));
    }
    tx.remove_item(id)?;
    settle_parent(tx, act.rules().catalogue(), item.parent)?;
    done(tx, act, "item.remove", item.client, id, "")
}

/// Distributes an item to a user by mail, or stops that (P8, P9). It opens nothing in the portal.
///
/// # Errors
/// Hidden or refused without Share on its kind; invalid for a user who is not let in by the item's
/// client (P43, P44).
pub fn distribute(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ItemId,
    user: UserId,
    on: bool,
) -> Result<(), Error> {
    act.staff_only()?;
    let item = allowed(tx, act, id, Verb::Share)?;
    let let_in = match item.client {
        None => false,
        Some(client) => tx.affiliation(user, client)?.is_some(),
    };
    if on && !let_in {
        return Err(Error::invalid(
            "an item can be sent only to users of its own client",
        ));
    }
    tx.set_distributed(id, user, on)?;
    done(
        tx,
        act,
        "item.distribute",
        item.client,
        id,
        &format!("user:{user} {on}"),
    )
}

fn change(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ItemId,
    verb: Verb,
    action: &str,
    detail: &str,
    edit: impl FnOnce(&mut Item),
) -> Result<(), Error> {
    let mut item = allowed(tx, act, id, verb)?;
    if is_derived(act.rules().catalogue(), item.kind) {
        return Err(Error::invalid(
            "a derived item shows exactly when one of its children does; share those",
        ));
    }
    let client = item.client;
    edit(&mut item);
    settle(tx, act.rules().catalogue(), item)?;
    done(tx, act, action, client, id, detail)
}

/// The item, if the one rule allows the verb on it.
fn allowed(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    id: ItemId,
    verb: Verb,
) -> Result<Item, Error> {
    let user = asking(act);
    let row = tx.row_by_id(id, user)?.ok_or_else(|| Error::hidden(None))?;
    act.allow(verb, &row.facts(act.rules().catalogue()))?;
    Ok(row.item)
}

/// The container and the parent of a new item, if the one rule allows Create there.
fn spot(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    entry: &KindEntry,
    place: Place,
) -> Result<(Container, Option<Item>), Error> {
    let catalogue = act.rules().catalogue();
    let judged_as = catalogue.judged_as(entry.kind);
    let container = match place {
        Place::Under(parent) => {
            let row = tx
                .row_by_id(parent, asking(act))?
                .ok_or_else(|| Error::hidden(None))?;
            act.allow(
                Verb::Create,
                &row.facts(catalogue).place_for(entry.kind, judged_as),
            )?;
            fits(tx, catalogue, entry, &row.item)?;
            let container = tx
                .container(row.item.container)?
                .ok_or_else(|| Error::hidden(None))?;
            return Ok((container, Some(row.item)));
        }
        Place::In(container) => tx
            .container(container)?
            .ok_or_else(|| Error::hidden(None))?,
        Place::Root(client) => root(tx, act, client)?,
    };
    let bond = match act.viewer() {
        None => None,
        Some(viewer) => {
            let membership = tx.membership(viewer.user(), container.id)?;
            Some(crate::Bond {
                user: viewer.user(),
                grant: membership.map(|membership| membership.grant),
                receives: false,
            })
        }
    };
    let facts: ItemFacts = container.place_for(entry.kind, judged_as, bond);
    act.allow(Verb::Create, &facts)?;
    Ok((container, None))
}

/// The default in force for a new item of this kind, and whether it is older than the activation.
fn default_for(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    kind: Kind,
) -> Result<(DefaultExposure, bool), Error> {
    let older = tx
        .portal()?
        .is_none_or(|portal| portal.first_activated_at.is_none());
    if older && act.sharing().profile().at_activation == AtActivation::Hidden {
        return Ok((DefaultExposure::Hidden, true));
    }
    let set = tx.set_defaults()?;
    let default = set
        .iter()
        .find(|(of, _)| *of == DefaultOf::Items(kind))
        .map_or_else(|| act.sharing().item_default(kind), |(_, default)| *default);
    Ok((default, older))
}

fn authored_by(act: &SharingAct<'_>) -> Option<UserId> {
    let viewer = act.viewer()?;
    (viewer.kind() != UserKind::Staff).then(|| viewer.user())
}

/// For whom bonds are looked up; an operator has none, and the nil id is nobody's.
fn asking(act: &SharingAct<'_>) -> UserId {
    act.viewer().map_or(
        UserId::from_uuid(uuid::Uuid::nil()),
        portcullis_access::Viewer::user,
    )
}

fn done(
    tx: &mut dyn SharingTx,
    act: &SharingAct<'_>,
    action: &str,
    client: Option<ClientId>,
    id: ItemId,
    detail: &str,
) -> Result<(), Error> {
    act.record(tx, action, client, format_args!("item:{id}"), detail)?;
    tx.bump(scope(client))?;
    Ok(())
}
