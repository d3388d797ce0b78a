use crate::KindSet;
use portcullis_id::{ClientId, ContactId, HostKey, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A client: a company the provider serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Our id.
    pub id: ClientId,
    /// The host's key, if it has one.
    pub key: Option<HostKey>,
    /// The company's name.
    pub name: String,
    /// Its status light (B7, B9). One that was never set counts as active (B41).
    pub light: Light,
    /// The areas (item kinds) that are closed for this client (P10).
    pub closed: KindSet,
    /// Its main contact, one at the most (B18, B20).
    pub main_contact: Option<ContactId>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Client {
    /// The one order in which every list shows clients: light, then name, then id (B10 to B12).
    pub fn in_order(&self, other: &Self) -> Ordering {
        self.light
            .cmp(&other.light)
            .then_with(|| sort_key(&self.name).cmp(&sort_key(&other.name)))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// The key by which storage orders names: made here, so that no database's collation matters.
pub fn sort_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A traffic light, in the order in which lists show it (B9, B10).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// Active.
    #[default]
    Active,
    /// On hold or pending.
    OnHold,
    /// Inactive; stops access only where the profile says so.
    Inactive,
}

impl Light {
    /// The light as storage keeps it.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A light read back from storage.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Active),
            1 => Some(Self::OnHold),
            2 => Some(Self::Inactive),
            _ => None,
        }
    }
}
