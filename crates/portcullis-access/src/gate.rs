use std::fmt;

/// The twelve gates of requirements 7.2, in the order in which they are walked, and the one thing
/// that comes before them: a viewer that is out of date.
///
/// The numbers are the order. Every walk (`decide` in the sharing crate, [`may`](crate::may) here)
/// checks at compile time that it follows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The viewer is past its end: load it again and ask again. Hides existence.
    Stale = 0,
    /// The portal is active (K01).
    PortalActive = 1,
    /// The feature is licensed (K27).
    Licence = 2,
    /// The user is usable (K04, K06).
    Standing = 3,
    /// The client is usable (K23).
    ClientUsable = 4,
    /// The user has an affiliation with the owner client: the client lock (K05).
    ClientLock = 5,
    /// A grant reaches the container (K11).
    Reach = 6,
    /// The area is open for this client and container (K16).
    Area = 7,
    /// The right is held (K09, K10).
    Right = 8,
    /// The item is exposed (K12, K13, K14).
    Exposure = 9,
    /// The item is issued and published (K15, K19).
    Lifecycle = 10,
    /// The fields that may be seen and asked about (K17). Masks, never refuses.
    Fields = 11,
    /// What the verb needs set up (K18, K30).
    SetUp = 12,
}

impl Gate {
    /// The twelve, in order.
    pub const ALL: [Self; 12] = [
        Self::PortalActive,
        Self::Licence,
        Self::Standing,
        Self::ClientUsable,
        Self::ClientLock,
        Self::Reach,
        Self::Area,
        Self::Right,
        Self::Exposure,
        Self::Lifecycle,
        Self::Fields,
        Self::SetUp,
    ];

    /// Its place in the order.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its name, in two words at most.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stale => "stale viewer",
            Self::PortalActive => "portal active",
            Self::Licence => "licence",
            Self::Standing => "standing",
            Self::ClientUsable => "client usable",
            Self::ClientLock => "client lock",
            Self::Reach => "reach",
            Self::Area => "area",
            Self::Right => "right",
            Self::Exposure => "exposure",
            Self::Lifecycle => "lifecycle",
            Self::Fields => "fields",
            Self::SetUp => "set-up",
        }
    }

    /// The requirements it stands for.
    pub const fn rows(self) -> &'static str {
        match self {
            Self::Stale => "L13",
            Self::PortalActive => "V2, V3",
            Self::Licence => "S57",
            Self::Standing => "S27, S52, D33",
            Self::ClientUsable => "B9",
            Self::ClientLock => "B35, B36, P42",
            Self::Reach => "V16, V59, S46, B37",
            Self::Area => "P10, P15, P16",
            Self::Right => "D18, D20, P36, B33",
            Self::Exposure => "V39, V53, D46, V46",
            Self::Lifecycle => "P49, V33",
            Self::Fields => "P23, P24",
            Self::SetUp => "P19, P20, P22",
        }
    }

    /// The order, checked: for a `const` assertion beside every walk.
    pub const fn in_order(walk: &[Self]) -> bool {
        let mut rest = walk;
        while let [first, tail @ ..] = rest {
            if let [second, ..] = tail
                && first.number() >= second.number()
            {
                return false;
            }
            rest = tail;
        }
        true
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gate {}, {}", self.number(), self.name())
    }
}

/// A refusal: which gate said no, and whether the asker may learn that the thing exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deny {
    /// The first gate that refused. For staff and the audit, never for a client user.
    pub gate: Gate,
    /// Whether the asker may be told that the thing exists: only after View has passed.
    pub exists: bool,
}

impl Deny {
    /// A refusal that must look like absence.
    pub const fn hidden(gate: Gate) -> Self {
        Self {
            gate,
            exists: false,
        }
    }

    /// A refusal of a thing the asker can see.
    pub const fn seen(gate: Gate) -> Self {
        Self { gate, exists: true }
    }
}
