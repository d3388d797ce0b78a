//! What the access core keeps: people, clients, doors, roles, and what is switched on.

mod affiliations;
mod clients;
mod contacts;
mod portals;
mod roles;
mod subjects;
mod users;

use crate::Tx;
use crate::table::Table;
use portcullis_access::{Affiliation, Client, Contact, PortalState, Role, User};
use portcullis_id::{ClientId, RoleId, UserId};
use portcullis_ledger::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rows of the access core.
#[derive(Clone, Default)]
pub(crate) struct Part {
    clients: Table<Client>,
    contacts: Table<Contact>,
    users: Table<User>,
    affiliations: BTreeMap<(UserId, ClientId), Affiliation>,
    roles: Table<Role>,
    /// The roles given at one client, or (`None`) at every client reached.
    given: BTreeMap<(UserId, Option<ClientId>), BTreeSet<RoleId>>,
    portal: Option<PortalState>,
    kind_names: BTreeMap<u8, String>,
}

impl Part {
    pub(crate) fn has_client(&self, id: ClientId) -> bool {
        self.clients.has(id)
    }

    pub(crate) fn has_user(&self, id: UserId) -> bool {
        self.users.has(id)
    }

    pub(crate) fn affiliation(&self, user: UserId, client: ClientId) -> Option<&Affiliation> {
        self.affiliations.get(&(user, client))
    }

    /// The affiliations of a user, by client id.
    fn doors(&self, user: UserId) -> impl Iterator<Item = &Affiliation> {
        let first = (user, ClientId::from_uuid(uuid::Uuid::nil()));
        self.affiliations
            .range(first..)
            .take_while(move |((of, _), _)| *of == user)
            .map(|(_, affiliation)| affiliation)
    }

    /// The roles given to a user at one place, by name.
    fn roles_at(&self, user: UserId, client: Option<ClientId>) -> Vec<&Role> {
        let given = self.given.get(&(user, client)).into_iter().flatten();
        let mut roles: Vec<&Role> = given.filter_map(|id| self.roles.get(*id)).collect();
        roles.sort_by(|one, other| one.name.cmp(&other.name));
        roles
    }
}

impl Tx {
    pub(crate) fn access(&self) -> &Part {
        &self.state().access
    }

    fn access_mut(&mut self) -> Result<&mut Part, StoreError> {
        self.state_mut()
            .map(|state| Arc::make_mut(&mut state.access))
    }
}
