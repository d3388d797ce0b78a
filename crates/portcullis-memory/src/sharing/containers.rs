use crate::Tx;
use crate::conflict::{refers, taken};
use crate::table::Row;
use portcullis_access::{ContainerKind, sort_key};
use portcullis_id::{ClientId, ContainerId, HostKey};
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sharing::{Container, Containers};

impl Row for Container {
    const KEY: &'static str = "the host key of a container of this kind";
    type Id = ContainerId;
    type Key = (ContainerKind, HostKey);
    fn id(&self) -> ContainerId {
        self.id
    }
    fn key(&self) -> Option<(ContainerKind, HostKey)> {
        Some((self.kind, self.key.clone()?))
    }
}

impl Containers for Tx {
    fn container(&mut self, id: ContainerId) -> Result<Option<Container>, StoreError> {
        Ok(self.sharing().containers.get(id).cloned())
    }

    fn container_by_key(
        &mut self,
        kind: ContainerKind,
        key: &HostKey,
    ) -> Result<Option<Container>, StoreError> {
        let key = (kind, key.clone());
        Ok(self.sharing().containers.by_key(&key).cloned())
    }

    fn root_of(&mut self, client: Option<ClientId>) -> Result<Option<Container>, StoreError> {
        Ok(root(self, client).cloned())
    }

    fn containers_of(&mut self, client: Option<ClientId>) -> Result<Vec<Container>, StoreError> {
        let all = self.sharing().containers.rows();
        let mut found: Vec<Container> = all
            .filter(|container| container.client == client)
            .cloned()
            .collect();
        found.sort_by_cached_key(|container| {
            (container.kind, sort_key(&container.name), container.id)
        });
        Ok(found)
    }

    fn put_container(&mut self, container: &Container) -> Result<(), StoreError> {
        if let Some(client) = container.client {
            refers(self.access().has_client(client), "client")?;
        }
        if container.kind == ContainerKind::Root
            && root(self, container.client).is_some_and(|other| other.id != container.id)
        {
            return Err(taken("the root of a client"));
        }
        let sharing = self.sharing_mut()?;
        let there = sharing.containers.get(container.id);
        if there.is_some_and(|there| there.client != container.client) {
            return Err(StoreError::new(
                StoreErrorKind::Conflict,
                "a container keeps its client; make another one there",
            ));
        }
        sharing.containers.put(container.clone())
    }
}

fn root(tx: &Tx, client: Option<ClientId>) -> Option<&Container> {
    let mut all = tx.sharing().containers.rows();
    all.find(|container| container.kind == ContainerKind::Root && container.client == client)
}
