use super::Part;
use crate::Tx;
use portcullis_access::Kind;
use portcullis_id::{HostKey, ItemId, UserId};
use portcullis_ledger::{Revision, StoreError};
use portcullis_sharing::{
    Bond, Container, Item, ItemRow, Lists, Lookup, PageToken, ParentFacts, Plan,
};
use std::cmp::Reverse;

impl Lists for Tx {
    fn row(&mut self, kind: Kind, key: &HostKey, user: UserId) -> Result<Lookup, StoreError> {
        let (sharing, revision) = (self.sharing(), self.policy_revision());
        let item = sharing.items.by_key(&(kind, key.clone()));
        Ok(Lookup {
            revision,
            row: item.and_then(|item| sharing.row(item, Some(user), revision)),
        })
    }

    fn row_by_id(&mut self, item: ItemId, user: UserId) -> Result<Option<ItemRow>, StoreError> {
        let (sharing, revision) = (self.sharing(), self.policy_revision());
        let item = sharing.items.get(item);
        Ok(item.and_then(|item| sharing.row(item, Some(user), revision)))
    }

    fn page(
        &mut self,
        plan: &Plan,
        after: Option<PageToken>,
        limit: u32,
    ) -> Result<Vec<ItemRow>, StoreError> {
        let mut found: Vec<&Item> = self
            .planned(plan)
            .filter(|item| {
                after.is_none_or(|after| order(item) > (Reverse(after.sort), Reverse(after.item)))
            })
            .collect();
        found.sort_by_key(|item| order(item));
        let (sharing, revision) = (self.sharing(), self.policy_revision());
        let user = plan.bonds.then_some(plan.user);
        Ok(found
            .into_iter()
            .take(limit as usize)
            .filter_map(|item| sharing.row(item, user, revision))
            .collect())
    }

    fn count(&mut self, plan: &Plan, cap: u32) -> Result<u32, StoreError> {
        let found = self.planned(plan).take(cap as usize).count();
        Ok(u32::try_from(found).unwrap_or(cap))
    }
}

impl Tx {
    /// The items of a plan, in no order that lists show.
    fn planned<'t>(&'t self, plan: &'t Plan) -> impl Iterator<Item = &'t Item> {
        let (access, sharing) = (self.access(), self.sharing());
        let of_kind = sharing.items.rows().filter(|item| item.kind == plan.kind);
        of_kind.filter(move |item| {
            let Some(container) = sharing.containers.get(item.container) else {
                return false;
            };
            let granted = sharing
                .membership(plan.user, container.id)
                .is_some_and(|membership| membership.grant.live_at(plan.now));
            plan.branches.iter().any(|branch| {
                branch.holds(item, container, granted, |client| {
                    access
                        .affiliation(plan.user, client)
                        .is_some_and(|door| door.live_at(plan.now))
                })
            })
        })
    }
}

impl Part {
    fn row(&self, item: &Item, user: Option<UserId>, revision: Revision) -> Option<ItemRow> {
        let container: &Container = self.containers.get(item.container)?;
        let parent = item.parent.and_then(|parent| self.items.get(parent));
        Some(ItemRow {
            item: item.clone(),
            container: container.facts(),
            parent: parent.map(|parent| ParentFacts {
                kind: parent.kind,
                open: parent.open,
            }),
            bond: user.map(|user| Bond {
                user,
                grant: self
                    .membership(user, container.id)
                    .map(|membership| membership.grant),
                receives: self.distribution.contains(&(item.id, user)),
            }),
            revision,
        })
    }
}

/// As lists have it: by falling sort, and then by falling id.
fn order(item: &Item) -> (Reverse<i64>, Reverse<ItemId>) {
    (Reverse(item.sort), Reverse(item.id))
}
