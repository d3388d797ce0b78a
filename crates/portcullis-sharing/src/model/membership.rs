use portcullis_access::Grant;
use portcullis_id::{ContainerId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A grant of one container to one user: membership, invitation and job access are all of this
/// type (7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who was let in.
    pub user: UserId,
    /// Into what.
    pub container: ContainerId,
    /// How they came by it.
    pub source: Source,
    /// When it ends, and what was set up with it.
    pub grant: Grant,
    /// Since when.
    pub since: Timestamp,
}

/// How somebody came by a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A contact of the client who was added as a member (V21).
    Member,
    /// A guest who was invited (B34).
    Guest,
    /// Staff who work in it.
    Staff,
}

impl Source {
    /// The source as storage keeps it.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A source read back from storage.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Member),
            1 => Some(Self::Guest),
            2 => Some(Self::Staff),
            _ => None,
        }
    }
}
