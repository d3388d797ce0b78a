//! What attackers and outages make of a directory.

use super::{Fake, WRONG_THERE, portal};
use crate::world::{RIGHT, T0, WRONG, by, until_admin, world_with};
use portcullis_credentials::{
    Cause, CredentialSettings, DirectoryAnswer, DirectoryFault, DirectoryLock, DirectoryRefusal,
    Lock, Shown, SignIn,
};
use portcullis_id::{State, Timestamp, minutes};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;
use std::sync::Arc;

#[test]
fn bug36_nothing_like_no_password_reaches_the_directory() {
    for nothing in ["", " ", "\t \n", "\u{3000}", "\0", "\0right", "right\0"] {
        let (world, fake) = portal(CredentialSettings::default());
        fake.says(Ok(DirectoryAnswer::Accepted));
        assert_eq!(
            world.sign_in(nothing, T0).unwrap_err(),
            Cause::NoPasswordTyped,
            "{nothing:?}"
        );
        assert!(fake.binds().is_empty());
        assert_eq!(world.tries().counted, 1, "it is an attempt all the same");
    }
    let (world, fake) = portal(CredentialSettings::default());
    let huge = "x".repeat(10_000_000);
    assert_eq!(
        world.sign_in(&huge, T0).unwrap_err(),
        Cause::PasswordTooLong
    );
    assert!(fake.binds().is_empty());
}

#[test]
fn bug13_after_our_lock_no_bind_reaches_the_directory() {
    let (world, fake) = portal(CredentialSettings::default());
    for _ in 0..5 {
        assert_eq!(world.sign_in(WRONG, T0).unwrap_err(), WRONG_THERE);
    }
    let until = T0.after(minutes(15));
    for password in [WRONG, RIGHT, ""] {
        assert_eq!(
            world.sign_in(password, T0).unwrap_err(),
            Cause::Locked(until)
        );
    }
    assert_eq!(fake.binds().len(), 5);
    assert!(world.sign_in(RIGHT, until).is_ok());
}

#[test]
fn bug13_a_policy_that_could_lock_the_directory_is_refused_when_built() {
    let build = |settings| {
        let fake = Fake {
            lock: Some(DirectoryLock {
                threshold: NonZeroU32::new(5).unwrap(),
                window_minutes: Some(30),
            }),
            ..Fake::default()
        };
        let world = world_with(settings);
        let built = world.credentials.with_directory(Arc::new(fake));
        built.map(drop).map_err(|error| error.knob())
    };
    assert_eq!(build(CredentialSettings::default()), Err("lock_threshold"));
    let fewer = CredentialSettings {
        lock_threshold: 4,
        ..CredentialSettings::default()
    };
    assert_eq!(build(fewer.clone()), Err("lock.minutes"));
    let longer = CredentialSettings {
        lock: Lock::Timed { minutes: 30 },
        ..fewer
    };
    assert_eq!(build(longer), Ok(()));
}

#[test]
fn bug08_all_spellings_have_one_counter_and_one_name_in_the_directory() {
    let (world, fake) = portal(CredentialSettings::default());
    for spelling in ["ada", "ADA", " ada", "\u{ff41}\u{ff44}\u{ff41}", "Ada\t"] {
        let outcome = world.try_sign_in(spelling, WRONG, T0);
        assert!(
            matches!(outcome, SignIn::Refused(refusal) if refusal.cause() == WRONG_THERE),
            "{spelling:?}"
        );
    }
    assert_eq!(fake.binds(), ["ada"; 5]);
    assert!(matches!(
        world.sign_in(RIGHT, T0).unwrap_err(),
        Cause::Locked(_)
    ));
}

#[test]
fn bug18_exactly_one_run_of_the_dummy_whatever_the_directory_says() {
    use DirectoryRefusal::{Ambiguous, MustChange, Unknown};
    let answers = [
        Ok(DirectoryAnswer::Accepted),
        Ok(DirectoryAnswer::Refused(Unknown)),
        Ok(DirectoryAnswer::Refused(Ambiguous)),
        Ok(DirectoryAnswer::Refused(MustChange)),
        Err(DirectoryFault::Down),
    ];
    for answer in answers {
        for password in [RIGHT, "", "\0"] {
            let (world, fake) = portal(CredentialSettings::default());
            fake.says(answer);
            let (all, dummy) = (world.kdf.count(), world.kdf.against("dummy"));
            let _ = world.try_sign_in("ada", password, T0);
            assert_eq!(world.kdf.count() - all, 1);
            assert_eq!(world.kdf.against("dummy") - dummy, 1);
        }
    }
}

#[test]
fn a_directory_that_is_down_counts_against_nobody() {
    let (world, fake) = portal(until_admin());
    for fault in [
        DirectoryFault::Down,
        DirectoryFault::TimedOut,
        DirectoryFault::Misconfigured,
    ] {
        fake.says(Err(fault));
        for _ in 0..9 {
            let SignIn::Refused(refusal) = world.try_sign_in("ada", RIGHT, T0) else {
                panic!("let in without an answer");
            };
            assert_eq!(refusal.cause(), Cause::NoAnswer(fault));
            assert_eq!(refusal.shown(), Shown::TryLater);
        }
    }
    assert_eq!(world.tries().counted, 0);
    let rows = world.store.rows();
    assert!(
        rows.audit
            .iter()
            .any(|entry| entry.action == "directory.fault")
    );
}

#[test]
fn a_directory_that_is_down_forgives_nothing() {
    let (world, fake) = portal(until_admin());
    for _ in 0..4 {
        assert_eq!(world.sign_in(WRONG, T0).unwrap_err(), WRONG_THERE);
    }
    fake.says(Err(DirectoryFault::Down));
    assert!(world.sign_in(WRONG, T0).is_err());
    *fake.answer.lock().unwrap() = None;
    assert_eq!(world.tries().counted, 4);
    assert_eq!(world.sign_in(WRONG, T0).unwrap_err(), WRONG_THERE);
    assert_eq!(
        world.sign_in(RIGHT, T0).unwrap_err(),
        Cause::Locked(Timestamp::MAX)
    );
}

#[test]
fn bug06_who_may_not_sign_in_is_not_asked_about_at_the_start() {
    let (world, fake) = portal(CredentialSettings::default());
    world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0))
        .unwrap();
    assert_eq!(
        world.sign_in(RIGHT, T0).unwrap_err(),
        Cause::Standing(State::Suspended)
    );
    assert!(fake.binds().is_empty());
}

#[test]
fn bug06_who_was_suspended_while_the_directory_thought_is_refused_at_the_finish() {
    let (world, fake) = portal(CredentialSettings::default());
    let world = Arc::new(world);
    let other = Arc::clone(&world);
    *fake.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let suspended = other
            .store
            .write(|tx| other.credentials.suspend(tx, other.ada, &by(), T0));
        assert!(suspended.unwrap());
    }));
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::Superseded);
    assert_eq!(fake.binds().len(), 1);
}
