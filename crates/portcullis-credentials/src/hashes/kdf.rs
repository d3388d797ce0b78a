use portcullis_id::{Entropy, EntropyError};
use secrecy::{ExposeSecret, SecretString};

/// How passwords become hashes: the one thing about them that a host may want to replace.
///
/// The library runs it exactly once in every branch of a sign-in, so `verify` must cost the same
/// whatever the password is. [`Argon2id`](crate::Argon2id) is the one to use, within
/// [`Importing`](crate::Importing) where accounts come from another program; a cheap one has its
/// place in tests.
pub trait Kdf: Send + Sync {
    /// Hashes `password` with a new salt from `entropy`.
    ///
    /// # Errors
    /// [`KdfError`] when randomness or memory is not to be had.
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError>;

    /// Whether `hash` was made from `password`.
    ///
    /// # Errors
    /// [`KdfError::Unusable`] for a hash that [`check`](Self::check) refuses, before it is run: a
    /// corrupt hash never verifies, and one of huge cost is never tried (bug 29).
    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError>;

    /// Whether `hash` is one of this function's, within its bounds. Runs nothing.
    ///
    /// # Errors
    /// [`KdfError::Unusable`] says what is wrong with it.
    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError>;

    /// Whether `hash`, one that [`check`](Self::check) takes, is to be replaced by what
    /// [`hash`](Self::hash) makes now, as soon as its password is at hand. Runs nothing. Without a
    /// say in it: no.
    fn outdated(&self, hash: &PasswordHash) -> bool {
        let _ = hash;
        false
    }
}

/// A password's hash: a PHC string, or what another program wrote. Prints as nothing; read it with [`expose`](Self::expose).
///
/// ```compile_fail,E0277
/// fn log(hash: portcullis_credentials::PasswordHash) { println!("{hash}"); }
/// ```
#[derive(Clone, Debug)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// A hash that a [`Kdf`] made or that storage gave back. Nothing is checked here: what comes
    /// from elsewhere goes through [`Kdf::check`] before it is kept.
    pub fn from_phc(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, for storage and for an export.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KdfError {
    /// No randomness for the salt.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The hash is of another kind, malformed, or outside the bounds.
    #[error("this is not a password hash that can be used: {0}")]
    Unusable(&'static str),
    /// The function refused or had not enough memory.
    #[error(
        "the password hash could not be computed; lower the number of parallel runs or the memory of one"
    )]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
