use crate::administrators;
use crate::desk::{Desk, Own};
use crate::{Error, Me, OsEntropy, PortalProfile, PortalTx};
use portcullis_access::{AccessRules, Catalogue, Principal, command};
use portcullis_credentials::{
    Administrators, Argon2id, CredentialPolicy, Credentials, Directory, HashBudget, Kdf, KeyRing,
};
use portcullis_id::{Entropy, Standing, Timestamp};
use portcullis_ledger::{Store, StoreExt};
use portcullis_sharing::SharingRules;
use std::fmt;
use std::sync::Arc;

/// A portal: one store, and the rules it runs under.
///
/// Share one between threads. See the [crate](crate) for the whole story.
pub struct Portal<S> {
    store: S,
    rules: Rules,
}

/// The rules of one portal, compiled from its profile and catalogue.
pub(crate) struct Rules {
    pub(crate) profile: PortalProfile,
    pub(crate) access: AccessRules,
    pub(crate) sharing: SharingRules,
    pub(crate) credentials: Credentials,
    pub(crate) kdf: Arc<dyn Kdf>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// What a portal can be given beside its store and profile, each with a good default.
pub struct PortalBuilder {
    profile: PortalProfile,
    catalogue: Catalogue,
    kdf: Arc<dyn Kdf>,
    entropy: Arc<dyn Entropy>,
    budget: HashBudget,
    directory: Option<Arc<dyn Directory>>,
    key_ring: Option<Arc<KeyRing>>,
}

impl<S> Portal<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// A portal over `store`, under `profile`, with the kinds and rights of the documents.
    ///
    /// # Errors
    /// A profile that cannot work is refused with the name of the knob; a store that was not
    /// migrated says so; a catalogue that contradicts the store is refused with both names.
    pub fn new(store: S, profile: PortalProfile) -> Result<Self, Error> {
        PortalBuilder::new(profile).open(store)
    }

    /// Everything `me` may do, each call in one unit of work of its own.
    pub fn acting(&self, me: &Me) -> Desk<'_, Own<'_, S>> {
        Desk::new(
            &self.rules,
            Own::new(&self.store),
            me.principal().clone(),
            me.standing(),
            me.at(),
        )
    }

    /// Whoever holds the machine, acting under a name that the audit keeps: founding, import, jobs.
    pub fn operator(&self, name: &str, now: Timestamp) -> Desk<'_, Own<'_, S>> {
        Desk::new(
            &self.rules,
            Own::new(&self.store),
            Principal::operator(name),
            Standing::USABLE,
            now,
        )
    }
}

impl<S> Portal<S> {
    /// The store.
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The profile.
    pub const fn profile(&self) -> &PortalProfile {
        &self.rules.profile
    }

    /// The catalogue of kinds, rights and fields.
    pub const fn catalogue(&self) -> &Catalogue {
        self.rules.access.catalogue()
    }

    /// The credential rules, for what they offer beyond the portal's own calls.
    pub const fn credentials(&self) -> &Credentials {
        &self.rules.credentials
    }

    pub(crate) const fn rules(&self) -> &Rules {
        &self.rules
    }
}

impl PortalBuilder {
    /// A portal under `profile`, with the documents' kinds and rights and the defaults.
    pub fn new(profile: PortalProfile) -> Self {
        Self {
            profile,
            catalogue: Catalogue::built_in(),
            kdf: Arc::new(Argon2id::default()),
            entropy: Arc::new(OsEntropy),
            budget: HashBudget::default(),
            directory: None,
            key_ring: None,
        }
    }

    /// With kinds, rights, fields and key types of the host's own.
    #[must_use]
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// With another key-derivation function than argon2id at its floor.
    #[must_use]
    pub fn kdf(mut self, kdf: Arc<dyn Kdf>) -> Self {
        self.kdf = kdf;
        self
    }

    /// With another source of randomness than the operating system's: for tests that repeat.
    #[must_use]
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// With another bound on parallel password hashes.
    #[must_use]
    pub fn hash_budget(mut self, budget: HashBudget) -> Self {
        self.budget = budget;
        self
    }

    /// With a directory, an Active Directory for one, through which some users sign in (S30).
    #[must_use]
    pub fn directory(mut self, directory: Arc<dyn Directory>) -> Self {
        self.directory = Some(directory);
        self
    }

    /// With the keys under which the secrets of second factors are kept (S29), and passwords that wait
    /// for their mail (choice 15). Without them nobody can set up a factor, and a profile that mails
    /// passwords does not open.
    #[must_use]
    pub fn key_ring(mut self, ring: Arc<KeyRing>) -> Self {
        self.key_ring = Some(ring);
        self
    }

    /// Opens the portal over `store`.
    ///
    /// # Errors
    /// As [`Portal::new`]; for a profile that mails passwords without a
    /// [key ring](Self::key_ring); and for a lock in the profile that would let strangers lock accounts in
    /// the [directory](Self::directory).
    pub fn open<S>(self, store: S) -> Result<Portal<S>, Error>
    where
        S: Store,
        S::Tx: PortalTx,
    {
        let access = AccessRules::new(self.profile.access.clone(), self.catalogue)?;
        let sharing = SharingRules::new(self.profile.sharing.clone(), access.catalogue())?;
        let policy = CredentialPolicy::new(self.profile.credentials.clone())?;
        policy.check_key_ring(self.key_ring.as_deref())?;
        let known = access.clone();
        let administrators = Administrators::asked(move |tx: &mut S::Tx, user, now| {
            administrators::is_last(tx, &known, user, now)
        });
        let (kdf, entropy) = (Arc::clone(&self.kdf), Arc::clone(&self.entropy));
        let credentials =
            Credentials::new(policy, administrators, kdf, entropy)?.with_budget(self.budget);
        let credentials = match self.directory {
            Some(directory) => credentials.with_directory(directory)?,
            None => credentials,
        };
        let credentials = match self.key_ring {
            Some(ring) => credentials.with_key_ring(ring),
            None => credentials,
        };
        store.write(|tx| command::portal::register(tx, access.catalogue()))?;
        Ok(Portal {
            store,
            rules: Rules {
                profile: self.profile,
                access,
                sharing,
                credentials,
                kdf: self.kdf,
                entropy: self.entropy,
            },
        })
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("profile", &self.profile.name)
            .finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Portal<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portal")
            .field("profile", &self.rules.profile.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PortalBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalBuilder")
            .field("profile", &self.profile.name)
            .finish_non_exhaustive()
    }
}
