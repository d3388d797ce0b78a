//! The sharing core of Portcullis: which items were shown to whom, and the one rule that decides.
//!
//! Ada shares a task of Acme's website project: its "Show on portal" switch goes to Yes. Bob of
//! Acme is a member of that project, holds `tasks.view`, and sees the task at his next request.
//! Carl of Acme is no member, and for him neither the task nor the project is there. Dora of Birch
//! could be made a member ten times over: without an affiliation with Acme nothing of Acme is
//! reachable.
//!
//! The subject half of that is a [`Viewer`](portcullis_access::Viewer), the object half are
//! [`ItemFacts`], and [`decide`] is the only rule. Lists ask storage for a [`Plan`] of memberships
//! that the rule computed; what comes back is admitted once more and handed out as [`Seen`].
//!
//! | gate | file |
//! |---|---|
//! | 1 portal active, 2 licence, 3 standing, 4 client usable, 5 client lock, 7 area, 8 right | `portcullis_access::gates` |
//! | 6 [reach](gates::reach), 9 [exposure](gates::exposure), 10 [lifecycle](gates::lifecycle), 11 [fields](gates::fields), 12 [set-up](gates::set_up) | [`gates`] |
//!
//! The order is written once, in [`gates`].

mod act;
mod decide;
mod explain;
mod facts;
mod host_row;
mod model;
mod page;
mod plan;
mod port;
mod profile;
mod read;
mod seen;
mod settle;

pub mod command;
pub mod gates;

pub use act::SharingAct;
pub use decide::{Decision, decide, decide_container};
pub use explain::{Explanation, Step, explain, masked};
pub use facts::{Bond, ContainerFacts, ItemFacts, Kin};
pub use host_row::{ContainerColumn, HostRow, OwnerColumn, decide_host_row};
pub use model::{Container, DefaultExposure, Exposure, Item, Lifecycle, Membership, Source};
pub use page::{Located, PageToken, PageTokenError};
pub use plan::{Branch, ClientScope, Plan};
pub use port::{
    Containers, DefaultOf, Defaults, ItemRow, Items, Lists, Lookup, Memberships, ParentFacts,
    SharingTx,
};
pub use profile::{AtActivation, FieldRule, SharingProfile, SharingRules};
pub use read::{
    PAGE_LIMIT, Page, containers, count, load_grants, load_sight, locate, may_be_mailed, page,
    up_to_date,
};
pub use seen::{Keyed, Seen};
pub use settle::{Drift, restore, verify};
