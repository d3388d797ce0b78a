//! What the sharing core asks of storage, beside what the access core asks. Small, synchronous,
//! object-safe; an adapter implements all of them on its unit of work, and never decides anything.
//!
//! Lookups of what is not there answer `None`. `put_*` inserts a row or replaces the one with the
//! same id; a host key that another row of the kind holds is
//! [`StoreErrorKind::Conflict`](portcullis_ledger::StoreErrorKind::Conflict).

use crate::{Bond, Container, ContainerFacts, DefaultExposure, Item, Membership, PageToken, Plan};
use portcullis_access::{AccessTx, ContainerKind, Kind};
use portcullis_id::{ClientId, ContainerId, HostKey, ItemId, UserId};
use portcullis_ledger::{Revision, StoreError};

/// An item with what a decision's object half needs beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The item.
    pub item: Item,
    /// What the gates need to know of its container.
    pub container: ContainerFacts,
    /// What a decision needs to know of its parent, if it has one.
    pub parent: Option<ParentFacts>,
    /// What ties the user of the question to it. A page leaves it out where the viewer carries
    /// its grants.
    pub bond: Option<Bond>,
    /// The policy revision this was read at: a viewer of another one is out of date.
    pub revision: Revision,
}

/// What a decision about an item needs to know of the item it hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParentFacts {
    /// Its kind: a derived parent does not bear on its children, they bear on it.
    pub kind: Kind,
    /// Its settled verdict.
    pub open: bool,
}

/// What a look for one item found. The revision is told whether it is there or not, so that a
/// viewer that is out of date learns nothing from the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The policy revision this was read at.
    pub revision: Revision,
    /// The item, if it is there.
    pub row: Option<ItemRow>,
}

/// Which containers are there?
pub trait Containers {
    /// The container with this id.
    fn container(&mut self, id: ContainerId) -> Result<Option<Container>, StoreError>;
    /// The container of this kind with this host key.
    fn container_by_key(
        &mut self,
        kind: ContainerKind,
        key: &HostKey,
    ) -> Result<Option<Container>, StoreError>;
    /// The root of a client, or of what belongs to none.
    fn root_of(&mut self, client: Option<ClientId>) -> Result<Option<Container>, StoreError>;
    /// The containers of a client (`None`: those of no client), by kind, sort key of the name, id.
    fn containers_of(&mut self, client: Option<ClientId>) -> Result<Vec<Container>, StoreError>;
    /// Inserts or replaces. A container keeps its client: one that is there under another client
    /// is a [`Conflict`](portcullis_ledger::StoreErrorKind::Conflict).
    fn put_container(&mut self, container: &Container) -> Result<(), StoreError>;
}

/// Which items are there?
pub trait Items {
    /// The item with this id.
    fn item(&mut self, id: ItemId) -> Result<Option<Item>, StoreError>;
    /// The item of this kind with this host key.
    fn item_by_key(&mut self, kind: Kind, key: &HostKey) -> Result<Option<Item>, StoreError>;
    /// The items that hang on this one, by id.
    fn children_of(&mut self, parent: ItemId) -> Result<Vec<Item>, StoreError>;
    /// The next items after `after` in order of id, at most `limit`: to walk all of them.
    fn items_after(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError>;
    /// Inserts or replaces.
    fn put_item(&mut self, item: &Item) -> Result<(), StoreError>;
    /// Removes an item nothing hangs on; nothing happens where there is none.
    fn remove_item(&mut self, id: ItemId) -> Result<(), StoreError>;
}

/// Who was let into which container, and who is sent which item?
pub trait Memberships {
    /// The grant of this pair.
    fn membership(
        &mut self,
        user: UserId,
        container: ContainerId,
    ) -> Result<Option<Membership>, StoreError>;
    /// The first `limit` grants of a user, by container id.
    fn memberships_of(&mut self, user: UserId, limit: u32) -> Result<Vec<Membership>, StoreError>;
    /// All grants of a container, by user id.
    fn members_of(&mut self, container: ContainerId) -> Result<Vec<Membership>, StoreError>;
    /// Inserts or replaces.
    fn put_membership(&mut self, membership: &Membership) -> Result<(), StoreError>;
    /// Removes a grant; nothing happens where there is none.
    fn remove_membership(&mut self, user: UserId, container: ContainerId)
    -> Result<(), StoreError>;
    /// Distributes an item to a user, or stops that.
    fn set_distributed(&mut self, item: ItemId, user: UserId, on: bool) -> Result<(), StoreError>;
    /// The users an item was distributed to, by id.
    fn distribution_of(&mut self, item: ItemId) -> Result<Vec<UserId>, StoreError>;
}

/// Which defaults did the organisation set since the profile was published?
pub trait Defaults {
    /// Every default that was set, in order.
    fn set_defaults(&mut self) -> Result<Vec<(DefaultOf, DefaultExposure)>, StoreError>;
    /// Inserts or replaces.
    fn put_default(&mut self, of: DefaultOf, default: DefaultExposure) -> Result<(), StoreError>;
}

/// What a default exposure is set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefaultOf {
    /// New containers of this kind.
    Containers(ContainerKind),
    /// New items of this kind.
    Items(Kind),
}

/// What is there for one viewer? The only reads that serve client users. Each is answered by one
/// statement whose text and cost do not depend on whether something hidden is there.
pub trait Lists {
    /// The item of this kind with this host key, with the bond of `user`.
    fn row(&mut self, kind: Kind, key: &HostKey, user: UserId) -> Result<Lookup, StoreError>;
    /// The item with this id, with the bond of `user`.
    fn row_by_id(&mut self, item: ItemId, user: UserId) -> Result<Option<ItemRow>, StoreError>;
    /// The rows of the plan behind `after`, by falling [`Item::sort`] and then by falling id, at most
    /// `limit`.
    fn page(
        &mut self,
        plan: &Plan,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Vec<ItemRow>, StoreError>;
    /// How many rows the plan has, counted up to `cap`.
    fn count(&mut self, plan: &Plan, cap: u32) -> Result<u32, StoreError>;
}

/// Everything the commands and readers of the sharing core need of one unit of work.
pub trait SharingTx: AccessTx + Containers + Items + Memberships + Defaults + Lists {}

impl<T> SharingTx for T where
    T: AccessTx + Containers + Items + Memberships + Defaults + Lists + ?Sized
{
}
