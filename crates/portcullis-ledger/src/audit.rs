use portcullis_id::{AuditId, ClientId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One line of the audit: who did what to what, when.
///
/// Staff text only. Secrets never enter it, and no client user is ever shown one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its own id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// What was done, as a stable dotted name: `client.add`, `item.share`, `sign-in.refused`.
    pub action: String,
    /// The client it concerns, if one.
    pub client: Option<ClientId>,
    /// What it was done to, as `noun:id`.
    pub target: String,
    /// What staff needs to understand it: the gate that refused, the value before.
    pub detail: String,
}

/// Who is behind an audit entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Actor {
    /// A user who signed in here.
    User(UserId),
    /// A user for whom another system vouches.
    External {
        /// The user.
        user: UserId,
        /// The name of the voucher: the host's single sign-on.
        voucher: String,
    },
    /// Founding, import, jobs: whoever holds the machine, under a name they gave.
    Operator(String),
    /// Somebody who has not proved who they are: a visitor at the sign-in.
    Visitor,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::External { user, voucher } => write!(f, "user:{user} vouched for by {voucher}"),
            Self::Operator(name) => write!(f, "operator:{name}"),
            Self::Visitor => f.write_str("visitor"),
        }
    }
}
