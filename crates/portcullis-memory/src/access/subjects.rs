use super::Part;
use crate::Tx;
use portcullis_access::{ContainerKinds, PortalState, Subject, SubjectAffiliation, Subjects};
use portcullis_id::{ClientId, UserId};
use portcullis_ledger::{Ledger, Scope, StoreError};

/// A store that was never founded opens nothing.
const UNFOUNDED: PortalState = PortalState {
    active: false,
    first_activated_at: None,
    licensed: ContainerKinds::NONE,
};

impl Subjects for Tx {
    fn subject(
        &mut self,
        user: UserId,
    ) -> Result<Option<(Subject, Vec<SubjectAffiliation>)>, StoreError> {
        let revision = self.revision(Scope::Policy)?;
        let access = self.access();
        let Some(found) = access.users.get(user) else {
            return Ok(None);
        };
        let subject = Subject {
            user,
            kind: found.kind,
            removed: found.removed,
            every_client: found.every_client,
            reach: found.reach,
            rights: access.rights(&found.rights, user, None),
            portal: access.portal.unwrap_or(UNFOUNDED),
            revision,
        };
        let doors = access.doors(user).filter_map(|door| {
            let client = access.clients.get(door.client)?;
            Some(SubjectAffiliation {
                client: client.id,
                light: client.light,
                closed: client.closed,
                paused: door.paused,
                until: door.until,
                rights: access.rights(&door.rights, user, Some(client.id)),
            })
        });
        Ok(Some((subject, doors.collect())))
    }
}

impl Part {
    /// The direct rights and behind them those of the roles given at the same place.
    fn rights(&self, direct: &[String], user: UserId, client: Option<ClientId>) -> Vec<String> {
        let roles = self.roles_at(user, client);
        let of_roles = roles.into_iter().flat_map(|role| &role.rights);
        direct.iter().chain(of_roles).cloned().collect()
    }
}
