use crate::accounts::Trail;
use crate::hashes::Hasher;
use crate::{
    Administrators, CredentialError, CredentialPolicy, Directory, HashBudget, Kdf, KeyRing,
};
use portcullis_id::{Entropy, Timestamp};
use portcullis_ledger::Actor;
use std::fmt;
use std::sync::Arc;

/// The credential rules, with what they need: a policy, a key-derivation function, randomness.
///
/// Two kinds of calls. Those of a visitor ([`sign_in`](Self::sign_in), the answers to its steps,
/// [`start_session`](Self::start_session)) take the *store* and commit on their own, because what
/// they count and burn must stay counted whatever the caller does next. Those of an administrator
/// ([`suspend`](Self::suspend) and its like) take a *unit of work*, so that they can be part of a
/// larger change.
pub struct Credentials {
    pub(crate) policy: CredentialPolicy,
    pub(crate) administrators: Administrators,
    pub(crate) hasher: Hasher,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) directory: Option<Arc<dyn Directory>>,
    pub(crate) key_ring: Option<Arc<KeyRing>>,
}

impl Credentials {
    /// The rules under `policy`, which lock the last of `administrators` for a time only. Runs `kdf`
    /// once, for the hash that is compared with where there is none.
    ///
    /// # Errors
    /// [`CredentialError::Kdf`] when that one run fails.
    pub fn new(
        policy: CredentialPolicy,
        administrators: Administrators,
        kdf: Arc<dyn Kdf>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, CredentialError> {
        let hasher = Hasher::new(kdf, &*entropy)?;
        Ok(Self {
            policy,
            administrators,
            hasher,
            entropy,
            directory: None,
            key_ring: None,
        })
    }

    /// The same with another bound on parallel hashes than [`HashBudget::default`].
    #[must_use]
    pub fn with_budget(mut self, budget: HashBudget) -> Self {
        self.hasher = self.hasher.with_budget(budget);
        self
    }

    /// The same with a ring of keys, under which the secrets of second factors are kept. Without one
    /// nobody can set up a factor.
    #[must_use]
    pub fn with_key_ring(mut self, ring: Arc<KeyRing>) -> Self {
        self.key_ring = Some(ring);
        self
    }

    /// The policy in force.
    pub const fn policy(&self) -> &CredentialPolicy {
        &self.policy
    }

    pub(crate) fn trail<'a>(&'a self, by: &'a Actor, now: Timestamp) -> Trail<'a> {
        Trail {
            entropy: &*self.entropy,
            now,
            by,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
