use crate::{CountingKdf, Draws, NOW, World};
use portcullis::access::{AccessRules, Kind, User, Viewer};
use portcullis::credentials::{HashBudget, SecretString, SessionSecret, SignIn, Source};
use portcullis::desk::{Desk, Own};
use portcullis::file::PortalFile;
use portcullis::id::{HostKey, ItemId, Timestamp, UserId};
use portcullis::ledger::{Store, StoreError, StoreExt};
use portcullis::sharing::{Item, SharingRules, load_sight};
use portcullis::{Portal, PortalBuilder, PortalTx};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// A portal with a world in it.
#[derive(Debug)]
pub struct Stage<S> {
    /// The portal.
    pub portal: Portal<S>,
    /// What was put into it.
    pub world: World,
    /// What its passwords are hashed with.
    pub kdf: Arc<CountingKdf>,
    access: AccessRules,
    sharing: SharingRules,
}

impl<S> Stage<S>
where
    S: Store,
    S::Tx: PortalTx,
{
    /// Puts the world of `seed` into an empty store. The same seed gives the same ids.
    pub fn of(store: S, seed: u64) -> Self {
        Self::with(store, World::of(seed))
    }

    /// Puts a world into an empty store.
    pub fn with(store: S, world: World) -> Self {
        let stage = Self::empty(store, world);
        stage.operator().import(&stage.world.file).unwrap();
        stage
    }

    /// The portal of a world, with nothing in it yet.
    pub fn empty(store: S, world: World) -> Self {
        let kdf = Arc::new(CountingKdf::default());
        let portal = PortalBuilder::new(world.profile.clone())
            .catalogue(World::catalogue())
            .entropy(Arc::new(Draws::seeded(world.seed ^ 0xE17)))
            .kdf(kdf.clone())
            .hash_budget(HashBudget::new(NonZeroUsize::new(4).unwrap(), 64))
            .open(store)
            .unwrap();
        let access = AccessRules::new(world.profile.access.clone(), World::catalogue()).unwrap();
        let sharing = SharingRules::new(world.profile.sharing.clone(), access.catalogue()).unwrap();
        Self {
            portal,
            world,
            kdf,
            access,
            sharing,
        }
    }

    /// Everything an operator may do, at [`NOW`].
    pub fn operator(&self) -> Desk<'_, Own<'_, S>> {
        self.operator_at(NOW)
    }

    /// Everything an operator may do.
    pub fn operator_at(&self, now: Timestamp) -> Desk<'_, Own<'_, S>> {
        self.portal.operator("conformance", now)
    }

    /// One unit of work that reads.
    pub fn read<R>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<R, StoreError>) -> R {
        self.portal.store().read(|tx| work(tx)).unwrap()
    }

    /// One unit of work that goes past the rules, as a fault or another program would.
    pub fn write<R>(&self, work: impl FnOnce(&mut dyn PortalTx) -> Result<R, StoreError>) -> R {
        self.portal.store().write(|tx| work(tx)).unwrap()
    }

    /// Everybody there is.
    pub fn users(&self) -> Vec<User> {
        self.read(|tx| tx.users())
    }

    /// The user of a host key.
    pub fn user(&self, key: &HostKey) -> User {
        self.read(|tx| tx.user_by_key(key)).unwrap()
    }

    /// Everything there is to see, newest first.
    pub fn items(&self) -> Vec<Item> {
        let mut items: Vec<Item> = self.read(|tx| tx.items_after(None::<ItemId>, 1_000_000));
        items.sort_by_key(|item| std::cmp::Reverse((item.sort, item.id)));
        items
    }

    /// A user's sight at [`NOW`], whatever their standing.
    pub fn viewer(&self, user: UserId) -> Viewer {
        self.viewer_at(user, NOW)
    }

    /// A user's sight, whatever their standing.
    pub fn viewer_at(&self, user: UserId, now: Timestamp) -> Viewer {
        self.read(|tx| {
            let standing = tx.standing(user)?;
            load_sight(tx, user, standing, &self.access, &self.sharing, now)
        })
        .unwrap()
    }

    /// The rules of the access core.
    pub const fn access(&self) -> &AccessRules {
        &self.access
    }

    /// The kinds of items, those of the host's own too.
    pub fn kinds(&self) -> Vec<Kind> {
        let entries = self.portal.catalogue().kinds();
        entries.iter().map(|entry| entry.kind).collect()
    }

    /// The whole portal as a document.
    pub fn export(&self) -> PortalFile {
        self.operator().export().unwrap()
    }

    /// Signs somebody of the world in, if they can.
    pub fn session(&self, user: &HostKey) -> Option<SessionSecret> {
        let login = format!("{user}@login.example");
        let password = SecretString::from(World::password(user));
        let from = Source::new("10.0.0.1");
        let outcome = self.portal.sign_in(&login, &password, &from, NOW).unwrap();
        match outcome {
            SignIn::Done(proof) => Some(self.portal.start_session(proof, NOW).unwrap()),
            _ => None,
        }
    }
}
