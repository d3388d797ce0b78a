//! What the tests stand on: a null hash that writes down its runs, and a file with one account.

use portcullis_credentials::{
    Account, Accounts, Administrators, Cause, CredentialError, CredentialPolicy,
    CredentialSettings, Credentials, FirstPassword, HashBudget, Kdf, KdfError, Lock, LoginName,
    NewAccount, PasswordHash, SecretString, SignIn, Source,
};
use portcullis_id::{Entropy, EntropyError, Timestamp, UserId};
use portcullis_ledger::{Actor, StoreExt};
use portcullis_rusqlite::Store;
use rusqlite::Connection;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub(crate) const T0: Timestamp = Timestamp::from_millis(1_700_000_000_000);
pub(crate) const RIGHT: &str = "the right password";
pub(crate) const WRONG: &str = "a wrong password..";

/// Hashes are the password itself.
#[derive(Default)]
pub(crate) struct Null {
    /// Runs against a stored hash, which is never the dummy.
    pub(crate) verified: AtomicUsize,
    /// Done once, in the middle of the next run.
    pub(crate) meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Kdf for Null {
    fn hash(&self, password: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        Ok(PasswordHash::from_phc(password))
    }
    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        if hash.expose() != "dummy" {
            self.verified.fetch_add(1, Ordering::SeqCst);
        }
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        Ok(hash.expose() == password)
    }
    fn check(&self, _: &PasswordHash) -> Result<(), KdfError> {
        Ok(())
    }
}

/// No two draws are the same.
#[derive(Default)]
pub(crate) struct Draws(AtomicU64);

impl Entropy for Draws {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            let mixed = next.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    pub(crate) credentials: Credentials,
    pub(crate) kdf: Arc<Null>,
    pub(crate) draws: Arc<Draws>,
    pub(crate) ada: UserId,
}

/// A portal where Ada has the right password, and where five wrong ones lock her account.
pub(crate) fn world() -> World {
    let (kdf, draws) = (Arc::new(Null::default()), Arc::new(Draws::default()));
    let settings = CredentialSettings {
        lock: Lock::UntilAdmin,
        forget_after_hours: None,
        lock_threshold: 5,
        ..CredentialSettings::default()
    };
    let policy = CredentialPolicy::new(settings).unwrap();
    let credentials = Credentials::new(policy, Administrators::none(), kdf.clone(), draws.clone())
        .unwrap()
        .with_budget(HashBudget::new(NonZeroUsize::new(4).unwrap(), 64));
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path().join("portal.db")).unwrap();
    store.migrate(T0).unwrap();
    let ada = UserId::new(T0, &*draws).unwrap();
    let new = NewAccount {
        user: ada,
        name: LoginName::parse("Ada").unwrap(),
        password: FirstPassword::Imported {
            hash: PasswordHash::from_phc(RIGHT),
            change_due: false,
        },
        expiry: None,
    };
    store
        .write(|tx| credentials.create_account(tx, new, &by(), T0))
        .unwrap();
    World {
        folder,
        store,
        credentials,
        kdf,
        draws,
        ada,
    }
}

pub(crate) fn by() -> Actor {
    Actor::Operator("tests".to_owned())
}

impl World {
    /// The same file, opened once more, as another process would.
    pub(crate) fn again(&self) -> Store {
        Store::open(self.folder.path().join("portal.db")).unwrap()
    }

    /// A connection of somebody else's to the same file.
    pub(crate) fn stranger(&self) -> Connection {
        Connection::open(self.folder.path().join("portal.db")).unwrap()
    }

    pub(crate) fn sign_in(&self, password: &str) -> Result<SignIn, CredentialError> {
        self.sign_in_through(&self.store, password)
    }

    pub(crate) fn sign_in_through(
        &self,
        store: &Store,
        password: &str,
    ) -> Result<SignIn, CredentialError> {
        let (password, source) = (SecretString::from(password), Source::new("10.0.0.1"));
        self.credentials
            .sign_in(store, "ada", &password, &source, T0)
    }

    pub(crate) fn account(&self) -> Account {
        self.store.read(|tx| tx.account(self.ada)).unwrap().unwrap()
    }
}

pub(crate) fn cause(outcome: Result<SignIn, CredentialError>) -> Cause {
    match outcome.unwrap() {
        SignIn::Refused(refusal) => refusal.cause(),
        other => panic!("{other:?}"),
    }
}
