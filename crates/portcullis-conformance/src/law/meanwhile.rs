//! What happens between the start and the end of a way in decides (bugs 3, 4 and 6), and a success
//! speaks for nobody else (bug 16).

use super::app::App;
use super::attempts::{Accounts, RIGHT};
use super::ways::{Gate, Open, Place, Stop, Way, put, sign_in, with_ring};
use crate::patient::Patient;
use crate::{CountingKdf, CredentialHarness, Draws, NOW};
use portcullis::credentials::{
    Administrators, Cause, CredentialError, CredentialTx, Credentials, FactorCode, FactorKind,
    FactorStep, Lock, SecretString, SignIn, Source,
};
use portcullis::id::{Timestamp, UserId};
use portcullis::ledger::{Store, StoreExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const WRONG: &str = "some wrong password";

/// While the right password is being looked at, four wrong ones and it make five: the account locks.
/// The right one signs in, and the lock stays.
pub fn bug03_a_success_leaves_the_lock_that_others_reached<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let gate = Arc::new(Gate::default());
    let policy = accounts.credentials.policy().clone();
    let draws = Arc::new(Draws::seeded(6));
    let slow = Credentials::new(policy, Administrators::none(), gate.clone(), draws).unwrap();
    let (reached, resume) = gate.close(Place::Hash);
    std::thread::scope(|scope| {
        // Dropped with this closure, however it ends, so that nobody waits for ever.
        let resume = resume;
        let right = scope.spawn(|| {
            let outcome = slow.sign_in(&store, "ada", &right(), &from(), NOW);
            matches!(outcome.unwrap(), SignIn::Done(_))
        });
        assert!(reached.recv_timeout(Duration::from_secs(60)).is_ok());
        let guesses = [(); 4].map(|()| accounts.attempt("ada", WRONG, NOW));
        resume.send(()).unwrap();
        assert_eq!(guesses, [(); 4].map(|()| Err(Cause::WrongPassword)));
        assert!(right.join().unwrap(), "it was counted before the lock");
    });
    let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
    assert_eq!(tries.locked_until, Some(Timestamp::MAX));
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), locked);
}

/// Right passwords at once reach the lock and clear it again, each in its own time: every attempt
/// enters or meets the lock, and none falls between the two.
pub fn bug03_right_ones_at_once_enter_or_meet_the_lock<H: CredentialHarness>() {
    const THREADS: usize = 16;
    const EACH: usize = 6;
    let store = Patient(H::fresh());
    let accounts = Accounts::of(&store, Lock::Timed { minutes: 15 }, 64);
    let ada = accounts.add("ada");
    let (entered, locked) = (&AtomicUsize::new(0), &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let attempts = || {
            for _ in 0..EACH {
                match accounts.attempt("ada", RIGHT, NOW) {
                    Ok(user) if user == ada => entered.fetch_add(1, Ordering::Relaxed),
                    Err(Cause::Locked(_)) => locked.fetch_add(1, Ordering::Relaxed),
                    other => panic!("{other:?}"),
                };
            }
        };
        for _ in 0..THREADS {
            scope.spawn(attempts);
        }
    });
    let (entered, locked) = (
        entered.load(Ordering::Relaxed),
        locked.load(Ordering::Relaxed),
    );
    assert_eq!(entered + locked, THREADS * EACH);
    assert!(entered > 0, "the first finds it open");
    let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
    assert_eq!(
        (tries.counted, tries.locked_until),
        (0, None),
        "all were right"
    );
}

/// Whatever the caller does next, and whatever of that is taken back: the attempt is counted.
pub fn bug04_an_attempt_stays_counted_whatever_is_taken_back<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    for counted in 1..=5 {
        let outcome = accounts.attempt("ada", WRONG, NOW);
        assert_eq!(outcome, Err(Cause::WrongPassword));
        let taken_back: Result<(), CredentialError> = store.write(|tx| {
            let tx: &mut dyn CredentialTx = tx;
            tx.unlock(ada)?;
            tx.demand_change(ada)?;
            Err(CredentialError::Superseded)
        });
        assert!(taken_back.is_err());
        let account = accounts.read(|tx| tx.account(ada)).unwrap();
        assert_eq!(account.tries.counted, counted);
        assert!(!account.change_due);
    }
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), locked);
}

