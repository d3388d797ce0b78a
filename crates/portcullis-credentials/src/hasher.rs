use crate::budget::Turn;
use crate::{HashBudget, Kdf, KdfError, PasswordHash};
use data_encoding::BASE64;
use portcullis_id::Entropy;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The key-derivation function behind its budget, with a dummy hash beside it.
pub(crate) struct Hasher {
    kdf: Arc<dyn Kdf>,
    budget: HashBudget,
    dummy: PasswordHash,
}

/// One caller's turn at the function.
pub(crate) struct Run<'a> {
    kdf: &'a dyn Kdf,
    dummy: &'a PasswordHash,
    _turn: Turn<'a>,
}

impl Hasher {
    /// The dummy is made by the present function, so a run on it costs what a real one does
    /// (bug 18), and from a random password, so nobody can type the right one.
    pub(crate) fn new(kdf: Arc<dyn Kdf>, entropy: &dyn Entropy) -> Result<Self, KdfError> {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut())?;
        let password = Zeroizing::new(BASE64.encode(bytes.as_ref()));
        let dummy = kdf.hash(&password, entropy)?;
        Ok(Self {
            kdf,
            budget: HashBudget::default(),
            dummy,
        })
    }

    pub(crate) fn with_budget(self, budget: HashBudget) -> Self {
        Self { budget, ..self }
    }

    pub(crate) fn kdf(&self) -> &dyn Kdf {
        &*self.kdf
    }

    /// `None`: overloaded.
    pub(crate) fn run(&self) -> Option<Run<'_>> {
        Some(Run {
            kdf: &*self.kdf,
            dummy: &self.dummy,
            _turn: self.budget.turn()?,
        })
    }
}

impl Run<'_> {
    pub(crate) fn verify(
        &self,
        password: &SecretString,
        hash: &PasswordHash,
    ) -> Result<bool, KdfError> {
        self.kdf.verify(password.expose_secret(), hash)
    }

    /// A run for nothing, of the same cost as a real one. What was typed is not looked at: it may
    /// be of any length.
    pub(crate) fn waste(&self) -> Result<(), KdfError> {
        self.kdf.verify("", self.dummy).map(drop)
    }

    pub(crate) fn hash(
        &self,
        password: &SecretString,
        entropy: &dyn Entropy,
    ) -> Result<PasswordHash, KdfError> {
        self.kdf.hash(password.expose_secret(), entropy)
    }
}
