//! The readers: everything a viewer is ever handed comes through here, and through `decide`.

use crate::settle::is_derived;
use crate::{
    Container, ItemFacts, ItemRow, Kin, Located, Memberships, PageToken, Plan, Seen, SharingRules,
    SharingTx, decide, decide_container,
};
use portcullis_access::{AccessRules, Catalogue, Error, Grant, Kind, Verb, Viewer, load_viewer};
use portcullis_id::{ClientId, ContainerId, HostKey, Standing, Timestamp, UserId};
use portcullis_ledger::{Revision, Scope, StoreError};
use std::collections::HashSet;

/// The most rows one page can have.
pub const PAGE_LIMIT: u32 = 500;

/// One page of a list.
#[derive(Debug)]
pub struct Page {
    /// The rows, by falling [`Item::sort`](crate::Item::sort), so the newest first, each checked.
    pub rows: Vec<Seen<Located>>,
    /// Where the next page starts, if there is one.
    pub next: Option<PageToken>,
}

/// Reads a person's whole subject half: two statements, and at most
/// [`Viewer::CARRIED_GRANTS`] + 1 grants, however many there are.
///
/// # Errors
/// Faults of storage. `None` for a user that never was.
pub fn load_sight(
    tx: &mut dyn SharingTx,
    user: UserId,
    standing: Standing,
    access: &AccessRules,
    rules: &SharingRules,
    now: Timestamp,
) -> Result<Option<Viewer>, StoreError> {
    let Some(viewer) = load_viewer(tx, user, standing, access, now)? else {
        return Ok(None);
    };
    let grants = load_grants(tx, user)?;
    Ok(Some(
        viewer.with_grants(grants, now).with_fields(rules.fields()),
    ))
}

/// A user's grants, if there are few enough to carry.
///
/// # Errors
/// Faults of storage.
pub fn load_grants<T: Memberships + ?Sized>(
    tx: &mut T,
    user: UserId,
) -> Result<Option<Vec<(ContainerId, Grant)>>, StoreError> {
    const LIMIT: u32 = 101;
    let found = tx.memberships_of(user, LIMIT)?;
    Ok((found.len() <= Viewer::CARRIED_GRANTS).then(|| {
        found
            .into_iter()
            .map(|membership| (membership.container, membership.grant))
            .collect()
    }))
}

/// The object half of the item with this host key, looked up for `viewer`. One statement, the same
/// whether the item is hidden, absent or there.
///
/// # Errors
/// Faults of storage; invalid for a key of another type than the kind's; stale for a viewer that
/// was read at another policy revision.
pub fn locate(
    tx: &mut dyn SharingTx,
    viewer: &Viewer,
    catalogue: &Catalogue,
    kind: Kind,
    key: HostKey,
) -> Result<Option<Located>, Error> {
    let key = catalogue.check_item_key(kind, key)?;
    let found = tx.row(kind, &key, viewer.user())?;
    up_to_date(viewer, found.revision)?;
    Ok(found.row.map(|row| row.located(catalogue)))
}

/// A viewer read at another policy revision than what it is asked about is worth nothing
/// (promise 4).
///
/// # Errors
/// [`Stale`](portcullis_access::ErrorKind::Stale) for such a viewer.
pub fn up_to_date(viewer: &Viewer, revision: Revision) -> Result<(), Error> {
    if viewer.revision() == revision {
        Ok(())
    } else {
        Err(Error::stale())
    }
}

