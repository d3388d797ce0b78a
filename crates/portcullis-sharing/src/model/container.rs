use crate::{DefaultExposure, Exposure, Lifecycle};
use portcullis_access::{ContainerKind, KindSet};
use portcullis_id::{ClientId, ContainerId, HostKey, Timestamp};

/// A container: a project, ticket, job, library or workspace, or a client's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Our id.
    pub id: ContainerId,
    /// What kind of container it is.
    pub kind: ContainerKind,
    /// The host's key, unique among containers of the kind; roots have none.
    pub key: Option<HostKey>,
    /// The client it belongs to; one without is visible to no client user (B3).
    pub client: Option<ClientId>,
    /// Its name.
    pub name: String,
    /// Its own switch (D44, D46).
    pub exposure: Exposure,
    /// The default in force when it was made.
    pub default: DefaultExposure,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// The areas (item kinds) that are closed in it (P15).
    pub closed: KindSet,
    /// When it was made.
    pub created_at: Timestamp,
    /// The settled verdict of gates 9 and 10 about the container itself.
    pub open: bool,
}

impl Container {
    /// The verdict of the object-side gates about the container itself, from its raw facts.
    pub const fn derived_open(&self) -> bool {
        self.exposure.exposes(self.default) && self.lifecycle.is_issued()
    }
}
