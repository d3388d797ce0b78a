use super::Part;
use crate::Tx;
use crate::conflict::refers;
use portcullis_id::{ContainerId, ItemId, UserId};
use portcullis_ledger::StoreError;
use portcullis_sharing::{Membership, Memberships};

impl Memberships for Tx {
    fn membership(
        &mut self,
        user: UserId,
        container: ContainerId,
    ) -> Result<Option<Membership>, StoreError> {
        Ok(self.sharing().membership(user, container).copied())
    }

    fn memberships_of(&mut self, user: UserId, limit: u32) -> Result<Vec<Membership>, StoreError> {
        let first = (user, ContainerId::from_uuid(uuid::Uuid::nil()));
        let found = self.sharing().memberships.range(first..);
        Ok(found
            .take_while(|((of, _), _)| *of == user)
            .take(limit as usize)
            .map(|(_, membership)| *membership)
            .collect())
    }

    fn members_of(&mut self, container: ContainerId) -> Result<Vec<Membership>, StoreError> {
        let all = self.sharing().memberships.values();
        Ok(all
            .filter(|membership| membership.container == container)
            .copied()
            .collect())
    }

    fn put_membership(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let (user, container) = (membership.user, membership.container);
        refers(self.access().has_user(user), "user")?;
        let sharing = self.sharing_mut()?;
        refers(sharing.containers.has(container), "container")?;
        sharing.memberships.insert((user, container), *membership);
        Ok(())
    }

    fn remove_membership(
        &mut self,
        user: UserId,
        container: ContainerId,
    ) -> Result<(), StoreError> {
        self.sharing_mut()?.memberships.remove(&(user, container));
        Ok(())
    }

    fn set_distributed(&mut self, item: ItemId, user: UserId, on: bool) -> Result<(), StoreError> {
        let user_there = self.access().has_user(user);
        let sharing = self.sharing_mut()?;
        if on {
            refers(user_there, "user")?;
            refers(sharing.items.has(item), "item")?;
            sharing.distribution.insert((item, user));
        } else {
            sharing.distribution.remove(&(item, user));
        }
        Ok(())
    }

    fn distribution_of(&mut self, item: ItemId) -> Result<Vec<UserId>, StoreError> {
        let first = (item, UserId::from_uuid(uuid::Uuid::nil()));
        let found = self.sharing().distribution.range(first..);
        Ok(found
            .take_while(|(of, _)| *of == item)
            .map(|(_, user)| *user)
            .collect())
    }
}

impl Part {
    pub(super) fn membership(&self, user: UserId, container: ContainerId) -> Option<&Membership> {
        self.memberships.get(&(user, container))
    }
}
