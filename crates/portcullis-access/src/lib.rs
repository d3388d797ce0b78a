//! The access core of Portcullis: who may do what for which client.
//!
//! Ada works for a provider that serves two clients, Acme and Birch. Bob works at Acme. Bob has a
//! login, and an *affiliation* with Acme: the only door from a user to a client. Ada gave Bob a
//! *role* at Acme that holds `documents.view` and `payments.make`. When Bob asks for anything of
//! Birch the answer is no before any right is looked at: that is the *client lock*. When Ada takes
//! the affiliation away, Bob's next question is refused.
//!
//! Once a request, everything about Bob is folded into a [`Viewer`], plain immutable data. Then
//! [`may`] answers "may this person do this for this client" without touching storage again. The
//! sharing crate adds the object half: containers, items, and whether each was shown.
//!
//! ```
//! use portcullis_access::*;
//! use portcullis_id::{ClientId, Standing, Timestamp, UserId};
//! use portcullis_ledger::Revision;
//! # use portcullis_id::{Entropy, EntropyError};
//! # struct Fixed(u8);
//! # impl Entropy for Fixed {
//! #     fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> { bytes.fill(self.0); Ok(()) }
//! # }
//! # let now = Timestamp::from_millis(0);
//! # let (acme, birch) = (ClientId::new(now, &Fixed(1))?, ClientId::new(now, &Fixed(2))?);
//! # let bob = UserId::new(now, &Fixed(3))?;
//! let rules = AccessRules::new(AccessProfile::closed(), Catalogue::built_in())?;
//! let subject = Subject {
//!     user: bob,
//!     kind: UserKind::Client,
//!     removed: false,
//!     every_client: false,
//!     reach: ContainerKinds::NONE,
//!     rights: vec![],
//!     portal: PortalState { active: true, first_activated_at: None, licensed: ContainerKinds::ALL },
//!     revision: Revision::default(),
//! };
//! let at_acme = SubjectAffiliation {
//!     client: acme,
//!     light: Light::Active,
//!     closed: KindSet::NONE,
//!     paused: false,
//!     until: None,
//!     rights: vec!["documents.view".into()],
//! };
//! let viewer = Viewer::fold(&subject, [at_acme], Standing::USABLE, &rules, now);
//! let view = Right::On(Verb::View, Kind::DOCUMENT);
//! assert_eq!(may(&viewer, view, Some(acme), now), Answer::Allow);
//! assert_eq!(may(&viewer, view, Some(birch), now), Answer::Deny(Deny::hidden(Gate::ClientLock)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod act;
mod catalogue;
mod container_kind;
mod error;
mod field;
mod gate;
mod grant;
mod kind;
mod may;
mod model;
mod name;
mod port;
mod principal;
mod profile;
mod reached;
mod right;
mod viewer;

pub mod command;
pub mod gates;

pub use act::{Act, load_viewer};
pub use catalogue::{Catalogue, CatalogueError, Keyed, KindEntry, Resolved};
pub use container_kind::{ContainerKind, ContainerKinds};
pub use error::{Error, ErrorKind};
pub use field::Fields;
pub use gate::{Deny, Gate};
pub use grant::Grant;
pub use kind::{Kind, KindSet};
pub use may::{Answer, may};
pub use model::{Affiliation, Client, Contact, Light, PortalState, Role, User, UserKind, sort_key};
pub use name::checked_name;
pub use port::{
    AccessTx, Affiliations, Clients, Contacts, Portals, Roles, Standings, Subject,
    SubjectAffiliation, Subjects, Users,
};
pub use principal::Principal;
pub use profile::{
    AccessProfile, AccessRules, ClientsPerUser, HandOut, OwnField, ProfileError, RoleMode,
};
pub use reached::{Reached, reached};
pub use right::{NamedRight, Right, RightSet, Verb};
pub use viewer::{Granted, Held, Viewer};
