//! What the sharing core keeps: containers, items, who was let in, who is sent what.

mod containers;
mod defaults;
mod items;
mod lists;
mod memberships;

use crate::Tx;
use crate::table::Table;
use portcullis_id::{ContainerId, ItemId, UserId};
use portcullis_ledger::StoreError;
use portcullis_sharing::{Container, DefaultExposure, DefaultOf, Item, Membership};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rows of the sharing core.
#[derive(Clone, Default)]
pub(crate) struct Part {
    containers: Table<Container>,
    items: Table<Item>,
    /// Parent and child.
    children: BTreeSet<(ItemId, ItemId)>,
    memberships: BTreeMap<(UserId, ContainerId), Membership>,
    distribution: BTreeSet<(ItemId, UserId)>,
    defaults: BTreeMap<DefaultOf, DefaultExposure>,
}

impl Part {
    /// The ids of the items that hang on this one, in order.
    fn children(&self, parent: ItemId) -> impl Iterator<Item = ItemId> {
        let first = (parent, ItemId::from_uuid(uuid::Uuid::nil()));
        self.children
            .range(first..)
            .take_while(move |(of, _)| *of == parent)
            .map(|(_, child)| *child)
    }
}

impl Tx {
    fn sharing(&self) -> &Part {
        &self.state().sharing
    }

    fn sharing_mut(&mut self) -> Result<&mut Part, StoreError> {
        self.state_mut()
            .map(|state| Arc::make_mut(&mut state.sharing))
    }
}
