//! Users who sign in through a directory (S30, S31): one counter, no password, nothing left over.

use super::attempts::{Accounts, RIGHT};
use crate::patient::Patient;
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{
    Cause, CredentialTx, Directory, DirectoryAnswer, DirectoryError, DirectoryFault,
    DirectoryPassword, DirectoryRefusal, Lock, LoginName, PasswordHash,
};
use portcullis::id::{Timestamp, UserId};
use portcullis::ledger::{Actor, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const THERE: &str = "the password there";
const WRONG: Cause = Cause::Directory(DirectoryRefusal::Wrong);

/// Counts how often it is asked.
#[derive(Default)]
struct Fake {
    asked: AtomicUsize,
    down: AtomicBool,
}

impl Directory for Fake {
    fn verify(
        &self,
        _: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) {
            return Err(DirectoryError::new(DirectoryFault::Down));
        }
        Ok(if password.expose() == THERE {
            DirectoryAnswer::Accepted
        } else {
            DirectoryAnswer::Refused(DirectoryRefusal::Wrong)
        })
    }
}

/// Forty threads with wrong passwords and a threshold of five: the directory is asked exactly five
/// times, so that no front page ever locks an account in it (bug 13).
pub fn bug13_asked_exactly_as_often_as_it_takes_to_lock<H: CredentialHarness>() {
    const THREADS: usize = 40;
    let (store, fake) = (Patient(H::fresh()), Arc::new(Fake::default()));
    let (accounts, ada) = through(&store, &fake);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| accounts.attempt("ada", RIGHT, NOW).unwrap_err());
        }
    });
    assert_eq!(fake.asked.load(Ordering::SeqCst), 5);
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", THERE, NOW), locked);
    assert_eq!(fake.asked.load(Ordering::SeqCst), 5);
    let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
    assert_eq!((tries.counted, tries.serial), (5, 5));
}

/// A directory that is down counts against nobody, forgives nothing, and lets nobody in.
pub fn no_answer_is_taken_back<H: CredentialHarness>() {
    let (store, fake) = (H::fresh(), Arc::new(Fake::default()));
    let (accounts, ada) = through(&store, &fake);
    let counted = || {
        let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
        (tries.counted, tries.locked_until)
    };
    for _ in 0..4 {
        assert_eq!(accounts.attempt("ada", RIGHT, NOW), Err(WRONG));
    }
    fake.down.store(true, Ordering::SeqCst);
    for _ in 0..9 {
        let down = Err(Cause::NoAnswer(DirectoryFault::Down));
        assert_eq!(accounts.attempt("ada", THERE, NOW), down);
        assert_eq!(counted(), (4, None));
    }
    fake.down.store(false, Ordering::SeqCst);
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), Err(WRONG));
    assert_eq!(counted(), (5, Some(Timestamp::MAX)));
}

/// Ticked or cleared, the password kept here is gone and the epoch has moved; while ticked, none
/// can be set, whatever the epoch.
pub fn s30_s31_neither_has_the_others_password<H: CredentialHarness>() {
    let (store, fake) = (H::fresh(), Arc::new(Fake::default()));
    let (accounts, ada) = through(&store, &fake);
    let account = || accounts.read(|tx| tx.account(ada)).unwrap();
    assert!(account().directory && account().password.is_none());
    assert_eq!(accounts.attempt("ada", THERE, NOW), Ok(ada));
    let hash = PasswordHash::from_phc("of nothing");
    let epoch = account().epoch;
    assert!(!accounts.write(|tx| Ok(tx.set_password(ada, epoch, &hash, false)?)));
    assert!(
        !accounts.write(|tx| Ok(tx.set_directory(ada, true)?)),
        "no news"
    );
    assert_eq!(account().epoch, epoch);
    assert!(set(&accounts, ada, false));
    assert_eq!(account().epoch, epoch.next());
    assert!(!account().directory && account().password.is_none());
    assert_eq!(accounts.attempt("ada", THERE, NOW), Err(Cause::NoPassword));
    assert_eq!(fake.asked.load(Ordering::SeqCst), 1);
}

/// Ada, who had a password here until she was ticked.
fn through<'s, S>(store: &'s S, fake: &Arc<Fake>) -> (Accounts<'s, S>, UserId)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let accounts = Accounts::of(store, Lock::UntilAdmin, 64).through(fake.clone());
    let ada = accounts.add("ada");
    assert!(set(&accounts, ada, true));
    (accounts, ada)
}

fn set<S>(accounts: &Accounts<'_, S>, user: UserId, directory: bool) -> bool
where
    S: Store,
    S::Tx: CredentialTx,
{
    let by = Actor::Operator("conformance".to_owned());
    accounts.write(|tx| {
        let credentials = &accounts.credentials;
        credentials.set_directory(tx, user, directory, &by, NOW)
    })
}
