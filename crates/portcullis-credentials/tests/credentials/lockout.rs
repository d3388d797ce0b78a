use crate::store::Rows;
use crate::world::{RIGHT, T0, WRONG, by, imported, until_admin, world, world_with};
use portcullis_credentials::{
    AccountEvent, Attempts, Cause, LockTimes, Reserve, Settle, SignIn, Who,
};
use portcullis_id::{State, Timestamp, hours, minutes};
use portcullis_ledger::{AuditEntry, StoreError, StoreErrorKind, StoreExt};

#[test]
fn s24_the_xth_wrong_password_locks() {
    let world = world_with(until_admin());
    world.fail(4, T0);
    assert_eq!(world.tries().locked_until, None);
    world.fail(1, T0);
    assert_eq!(world.tries().locked_until, Some(Timestamp::MAX));
    let rows = world.store.rows();
    assert!(
        rows.audit
            .iter()
            .any(|entry| entry.action == AccountEvent::Locked.name())
    );
    let told = rows
        .mails
        .iter()
        .filter(|mail| mail.event == AccountEvent::Locked.name());
    assert_eq!(told.count(), 1, "its owner is told, once");
}

#[test]
fn s26_a_locked_account_refuses_the_right_password_like_a_wrong_one() {
    let world = world_with(until_admin());
    world.fail(5, T0);
    let mut seen = Vec::new();
    for password in [RIGHT, WRONG] {
        let SignIn::Refused(refusal) = world.try_sign_in("ada", password, T0.after(hours(99)))
        else {
            panic!("a locked account signed in");
        };
        seen.push(refusal);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(
        world.kdf.against(RIGHT),
        5,
        "a locked account's hash is not even looked at"
    );
}

#[test]
fn s25_s61_an_administrator_unlocks_and_it_takes_x_anew() {
    let world = world_with(until_admin());
    world.fail(5, T0);
    let unlock = || {
        world
            .store
            .write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0))
    };
    assert!(unlock().unwrap());
    assert!(!unlock().unwrap(), "nothing was left to unlock");
    world.fail(4, T0);
    let _ = world.sign_in(RIGHT, T0).unwrap();
    world.fail(5, T0);
    assert!(matches!(world.sign_in(RIGHT, T0), Err(Cause::Locked(_))));
}

#[test]
fn a_timed_lock_ends_on_its_tick_and_the_count_begins_anew() {
    let world = world();
    world.fail(5, T0);
    let end = T0.after(minutes(15));
    let before = end.before(chrono::TimeDelta::milliseconds(1));
    assert_eq!(
        world.sign_in(RIGHT, before).unwrap_err(),
        Cause::Locked(end)
    );
    world.fail(4, end);
    let _ = world.sign_in(RIGHT, end).unwrap();
}

#[test]
fn tries_while_locked_do_not_prolong_the_lock() {
    let world = world();
    world.fail(5, T0);
    for _ in 0..50 {
        let _ = world.try_sign_in("ada", WRONG, T0.after(minutes(14)));
    }
    let _ = world.sign_in(RIGHT, T0.after(minutes(15))).unwrap();
}

#[test]
fn wrong_passwords_are_forgotten_after_the_window_alone() {
    let world = world();
    world.fail(3, T0);
    let just = T0
        .after(hours(12))
        .before(chrono::TimeDelta::milliseconds(1));
    world.fail(1, just);
    assert_eq!(world.tries().counted, 4, "not yet");
    world.fail(1, just.after(hours(12)));
    assert_eq!(world.tries().counted, 1);
    let strict = world_with(until_admin());
    strict.fail(4, T0);
    strict.fail(1, T0.after(hours(24 * 365 * 50)));
    assert!(strict.tries().locked_until.is_some());
}

#[test]
fn bug15_a_success_begins_the_count_anew() {
    let world = world();
    for _ in 0..10 {
        world.fail(4, T0);
        let _ = world.sign_in(RIGHT, T0).unwrap();
        assert_eq!(world.tries().counted, 0);
    }
}

