//! The second factor at the sign-in (S29, choice 23).

use crate::phone::{Phone, done, later};
use crate::store::Rows;
use crate::world::{NEXT, RIGHT, T0, WRONG, World, by, secret, world};
use portcullis_credentials::{
    Cause, FactorAttempts, FactorCode, FactorKind, FactorStep, NewPassword, PasswordStep, Shown,
    SignIn, Step, Tries,
};
use portcullis_id::{State, Timestamp};
use portcullis_ledger::StoreExt;
use std::thread;

fn tries(world: &World, kind: FactorKind) -> Tries {
    let tries = world.store.read(|tx| tx.factor_tries(world.ada, kind));
    tries.unwrap().unwrap_or_default()
}

/// Tries a wrong code until the counter locks.
fn lock_codes(world: &World, phone: &Phone, now: Timestamp) {
    let wrong = phone.wrong(now);
    for n in 1..=5 {
        let cause = world.with_code(FactorCode::App(&wrong), now).unwrap_err();
        assert_eq!(cause, Cause::WrongCode, "{n}");
    }
}

#[test]
fn s29_a_code_is_asked_for_behind_the_right_password_and_lets_in() {
    let world = world();
    let (phone, _) = world.enrolled();
    let proof = world
        .with_code(FactorCode::App(&phone.code(T0)), T0)
        .unwrap();
    assert_eq!(proof.user(), world.ada);
    world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap();
    assert_eq!(world.last_action(), "sign-in.done");
    let cause = world.sign_in(WRONG, T0).unwrap_err();
    assert_eq!(
        cause,
        Cause::WrongPassword,
        "behind the right password alone"
    );
}

#[test]
fn a_wrong_code_may_be_typed_once_more() {
    let world = world();
    let (phone, _) = world.enrolled();
    let step = world.code_due(T0);
    let wrong = phone.wrong(T0);
    let FactorStep::Again(step, refusal) = world.answer(step, FactorCode::App(&wrong), T0) else {
        panic!("the step is used up");
    };
    assert_eq!(
        (refusal.cause(), refusal.shown()),
        (Cause::WrongCode, Shown::InvalidCode)
    );
    let _ = done(world.answer(step, FactorCode::App(&phone.code(T0)), T0)).unwrap();
}

#[test]
fn a_step_is_answered_once() {
    let world = world();
    let (phone, _) = world.enrolled();
    let kept = world.code_due(T0).into_secret();
    let answer = |code_at, now| {
        let step = Step::resume(kept.clone());
        done(world.answer(step, FactorCode::App(&phone.code(code_at)), now))
    };
    let _ = answer(T0, T0).unwrap();
    assert_eq!(answer(later(T0, 1), T0), Err(Cause::UnknownToken));
    let open = world.code_due(T0).into_secret();
    let end = later(T0, 30);
    let late = world.answer(Step::resume(open), FactorCode::App(&phone.code(end)), end);
    assert_eq!(
        done(late),
        Err(Cause::ExpiredToken),
        "it waits for 15 minutes"
    );
    let foreign = world.answer(
        Step::resume("x".into()),
        FactorCode::App(&phone.code(T0)),
        T0,
    );
    assert_eq!(done(foreign), Err(Cause::UnknownToken));
}

#[test]
fn bug05_wrong_codes_are_kept_counted_and_lock() {
    let world = world();
    let (phone, _) = world.enrolled();
    lock_codes(&world, &phone, T0);
    let row = tries(&world, FactorKind::Totp);
    assert_eq!((row.counted, row.locked_until), (5, Some(Timestamp::MAX)));
    let right = world.with_code(FactorCode::App(&phone.code(T0)), T0);
    assert_eq!(right, Err(Cause::FactorLocked(Timestamp::MAX)));
    let rows = world.store.rows();
    let locked = |event: &&portcullis_ledger::Mail| event.event == "factor.locked";
    assert_eq!(
        rows.mails.iter().filter(locked).count(),
        1,
        "the user is told"
    );
    let cleared = world
        .store
        .write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0));
    assert!(cleared.unwrap());
    let right = world.with_code(FactorCode::App(&phone.code(T0)), T0);
    assert!(right.is_ok(), "an administrator unlocks");
}

#[test]
fn bug06_codes_are_refused_to_who_may_not_sign_in_at_start_and_finish() {
    type Change = fn(&World);
    let changes: [(Change, Cause); 4] = [
        (|w| w.fail(5, T0), Cause::Locked(later(T0, 30))),
        (
            |w| {
                let set = |tx: &mut Rows| w.credentials.suspend(tx, w.ada, &by(), T0);
                assert!(w.store.write(set).unwrap());
            },
            Cause::Superseded,
        ),
        (
            |w| {
                let set = |tx: &mut Rows| w.credentials.demand_change(tx, w.ada, &by(), T0);
                assert!(w.store.write(set).unwrap());
            },
            Cause::Superseded,
        ),
        (
            |w| {
                let days = std::num::NonZeroU32::new(1);
                let past = Timestamp::from_millis(T0.millis() - 86_400_000);
                let set = |tx: &mut Rows| w.credentials.set_expiry(tx, w.ada, days, &by(), past);
                assert!(w.store.write(set).unwrap());
            },
            Cause::Standing(State::Expired),
        ),
    ];
    for (change, cause) in changes {
        let world = world();
        let (phone, _) = world.enrolled();
        let step = world.code_due(T0);
        change(&world);
        let answer = world.answer(step, FactorCode::App(&phone.code(T0)), T0);
        assert_eq!(done(answer), Err(cause));
        assert_eq!(
            tries(&world, FactorKind::Totp).counted,
            0,
            "not even counted"
        );
    }
}

