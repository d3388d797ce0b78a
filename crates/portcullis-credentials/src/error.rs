use crate::{KdfError, KeyRingError, NameFlaw, PasswordFlaw};
use portcullis_id::{EntropyError, UserId};
use portcullis_ledger::StoreError;

/// A call could not do its work. Whatever a visitor did wrong is a [`Refusal`](crate::Refusal)
/// instead, and not an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// Storage failed; nothing was decided.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A password hash cannot be used or made.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// A secret of a second factor cannot be kept or read.
    #[error(transparent)]
    KeyRing(#[from] KeyRingError),
    /// The user, or somebody else under that name in any of its spellings, has an account
    /// already (D5, S16). One text for all causes (choice 16).
    #[error("this user name cannot be used; choose another one")]
    NameTaken,
    /// Too many user names were asked for in a short time by the same user, who might be trying out
    /// which are taken (choice 16). Said of free ones and taken ones alike.
    #[error("too many users were added in a short time; try again in a few minutes")]
    TooManyNames,
    /// Nobody with that id has an account.
    #[error("user {0} has no account; create one first")]
    NoAccount(UserId),
    /// The policy has another way of setting passwords (C11).
    #[error("here {0}; use that way, or another `password_set_by` in the policy")]
    NotThisWay(&'static str),
    /// The user name is none that the policy takes for a new account (D8, D11).
    #[error(transparent)]
    Name(#[from] NameFlaw),
    /// A password given out by staff is made of the name of who gets it.
    #[error(transparent)]
    Password(#[from] PasswordFlaw),
    /// The account is suspended, disabled or expired, so a link could not be used (D33).
    #[error("the account of user {0} is not in use; resume it or prolong it first")]
    NotInUse(UserId),
    /// Their password is kept in the directory: it is not set, changed or reset here (S31).
    #[error("user {0} signs in through the directory; their password is set there")]
    InDirectory(UserId),
    /// The policy has no address to make a link on; none is ever taken from a request (bug 24).
    #[error("there is no address to make a link on; set `base_address` in the policy")]
    NoBaseAddress,
    /// There is no directory to sign in through (S30).
    #[error("there is no directory to sign in through; give the credential rules one")]
    NoDirectory,
    /// The account has changed between the sign-in and its session, or under an administrator's
    /// hands (bug 6).
    #[error("the account has changed meanwhile; start again")]
    Superseded,
}
