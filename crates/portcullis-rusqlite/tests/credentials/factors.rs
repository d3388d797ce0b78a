//! What is good once is used once, whoever else has the file open (bugs 32 and 35).

use crate::world::{RIGHT, T0, World, world};
use data_encoding::BASE32_NOPAD;
use portcullis_credentials::{
    Current, Enrolled, FactorCode, FactorStep, KeyRing, Reauthentication, SecretString,
    SessionCheck, SessionSecret, SignIn, Source, Step,
};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreExt;
use secrecy::ExposeSecret;
use std::sync::{Arc, Barrier};
use totp_rs::{Builder, Secret};

const THREADS: usize = 20;

#[test]
fn bug32_of_twenty_threads_over_two_stores_one_gets_in_with_a_code() {
    let (world, code, _) = enrolled();
    assert_eq!(got_in(&world, FactorCode::App(&code)), 1);
}

#[test]
fn bug35_of_twenty_threads_over_two_stores_one_gets_in_with_a_recovery_code() {
    let (world, _, enrolled) = enrolled();
    assert_eq!(
        got_in(&world, FactorCode::Recovery(&enrolled.recovery.codes()[4])),
        1
    );
    let left = "SELECT COUNT(*) FROM portcullis_recovery_code";
    let left: i64 = world
        .stranger()
        .query_row(left, [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 9);
}

/// How many of those who hold one open step and one code come in.
fn got_in(world: &World, code: FactorCode<'_>) -> usize {
    let SignIn::SecondFactor(step) = world.sign_in(RIGHT).unwrap() else {
        panic!("a code is not asked for");
    };
    let kept = step.into_secret();
    let stores = [&world.store, &world.again()];
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..THREADS)
            .map(|number| {
                let (kept, start, store) = (kept.clone(), &start, stores[number % 2]);
                scope.spawn(move || {
                    start.wait();
                    let (step, from) = (Step::resume(kept), Source::new("10.0.0.1"));
                    let answer = world
                        .credentials
                        .second_factor(store, step, code, &from, T0);
                    matches!(answer.unwrap(), FactorStep::Onward(SignIn::Done(_)))
                })
            })
            .collect();
        all.into_iter()
            .map(|one| one.join().unwrap())
            .filter(|won| *won)
            .count()
    })
}

/// Ada has an app; the code it shows at `T0`, and her recovery codes.
fn enrolled() -> (World, SecretString, Enrolled) {
    let mut world = world();
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let ring = Arc::new(KeyRing::new("tests", &key).unwrap());
    world.credentials = world.credentials.with_key_ring(ring);
    let SignIn::Done(proof) = world.sign_in(RIGHT).unwrap() else {
        panic!("there is no factor yet");
    };
    let before = Timestamp::from_millis(T0.millis() - 30_000);
    let (password, from) = (SecretString::from(RIGHT), Source::new("10.0.0.1"));
    let (store, credentials) = (&world.store, &world.credentials);
    let session = credentials.start_session(store, proof, before).unwrap();
    let live = |secret: &SessionSecret| {
        let check = store.read(|tx| credentials.session(tx, secret, before));
        match check.unwrap() {
            SessionCheck::Live(live) => live,
            SessionCheck::Ended(ended) => panic!("{ended:?}"),
        }
    };
    let confirmed = credentials.reauthenticate(
        store,
        &live(&session),
        Current::Password(&password),
        &from,
        before,
    );
    let Reauthentication::Confirmed(fresh, _) = confirmed.unwrap() else {
        panic!("the password is right");
    };
    let offer = credentials.offer_own_factor(store, &fresh, &from, before);
    let base32 = offer.unwrap().unwrap().secret();
    let code = |at: Timestamp| {
        let bytes = BASE32_NOPAD
            .decode(base32.expose_secret().as_bytes())
            .unwrap();
        let secret = Secret::new_stack(bytes.try_into().unwrap());
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let seconds = u64::try_from(at.millis() / 1000).unwrap();
        SecretString::from(totp.generate(seconds).to_string())
    };
    let first = code(before);
    let enrolled = credentials.enrol_own_factor(store, &fresh, &first, &from, before);
    let (now, enrolled) = (code(T0), enrolled.unwrap().unwrap());
    (world, now, enrolled)
}
