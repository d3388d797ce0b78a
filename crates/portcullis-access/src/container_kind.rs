use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of container: where items live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContainerKind {
    /// A client's own root: items that live in no other container.
    Root,
    /// A project.
    Project,
    /// A ticket. Membership of a project gives none of its tickets (V69).
    Ticket,
    /// A job (S44 to S48).
    Job,
    /// A library (S56).
    Library,
    /// A project workspace (P15, P16).
    Workspace,
}

impl ContainerKind {
    /// All of them, in number order.
    pub const ALL: [Self; 6] = [
        Self::Root,
        Self::Project,
        Self::Ticket,
        Self::Job,
        Self::Library,
        Self::Workspace,
    ];

    /// The number, as storage keeps it.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| i64::from(kind.number()) == number)
    }

    /// The name, as files and texts have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Project => "project",
            Self::Ticket => "ticket",
            Self::Job => "job",
            Self::Library => "library",
            Self::Workspace => "workspace",
        }
    }
}

impl fmt::Display for ContainerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of container kinds.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<ContainerKind>", into = "Vec<ContainerKind>")]
pub struct ContainerKinds(u8);

impl ContainerKinds {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// All six.
    pub const ALL: Self = Self(0b11_1111);

    /// This set and `kind`.
    #[must_use]
    pub const fn with(self, kind: ContainerKind) -> Self {
        Self(self.0 | (1 << kind as u8))
    }

    /// This set but for `kind`.
    #[must_use]
    pub const fn without(self, kind: ContainerKind) -> Self {
        Self(self.0 & !(1 << kind as u8))
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Every kind that is not in this set.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(!self.0 & Self::ALL.0)
    }

    /// Whether `kind` is in the set.
    pub const fn contains(self, kind: ContainerKind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in the set, in number order.
    pub fn iter(self) -> impl Iterator<Item = ContainerKind> {
        ContainerKind::ALL
            .into_iter()
            .filter(move |kind| self.contains(*kind))
    }

    /// The set as storage keeps it.
    pub const fn bits(self) -> i64 {
        self.0 as i64
    }

    /// A set read back from storage; bits that mean nothing here are dropped, which only closes.
    pub fn from_bits(bits: i64) -> Self {
        ContainerKind::ALL
            .into_iter()
            .filter(|kind| bits & (1 << kind.number()) != 0)
            .collect()
    }
}

impl FromIterator<ContainerKind> for ContainerKinds {
    fn from_iter<I: IntoIterator<Item = ContainerKind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<ContainerKind>> for ContainerKinds {
    fn from(kinds: Vec<ContainerKind>) -> Self {
        kinds.into_iter().collect()
    }
}

impl From<ContainerKinds> for Vec<ContainerKind> {
    fn from(kinds: ContainerKinds) -> Self {
        kinds.iter().collect()
    }
}

impl fmt::Debug for ContainerKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