/// One page of the items of a kind that the viewer may see, by falling
/// [`Item::sort`](crate::Item::sort). Never short, never
/// skipping: `next` is `None` exactly on the last page.
///
/// # Errors
/// Faults of storage; stale for a viewer that was read at another policy revision; and a row that
/// storage listed and the rule refuses: a disagreement is a fault, reported, never a silent drop.
pub fn page(
    tx: &mut dyn SharingTx,
    viewer: &Viewer,
    catalogue: &Catalogue,
    kind: Kind,
    after: Option<PageToken>,
    limit: u32,
    now: Timestamp,
) -> Result<Page, Error> {
    let limit = limit.clamp(1, PAGE_LIMIT);
    let plan = Plan::items(viewer, kind, catalogue, now);
    if plan.branches.is_empty() {
        return Ok(Page {
            rows: Vec::new(),
            next: None,
        });
    }
    let mut found = tx.page(&plan, after, limit.saturating_add(1))?;
    if found.is_empty() {
        up_to_date(viewer, tx.revision(Scope::Policy)?)?;
    }
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        up_to_date(viewer, row.revision)?;
        let located = row.located(catalogue);
        let item = located.facts().item;
        rows.push(Seen::facts_of(viewer, located, now).map_err(|deny| {
            StoreError::corrupt(format!(
                "a list holds item {item}, which {} refuses; run `verify` and report this",
                deny.gate
            ))
        })?);
    }
    let next = if more {
        rows.last().map(|row| row.token())
    } else {
        None
    };
    Ok(Page { rows, next })
}

/// How many items of a kind the viewer may see, counted up to `cap`.
///
/// # Errors
/// Faults of storage.
pub fn count(
    tx: &mut dyn SharingTx,
    viewer: &Viewer,
    catalogue: &Catalogue,
    kind: Kind,
    cap: u32,
    now: Timestamp,
) -> Result<u32, Error> {
    let plan = Plan::items(viewer, kind, catalogue, now);
    if plan.branches.is_empty() {
        return Ok(0);
    }
    let revision = tx.revision(Scope::Policy)?;
    up_to_date(viewer, revision)?;
    Ok(tx.count(&plan, cap)?)
}

/// The containers of one client that the viewer may enter, by kind, name and id. `None` asks for
/// those of no client, which staff of every client alone can enter. Two statements, or three for a
/// viewer who does not carry its grants.
///
/// # Errors
/// Faults of storage; stale for a viewer that was read at another policy revision.
pub fn containers(
    tx: &mut dyn SharingTx,
    viewer: &Viewer,
    client: Option<ClientId>,
    now: Timestamp,
) -> Result<Vec<Container>, Error> {
    up_to_date(viewer, tx.revision(Scope::Policy)?)?;
    let granted: HashSet<ContainerId> = match viewer.granted_containers() {
        Some(carried) => carried.collect(),
        None => tx
            .memberships_of(viewer.user(), u32::MAX)?
            .into_iter()
            .filter(|membership| membership.grant.live_at(now))
            .map(|membership| membership.container)
            .collect(),
    };
    let mut entered = tx.containers_of(client)?;
    entered.retain(|container| {
        let granted = granted.contains(&container.id);
        decide_container(viewer, container.client, &container.facts(), granted, now).is_allow()
    });
    Ok(entered)
}

/// Whether this viewer may receive the item by mail: they may view it, or it was distributed to
/// them (L14). Asked when the mail is sent, not when it was queued.
pub fn may_be_mailed(viewer: &Viewer, facts: &ItemFacts, now: Timestamp) -> bool {
    decide(viewer, Verb::View, facts, now).is_allow()
        || decide(viewer, Verb::Receive, facts, now).is_allow()
}

impl ItemRow {
    /// The object half of a decision about this row.
    pub fn facts(&self, catalogue: &Catalogue) -> ItemFacts {
        let kin = match self.parent {
            // What a derived thing shows is settled from its children.
            _ if is_derived(catalogue, self.item.kind) => Kin::Of {
                open_child: self.item.open,
            },
            Some(parent) if !is_derived(catalogue, parent.kind) => Kin::Under { open: parent.open },
            _ => Kin::Alone,
        };
        ItemFacts::of(
            &self.item,
            catalogue.judged_as(self.item.kind),
            self.container,
            kin,
            self.bond,
        )
    }

    /// The same, with the host's key.
    pub fn located(&self, catalogue: &Catalogue) -> Located {
        Located::new(&self.item, self.facts(catalogue))
    }
}