/// Behind the commit that counts the code, and before the one that lets in.
#[test]
fn bug06_codes_are_refused_to_who_was_locked_while_they_were_looked_at() {
    type Meanwhile = fn(&mut Rows);
    let changes: [(Meanwhile, Cause); 4] = [
        (
            |rows| rows.accounts[0].suspended_at = Some(T0),
            Cause::Standing(State::Suspended),
        ),
        (
            |rows| rows.accounts[0].tries.locked_until = Some(Timestamp::MAX),
            Cause::Locked(Timestamp::MAX),
        ),
        (
            |rows| rows.accounts[0].disabled_at = Some(T0),
            Cause::Standing(State::Disabled),
        ),
        (
            |rows| rows.accounts[0].epoch = rows.accounts[0].epoch.next(),
            Cause::Superseded,
        ),
    ];
    for (change, cause) in changes {
        let world = world();
        let (phone, _) = world.enrolled();
        let step = world.code_due(T0);
        *world.store.meanwhile.lock().unwrap() = Some(change);
        let answer = world.answer(step, FactorCode::App(&phone.code(T0)), T0);
        assert_eq!(done(answer), Err(cause));
        assert_eq!(
            tries(&world, FactorKind::Totp).counted,
            1,
            "counted, and not settled"
        );
    }
}

#[test]
fn bug16_a_right_password_forgets_neither_wrong_codes_nor_wrong_passwords() {
    let world = world();
    let (phone, _) = world.enrolled();
    world.fail(4, T0);
    let wrong = phone.wrong(T0);
    for _ in 0..4 {
        world.with_code(FactorCode::App(&wrong), T0).unwrap_err();
    }
    assert_eq!(tries(&world, FactorKind::Totp).counted, 4);
    assert_eq!(
        world.tries().counted,
        4,
        "four right passwords forgot none of the wrong ones"
    );
    let _ = world
        .with_code(FactorCode::App(&phone.code(T0)), T0)
        .unwrap();
    assert_eq!(world.tries().counted, 0, "the last factor does");
    assert_eq!(tries(&world, FactorKind::Totp).counted, 0);
}

#[test]
fn bug03_a_right_code_wipes_no_lock_that_wrong_passwords_reached() {
    let world = world();
    let (phone, _) = world.enrolled();
    let step = world.code_due(T0);
    world.fail(5, T0);
    let answer = world.answer(step, FactorCode::App(&phone.code(T0)), T0);
    assert_eq!(done(answer), Err(Cause::Locked(later(T0, 30))));
    assert!(world.tries().locked(T0).is_some());
}

#[test]
fn bug17_each_kind_of_code_has_its_own_counter_behind_the_password() {
    let world = world();
    let (phone, recovery) = world.enrolled();
    world.fail(4, T0);
    assert_eq!(
        tries(&world, FactorKind::Totp),
        Tries {
            serial: 0,
            ..tries(&world, FactorKind::Totp)
        }
    );
    lock_codes(&world, &phone, T0);
    assert_eq!(tries(&world, FactorKind::Recovery).serial, 0);
    let proof = world.with_code(FactorCode::Recovery(&recovery.codes()[0]), T0);
    assert!(proof.is_ok(), "a recovery code is another factor");
    let locked = world.with_code(FactorCode::App(&phone.code(T0)), T0);
    assert_eq!(
        locked,
        Err(Cause::FactorLocked(Timestamp::MAX)),
        "and clears only its own"
    );
}

#[test]
fn bug32_a_code_counts_once_and_none_before_it() {
    let world = world();
    let (phone, _) = world.enrolled();
    let at = |code_at| world.with_code(FactorCode::App(&phone.code(code_at)), T0);
    let _ = at(T0).unwrap();
    assert_eq!(at(T0), Err(Cause::UsedCode));
    assert_eq!(at(later(T0, -1)), Err(Cause::UsedCode), "an earlier step");
    let _ = at(later(T0, 1)).unwrap();
    let used = phone.code(later(T0, 1));
    let spaced = format!(" {} ", secrecy::ExposeSecret::expose_secret(&used));
    let again = world.with_code(FactorCode::App(&secret(&spaced)), T0);
    assert_eq!(
        again,
        Err(Cause::UsedCode),
        "bug 33: spaces are no other code"
    );
}

