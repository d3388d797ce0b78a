use serde::{Deserialize, Serialize};

/// Where an item or container stands in its life (K15).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// Not issued yet; does not exist for clients (P49).
    Draft,
    /// Issued, published, in force.
    #[default]
    Issued,
    /// Taken back or archived; does not exist for clients any more.
    Withdrawn,
}

impl Lifecycle {
    /// Whether clients may know of a thing in this state.
    #[inline]
    pub const fn is_issued(self) -> bool {
        matches!(self, Self::Issued)
    }

    /// The state as storage keeps it.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A state read back from storage.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Draft),
            1 => Some(Self::Issued),
            2 => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// The name, as files and texts have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Issued => "issued",
            Self::Withdrawn => "withdrawn",
        }
    }
}