#[test]
fn bug16_a_success_clears_nobody_elses_count() {
    let world = world_with(until_admin());
    world.add("mallory", imported(RIGHT), None).unwrap();
    for _ in 0..5 {
        world.fail(1, T0);
        assert!(matches!(
            world.try_sign_in("mallory", RIGHT, T0),
            SignIn::Done(_)
        ));
    }
    assert!(matches!(world.sign_in(RIGHT, T0), Err(Cause::Locked(_))));
}

#[test]
fn the_right_password_as_the_last_attempt_is_let_in() {
    let world = world_with(until_admin());
    world.fail(4, T0);
    let _ = world.sign_in(RIGHT, T0).unwrap();
    assert_eq!(world.tries().locked_until, None);
}

#[test]
fn bug03_a_success_never_takes_away_a_lock_that_others_reached() {
    let world = world_with(until_admin());
    world.fail(2, T0);
    let third = reserve(&world).unwrap();
    world.fail(2, T0);
    let after = settle(&world, &third).unwrap();
    assert_eq!(after.tries.locked_until, Some(Timestamp::MAX));
    assert!(matches!(world.sign_in(RIGHT, T0), Err(Cause::Locked(_))));
}

#[test]
fn bug03_the_right_password_in_flight_signs_in_and_leaves_the_lock() {
    let world = world_with(until_admin());
    world.fail(2, T0);
    let (third, others) = world.while_hashing(RIGHT, || {
        [world.sign_in(WRONG, T0), world.sign_in(WRONG, T0)].map(Result::unwrap_err)
    });
    assert_eq!(others, [Cause::WrongPassword; 2]);
    let _ = third.unwrap();
    assert!(matches!(world.sign_in(RIGHT, T0), Err(Cause::Locked(_))));
}

#[test]
fn bug03_choice23_a_success_keeps_the_attempts_after_its_own() {
    let world = world_with(until_admin());
    world.fail(2, T0);
    let third = reserve(&world).unwrap();
    world.fail(1, T0);
    assert_eq!(settle(&world, &third).unwrap().tries.counted, 1);
}

#[test]
fn bug06_a_suspension_between_start_and_finish_refuses_the_settling() {
    let world = world();
    let attempt = reserve(&world).unwrap();
    world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0))
        .unwrap();
    world
        .store
        .write(|tx| world.credentials.resume(tx, world.ada, &by(), T0))
        .unwrap();
    assert!(settle(&world, &attempt).is_none());
}

#[test]
fn s26_only_a_sign_in_that_succeeds_clears_the_count() {
    let world = world_with(until_admin());
    world.fail(3, T0);
    let suspend = world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0));
    assert!(suspend.unwrap());
    assert!(matches!(world.sign_in(RIGHT, T0), Err(Cause::Standing(_))));
    assert_eq!(world.tries().counted, 4);
}

#[test]
fn bug04_whatever_the_caller_does_next_the_attempt_stays_counted() {
    let world = world_with(until_admin());
    for _ in 0..5 {
        let _ = world.try_sign_in("ada", WRONG, T0);
        let _ = world.store.write(|tx| {
            tx.accounts.clear();
            Err::<(), _>(StoreError::new(
                StoreErrorKind::Misuse,
                "the caller rolls back",
            ))
        });
    }
    assert_eq!(world.tries().counted, 5);
    assert!(world.tries().locked_until.is_some());
}

#[test]
fn bug01_of_forty_threads_exactly_x_get_to_the_stored_hash() {
    let world = world_with(until_admin());
    let causes: Vec<Cause> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..40)
            .map(|_| scope.spawn(|| world.sign_in(WRONG, T0).unwrap_err()))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let of = |cause| causes.iter().filter(|one| **one == cause).count();
    assert_eq!(world.kdf.against(RIGHT), 5);
    assert_eq!(of(Cause::WrongPassword), 5);
    // Until the commit of the fifth makes the lock last, it is seen as one that ends.
    let locked = causes.iter().filter(|one| matches!(one, Cause::Locked(_)));
    assert_eq!(locked.count() + of(Cause::Overloaded), 35);
    assert_eq!(world.kdf.count(), 40 - of(Cause::Overloaded));
    assert!(world.tries().locked_until.is_some());
}

