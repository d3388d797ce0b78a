//! Second factors in a host's own store: what is good once is used once, however many try at once.

use super::attempts::{Accounts, RIGHT};
use crate::patient::Patient;
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{
    CredentialTx, Digest, FactorCode, FactorKind, KeyRing, KeyRingError, Lock, LockTimes,
    ReserveFactor, Sealed, SecretString, SignIn, Source, Tries,
};
use portcullis::id::{Timestamp, minutes};
use portcullis::ledger::{Actor, Store, StoreError, StoreExt};
use std::sync::Arc;

const THREADS: usize = 40;

/// Of forty who use the code of one step, one does; after it no earlier step counts; nor does any
/// without a secret.
pub fn bug32_a_step_is_used_once_and_none_before_it<H: CredentialHarness>() {
    let store = Patient(H::fresh());
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, bob) = (accounts.add("ada"), accounts.add("bob"));
    let use_step = |user, step| commit(&store, |tx| tx.consume_step(user, step));
    assert!(!use_step(ada, 1), "there is no factor");
    let (first, second) = (sealed("first"), sealed("second"));
    assert!(commit(&store, |tx| tx.offer_factor(ada, &first)));
    assert!(!use_step(ada, 1), "there is no secret yet");
    assert!(commit(&store, |tx| tx.offer_factor(ada, &second)));
    assert!(
        !commit(&store, |tx| tx.enrol_factor(ada, &first, 4)),
        "another was offered since"
    );
    assert!(
        !commit(&store, |tx| tx.enrol_factor(bob, &second, 4)),
        "to somebody else"
    );
    assert_eq!(accounts.read(|tx| tx.factors_after(None, 9)).len(), 1);
    let reseal = |old, new| commit(&store, |tx| tx.reseal_factor(ada, old, new));
    assert!(reseal(&second, &first) && !reseal(&second, &first));
    let pending = accounts.read(|tx| tx.factor(ada)).unwrap().pending;
    assert_eq!(pending.as_ref(), Some(&first), "while it is being set up");
    assert!(reseal(&first, &second));
    assert!(commit(&store, |tx| tx.enrol_factor(ada, &second, 4)));
    assert!(
        !commit(&store, |tx| tx.enrol_factor(ada, &second, 9)),
        "it is enrolled"
    );
    assert!(
        !commit(&store, |tx| tx.offer_factor(ada, &first)),
        "and stays"
    );
    assert!(!use_step(ada, 4), "the step that confirmed it is used");
    assert_eq!(at_once(|| use_step(ada, 7)), 1);
    assert!(!use_step(ada, 6) && !use_step(ada, 7) && use_step(ada, 8));

    let factor = accounts.read(|tx| tx.factor(ada)).unwrap();
    assert_eq!((factor.user, factor.enforced), (ada, false));
    assert_eq!(
        (factor.secret.as_ref(), factor.pending),
        (Some(&second), None)
    );
    assert!(!commit(&store, |tx| tx.reseal_factor(ada, &first, &second)));
    assert!(commit(&store, |tx| tx.reseal_factor(ada, &second, &first)));
    assert!(
        accounts
            .read(|tx| tx.factors_after(Some(ada), 9))
            .is_empty()
    );
    let all = accounts.read(|tx| tx.factors_after(None, 9));
    assert_eq!((all.len(), all[0].secret.as_ref()), (1, Some(&first)));

    commit(&store, |tx| tx.enforce_factor(ada, true));
    commit(&store, |tx| tx.enforce_factor(bob, true));
    assert!(commit(&store, |tx| tx.remove_factor(ada)));
    assert!(!commit(&store, |tx| tx.remove_factor(ada)));
    assert!(!use_step(ada, 99));
    for user in [ada, bob] {
        let factor = accounts.read(|tx| tx.factor(user)).unwrap();
        assert!(factor.enforced && factor.secret.is_none() && factor.pending.is_none());
    }
    assert_eq!(accounts.read(|tx| tx.factors_after(None, 9)), []);
}

