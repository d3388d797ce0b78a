use crate::{Kind, KindSet};

/// What somebody wants to do with an item.
///
/// Every verb but `View` and `Receive` is decided as `View` first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// See it: in a list, in a count, opened, exported.
    View,
    /// Be sent it: held by distribution, for one document and one user (P8, P9); opens nothing.
    Receive,
    /// Make one; decided on the facts of its container or parent.
    Create,
    /// Change it.
    Edit,
    /// Remove it.
    Delete,
    /// Take its file.
    Download,
    /// Approve it; needs a set-up beside the right (P19, P20).
    Approve,
    /// Pay it (D19).
    Pay,
    /// Show it on the portal, or hide it again.
    Share,
    /// Do what a right of the host's own allows.
    Use(NamedRight),
}

impl Verb {
    /// The verbs that go with a kind, each with its name in a right: `documents.view`.
    pub const ON_KINDS: [(Self, &'static str); 9] = [
        (Self::View, "view"),
        (Self::Receive, "receive"),
        (Self::Create, "create"),
        (Self::Edit, "edit"),
        (Self::Delete, "delete"),
        (Self::Download, "download"),
        (Self::Approve, "approve"),
        (Self::Pay, "pay"),
        (Self::Share, "share"),
    ];

    const fn slot(self) -> Option<usize> {
        match self {
            Self::View => Some(0),
            Self::Receive => Some(1),
            Self::Create => Some(2),
            Self::Edit => Some(3),
            Self::Delete => Some(4),
            Self::Download => Some(5),
            Self::Approve => Some(6),
            Self::Pay => Some(7),
            Self::Share => Some(8),
            Self::Use(_) => None,
        }
    }
}

/// A right that stands for itself instead of for a verb and a kind. Numbers from
/// [`NamedRight::FIRST_HOST`] on are the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamedRight(u8);

impl NamedRight {
    /// How many there can be.
    pub const LIMIT: u8 = 64;
    /// The first number that belongs to hosts.
    pub const FIRST_HOST: u8 = 16;

    /// See the users of a client (S1).
    pub const VIEW_USERS: Self = Self(0);
    /// Make and change the users of a client and their access (S1, P11).
    pub const MANAGE_USERS: Self = Self(1);
    /// Add and change clients and their contacts.
    pub const MANAGE_CLIENTS: Self = Self(2);
    /// Add and change roles.
    pub const MANAGE_ROLES: Self = Self(3);
    /// Add and change projects, tickets and other containers, and place items in them.
    pub const MANAGE_CONTAINERS: Self = Self(4);
    /// Let contacts into containers and take them out again.
    pub const MANAGE_MEMBERS: Self = Self(5);
    /// Switch the portal on and off and change its settings.
    pub const MANAGE_SETTINGS: Self = Self(6);
    /// See the portal as a contact sees it (V61).
    pub const PREVIEW: Self = Self(7);
    /// Read the audit, and ask who can see what and why.
    pub const READ_AUDIT: Self = Self(8);

    /// The host's right number `N`, counted from 0. Its name, not its number, is stored.
    /// A number beyond 47 does not compile.
    pub const fn host<const N: u8>() -> Self {
        const {
            assert!(
                N < Self::LIMIT - Self::FIRST_HOST,
                "a host has room for 48 rights of its own, numbered from 0 to 47"
            );
        }
        Self(Self::FIRST_HOST + N)
    }

    pub(crate) const fn number(self) -> u8 {
        self.0
    }
}

/// One right: a verb on a kind, or a right that stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// This verb on items of this kind.
    On(Verb, Kind),
    /// A right of its own.
    Named(NamedRight),
}

impl From<NamedRight> for Right {
    fn from(right: NamedRight) -> Self {
        Self::Named(right)
    }
}

/// A set of rights, of a fixed size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RightSet {
    on: [KindSet; Verb::ON_KINDS.len()],
    named: u64,
}

impl RightSet {
    /// No right at all.
    pub const NONE: Self = Self {
        on: [KindSet::NONE; Verb::ON_KINDS.len()],
        named: 0,
    };
    /// Every right there can be, those nobody has named yet too. For ceilings that cut nothing.
    pub const ALL: Self = Self {
        on: [KindSet::ALL; Verb::ON_KINDS.len()],
        named: u64::MAX,
    };

    /// The set of one right.
    #[must_use]
    pub fn of(right: Right) -> Self {
        match right {
            Right::On(Verb::Use(named), _) | Right::Named(named) => Self {
                named: 1 << named.number(),
                ..Self::NONE
            },
            Right::On(verb, kind) => Self::NONE.with_kinds(verb, KindSet::of(kind)),
        }
    }

    /// This set and `verb` on all of `kinds`.
    #[must_use]
    pub fn with_kinds(mut self, verb: Verb, kinds: KindSet) -> Self {
        if let Some(slot) = verb.slot().and_then(|slot| self.on.get_mut(slot)) {
            *slot = slot.union(kinds);
        }
        self
    }

    /// What is in either.
    #[must_use]
    pub fn union(mut self, other: Self) -> Self {
        for (mine, theirs) in self.on.iter_mut().zip(other.on) {
            *mine = mine.union(theirs);
        }
        self.named |= other.named;
        self
    }

    /// What is in both: how a ceiling cuts (P36).
    #[must_use]
    pub fn intersection(mut self, other: Self) -> Self {
        for (mine, theirs) in self.on.iter_mut().zip(other.on) {
            *mine = mine.intersection(theirs);
        }
        self.named &= other.named;
        self
    }

    /// Whether `right` is held.
    pub fn contains(&self, right: Right) -> bool {
        match right {
            Right::On(verb, kind) => self.allows(verb, KindSet::of(kind)),
            Right::Named(named) => self.named & (1 << named.number()) != 0,
        }
    }

    /// Whether every right of `other` is held.
    pub fn contains_all(&self, other: &Self) -> bool {
        self.intersection(*other) == *other
    }

    /// Whether `verb` is held on every kind of `path`.
    #[inline]
    pub fn allows(&self, verb: Verb, path: KindSet) -> bool {
        match verb {
            Verb::Use(named) => self.named & (1 << named.number()) != 0,
            _ => self.kinds(verb).contains_all(path),
        }
    }

    /// The kinds on which `verb` is held.
    #[inline]
    pub fn kinds(&self, verb: Verb) -> KindSet {
        verb.slot()
            .and_then(|slot| self.on.get(slot))
            .copied()
            .unwrap_or(KindSet::NONE)
    }

    /// Whether no right is held.
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }
}
