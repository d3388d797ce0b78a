//! What the tests stand on: a counting function, repeatable randomness, a portal with one user.

use crate::store::MapStore;
use portcullis_credentials::{
    Account, Administrators, Cause, CredentialError, CredentialPolicy, CredentialSettings,
    Credentials, Current, Expiry, FactorCode, FirstPassword, Fresh, HashBudget, Kdf, KdfError,
    KeyRing, LiveSession, Lock, LoginName, NewAccount, PasswordHash, Proof, Reauthentication,
    SecretString, SessionCheck, SessionSecret, SignIn, Source, Tries,
};
use portcullis_id::{Entropy, EntropyError, Epoch, Standing, Timestamp, UserId};
use portcullis_ledger::{Actor, StoreExt};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const RIGHT: &str = "the right password";
pub(crate) const WRONG: &str = "a wrong password..";
pub(crate) const NEXT: &str = "the next password!";
pub(crate) const T0: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Hashes are the password itself: nothing to wait for, and every run is written down.
#[derive(Default)]
pub(crate) struct CountingKdf {
    pub(crate) runs: Mutex<Vec<String>>,
    /// How many hashes were made.
    pub(crate) made: AtomicUsize,
    pause: Mutex<Option<Pause>>,
}

/// Where the next run stops, and tells so, until it is let go.
struct Pause {
    reached: Sender<()>,
    resume: Receiver<()>,
}

impl CountingKdf {
    pub(crate) fn count(&self) -> usize {
        self.runs.lock().unwrap().len()
    }

    pub(crate) fn against(&self, password: &str) -> usize {
        let hash = plain(password);
        self.runs
            .lock()
            .unwrap()
            .iter()
            .filter(|run| *run == hash.expose())
            .count()
    }
}

pub(crate) fn plain(password: &str) -> PasswordHash {
    PasswordHash::from_phc(format!("plain${password}"))
}

/// One of another program: taken, and outdated.
pub(crate) fn old(password: &str) -> PasswordHash {
    PasswordHash::from_phc(format!("old${password}"))
}

impl Kdf for CountingKdf {
    fn hash(&self, password: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        self.made.fetch_add(1, Ordering::SeqCst);
        Ok(plain(password))
    }
    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.check(hash)?;
        self.runs.lock().unwrap().push(hash.expose().to_owned());
        let pause = self.pause.lock().unwrap().take();
        if let Some(pause) = pause {
            pause.reached.send(()).unwrap();
            // Whoever lets it go is gone where this fails, and the test with them.
            let _ = pause.resume.recv();
        }
        Ok([plain(password), old(password)]
            .iter()
            .any(|own| own.expose() == hash.expose()))
    }
    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        if hash.expose().starts_with("plain$") || self.outdated(hash) {
            Ok(())
        } else {
            Err(KdfError::Unusable("give a plain one"))
        }
    }
    fn outdated(&self, hash: &PasswordHash) -> bool {
        hash.expose().starts_with("old$")
    }
}

/// `SplitMix64`: repeatable, and no two draws are the same.
#[derive(Default)]
pub(crate) struct Draws(AtomicU64);

impl Entropy for Draws {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            let step = 0x9E37_79B9_7F4A_7C15;
            let mut z = self.0.fetch_add(step, Ordering::SeqCst).wrapping_add(step);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) struct World {
    pub(crate) store: MapStore,
    pub(crate) credentials: Credentials,
    pub(crate) kdf: Arc<CountingKdf>,
    pub(crate) draws: Arc<Draws>,
    pub(crate) ada: UserId,
    pub(crate) source: Source,
}