/// Of forty who use one recovery code, one does; dropped, none is left; another's stay.
pub fn bug35_a_recovery_code_is_used_once<H: CredentialHarness>() {
    let store = Patient(H::fresh());
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, bob) = (accounts.add("ada"), accounts.add("bob"));
    let code = |n| Digest::from_bytes([n; 32]);
    for user in [ada, bob] {
        for n in 1..=3 {
            commit(&store, |tx| tx.add_recovery_code(user, &code(n)));
        }
    }
    let use_code = |n| commit(&store, |tx| tx.use_recovery_code(ada, &code(n)));
    assert!(!use_code(4), "no such code");
    assert_eq!(at_once(|| use_code(2)), 1);
    let left = |user| accounts.read(|tx| tx.recovery_codes(user));
    assert_eq!((left(ada), left(bob)), (2, 3));
    assert_eq!(commit(&store, |tx| tx.drop_recovery_codes(ada)), 2);
    assert!(!use_code(1));
    assert_eq!((left(ada), left(bob)), (0, 3));
}

/// Forty wrong codes at once and a threshold of five: exactly five are counted, of that kind alone.
/// A right one forgets only what came before; a lock is sat out, or cleared.
pub fn bug05_bug17_wrong_codes_are_counted_exactly<H: CredentialHarness>() {
    let store = Patient(H::fresh());
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, bob) = (accounts.add("ada"), accounts.add("bob"));
    let until = NOW.after(minutes(15));
    let reserve = |user, kind, now: Timestamp| {
        let reserve = ReserveFactor {
            user,
            kind,
            now,
            lock: LockTimes::until(5, now.after(minutes(15))),
        };
        commit(&store, |tx| tx.reserve_factor(&reserve))
    };
    let tries = |user, kind| accounts.read(|tx| tx.factor_tries(user, kind));
    let settle = |serial| commit(&store, |tx| tx.settle_factor(ada, FactorKind::Totp, serial));
    let totp = FactorKind::Totp;
    assert!(!settle(1), "there is no counter");
    assert_eq!(at_once(|| reserve(ada, totp, NOW).is_some()), 5);
    let locked = Tries {
        serial: 5,
        counted: 5,
        in_a_row: 5,
        last_at: Some(NOW),
        locked_until: Some(until),
    };
    assert_eq!(tries(ada, totp), Some(locked));
    assert_eq!(
        (tries(ada, FactorKind::Recovery), tries(bob, totp)),
        (None, None)
    );
    let last = Timestamp::from_millis(until.millis() - 1);
    assert_eq!(reserve(ada, totp, last), None);

    assert!(settle(4), "reserved before the lock was reached");
    let after = tries(ada, totp).unwrap();
    assert_eq!(
        (after.counted, after.locked_until),
        (1, Some(until)),
        "the lock stays"
    );
    let anew = reserve(ada, totp, until).unwrap();
    assert_eq!(
        (anew.serial, anew.counted, anew.locked_until),
        (6, 1, None),
        "it was sat out"
    );
    assert!(settle(6));
    assert_eq!(tries(ada, totp).unwrap().counted, 0);

    for _ in 0..5 {
        reserve(ada, totp, until).unwrap();
        reserve(bob, totp, until).unwrap();
    }
    let unlock = |user| commit(&store, |tx| tx.unlock_factors(user));
    assert_eq!((unlock(ada), unlock(ada)), (1, 0));
    let cleared = Tries {
        serial: 11,
        ..Tries::default()
    };
    assert_eq!(
        tries(ada, totp),
        Some(cleared),
        "no serial number comes twice"
    );
    assert_eq!(reserve(bob, totp, until), None, "another's lock stays");
    assert!(settle(11) && reserve(ada, totp, until).is_some());
}

