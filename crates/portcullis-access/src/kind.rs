use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of item: what can be shown or hidden one by one.
///
/// A kind is a number below [`Kind::LIMIT`] that never changes once a store has seen it; its name
/// is in the [`Catalogue`](crate::Catalogue). Numbers from [`Kind::FIRST_HOST`] on are the host's.
///
/// ```
/// use portcullis_access::Kind;
/// const DRAWING: Kind = Kind::host::<0>();
/// assert_ne!(DRAWING, Kind::DOCUMENT);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(u8);

impl Kind {
    /// How many kinds there can be: storage keeps a set of them as one signed 64-bit integer.
    pub const LIMIT: u8 = 63;
    /// The first number that belongs to hosts.
    pub const FIRST_HOST: u8 = 16;

    /// A milestone of a project.
    pub const MILESTONE: Self = Self(0);
    /// A task.
    pub const TASK: Self = Self(1);
    /// A list of tasks; derived: shown exactly when one of its tasks is (V45, V46).
    pub const TASK_LIST: Self = Self(2);
    /// A written update.
    pub const UPDATE: Self = Self(3);
    /// A document.
    pub const DOCUMENT: Self = Self(4);
    /// A comment on another item. Not a staff note, which can never be exposed (C22).
    pub const COMMENT: Self = Self(5);
    /// An issue.
    pub const ISSUE: Self = Self(6);
    /// An invoice.
    pub const INVOICE: Self = Self(7);
    /// A proposal.
    pub const PROPOSAL: Self = Self(8);
    /// A dashboard.
    pub const DASHBOARD: Self = Self(9);
    /// A (status) report.
    pub const REPORT: Self = Self(10);
    /// A time entry.
    pub const TIME: Self = Self(11);
    /// An expense.
    pub const EXPENSE: Self = Self(12);

    /// The host's kind number `N`, counted from 0. Keep the number for as long as a store lives.
    /// A number beyond 46 does not compile.
    pub const fn host<const N: u8>() -> Self {
        const {
            assert!(
                N < Self::LIMIT - Self::FIRST_HOST,
                "a host has room for 47 kinds, numbered from 0 to 46"
            );
        }
        Self(Self::FIRST_HOST + N)
    }

    /// The kind with this number, as storage keeps it.
    pub const fn from_number(number: u8) -> Option<Self> {
        if number < Self::LIMIT {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number, as storage keeps it.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// A set of item kinds, as one machine word.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindSet(u64);

impl KindSet {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Every kind there can be, those nobody has named yet too.
    pub const ALL: Self = Self((1 << Kind::LIMIT) - 1);

    /// The set of this one kind.
    pub const fn of(kind: Kind) -> Self {
        Self(1 << kind.0)
    }

    /// This set and `kind`.
    #[must_use]
    pub const fn with(self, kind: Kind) -> Self {
        Self(self.0 | (1 << kind.0))
    }

    /// This set but for `kind`.
    #[must_use]
    pub const fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind.0))
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
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
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind.0) != 0
    }

    /// Whether every kind of `other` is in the set.
    pub const fn contains_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether the two have a kind in common.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in the set, in number order.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        (0..Kind::LIMIT)
            .map(Kind)
            .filter(move |kind| self.contains(*kind))
    }

    /// The set as storage keeps it: a non-negative integer.
    pub const fn bits(self) -> i64 {
        self.0.cast_signed()
    }

    /// A set read back from storage.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits.cast_unsigned() & Self::ALL.0)
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for KindSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(Kind::number))
            .finish()
    }
}
