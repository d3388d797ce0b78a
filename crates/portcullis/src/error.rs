use crate::file::FileError;
use portcullis_access::{ErrorKind as AccessKind, Gate, ProfileError};
use portcullis_credentials::{CredentialError, KeyRingError, PolicyError, Retry};
use portcullis_id::EntropyError;
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sharing::PageTokenError;
use std::error::Error as StdError;
use std::fmt;

/// Why a call to the portal gave nothing. What it tried left no trace but the audit's.
///
/// Its text, by [`Display`](fmt::Display), is fit for whoever asked: what they may not know of and
/// what is not there read the same, and of a fault it tells nothing. Match on [`Error::kind`] for
/// the answer to give. Its `Debug` prints the gate and the cause as well: that is for logs alone.
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
    /// Another writer holds the store, or whoever acts has asked for too much in a short time: try the
    /// whole call again later (503).
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

    /// A password that could not be made up just now.
    pub(crate) fn retry(why: Retry) -> Self {
        match why {
            Retry::Overloaded => wrap(ErrorKind::Busy, why),
            Retry::Flaw(_) => wrap(ErrorKind::Invalid, why),
        }
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

    /// What the audit keeps of a refusal; `None` for what is none. A name that is taken counts as
    /// one, since it tells that somebody has it (choice 16).
    pub(crate) fn audited(&self) -> Option<String> {
        if matches!(self.kind, ErrorKind::Hidden | ErrorKind::Refused) {
            return Some(
                self.gate
                    .map_or_else(|| "absent".to_owned(), |gate| gate.to_string()),
            );
        }
        self.is_taken_name().then(|| "name taken".to_owned())
    }

    /// Whether it tells that somebody has a user name.
    pub(crate) fn is_taken_name(&self) -> bool {
        let cause = self
            .source
            .as_deref()
            .and_then(|cause| cause.downcast_ref());
        matches!(cause, Some(CredentialError::NameTaken))
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
        let gate = error.gate();
        let kind = match error.kind() {
            AccessKind::Hidden => ErrorKind::Hidden,
            AccessKind::Refused => ErrorKind::Refused,
            AccessKind::Stale => ErrorKind::Stale,
            AccessKind::Invalid => ErrorKind::Invalid,
            _ => return of_storage(error.store().map(StoreError::kind), error),
        };
        Self {
            gate,
            ..wrap(kind, error)
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        of_storage(Some(error.kind()), error)
    }
}

impl From<CredentialError> for Error {
    fn from(error: CredentialError) -> Self {
        match &error {
            CredentialError::Store(store) => of_storage(Some(store.kind()), error),
            CredentialError::NameTaken
            | CredentialError::NotThisWay(_)
            | CredentialError::InDirectory(_)
            | CredentialError::NoDirectory
            | CredentialError::KeyRing(KeyRingError::Missing)
            | CredentialError::NotInUse(_)
            | CredentialError::Name(_)
            | CredentialError::Password(_)
            | CredentialError::Superseded => wrap(ErrorKind::Invalid, error),
            CredentialError::TooManyNames => wrap(ErrorKind::Busy, error),
            CredentialError::NoAccount(_) => Self::hidden(None),
            _ => of_storage(None, error),
        }
    }
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        match error.store().map(StoreError::kind) {
            None => wrap(ErrorKind::Invalid, error),
            kind => of_storage(kind, error),
        }
    }
}

impl From<EntropyError> for Error {
    fn from(error: EntropyError) -> Self {
        of_storage(None, error)
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
    PageTokenError => Invalid;
}

/// What storage or randomness says names tables and files, so its text is for the log alone.
fn of_storage(kind: Option<StoreErrorKind>, error: impl StdError + Send + Sync + 'static) -> Error {
    let (kind, what) = match kind {
        Some(StoreErrorKind::Busy) => (
            ErrorKind::Busy,
            "another writer holds the portal; try again",
        ),
        // A key or name that is taken, which nobody looked up beforehand.
        Some(StoreErrorKind::Conflict) => (
            ErrorKind::Invalid,
            "this key or name is taken; choose another",
        ),
        _ => (
            ErrorKind::Fault,
            "the portal could not answer; the log has the cause",
        ),
    };
    Error {
        what: what.to_owned(),
        ..wrap(kind, error)
    }
}

fn wrap(kind: ErrorKind, error: impl StdError + Send + Sync + 'static) -> Error {
    Error {
        kind,
        what: error.to_string(),
        gate: None,
        source: Some(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_storage_says_is_for_the_log_alone() {
        let busy = "another writer holds the portal; try again";
        let taken = "this key or name is taken; choose another";
        let fault = "the portal could not answer; the log has the cause";
        for (kind, said, text) in [
            (StoreErrorKind::Busy, ErrorKind::Busy, busy),
            (StoreErrorKind::Conflict, ErrorKind::Invalid, taken),
            (StoreErrorKind::Driver, ErrorKind::Fault, fault),
            (StoreErrorKind::Corrupt, ErrorKind::Fault, fault),
        ] {
            let store = || StoreError::new(kind, "portcullis_item.key_text of /srv/portal.db");
            for error in [
                Error::from(store()),
                portcullis_access::Error::from(store()).into(),
                CredentialError::from(store()).into(),
            ] {
                assert_eq!((error.kind(), error.to_string().as_str()), (said, text));
                let cause = error.source().map(ToString::to_string);
                assert!(cause.is_some_and(|cause| cause.contains("portal.db")));
                assert!(format!("{error:?}").contains("portal.db"));
            }
        }
        let entropy = Error::from(EntropyError::exhausted());
        assert_eq!(entropy.to_string(), fault);
        assert_eq!(
            Error::from(CredentialError::NameTaken).to_string(),
            "this user name cannot be used; choose another one"
        );
    }
}