pub(crate) fn by() -> Actor {
    Actor::Operator("tests".to_owned())
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(crate) fn name(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

pub(crate) fn until_admin() -> CredentialSettings {
    CredentialSettings {
        lock: Lock::UntilAdmin,
        forget_after_hours: None,
        ..CredentialSettings::default()
    }
}

/// A portal where Ada has the right password.
pub(crate) fn world() -> World {
    world_with(CredentialSettings::default())
}

pub(crate) fn world_with(settings: CredentialSettings) -> World {
    let draws = Arc::new(Draws::default());
    let kdf = Arc::new(CountingKdf::default());
    let policy = CredentialPolicy::new(settings).unwrap();
    let credentials = Credentials::new(policy, Administrators::none(), kdf.clone(), draws.clone())
        .unwrap()
        .with_budget(HashBudget::new(NonZeroUsize::new(4).unwrap(), 64))
        .with_key_ring(Arc::new(ring("first", 1)));
    let ada = UserId::new(T0, &*draws).unwrap();
    let mut world = World {
        store: MapStore::default(),
        credentials,
        kdf,
        draws,
        ada,
        source: Source::new("10.0.0.1"),
    };
    world.ada = world.add("Ada", imported(RIGHT), None).unwrap();
    world
}

pub(crate) fn imported(password: &str) -> FirstPassword {
    FirstPassword::Imported {
        hash: plain(password),
        change_due: false,
    }
}

pub(crate) fn ring(id: &str, byte: u8) -> KeyRing {
    let key = data_encoding::BASE64.encode(&[byte; 32]);
    KeyRing::new(id, &SecretString::from(key)).unwrap()
}

impl World {
    pub(crate) fn add(
        &self,
        login: &str,
        password: FirstPassword,
        expires_in_days: Option<NonZeroU32>,
    ) -> Result<UserId, CredentialError> {
        let user = UserId::new(T0, &*self.draws)?;
        let new = NewAccount {
            user,
            name: name(login),
            password,
            expiry: expires_in_days.map(|days| Expiry::starting(days, T0)),
        };
        self.store
            .write(|tx| self.credentials.create_account(tx, new, &by(), T0))?;
        Ok(user)
    }

    pub(crate) fn try_sign_in(&self, login: &str, password: &str, now: Timestamp) -> SignIn {
        self.credentials
            .sign_in(&self.store, login, &secret(password), &self.source, now)
            .unwrap()
    }

    pub(crate) fn sign_in(&self, password: &str, now: Timestamp) -> Result<Proof, Cause> {
        match self.try_sign_in("ada", password, now) {
            SignIn::Done(proof) => Ok(proof),
            SignIn::Refused(refusal) => Err(refusal.cause()),
            other => panic!("{other:?}"),
        }
    }

    /// Signs Ada in, and does `meanwhile` while her password is being hashed.
    pub(crate) fn while_hashing<R>(
        &self,
        password: &str,
        meanwhile: impl FnOnce() -> R,
    ) -> (Result<Proof, Cause>, R) {
        self.paused(|| self.sign_in(password, T0), meanwhile)
    }

    /// Runs `work`, and does `meanwhile` in its first run of the function.
    pub(crate) fn paused<T: Send, R>(
        &self,
        work: impl FnOnce() -> T + Send,
        meanwhile: impl FnOnce() -> R,
    ) -> (T, R) {
        let ((tell, reached), (let_go, resume)) = (channel(), channel());
        *self.kdf.pause.lock().unwrap() = Some(Pause {
            reached: tell,
            resume,
        });
        std::thread::scope(|scope| {
            // Dropped with this closure, however it ends, so that nobody waits for ever.
            let let_go: Sender<()> = let_go;
            let attempt = scope.spawn(work);
            let there = reached.recv_timeout(Duration::from_secs(60));
            assert!(there.is_ok(), "it runs the function not once");
            let result = meanwhile();
            drop(let_go);
            (attempt.join().unwrap(), result)
        })
    }

    pub(crate) fn fail(&self, times: usize, now: Timestamp) {
        for _ in 0..times {
            assert_eq!(self.sign_in(WRONG, now).unwrap_err(), Cause::WrongPassword);
        }
    }

    pub(crate) fn begin(&self, now: Timestamp) -> SessionSecret {
        let proof = self.sign_in(RIGHT, now).unwrap();
        self.credentials
            .start_session(&self.store, proof, now)
            .unwrap()
    }

    pub(crate) fn check(&self, session: &SessionSecret, now: Timestamp) -> SessionCheck {
        self.store
            .read(|tx| self.credentials.session(tx, session, now))
            .unwrap()
    }

    pub(crate) fn live(&self, session: &SessionSecret, now: Timestamp) -> LiveSession {
        match self.check(session, now) {
            SessionCheck::Live(live) => live,
            SessionCheck::Ended(ended) => panic!("{ended:?}"),
        }
    }

    /// Asks who is in that session, as the form with the present password does.
    pub(crate) fn confirm(
        &self,
        session: &SessionSecret,
        current: &str,
        code: Option<FactorCode<'_>>,
        now: Timestamp,
    ) -> Result<(Fresh, SessionSecret), Cause> {
        let live = self.live(session, now);
        let (typed, from) = (secret(current), &self.source);
        let current = match code {
            None => Current::Password(&typed),
            Some(code) => Current::PasswordAndCode(&typed, code),
        };
        let confirmed = self
            .credentials
            .reauthenticate(&self.store, &live, current, from, now);
        match confirmed.unwrap() {
            Reauthentication::Confirmed(fresh, secret) => Ok((fresh, secret)),
            Reauthentication::Refused(refusal) => Err(refusal.cause()),
            Reauthentication::CodeDue => panic!("a code is due"),
        }
    }

    /// Ada has just signed in, and confirmed it.
    pub(crate) fn fresh(&self, now: Timestamp) -> Fresh {
        let session = self.begin(now);
        self.confirm(&session, RIGHT, None, now).unwrap().0
    }

    pub(crate) fn tries(&self) -> Tries {
        self.account().tries
    }

    fn account(&self) -> Account {
        let rows = self.store.rows();
        let mut accounts = rows.accounts.into_iter();
        accounts.find(|account| account.user == self.ada).unwrap()
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.account().epoch
    }

    pub(crate) fn standing(&self) -> Standing {
        self.account().standing()
    }

    pub(crate) fn last_action(&self) -> String {
        self.store.rows().audit.last().unwrap().action.clone()
    }
}