#[test]
fn bug14_the_longest_lock_and_window_neither_wrap_nor_unlock() {
    use portcullis_credentials::{CredentialSettings, Lock};
    let world = world_with(CredentialSettings {
        lock: Lock::Timed { minutes: 525_600 },
        forget_after_hours: Some(8_760),
        ..CredentialSettings::default()
    });
    let near_the_end = Timestamp::from_millis(i64::MAX - 10);
    world.fail(5, near_the_end);
    for now in [
        near_the_end,
        Timestamp::from_millis(i64::MAX - 1),
        T0,
        Timestamp::from_millis(i64::MIN),
    ] {
        assert!(
            matches!(world.sign_in(RIGHT, now), Err(Cause::Locked(_))),
            "{now}"
        );
    }
}

#[test]
fn s19_a_wrong_current_password_counts_towards_the_same_lock() {
    let world = world_with(until_admin());
    let session = world.begin(T0);
    world.fail(3, T0);
    for _ in 0..2 {
        let confirmed = world.confirm(&session, WRONG, None, T0).map(drop);
        assert_eq!(confirmed, Err(Cause::WrongPassword));
    }
    assert!(matches!(world.sign_in(RIGHT, T0), Err(Cause::Locked(_))));
    // A lock stops new sign-ins only.
    let _ = world.live(&session, T0);
}

fn reserve(world: &crate::world::World) -> Option<portcullis_credentials::Account> {
    let reserve = Reserve {
        who: Who::User(world.ada),
        now: T0,
        forget_before: None,
        lock: LockTimes::until(5, Timestamp::MAX),
    };
    world.store.write(|tx| tx.reserve(&reserve)).unwrap()
}

fn settle(
    world: &crate::world::World,
    attempt: &portcullis_credentials::Account,
) -> Option<portcullis_credentials::Account> {
    let settle = Settle {
        user: attempt.user,
        serial: attempt.tries.serial,
        epoch: attempt.epoch,
    };
    world.store.write(|tx| tx.settle(&settle)).unwrap()
}

/// The program died, or the store was busy, between the count and the refusal.
#[test]
fn s25_a_lock_that_was_to_last_is_made_to_when_somebody_meets_it() {
    let world = world_with(until_admin());
    world.fail(4, T0);
    let ends = T0.after(hours(24));
    let died = world.store.write(|tx| {
        let tries = &mut tx.accounts[0].tries;
        (tries.counted, tries.in_a_row, tries.serial) = (5, 5, 5);
        tries.locked_until = Some(ends);
        Ok::<_, StoreError>(())
    });
    died.unwrap();
    let cause = world.sign_in(RIGHT, T0).unwrap_err();
    assert_eq!(cause, Cause::Locked(ends), "what it met");
    assert_eq!(world.tries().locked_until, Some(Timestamp::MAX));
    let told = |rows: &Rows| {
        let locked = |entry: &&AuditEntry| entry.action == AccountEvent::Locked.name();
        rows.audit.iter().filter(locked).count()
    };
    assert_eq!(told(&world.store.rows()), 1);
    let cause = world.sign_in(RIGHT, T0.after(hours(99))).unwrap_err();
    assert_eq!(cause, Cause::Locked(Timestamp::MAX));
    assert_eq!(told(&world.store.rows()), 1, "once");
}

#[test]
fn s24_the_right_password_of_a_suspended_account_locks_it_and_says_so() {
    let world = world_with(until_admin());
    let suspend = |tx: &mut Rows| world.credentials.suspend(tx, world.ada, &by(), T0);
    assert!(world.store.write(suspend).unwrap());
    for _ in 0..5 {
        let cause = world.sign_in(RIGHT, T0).unwrap_err();
        assert_eq!(cause, Cause::Standing(State::Suspended));
    }
    assert_eq!(world.tries().locked_until, Some(Timestamp::MAX));
    let rows = world.store.rows();
    let mut actions = rows.audit.iter().map(|entry| entry.action.as_str());
    assert!(actions.any(|action| action == AccountEvent::Locked.name()));
}
