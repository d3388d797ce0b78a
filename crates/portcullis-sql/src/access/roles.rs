use crate::decode::{join, split};
use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_access::{Role, Roles};
use portcullis_id::{ClientId, RoleId, UserId};
use portcullis_ledger::StoreError;

statements! {
    ROLE = "SELECT id, name, rights FROM portcullis_role WHERE id = ?";
    ROLE_BY_NAME = "SELECT id, name, rights FROM portcullis_role WHERE name = ?";
    ROLES = "SELECT id, name, rights FROM portcullis_role ORDER BY name";
    PUT_ROLE = "INSERT INTO portcullis_role (id, name, rights) VALUES (?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, rights = excluded.rights";
    ROLES_EVERYWHERE = "SELECT r.id, r.name, r.rights FROM portcullis_user_role AS given \
        JOIN portcullis_role AS r ON r.id = given.role_id \
        WHERE given.user_id = ? ORDER BY r.name";
    ROLES_AT = "SELECT r.id, r.name, r.rights FROM portcullis_affiliation_role AS given \
        JOIN portcullis_role AS r ON r.id = given.role_id \
        WHERE given.user_id = ? AND given.client_id = ? ORDER BY r.name";
    CLEAR_EVERYWHERE = "DELETE FROM portcullis_user_role WHERE user_id = ?";
    CLEAR_AT = "DELETE FROM portcullis_affiliation_role WHERE user_id = ? AND client_id = ?";
    GIVE_EVERYWHERE = "INSERT INTO portcullis_user_role (user_id, role_id) VALUES (?, ?) \
        ON CONFLICT (user_id, role_id) DO NOTHING";
    GIVE_AT = "INSERT INTO portcullis_affiliation_role (user_id, client_id, role_id) \
        VALUES (?, ?, ?) ON CONFLICT (user_id, client_id, role_id) DO NOTHING";
}

impl<E: Exec> Roles for SqlTx<E> {
    fn role(&mut self, id: RoleId) -> Result<Option<Role>, StoreError> {
        self.exec.optional(ROLE, &[id.into()], read)
    }

    fn role_by_name(&mut self, name: &str) -> Result<Option<Role>, StoreError> {
        self.exec.optional(ROLE_BY_NAME, &[name.into()], read)
    }

    fn roles(&mut self) -> Result<Vec<Role>, StoreError> {
        self.exec.list(ROLES, &[], read)
    }

    fn put_role(&mut self, role: &Role) -> Result<(), StoreError> {
        let rights = join(&role.rights)?;
        self.exec.run(
            PUT_ROLE,
            &[role.id.into(), (&role.name).into(), (&rights).into()],
        )?;
        Ok(())
    }

    fn roles_of(
        &mut self,
        user: UserId,
        client: Option<ClientId>,
    ) -> Result<Vec<Role>, StoreError> {
        match client {
            None => self.exec.list(ROLES_EVERYWHERE, &[user.into()], read),
            Some(client) => self
                .exec
                .list(ROLES_AT, &[user.into(), client.into()], read),
        }
    }

    fn set_roles_of(
        &mut self,
        user: UserId,
        client: Option<ClientId>,
        roles: &[RoleId],
    ) -> Result<(), StoreError> {
        match client {
            None => self.exec.run(CLEAR_EVERYWHERE, &[user.into()])?,
            Some(client) => self.exec.run(CLEAR_AT, &[user.into(), client.into()])?,
        };
        for role in roles {
            match client {
                None => self
                    .exec
                    .run(GIVE_EVERYWHERE, &[user.into(), (*role).into()])?,
                Some(client) => self
                    .exec
                    .run(GIVE_AT, &[user.into(), client.into(), (*role).into()])?,
            };
        }
        Ok(())
    }
}

fn read(row: &mut Cells<'_>) -> Result<Role, StoreError> {
    Ok(Role {
        id: row.id()?,
        name: row.text()?.to_owned(),
        rights: split(row.text()?),
    })
}
