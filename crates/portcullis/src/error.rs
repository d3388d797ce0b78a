use crate::file::FileError;
use portcullis_access::{ErrorKind as AccessKind, Gate, ProfileError};
use portcullis_credentials::{CredentialError, PolicyError};
use portcullis_id::EntropyError;
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sharing::PageTokenError;
use std::error::Error as StdError;
use std::fmt;

/// Why a call to the portal gave nothing. What it tried left no trace but the audit's.
///
/// Its text is fit for whoever asked; what they may not know of and what is not there read the
/// same. Match on [`Error::kind`] for the answer to give.
pub struct Error {
    kind: ErrorKind,
    what: String,
    gate: Option<Gate>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What sort of "no" an [`Error`] is, with the HTTP status that says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such thing, or it is not for them (404).
    Hidden,
    /// They know of the thing and may not do this (403).
    Refused,
    /// The viewer is out of date: somebody's rights have changed since it was read. Read the session
    /// again and ask again (503). Tells nothing about the thing.
    Stale,
    /// They are not signed in any more (401).
    SignedOut,
    /// What was asked makes no sense; the text says what would (422).
    Invalid,
    /// Another writer holds the store: try the whole call again (503).
    Busy,
    /// Storage, randomness or set-up failed (500).
    Fault,
}

impl Error {
    pub(crate) fn hidden(gate: Option<Gate>) -> Self {
        portcullis_access::Error::hidden(gate).into()
    }

    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        portcullis_access::Error::invalid(what).into()
    }

    pub(crate) fn refused(gate: Gate, what: impl Into<String>) -> Self {
        portcullis_access::Error::refused(gate, what).into()
    }

    pub(crate) fn signed_out() -> Self {
        Self {
            kind: ErrorKind::SignedOut,
            what: "sign in again".to_owned(),
            gate: None,
            source: None,
        }
    }

    /// What sort of "no" it is.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The gate that refused. For staff and the audit, never for a client user.
    pub const fn gate(&self) -> Option<Gate> {
        self.gate
    }

    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(self.kind, ErrorKind::Hidden | ErrorKind::Refused)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("what", &self.what)
            .field("gate", &self.gate)
            .field("source", &self.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<portcullis_access::Error> for Error {
    fn from(error: portcullis_access::Error) -> Self {
        let store = error.store().map(StoreError::kind);
        Self {
            kind: match error.kind() {
                AccessKind::Hidden => ErrorKind::Hidden,
                AccessKind::Refused => ErrorKind::Refused,
                AccessKind::Stale => ErrorKind::Stale,
                AccessKind::Invalid => ErrorKind::Invalid,
                _ if store == Some(StoreErrorKind::Busy) => ErrorKind::Busy,
                // A key or name that is taken, which nobody looked up beforehand.
                _ if store == Some(StoreErrorKind::Conflict) => ErrorKind::Invalid,
                _ => ErrorKind::Fault,
            },
            what: error.to_string(),
            gate: error.gate(),
            source: Some(Box::new(error)),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let kind = match error.kind() {
            StoreErrorKind::Busy => ErrorKind::Busy,
            StoreErrorKind::Conflict => ErrorKind::Invalid,
            _ => ErrorKind::Fault,
        };
        wrap(kind, error)
    }
}

impl From<CredentialError> for Error {
    fn from(error: CredentialError) -> Self {
        let kind = match &error {
            CredentialError::Store(store) if store.kind() == StoreErrorKind::Busy => {
                ErrorKind::Busy
            }
            CredentialError::NameTaken
            | CredentialError::NotThisWay(_)
            | CredentialError::NotInUse(_) => ErrorKind::Invalid,
            CredentialError::NoAccount(_) => return Self::hidden(None),
            CredentialError::Superseded => ErrorKind::SignedOut,
            _ => ErrorKind::Fault,
        };
        wrap(kind, error)
    }
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        let kind = match error.store().map(StoreError::kind) {
            None | Some(StoreErrorKind::Conflict) => ErrorKind::Invalid,
            Some(StoreErrorKind::Busy) => ErrorKind::Busy,
            Some(_) => ErrorKind::Fault,
        };
        wrap(kind, error)
    }
}

macro_rules! from {
    ($($source:ty => $kind:ident;)+) => { $(
        impl From<$source> for Error {
            fn from(error: $source) -> Self {
                wrap(ErrorKind::$kind, error)
            }
        }
    )+ };
}

from! {
    ProfileError => Invalid;
    PolicyError => Invalid;
    EntropyError => Fault;
    PageTokenError => Invalid;

}

fn wrap(kind: ErrorKind, error: impl StdError + Send + Sync + 'static) -> Error {
    Error {
        kind,
        what: error.to_string(),
        gate: None,
        source: Some(Box::new(error)),
    }
}
