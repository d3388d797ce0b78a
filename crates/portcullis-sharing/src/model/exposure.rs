use serde::{Deserialize, Serialize};

/// The own setting of an item or container: the "Show on portal" switch (V26 to V58).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// Never set: the default that was in force when it was made decides.
    #[default]
    Inherit,
    /// Switched to Yes.
    Shown,
    /// Switched to No.
    Hidden,
}

/// What decides where nothing was set. Recorded on each thing when it is made, so that a later
/// change of the organisation's default never acts backwards (V9, L8).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum DefaultExposure {
    /// Hidden until switched on.
    #[default]
    Hidden,
    /// Shown until switched off (D45).
    Shown,
    /// Shown to whoever reaches the container (P16, B34).
    ByContainer,
}

impl Exposure {
    /// Whether a thing with this setting and that default is exposed.
    #[inline]
    pub const fn exposes(self, default: DefaultExposure) -> bool {
        match (self, default) {
            (Self::Shown, _)
            | (Self::Inherit, DefaultExposure::Shown | DefaultExposure::ByContainer) => true,
            (Self::Hidden, _) | (Self::Inherit, DefaultExposure::Hidden) => false,
        }
    }

    /// The setting as storage keeps it.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A setting read back from storage.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Inherit),
            1 => Some(Self::Shown),
            2 => Some(Self::Hidden),
            _ => None,
        }
    }

    /// The name, as files and texts have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inherit => "inherit",
            Self::Shown => "shown",
            Self::Hidden => "hidden",
        }
    }
}

impl DefaultExposure {
    /// The default as storage keeps it.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// A default read back from storage.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Hidden),
            1 => Some(Self::Shown),
            2 => Some(Self::ByContainer),
            _ => None,
        }
    }

    /// The name, as files and texts have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Shown => "shown",
            Self::ByContainer => "by-container",
        }
    }
}
