use portcullis_id::ClientId;
use serde::{Deserialize, Serialize};

/// How many changes a scope has seen. Travels between servers, never to a client user (L5).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(i64);

impl Revision {
    /// The revision as storage keeps it.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// A revision read back from storage.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }
}

/// What a revision counts the changes of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// People, roles, settings and grants: everything a `Viewer` is folded from.
    Policy,
    /// The containers and items of one client.
    Client(ClientId),
    /// The containers and items that belong to no client.
    Unowned,
}
