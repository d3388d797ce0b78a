use crate::ContainerKinds;
use portcullis_id::{ContactId, HostKey, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A user: a login. What it may do hangs on its affiliations; whether it may act at all is its
/// `Standing`, which whoever keeps the accounts answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Our id.
    pub id: UserId,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
    /// Staff, client or guest. Never changes (K04 `safe`, choice 14).
    pub kind: UserKind,
    /// The person's name.
    pub name: String,
    /// Where their mails go; only an administrator changes it (S21 to S23).
    pub email: Option<String>,
    /// The contact this login belongs to, if one.
    pub contact: Option<ContactId>,
    /// Whether the user reaches every client. Staff only; anybody else is locked to affiliations.
    pub every_client: bool,
    /// The container kinds of which the user reaches all, at the clients they reach (S44, S58).
    pub reach: ContainerKinds,
    /// Rights given to the user directly, by name; they count at every client reached (D42).
    pub rights: Vec<String>,
    /// Whether the user was removed. Kept for the audit; worth nothing (D32, D33).
    pub removed: bool,
    /// When the user was added.
    pub created_at: Timestamp,
}

/// The three kinds of user (K04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserKind {
    /// Works for the provider.
    Staff,
    /// Works at a client.
    Client,
    /// Let in to look (B32, B33).
    Guest,
}

impl UserKind {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Staff, Self::Client, Self::Guest];

    /// The kind as storage keeps it.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A kind read back from storage.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Staff),
            1 => Some(Self::Client),
            2 => Some(Self::Guest),
            _ => None,
        }
    }

    /// The name, as files and texts have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Client => "client",
            Self::Guest => "guest",
        }
    }
}
