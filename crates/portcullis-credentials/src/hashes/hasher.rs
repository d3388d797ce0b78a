use super::budget::Turn;
use crate::{HashBudget, Kdf, KdfError, PasswordHash};
use portcullis_id::Entropy;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

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
    /// (bug 18). Nothing that is typed is ever compared with it.
    pub(crate) fn new(kdf: Arc<dyn Kdf>, entropy: &dyn Entropy) -> Result<Self, KdfError> {
        let dummy = kdf.hash("dummy", entropy)?;
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

    /// A new hash for a password whose stored one is outdated: a second run in the same turn.
    pub(crate) fn anew(
        &self,
        password: &SecretString,
        stored: &PasswordHash,
        entropy: &dyn Entropy,
    ) -> Result<Option<PasswordHash>, KdfError> {
        let due = self.kdf.outdated(stored);
        due.then(|| self.hash(password, entropy)).transpose()
    }

    pub(crate) fn hash(
        &self,
        password: &SecretString,
        entropy: &dyn Entropy,
    ) -> Result<PasswordHash, KdfError> {
        self.kdf.hash(password.expose_secret(), entropy)
    }
}
