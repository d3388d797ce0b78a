use std::error::Error as StdError;
use std::fmt;

/// Storage did not do what it was asked. Never an answer to "may they?".
pub struct StoreError {
    kind: StoreErrorKind,
    what: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a caller can do about a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another writer holds the store: run the whole unit of work again.
    Busy,
    /// A unique key is taken, or a row that is referred to is gone.
    Conflict,
    /// The store has no tables yet, or those of an older version: migrate it.
    NeedsMigration,
    /// The store was written by a newer version: upgrade the program.
    Newer,
    /// The file or the database is not one of ours.
    Foreign,
    /// A value that was read back makes no sense; nothing was decided on it.
    Corrupt,
    /// Wrong use of the adapter, told in the text.
    Misuse,
    /// Anything else the driver reported.
    Driver,
}

impl StoreError {
    /// A fault of `kind`; `what` says in lower case what happened and what to do about it.
    pub fn new(kind: StoreErrorKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            source: None,
        }
    }

    /// The same, keeping the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A value read back that makes no sense.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Corrupt, what)
    }

    /// What a caller can do about it.
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError")
            .field("kind", &self.kind)
            .field("what", &self.what)
            .field("source", &self.source)
            .finish()
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