/// Everything of a second factor goes with its account, and moving the epoch asks for the present
/// one.
pub fn a_factor_goes_with_its_account<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let epoch = accounts.read(|tx| tx.account(ada)).unwrap().epoch;
    let moved = || commit(&store, |tx| tx.move_epoch(ada, epoch));
    assert_eq!(at_once(moved), 1);
    let now = accounts.read(|tx| tx.account(ada)).unwrap().epoch;
    assert_eq!(now, epoch.next());
    let reserve = ReserveFactor {
        user: ada,
        kind: FactorKind::Recovery,
        now: NOW,
        lock: LockTimes::until(5, NOW),
    };
    commit(&store, |tx| {
        tx.offer_factor(ada, &sealed("first"))?;
        tx.add_recovery_code(ada, &Digest::from_bytes([1; 32]))?;
        tx.reserve_factor(&reserve)?;
        tx.remove_account(ada)
    });
    accounts.read(|tx| {
        assert_eq!(tx.factor(ada)?, None);
        assert_eq!(tx.recovery_codes(ada)?, 0);
        assert_eq!(tx.factor_tries(ada, FactorKind::Recovery)?, None);
        Ok(())
    });
}

/// From the offer to the sign-in, through the rules: enforced, set up on the way in, asked for,
/// answered by a recovery code once, taken away.
pub fn s29_a_second_factor_is_asked_for<H: CredentialHarness>() {
    let store = H::fresh();
    let mut accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let (by, from) = (
        Actor::Operator("conformance".to_owned()),
        Source::new("10.0.0.1"),
    );
    let ring = ring().unwrap();
    accounts.credentials = accounts.credentials.with_key_ring(Arc::new(ring));
    let credentials = &accounts.credentials;
    let sign_in = || {
        let password = SecretString::from(RIGHT);
        credentials
            .sign_in(&store, "ada", &password, &from, NOW)
            .unwrap()
    };
    let enforce =
        |tx: &mut <H::Store as Store>::Tx| credentials.enforce_factor(tx, ada, true, &by, NOW);
    assert!(store.write(enforce).unwrap());
    let SignIn::EnrolFactor(step) = sign_in() else {
        panic!("a factor is enforced and not asked for");
    };
    let _ = credentials
        .offer_factor(&store, &step, &from, NOW)
        .unwrap()
        .unwrap();
    let pending = accounts.read(|tx| tx.factor(ada)).unwrap().pending;
    // Which code the app would show is for the tests of the rules.
    assert!(commit(&store, |tx| tx.enrol_factor(
        ada,
        &pending.unwrap(),
        0
    )));
    let code = SecretString::from("000000");
    let late = credentials
        .enrol_factor(&store, step, &code, &from, NOW)
        .unwrap();
    assert!(
        matches!(late, portcullis::credentials::EnrolStep::Again(..)),
        "{late:?}"
    );
    let SignIn::SecondFactor(step) = sign_in() else {
        panic!("a factor is set up and not asked for");
    };
    let code = SecretString::from("no code");
    let answer = credentials
        .second_factor(&store, step, FactorCode::App(&code), &from, NOW)
        .unwrap();
    assert!(
        matches!(answer, portcullis::credentials::FactorStep::Again(..)),
        "{answer:?}"
    );
    let tries = accounts
        .read(|tx| tx.factor_tries(ada, FactorKind::Totp))
        .unwrap();
    assert_eq!((tries.serial, tries.counted), (1, 1), "it was counted");
    let remove = |tx: &mut <H::Store as Store>::Tx| credentials.remove_factor(tx, ada, &by, NOW);
    assert!(store.write(remove).unwrap());
    assert!(
        matches!(sign_in(), SignIn::EnrolFactor(_)),
        "it is enforced as before"
    );
}

fn ring() -> Result<KeyRing, KeyRingError> {
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    KeyRing::new("conformance", &key)
}

/// A sealed text that never opens: storage does not look inside.
fn sealed(text: &str) -> Sealed {
    Sealed::from_stored(format!("x1$none${text}"))
}

fn commit<S, R>(store: &S, work: impl FnOnce(&mut dyn CredentialTx) -> Result<R, StoreError>) -> R
where
    S: Store,
    S::Tx: CredentialTx,
{
    store.conditionally(|tx| work(tx)).unwrap()
}

/// How many of forty threads won.
fn at_once(attempt: impl Fn() -> bool + Sync) -> usize {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(&attempt)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .filter(|won| *won)
            .count()
    })
}