/// Who is suspended, disabled or locked while a way in is open does not get to its end, and sets no
/// password and no app on the way; nor do they begin one. Each is open to who is in good standing.
pub fn bug06_who_is_stopped_meanwhile_finishes_nothing<H: CredentialHarness>() {
    for way in Way::ALL {
        for stop in Stop::ALL.map(Some).into_iter().chain([None]) {
            let store = H::fresh();
            let (accounts, ada) = with_ring(&store, &Arc::default());
            let open = Open::of(&accounts, ada, way);
            if let Some(stop) = stop {
                put(stop, &accounts, ada);
            }
            // A lock stops sign-ins, and undoes none that is complete.
            let may = stop.is_none() || (way == Way::Session && stop == Some(Stop::Locked));
            assert_eq!((open.finish)(), may, "{way:?}, {stop:?}");
            left(&accounts, ada, way, may);
            if stop.is_some() {
                let turned = matches!(sign_in(&accounts), SignIn::Refused(_));
                assert!(turned, "{way:?}, {stop:?}: begun anew");
                assert!(!(open.again)(), "{way:?}, {stop:?}: begun anew");
            }
        }
    }
}

/// The same, stopped while the password is looked at or hashed, or the directory thinks: what was
/// right a moment ago is looked at again before it counts.
pub fn bug06_who_is_stopped_while_it_is_weighed_finishes_nothing<H: CredentialHarness>() {
    for (way, place) in Way::WEIGHED {
        for stop in Stop::ALL {
            let (store, gate) = (H::fresh(), Arc::new(Gate::default()));
            let (accounts, ada) = with_ring(&store, &gate);
            let open = Open::of(&accounts, ada, way);
            let (reached, resume) = gate.close(place);
            let done = std::thread::scope(|scope| {
                let resume = resume;
                let running = scope.spawn(open.finish);
                let there = reached.recv_timeout(Duration::from_secs(60));
                assert!(there.is_ok(), "{way:?} does not pass {place:?}");
                put(stop, &accounts, ada);
                resume.send(()).unwrap();
                running.join().unwrap()
            });
            // An attempt that was counted before others reached a lock is none of theirs (bug 3).
            let enters = matches!(way, Way::Password | Way::Directory);
            let may = enters && stop == Stop::Locked;
            assert_eq!(done, may, "{way:?}, {stop:?} at {place:?}");
            left(&accounts, ada, way, may);
        }
    }
}

/// Somebody's success forgets nobody else's failures, and a right password no wrong code.
pub fn bug16_a_success_forgets_nothing_but_its_own<H: CredentialHarness>() {
    let store = H::fresh();
    let (accounts, ada) = with_ring(&store, &Arc::default());
    let bob = accounts.add("bob");
    for failed in 1..=5 {
        let guess = accounts.attempt("ada", WRONG, NOW);
        assert_eq!(guess, Err(Cause::WrongPassword));
        assert_eq!(accounts.attempt("bob", RIGHT, NOW), Ok(bob));
        let tries = accounts.read(|tx| tx.account(ada)).unwrap().tries;
        assert_eq!(tries.counted, failed);
    }
    let locked = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), locked);

    let _ = App::enrolled(&accounts.credentials, &store, bob, "bob");
    let none = SecretString::from("no code");
    for failed in 1..=4 {
        assert!(!code(&accounts, "bob", FactorCode::App(&none)));
        let tries = accounts.read(|tx| tx.factor_tries(bob, FactorKind::Totp));
        assert_eq!(tries.unwrap().counted, failed);
    }
}

/// Nothing of a way that did not get to its end: no password was set, and no app.
fn left<S>(accounts: &Accounts<'_, S>, ada: UserId, way: Way, may: bool)
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (hash, factor) = accounts.read(|tx| {
        let hash = tx.account(ada)?.and_then(|account| account.password);
        Ok((hash, tx.factor(ada)?))
    });
    let same = hash.is_some_and(|hash| hash.expose() == CountingKdf::hash_of(RIGHT));
    let sets = may && matches!(way, Way::ForcedChange | Way::Invitation | Way::Reset);
    assert_eq!(
        same,
        !sets && way != Way::Directory,
        "{way:?}: the password"
    );
    if let Way::Enrolment | Way::OwnEnrolment = way {
        let app = factor.is_some_and(|factor| factor.secret.is_some());
        assert_eq!(app, may, "{way:?}: the app");
    }
}

/// Whether the right password and this code let in.
fn code<S>(accounts: &Accounts<'_, S>, name: &str, code: FactorCode<'_>) -> bool
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (credentials, store) = (&accounts.credentials, accounts.store);
    let outcome = credentials.sign_in(store, name, &right(), &from(), NOW);
    let SignIn::SecondFactor(step) = outcome.unwrap() else {
        panic!("a code is asked for");
    };
    let answer = credentials.second_factor(store, step, code, &from(), NOW);
    matches!(answer.unwrap(), FactorStep::Onward(SignIn::Done(_)))
}

fn right() -> SecretString {
    SecretString::from(RIGHT)
}

fn from() -> Source {
    Source::new("10.0.0.1")
}
