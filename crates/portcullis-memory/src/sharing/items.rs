use crate::Tx;
use crate::conflict::refers;
use crate::table::Row;
use portcullis_access::Kind;
use portcullis_id::{HostKey, ItemId};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sharing::{Item, Items};

impl Row for Item {
    const KEY: &'static str = "the host key of an item of this kind";
    type Id = ItemId;
    type Key = (Kind, HostKey);
    fn id(&self) -> ItemId {
        self.id
    }
    fn key(&self) -> Option<(Kind, HostKey)> {
        Some((self.kind, self.key.clone()))
    }
}

impl Items for Tx {
    fn item(&mut self, id: ItemId) -> Result<Option<Item>, StoreError> {
        Ok(self.sharing().items.get(id).cloned())
    }

    fn item_by_key(&mut self, kind: Kind, key: &HostKey) -> Result<Option<Item>, StoreError> {
        let key = (kind, key.clone());
        Ok(self.sharing().items.by_key(&key).cloned())
    }

    fn children_of(&mut self, parent: ItemId) -> Result<Vec<Item>, StoreError> {
        let sharing = self.sharing();
        let children = sharing.children(parent);
        Ok(children
            .filter_map(|child| sharing.items.get(child).cloned())
            .collect())
    }

    fn items_after(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let next = self.sharing().items.rows_after(after);
        Ok(next.take(limit as usize).cloned().collect())
    }

    fn put_item(&mut self, item: &Item) -> Result<(), StoreError> {
        if let Some(author) = item.author {
            refers(self.access().has_user(author), "author")?;
        }
        let sharing = self.sharing_mut()?;
        let home = sharing.containers.get(item.container);
        refers(home.is_some(), "container")?;
        if item.client.is_some() {
            let same = home.is_some_and(|home| home.client == item.client);
            refers(same, "container of the item's client")?;
        }
        if let Some(parent) = item.parent {
            refers(sharing.items.has(parent), "parent")?;
        }
        let hung_on = sharing.items.get(item.id).and_then(|old| old.parent);
        sharing.items.put(item.clone())?;
        if let Some(parent) = hung_on {
            sharing.children.remove(&(parent, item.id));
        }
        if let Some(parent) = item.parent {
            sharing.children.insert((parent, item.id));
        }
        Ok(())
    }

    fn remove_item(&mut self, id: ItemId) -> Result<(), StoreError> {
        let sharing = self.sharing_mut()?;
        if sharing.children(id).next().is_some() {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "other items hang on this one; remove those first",
            ));
        }
        if let Some(parent) = sharing.items.get(id).and_then(|item| item.parent) {
            sharing.children.remove(&(parent, id));
        }
        sharing.items.remove(id);
        sharing.distribution.retain(|(item, _)| *item != id);
        Ok(())
    }
}
