use crate::Tx;
use crate::conflict::refers;
use crate::table::Row;
use portcullis_access::{Role, Roles};
use portcullis_id::{ClientId, RoleId, UserId};
use portcullis_ledger::StoreError;

impl Row for Role {
    const KEY: &'static str = "the name of a role";
    type Id = RoleId;
    type Key = String;
    fn id(&self) -> RoleId {
        self.id
    }
    fn key(&self) -> Option<String> {
        Some(self.name.clone())
    }
}

impl Roles for Tx {
    fn role(&mut self, id: RoleId) -> Result<Option<Role>, StoreError> {
        Ok(self.access().roles.get(id).cloned())
    }

    fn role_by_name(&mut self, name: &str) -> Result<Option<Role>, StoreError> {
        Ok(self.access().roles.by_key(name).cloned())
    }

    fn roles(&mut self) -> Result<Vec<Role>, StoreError> {
        Ok(self.access().roles.keyed().cloned().collect())
    }

    fn put_role(&mut self, role: &Role) -> Result<(), StoreError> {
        self.access_mut()?.roles.put(role.clone())
    }

    fn roles_of(
        &mut self,
        user: UserId,
        client: Option<ClientId>,
    ) -> Result<Vec<Role>, StoreError> {
        let found = self.access().roles_at(user, client);
        Ok(found.into_iter().cloned().collect())
    }

    fn set_roles_of(
        &mut self,
        user: UserId,
        client: Option<ClientId>,
        roles: &[RoleId],
    ) -> Result<(), StoreError> {
        let access = self.access_mut()?;
        refers(access.users.has(user), "user")?;
        if let Some(client) = client {
            refers(access.affiliation(user, client).is_some(), "affiliation")?;
        }
        refers(roles.iter().all(|id| access.roles.has(*id)), "role")?;
        access
            .given
            .insert((user, client), roles.iter().copied().collect());
        Ok(())
    }
}