#[test]
fn bug32_the_code_that_enrolled_signs_nobody_in() {
    let world = world();
    let (phone, _) = world.enrolled();
    let then = later(T0, -10);
    let cause = world
        .with_code(FactorCode::App(&phone.code(then)), then)
        .unwrap_err();
    assert_eq!(cause, Cause::UsedCode);
}

#[test]
fn bug32_of_twenty_with_one_code_one_gets_in() {
    let world = world();
    let (phone, _) = world.enrolled();
    let code = phone.code(T0);
    let kept = world.code_due(T0).into_secret();
    let winners = thread::scope(|scope| {
        let answer = || {
            let step = Step::resume(kept.clone());
            done(world.answer(step, FactorCode::App(&code), T0)).is_ok()
        };
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(answer)).collect();
        threads
            .into_iter()
            .map(|one| one.join().unwrap())
            .filter(|won| *won)
            .count()
    });
    assert_eq!(winners, 1);
}

#[test]
fn bug35_a_recovery_code_lets_in_once() {
    let world = world();
    let (_, recovery) = world.enrolled();
    let code = &recovery.codes()[3];
    let _ = world.with_code(FactorCode::Recovery(code), T0).unwrap();
    let again = world.with_code(FactorCode::Recovery(code), T0);
    assert_eq!(again, Err(Cause::WrongCode));
    let rows = world.store.rows();
    assert_eq!(rows.codes.len(), 9);
    let used = rows
        .audit
        .iter()
        .find(|entry| entry.action == "factor.recovery-used")
        .unwrap();
    assert_eq!(used.detail, "9 left");
    assert!(
        rows.mails
            .iter()
            .any(|mail| mail.event == "factor.recovery-used")
    );
}

#[test]
fn a_forced_change_of_password_comes_behind_the_code() {
    let world = world();
    let (phone, _) = world.enrolled();
    let demand = |tx: &mut Rows| world.credentials.demand_change(tx, world.ada, &by(), T0);
    assert!(world.store.write(demand).unwrap());
    let SignIn::SecondFactor(step) = world.try_sign_in("ada", RIGHT, T0) else {
        panic!("who has only the password sets another");
    };
    let answer = world.answer(step, FactorCode::App(&phone.code(T0)), T0);
    let FactorStep::Onward(SignIn::ChangePassword(step)) = answer else {
        panic!("the change was skipped");
    };
    let next = secret(NEXT);
    let changed = world
        .credentials
        .set_new_password(&world.store, step, &next, &world.source, T0);
    let PasswordStep::Onward(SignIn::Done(_)) = changed.unwrap() else {
        panic!("the code was given a moment ago");
    };
}

#[test]
fn a_factor_set_up_while_a_change_is_open_closes_it() {
    let world = world();
    let (phone, proof) = world.enrolled();
    drop(proof);
    let demand = |tx: &mut Rows| world.credentials.demand_change(tx, world.ada, &by(), T0);
    assert!(world.store.write(demand).unwrap());
    let SignIn::SecondFactor(step) = world.try_sign_in("ada", RIGHT, T0) else {
        panic!("no code was asked for");
    };
    let answer = world.answer(step, FactorCode::App(&phone.code(T0)), T0);
    let FactorStep::Onward(SignIn::ChangePassword(step)) = answer else {
        panic!("the change was skipped");
    };
    let remove = |tx: &mut Rows| world.credentials.remove_factor(tx, world.ada, &by(), T0);
    assert!(world.store.write(remove).unwrap());
    let next = secret(NEXT);
    let changed = world
        .credentials
        .set_new_password(&world.store, step, &next, &world.source, T0);
    let PasswordStep::Onward(SignIn::Refused(refusal)) = changed.unwrap() else {
        panic!("a step of before the change of factors was taken");
    };
    assert_eq!(refusal.cause(), Cause::Superseded);
    assert_eq!(
        refusal.shown(),
        Shown::InvalidLink,
        "nobody asked for a name"
    );
}

/// ASVS 6.4.3.
#[test]
fn an_invitation_does_not_skip_the_code() {
    let world = world();
    let _ = world.enrolled();
    let invite = |tx: &mut Rows| world.credentials.invite(tx, world.ada, &by(), T0);
    let link = world.store.write(invite).unwrap().secret;
    let next = secret(NEXT);
    let set = world
        .credentials
        .accept_invitation(&world.store, &link, &next, &world.source, T0);
    assert!(matches!(set.unwrap(), NewPassword::Set(_)));
    let sign_in = world.try_sign_in("ada", NEXT, T0);
    assert!(matches!(sign_in, SignIn::SecondFactor(_)), "{sign_in:?}");
}

#[test]
fn bug28_ten_megabytes_of_code_are_a_wrong_code() {
    let world = world();
    let _ = world.enrolled();
    let long = secret(&"1".repeat(10_000_000));
    for code in [FactorCode::App(&long), FactorCode::Recovery(&long)] {
        assert_eq!(world.with_code(code, T0), Err(Cause::WrongCode));
    }
    assert_eq!(tries(&world, FactorKind::Totp).counted, 1);
    assert_eq!(tries(&world, FactorKind::Recovery).counted, 1);
}
