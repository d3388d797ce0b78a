//! Settling: `open`, the cached verdict of gates 9 and 10 about an item and its parents, brought
//! up to date in the same transaction as whatever changed it; and `verify`, which derives all of
//! them anew and reports drift.

use crate::{Item, ItemFacts, Kin, Lifecycle, SharingTx};
use portcullis_access::{Catalogue, ContainerKind, Error, Kind, KindEntry};
use portcullis_id::ItemId;

/// How deep items may hang on one another.
pub(crate) const MAX_DEPTH: u32 = 8;

/// A settled verdict that is not the one derived from the raw facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Which row, as `item:<id>` or `container:<id>`.
    pub row: String,
    /// What is settled.
    pub settled: bool,
    /// What the raw facts say.
    pub derived: bool,
}

/// Derives the verdict of `item`, writes it, and settles everything its change bears on: what
/// hangs on it, and a derived thing that it hangs on.
///
/// # Errors
/// Faults of storage.
pub(crate) fn settle(
    tx: &mut dyn SharingTx,
    catalogue: &Catalogue,
    mut item: Item,
) -> Result<(), Error> {
    let before = tx.item(item.id)?.map(|old| old.open);
    item.open = derived_open(tx, catalogue, &item)?;
    tx.put_item(&item)?;
    if before == Some(item.open) || (before.is_none() && !item.open) {
        return Ok(());
    }
    let parent = match item.parent {
        None => None,
        Some(parent) => tx.item(parent)?,
    };
    if let Some(parent) = parent
        && is_derived(catalogue, parent.kind)
    {
        settle(tx, catalogue, parent)?;
    }
    if !is_derived(catalogue, item.kind) {
        for child in tx.children_of(item.id)? {
            settle(tx, catalogue, child)?;
        }
    }
    Ok(())
}

/// Writes an item brought along from elsewhere, such as a portal file: checks that it can hang
/// where it does, works out its path, and settles it and what it bears on. Its parent comes first.
///
/// # Errors
/// Invalid for a kind nobody registered, a parent that is not there, lies in another container or
/// cannot have it, and a switch on a derived item.
pub fn restore(tx: &mut dyn SharingTx, catalogue: &Catalogue, mut item: Item) -> Result<(), Error> {
    let entry = catalogue
        .kind(item.kind)
        .ok_or_else(|| Error::invalid("this kind is not registered in the catalogue"))?;
    let judged_as = catalogue.judged_as(item.kind);
    item.path = portcullis_access::KindSet::of(judged_as);
    if let Some(parent) = item.parent {
        let parent = tx
            .item(parent)?
            .filter(|parent| parent.container == item.container)
            .ok_or_else(|| Error::invalid("its parent is not in the same container"))?;
        fits(tx, catalogue, entry, &parent)?;
        item.path = item.path.union(parent.path);
    }
    let switched = item.exposure != crate::Exposure::Inherit || !item.lifecycle.is_issued();
    if entry.derived_from.is_some() && switched {
        return Err(Error::invalid(
            "a derived item has no switch and no life of its own",
        ));
    }
    settle(tx, catalogue, item)
}

/// Whether an item of this kind may hang on `parent`.
pub(crate) fn fits(
    tx: &mut dyn SharingTx,
    catalogue: &Catalogue,
    entry: &KindEntry,
    parent: &Item,
) -> Result<(), Error> {
    if entry.derived_from.is_some() {
        return Err(Error::invalid("a derived item hangs on no other"));
    }
    let derived_from = catalogue
        .kind(parent.kind)
        .and_then(|parent| parent.derived_from);
    if derived_from.is_some_and(|kind| kind != entry.kind) {
        return Err(Error::invalid(
            "only what a derived item is derived from can hang on it",
        ));
    }
    let mut depth = 1;
    let mut above = parent.parent;
    while let Some(id) = above {
        depth += 1;
        above = tx.item(id)?.and_then(|item| item.parent);
        if depth > MAX_DEPTH {
            return Err(Error::invalid(format!(
                "items hang on one another at most {MAX_DEPTH} deep; hang it higher up"
            )));
        }
    }
    Ok(())
}

/// Settles the derived thing an item hung on, after the item is gone.
///
/// # Errors
/// Faults of storage.
pub(crate) fn settle_parent(
    tx: &mut dyn SharingTx,
    catalogue: &Catalogue,
    parent: Option<ItemId>,
) -> Result<(), Error> {
    let Some(parent) = parent else { return Ok(()) };
    match tx.item(parent)? {
        Some(parent) if is_derived(catalogue, parent.kind) => settle(tx, catalogue, parent),
        _ => Ok(()),
    }
}

/// The verdict of the item-side gates, from raw facts and the settled verdicts of its kin.
fn derived_open(tx: &mut dyn SharingTx, catalogue: &Catalogue, item: &Item) -> Result<bool, Error> {
    let kin = if is_derived(catalogue, item.kind) {
        let children = tx.children_of(item.id)?;
        Kin::Of {
            open_child: children.iter().any(|child| child.open),
        }
    } else {
        match item.parent {
            None => Kin::Alone,
            Some(parent) => match tx.item(parent)? {
                Some(parent) if is_derived(catalogue, parent.kind) => Kin::Alone,
                Some(parent) => Kin::Under { open: parent.open },
                None => Kin::Under { open: false },
            },
        }
    };
    Ok(verdict(catalogue, item, kin))
}

/// Runs the rule itself over the item, in a container that lets everything through.
fn verdict(catalogue: &Catalogue, item: &Item, kin: Kin) -> bool {
    let container = crate::ContainerFacts {
        id: item.container,
        kind: ContainerKind::Root,
        exposure: crate::Exposure::Shown,
        default: crate::DefaultExposure::Hidden,
        lifecycle: Lifecycle::Issued,
        closed: portcullis_access::KindSet::NONE,
    };
    ItemFacts::of(item, catalogue.judged_as(item.kind), container, kin, None).item_side_open()
}

/// Whether items of this kind are settled from what hangs on them.
pub(crate) fn is_derived(catalogue: &Catalogue, kind: Kind) -> bool {
    catalogue
        .kind(kind)
        .is_some_and(|entry| entry.derived_from.is_some())
}

/// Derives every settled verdict anew and tells those that differ. Reads everything: for jobs and
/// tests, not for requests.
///
/// # Errors
/// Faults of storage.
pub fn verify(tx: &mut dyn SharingTx, catalogue: &Catalogue) -> Result<Vec<Drift>, Error> {
    let mut drifts = Vec::new();
    let mut clients: Vec<_> = tx
        .clients()?
        .into_iter()
        .map(|client| Some(client.id))
        .collect();
    clients.push(None);
    for client in clients {
        for container in tx.containers_of(client)? {
            if container.open != container.derived_open() {
                drifts.push(Drift {
                    row: format!("container:{}", container.id),
                    settled: container.open,
                    derived: container.derived_open(),
                });
            }
        }
    }
    let mut after = None;
    loop {
        let items = tx.items_after(after, 1_000)?;
        let Some(last) = items.last() else { break };
        after = Some(last.id);
        for item in items {
            let derived = derived_open(tx, catalogue, &item)?;
            if item.open != derived {
                drifts.push(Drift {
                    row: format!("item:{}", item.id),
                    settled: item.open,
                    derived,
                });
            }
        }
    }
    Ok(drifts)
}
