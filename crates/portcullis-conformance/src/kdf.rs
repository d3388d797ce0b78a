use portcullis::credentials::{Kdf, KdfError, PasswordHash};
use portcullis::id::Entropy;
use std::sync::{Mutex, PoisonError};

/// A hash that costs nothing and is the password itself, and writes down every comparison: what
/// tests count attempts with. Never use it for people.
#[derive(Debug, Default)]
pub struct CountingKdf {
    runs: Mutex<Vec<String>>,
}

impl CountingKdf {
    /// The hash of `password`, as a portal file holds it.
    pub fn hash_of(password: &str) -> String {
        format!("plain${password}")
    }

    /// The same as another program has left it: it is taken, and due to be replaced.
    pub fn outdated_hash_of(password: &str) -> String {
        format!("old${password}")
    }

    /// How many comparisons ran.
    pub fn runs(&self) -> usize {
        self.lock().len()
    }

    /// How many of them were against the hash of `password`.
    pub fn runs_against(&self, password: &str) -> usize {
        let hash = Self::hash_of(password);
        self.lock().iter().filter(|run| **run == hash).count()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kdf for CountingKdf {
    fn hash(&self, password: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        Ok(PasswordHash::from_phc(Self::hash_of(password)))
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.check(hash)?;
        self.lock().push(hash.expose().to_owned());
        // Others get a chance to run between an attempt's reservation and its end.
        std::thread::yield_now();
        let own = [Self::hash_of(password), Self::outdated_hash_of(password)];
        Ok(own.iter().any(|own| own == hash.expose()))
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        if hash.expose().starts_with("plain$") || self.outdated(hash) {
            Ok(())
        } else {
            Err(KdfError::Unusable("give one of the conformance suite's"))
        }
    }

    fn outdated(&self, hash: &PasswordHash) -> bool {
        hash.expose().starts_with("old$")
    }
}
