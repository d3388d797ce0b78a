//! Attempts are counted, under threads, beside other programs, and whatever happens next.

use crate::world::{RIGHT, T0, WRONG, World, cause, world};
use portcullis_credentials::{Cause, CredentialError, SignIn};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreErrorKind;
use rusqlite::Connection;
use std::sync::Barrier;
use std::sync::atomic::Ordering;

#[test]
fn bug01_bug02_of_forty_threads_over_two_stores_exactly_x_are_verified() {
    let world = world();
    let stores = [&world.store, &world.again()];
    let start = Barrier::new(40);
    let causes: Vec<Cause> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..40)
            .map(|number| {
                let (world, start) = (&world, &start);
                let store = stores[number % 2];
                scope.spawn(move || {
                    start.wait();
                    cause(world.sign_in_through(store, WRONG))
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let of = |cause| causes.iter().filter(|one| **one == cause).count();
    assert_eq!(world.kdf.verified.load(Ordering::SeqCst), 5);
    assert_eq!(of(Cause::WrongPassword), 5);
    // Until the commit of the fifth makes the lock last, it is seen as one that ends.
    let locked = causes.iter().filter(|one| matches!(one, Cause::Locked(_)));
    assert_eq!(locked.count() + of(Cause::Overloaded), 35);
    let tries = world.account().tries;
    assert_eq!((tries.serial, tries.counted), (5, 5));
    assert_eq!(tries.locked_until, Some(Timestamp::MAX));
    assert_eq!(
        cause(world.sign_in(RIGHT)),
        Cause::Locked(Timestamp::MAX),
        "the lock is kept"
    );
}

#[test]
fn bug04_a_reader_elsewhere_neither_hinders_nor_undoes_the_count() {
    let world = world();
    let stranger = world.stranger();
    stranger.execute_batch("BEGIN").unwrap();
    assert_eq!(counted(&stranger), 0);
    assert_eq!(cause(world.sign_in(WRONG)), Cause::WrongPassword);
    assert_eq!(counted(&stranger), 0, "its snapshot is its own");
    stranger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(counted(&stranger), 1);
}

#[test]
fn bug04_a_writer_elsewhere_is_told_as_busy_and_nothing_is_verified_uncounted() {
    let world = world();
    let stranger = world.stranger();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    busy(world.sign_in(RIGHT));
    assert_eq!(world.kdf.verified.load(Ordering::SeqCst), 0);
    stranger.execute_batch("ROLLBACK").unwrap();
    assert_eq!(world.account().tries.serial, 0);
    assert_eq!(cause(world.sign_in(WRONG)), Cause::WrongPassword);
    assert_eq!(world.account().tries.counted, 1);
}

#[test]
fn bug04_an_attempt_that_cannot_be_settled_stays_counted() {
    let world = world();
    let stranger = world.stranger();
    let (kept, back) = std::sync::mpsc::channel();
    *world.kdf.meanwhile.lock().unwrap() = Some(Box::new(move || {
        stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
        kept.send(stranger).unwrap();
    }));
    // Even the right one: a program that dies here must not have given an attempt away.
    busy(world.sign_in(RIGHT));
    drop(back.recv().unwrap());
    assert_eq!(world.account().tries.counted, 1);
    assert!(matches!(world.sign_in(RIGHT), Ok(SignIn::Done(_))));
    assert_eq!(world.account().tries.counted, 0);
}

#[test]
fn sign_in_with_a_session_takes_at_most_three_commits_and_six_statements() {
    let world = world();
    let all = |world: &World| {
        let SignIn::Done(proof) = world.sign_in(RIGHT).unwrap() else {
            panic!("not signed in");
        };
        world
            .credentials
            .start_session(&world.store, proof, T0)
            .unwrap()
    };
    all(&world);
    let before = world.store.counters();
    all(&world);
    let cost = world.store.counters() - before;
    assert!(cost.commits <= 3, "{cost:?}");
    assert!(cost.statements <= 6, "{cost:?}");
    assert_eq!(cost.scanned, 0, "{cost:?}");
}

fn counted(connection: &Connection) -> i64 {
    connection
        .query_row("SELECT counted FROM portcullis_account", [], |row| {
            row.get(0)
        })
        .unwrap()
}

fn busy(outcome: Result<SignIn, CredentialError>) {
    match outcome.unwrap_err() {
        CredentialError::Store(error) => {
            assert_eq!(error.kind(), StoreErrorKind::Busy);
            assert!(error.to_string().contains("try again"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}
