/// A set of fields of one kind, by their number in the [`Catalogue`](crate::Catalogue).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fields(u64);

impl Fields {
    /// No field.
    pub const NONE: Self = Self(0);
    /// Every field, those nobody has registered too. What staff see.
    pub const ALL: Self = Self(u64::MAX);

    /// This set and the field of this number; numbers beyond 63 do not exist and add nothing.
    #[must_use]
    pub const fn with(self, number: u8) -> Self {
        if number < 64 {
            Self(self.0 | (1 << number))
        } else {
            self
        }
    }

    /// This set but for the field of this number.
    #[must_use]
    pub const fn without(self, number: u8) -> Self {
        if number < 64 {
            Self(self.0 & !(1 << number))
        } else {
            self
        }
    }

    /// Whether the field of this number is in the set.
    pub const fn contains(self, number: u8) -> bool {
        number < 64 && self.0 & (1 << number) != 0
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
