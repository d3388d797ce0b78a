//! What the access core asks of storage. Small, synchronous, object-safe; an adapter implements
//! all of them on its unit of work, and never decides anything.
//!
//! Lookups of what is not there answer `None`. `put_*` inserts a row or replaces the one with the
//! same id; a host key or a name that another row holds is
//! [`StoreErrorKind::Conflict`](portcullis_ledger::StoreErrorKind::Conflict).

use crate::{Affiliation, Client, Contact, KindSet, Light, PortalState, Role, User, UserKind};
use portcullis_id::{ClientId, ContactId, HostKey, RoleId, Standing, Timestamp, UserId};
use portcullis_ledger::{Ledger, Revision, StoreError};

/// Everything about one person but their affiliations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub user: UserId,
    /// Staff, client or guest.
    pub kind: UserKind,
    /// Whether the user was removed.
    pub removed: bool,
    /// Whether every client is reached.
    pub every_client: bool,
    /// The container kinds of which all are reached.
    pub reach: crate::ContainerKinds,
    /// The names of the rights held at every client reached: direct ones and those of the roles.
    pub rights: Vec<String>,
    /// What is switched on for the whole portal.
    pub portal: PortalState,
    /// The policy revision all this was read at.
    pub revision: Revision,
}

/// One affiliation of a person, with what its client brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectAffiliation {
    /// The client.
    pub client: ClientId,
    /// The client's light.
    pub light: Light,
    /// The areas that are closed at the client.
    pub closed: KindSet,
    /// Whether the affiliation is closed for now.
    pub paused: bool,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// The names of the rights held at this client alone: direct ones and those of the roles.
    pub rights: Vec<String>,
}

/// Who is this person, for the subject half of a decision?
pub trait Subjects {
    /// The person with the portal, and their affiliations, paused and ended ones too, in order of
    /// client id: all in one statement, because every request asks. `None` for a user that never
    /// was.
    fn subject(
        &mut self,
        user: UserId,
    ) -> Result<Option<(Subject, Vec<SubjectAffiliation>)>, StoreError>;
}

/// What does a person's account amount to? Answered by whoever keeps the accounts: our credentials
/// crate, or a host's own single sign-on.
pub trait Standings {
    /// [`Standing::ABSENT`] for a user without an account.
    fn standing(&mut self, user: UserId) -> Result<Standing, StoreError>;
}

/// Which clients are there?
pub trait Clients {
    /// The client with this id.
    fn client(&mut self, id: ClientId) -> Result<Option<Client>, StoreError>;
    /// The client with this host key.
    fn client_by_key(&mut self, key: &HostKey) -> Result<Option<Client>, StoreError>;
    /// All clients, by light, sort key of the name, and id (B10 to B12).
    fn clients(&mut self) -> Result<Vec<Client>, StoreError>;
    /// Inserts or replaces.
    fn put_client(&mut self, client: &Client) -> Result<(), StoreError>;
}

/// Who is there to speak to at a client?
pub trait Contacts {
    /// The contact with this id.
    fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError>;
    /// The contact with this host key.
    fn contact_by_key(&mut self, key: &HostKey) -> Result<Option<Contact>, StoreError>;
    /// The contacts of a client, by sort key of the name, and id.
    fn contacts_of(&mut self, client: ClientId) -> Result<Vec<Contact>, StoreError>;
    /// Inserts or replaces.
    fn put_contact(&mut self, contact: &Contact) -> Result<(), StoreError>;
}

/// Which logins are there?
pub trait Users {
    /// The user with this id, removed or not.
    fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError>;
    /// The user with this host key.
    fn user_by_key(&mut self, key: &HostKey) -> Result<Option<User>, StoreError>;
    /// The user who is not removed and belongs to this contact.
    fn user_of_contact(&mut self, contact: ContactId) -> Result<Option<User>, StoreError>;
    /// All users, removed ones too, by id.
    fn users(&mut self) -> Result<Vec<User>, StoreError>;
    /// Inserts or replaces.
    fn put_user(&mut self, user: &User) -> Result<(), StoreError>;
}

/// Which doors lead from users to clients?
pub trait Affiliations {
    /// The affiliation of this pair.
    fn affiliation(
        &mut self,
        user: UserId,
        client: ClientId,
    ) -> Result<Option<Affiliation>, StoreError>;
    /// All of a user, by client id.
    fn affiliations_of(&mut self, user: UserId) -> Result<Vec<Affiliation>, StoreError>;
    /// All at a client, by user id.
    fn affiliations_at(&mut self, client: ClientId) -> Result<Vec<Affiliation>, StoreError>;
    /// Inserts or replaces.
    fn put_affiliation(&mut self, affiliation: &Affiliation) -> Result<(), StoreError>;
    /// Removes it together with the roles given for it. Nothing happens where there is none.
    fn remove_affiliation(&mut self, user: UserId, client: ClientId) -> Result<(), StoreError>;
}

/// Which roles are there, and who was given which?
pub trait Roles {
    /// The role with this id.
    fn role(&mut self, id: RoleId) -> Result<Option<Role>, StoreError>;
    /// The role of this name.
    fn role_by_name(&mut self, name: &str) -> Result<Option<Role>, StoreError>;
    /// All roles, by name in binary order.
    fn roles(&mut self) -> Result<Vec<Role>, StoreError>;
    /// Inserts or replaces.
    fn put_role(&mut self, role: &Role) -> Result<(), StoreError>;
    /// The roles given to a user: at one client, or (`None`) at every client they reach; by name.
    fn roles_of(&mut self, user: UserId, client: Option<ClientId>)
    -> Result<Vec<Role>, StoreError>;
    /// Replaces the roles given to a user at one client, or at every client they reach. The
    /// affiliation must be there for the former.
    fn set_roles_of(
        &mut self,
        user: UserId,
        client: Option<ClientId>,
        roles: &[RoleId],
    ) -> Result<(), StoreError>;
}

/// What is switched on, and what do the stored numbers of kinds mean?
pub trait Portals {
    /// What is switched on; `None` in a store that was never founded.
    fn portal(&mut self) -> Result<Option<PortalState>, StoreError>;
    /// Inserts or replaces.
    fn put_portal(&mut self, portal: &PortalState) -> Result<(), StoreError>;
    /// The name of every kind number the store has ever seen, by number.
    fn kind_names(&mut self) -> Result<Vec<(u8, String)>, StoreError>;
    /// Remembers the name of a kind number. A number never gets a second name.
    fn put_kind_name(&mut self, number: u8, name: &str) -> Result<(), StoreError>;
}

/// Everything the commands of the access core need of one unit of work.
pub trait AccessTx:
    Subjects + Clients + Contacts + Users + Affiliations + Roles + Portals + Ledger
{
}

impl<T> AccessTx for T where
    T: Subjects + Clients + Contacts + Users + Affiliations + Roles + Portals + Ledger + ?Sized
{
}
