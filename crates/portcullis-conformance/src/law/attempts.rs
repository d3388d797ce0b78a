//! Attempts are counted exactly (S24, S61, bugs 1 to 4): however many guess at once.

use crate::patient::Patient;
use crate::{CountingKdf, CredentialHarness, Draws, Harness, NOW};
use portcullis::credentials::{
    Administrators, Cause, CredentialError, CredentialPolicy, CredentialSettings, CredentialTx,
    Credentials, Directory, FirstPassword, HashBudget, Lock, LoginName, NewAccount, PasswordHash,
    SecretString, SignIn, Source,
};
use portcullis::id::{Timestamp, UserId, minutes};
use portcullis::ledger::{Actor, Store, StoreError, StoreExt};
use std::num::NonZeroUsize;
use std::sync::Arc;

pub(super) const RIGHT: &str = "the right password";
const WRONG: &str = "some wrong password";
const THREADS: usize = 40;

/// Forty threads with wrong passwords and a threshold of five: exactly five are held against the
/// stored hash, each other one runs the dummy once, and the account is locked.
pub fn bug01_s24_counted_exactly_under_threads<H: CredentialHarness>() {
    race(&Patient(H::fresh()), 64);
    race(&Patient(H::fresh()), 6);
}

/// The same in a whole portal's store, as a server's threads use it.
pub fn bug02_counted_exactly_on_disk<H: Harness>() {
    for waiting in [64, 6] {
        let (store, held) = H::shared();
        let store = Patient(store);
        race(&store, waiting);
        drop((store, held));
    }
}

/// A right password forgets the attempts before it and no lock; a lock is sat out, or cleared.
pub fn bug15_s24_s25_choice23_a_right_password_forgets_what_came_before<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::Timed { minutes: 15 }, 64);
    let ada = accounts.add("ada");
    let fail = |times: usize, now| {
        for _ in 0..times {
            assert_eq!(
                accounts.attempt("ada", WRONG, now),
                Err(Cause::WrongPassword)
            );
        }
    };
    for _ in 0..3 {
        fail(4, NOW);
        assert_eq!(
            accounts.attempt("ada", RIGHT, NOW),
            Ok(ada),
            "four are not five"
        );
    }
    fail(5, NOW);
    let until = NOW.after(minutes(15));
    let locked = Err(Cause::Locked(until));
    assert_eq!(
        accounts.attempt("ada", RIGHT, NOW),
        locked,
        "the fifth locks"
    );
    let last = Timestamp::from_millis(until.millis() - 1);
    assert_eq!(
        accounts.attempt("ada", RIGHT, last),
        locked,
        "a guess prolongs or ends nothing"
    );
    assert_eq!(
        accounts.attempt("ada", RIGHT, until),
        Ok(ada),
        "the lock was sat out"
    );
    fail(5, until);
    let by = Actor::Operator("conformance".to_owned());
    let credentials = &accounts.credentials;
    let cleared = store
        .write(|tx| credentials.unlock(tx, ada, &by, until))
        .unwrap();
    assert!(cleared);
    fail(4, until);
    assert_eq!(
        accounts.attempt("ada", RIGHT, until),
        Ok(ada),
        "cleared, the count begins anew"
    );
}

/// A lock doubles to the longest while wrong ones come in a row, whatever was sat out between, and at
/// the last straw it lasts until an administrator unlocks. A success or an unlocking begins anew.
pub fn bug14_locks_grow_and_are_forgotten_by_a_success<H: CredentialHarness>() {
    let store = H::fresh();
    let lock = Lock::Mixed {
        minutes: 1,
        longest_minutes: 5,
        until_admin_at: 27,
    };
    let accounts = Accounts::of(&store, lock, 64);
    let ada = accounts.add("ada");
    let tries = || accounts.read(|tx| tx.account(ada)).unwrap().tries;
    // Five wrong ones each time, right when the lock before them ends; its length in minutes.
    let lock_from = |mut now: Timestamp, lengths: &[u32]| {
        for length in lengths {
            for _ in 0..5 {
                let outcome = accounts.attempt("ada", WRONG, now);
                assert_eq!(outcome, Err(Cause::WrongPassword));
            }
            let until = now.after(minutes(*length));
            assert_eq!(tries().locked_until, Some(until));
            now = until;
        }
        now
    };
    let now = lock_from(NOW, &[1, 2]);
    assert_eq!(accounts.attempt("ada", RIGHT, now), Ok(ada));
    assert_eq!((tries().counted, tries().in_a_row), (0, 0));
    let now = lock_from(now, &[1, 2, 4, 5, 5]);
    for locked in [None, Some(Timestamp::MAX)] {
        assert_eq!(
            accounts.attempt("ada", WRONG, now),
            Err(Cause::WrongPassword)
        );
        assert_eq!(tries().locked_until, locked, "the last straw");
    }
    assert_eq!((tries().counted, tries().in_a_row), (2, 27));
    let by = Actor::Operator("conformance".to_owned());
    assert!(accounts.write(|tx| accounts.credentials.unlock(tx, ada, &by, now)));
    lock_from(now, &[1]);
}

