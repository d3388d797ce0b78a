use crate::{CatalogueError, Gate, ProfileError};
use portcullis_id::{EntropyError, KeyError};
use portcullis_ledger::StoreError;
use std::error::Error as StdError;
use std::fmt;

/// Why a command did not happen. Nothing of it was kept.
///
/// Its text is fit for the person who asked: what they may not know of and what is not there read
/// the same. What the audit should know is in [`Error::gate`].
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    what: String,
    gate: Option<Gate>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What sort of "no" an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such thing, or the asker may not know of it. Answer both alike (404).
    Hidden,
    /// The asker knows of the thing and may not do this with it (403).
    Refused,
    /// The viewer is out of date: read it again and ask again. Says nothing about the thing.
    Stale,
    /// What was asked makes no sense; the text says what would (422).
    Invalid,
    /// Storage or the source of randomness failed (503 or 500); never a "no".
    Fault,
}

impl Error {
    /// What is not there, or must look as if it were not.
    pub fn hidden(gate: Option<Gate>) -> Self {
        Self {
            kind: ErrorKind::Hidden,
            what: "there is no such thing, or it is not for you".to_owned(),
            gate,
            source: None,
        }
    }

    /// A refusal of somebody who knows what they are refused.
    pub fn refused(gate: Gate, what: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Refused,
            what: what.into(),
            gate: Some(gate),
            source: None,
        }
    }

    /// A viewer that is out of date.
    pub fn stale() -> Self {
        Self {
            kind: ErrorKind::Stale,
            what: "the viewer is out of date; read it again and ask again".to_owned(),
            gate: Some(Gate::Stale),
            source: None,
        }
    }

    /// A request that makes no sense.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Invalid,
            what: what.into(),
            gate: None,
            source: None,
        }
    }

    /// What sort of "no" it is.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The gate that refused, for staff and the audit.
    pub const fn gate(&self) -> Option<Gate> {
        self.gate
    }

    /// The fault of storage behind it, if that is what it is.
    pub fn store(&self) -> Option<&StoreError> {
        self.source.as_deref()?.downcast_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

macro_rules! from {
    ($($source:ty => $kind:ident;)+) => { $(
        impl From<$source> for Error {
            fn from(source: $source) -> Self {
                Self {
                    kind: ErrorKind::$kind,
                    what: source.to_string(),
                    gate: None,
                    source: Some(Box::new(source)),
                }
            }
        }
    )+ };
}

from! {
    StoreError => Fault;
    EntropyError => Fault;
    KeyError => Invalid;
    CatalogueError => Invalid;
    ProfileError => Invalid;
}