/// Accounts over a store, with everything counted.
pub(super) struct Accounts<'s, S> {
    pub(super) store: &'s S,
    pub(super) credentials: Credentials,
    pub(super) kdf: Arc<CountingKdf>,
    pub(super) draws: Arc<Draws>,
}

impl<'s, S> Accounts<'s, S>
where
    S: Store,
    S::Tx: CredentialTx,
{
    pub(super) fn of(store: &'s S, lock: Lock, waiting: usize) -> Self {
        let settings = CredentialSettings {
            lock_threshold: 5,
            lock,
            base_address: Some("https://portal.example".to_owned()),
            ..CredentialSettings::default()
        };
        Self::under(store, settings, waiting)
    }

    pub(super) fn under(store: &'s S, settings: CredentialSettings, waiting: usize) -> Self {
        let (kdf, draws) = (Arc::new(CountingKdf::default()), Arc::new(Draws::seeded(5)));
        let policy = CredentialPolicy::new(settings).unwrap();
        let budget = HashBudget::new(NonZeroUsize::new(4).unwrap(), waiting);
        let credentials =
            Credentials::new(policy, Administrators::none(), kdf.clone(), draws.clone())
                .unwrap()
                .with_budget(budget);
        Self {
            store,
            credentials,
            kdf,
            draws,
        }
    }

    /// The same with a directory.
    pub(super) fn through(self, directory: Arc<dyn Directory>) -> Self {
        let credentials = self.credentials.with_directory(directory).unwrap();
        Self {
            credentials,
            ..self
        }
    }

    pub(super) fn read<R>(
        &self,
        work: impl FnOnce(&mut dyn CredentialTx) -> Result<R, StoreError>,
    ) -> R {
        self.store.read(|tx| work(tx)).unwrap()
    }

    pub(super) fn write<R>(
        &self,
        work: impl FnOnce(&mut dyn CredentialTx) -> Result<R, CredentialError>,
    ) -> R {
        self.store.write(|tx| work(tx)).unwrap()
    }

    pub(super) fn add(&self, name: &str) -> UserId {
        let user = UserId::new(NOW, &*self.draws).unwrap();
        let new = NewAccount {
            user,
            name: LoginName::parse(name).unwrap(),
            password: FirstPassword::Imported {
                hash: PasswordHash::from_phc(CountingKdf::hash_of(RIGHT)),
                change_due: false,
            },
            expiry: None,
        };
        let by = Actor::Operator("conformance".to_owned());
        let made = self
            .store
            .write(|tx| self.credentials.create_account(tx, new, &by, NOW));
        made.unwrap();
        user
    }

    pub(super) fn attempt(
        &self,
        name: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<UserId, Cause> {
        let (password, from) = (SecretString::from(password), Source::new("10.0.0.1"));
        let outcome = self
            .credentials
            .sign_in(self.store, name, &password, &from, now);
        match outcome.unwrap() {
            SignIn::Done(proof) => Ok(proof.user()),
            SignIn::Refused(refusal) => Err(refusal.cause()),
            other => panic!("{other:?}"),
        }
    }
}

fn race<S>(store: &S, waiting: usize)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let accounts = Accounts::of(store, Lock::UntilAdmin, waiting);
    let ada = accounts.add("ada");
    let causes: Vec<Cause> = std::thread::scope(|scope| {
        let guess = || accounts.attempt("ada", WRONG, NOW).unwrap_err();
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(guess)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let count = |wanted: Cause| causes.iter().filter(|cause| **cause == wanted).count();
    let (wrong, overloaded) = (count(Cause::WrongPassword), count(Cause::Overloaded));
    // Until the commit of the fifth makes the lock last, it is seen as one that ends.
    let locked = |cause: &&Cause| matches!(cause, Cause::Locked(_));
    let locked = causes.iter().filter(locked).count();
    assert_eq!(wrong + overloaded + locked, THREADS, "{causes:?}");
    assert_eq!(wrong, 5, "verified against the stored hash");
    assert_eq!(
        accounts.kdf.runs_against(RIGHT),
        5,
        "verified against the stored hash"
    );
    assert_eq!(
        accounts.kdf.runs(),
        THREADS - overloaded,
        "one run for each who had a turn"
    );
    assert!(waiting < THREADS || overloaded == 0);
    let account = accounts.read(|tx| tx.account(ada)).unwrap();
    assert_eq!(account.tries.locked_until, Some(Timestamp::MAX));
    assert_eq!((account.tries.counted, account.tries.serial), (5, 5));
    let refused = accounts.read(|tx| tx.audit(1_000));
    let refused = refused
        .iter()
        .filter(|entry| entry.action == "sign-in.refused");
    assert_eq!(
        refused.count(),
        THREADS - overloaded,
        "each is in the audit"
    );
    assert_eq!(
        accounts.attempt("ada", RIGHT, NOW),
        Err(Cause::Locked(Timestamp::MAX))
    );
}
