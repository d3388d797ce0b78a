use crate::world::{
    NEXT, RIGHT, T0, WRONG, by, imported, plain, secret, until_admin, world, world_with,
};
use portcullis_credentials::{
    Cause, CredentialSettings, FirstPassword, HashBudget, PasswordFlaw, PasswordStep, Retry, Shown,
    SignIn, Step,
};
use portcullis_id::{State, minutes};
use portcullis_ledger::StoreExt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::atomic::Ordering;

#[test]
fn a_sign_in_with_its_session_takes_three_commits_and_six_statements() {
    let world = world();
    let statements = world.store.rows().statements;
    world.store.commits.store(0, Ordering::SeqCst);
    statements.store(0, Ordering::SeqCst);
    let proof = world.sign_in(RIGHT, T0).unwrap();
    let _ = world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap();
    assert!(world.store.commits.load(Ordering::SeqCst) <= 3);
    assert!(statements.load(Ordering::SeqCst) <= 6, "{statements:?}");
    assert_eq!(
        world.store.rows().policy,
        1,
        "only the creation of the account moved the revision"
    );
}

#[test]
fn bug08_every_spelling_is_one_account_with_one_counter() {
    let world = world();
    for (failed, spelling) in (1..).zip(["ada", "ADA", " Ada ", "ａｄａ"]) {
        let _ = world.try_sign_in(spelling, WRONG, T0);
        assert_eq!(world.tries().counted, failed);
    }
    assert!(matches!(
        world.try_sign_in("ＡＤＡ", RIGHT, T0),
        SignIn::Done(_)
    ));
}

#[test]
fn bug10_a_blank_name_counts_against_nobody() {
    let world = world();
    let before = world.store.rows().accounts[0].tries;
    for blank in ["", "   ", "\0", "a\0da", &"a".repeat(10_000_000)] {
        let SignIn::Refused(refusal) = world.try_sign_in(blank, RIGHT, T0) else {
            panic!("signed in as {blank:?}");
        };
        assert_eq!(refusal.cause(), Cause::UnusableName);
        assert_eq!(refusal.shown(), Shown::InvalidCredentials);
    }
    assert_eq!(world.tries(), before);
    assert_eq!(world.kdf.count(), 5);
}

#[test]
fn bug18_every_branch_costs_exactly_one_run_and_shows_the_same() {
    let world = world_with(until_admin());
    let one_day = NonZeroU32::new(1);
    let later = T0.after(minutes(24 * 60));
    world.add("expired", imported(RIGHT), one_day).unwrap();
    world.add("invited", FirstPassword::ToBeSet, None).unwrap();
    let suspended = world.add("suspended", imported(RIGHT), None).unwrap();
    let disabled = world.add("disabled", imported(RIGHT), None).unwrap();
    world.add("locked", imported(RIGHT), None).unwrap();
    let change = |tx: &mut crate::store::Rows| {
        world.credentials.suspend(tx, suspended, &by(), T0)?;
        world.credentials.disable(tx, disabled, &by(), T0)
    };
    world.store.write(change).unwrap();
    for _ in 0..5 {
        let _ = world.try_sign_in("locked", WRONG, T0);
    }
    let long = "x".repeat(4097);
    let never = portcullis_id::Timestamp::MAX;
    for (name, password, cause) in [
        ("nobody", RIGHT, Cause::UnknownName),
        ("", RIGHT, Cause::UnusableName),
        ("invited", RIGHT, Cause::NoPassword),
        ("ada", WRONG, Cause::WrongPassword),
        ("ada", "", Cause::WrongPassword),
        ("ada", long.as_str(), Cause::PasswordTooLong),
        ("locked", RIGHT, Cause::Locked(never)),
        ("locked", WRONG, Cause::Locked(never)),
        ("suspended", RIGHT, Cause::Standing(State::Suspended)),
        ("suspended", WRONG, Cause::WrongPassword),
        ("disabled", RIGHT, Cause::Standing(State::Disabled)),
        ("expired", RIGHT, Cause::Standing(State::Expired)),
    ] {
        let before = world.kdf.count();
        let SignIn::Refused(refusal) = world.try_sign_in(name, password, later) else {
            panic!("{name} signed in");
        };
        assert_eq!(refusal.cause(), cause, "{name}");
        assert_eq!(refusal.shown(), Shown::InvalidCredentials, "{name}");
        assert_eq!(world.kdf.count(), before + 1, "{name}");
        assert_eq!(world.last_action(), "sign-in.refused", "{name}");
    }
}

#[test]
fn bug19_a_password_over_the_cap_is_counted_and_never_hashed() {
    let world = world();
    let huge = "x".repeat(10_000_000);
    assert_eq!(
        world.sign_in(&huge, T0).unwrap_err(),
        Cause::PasswordTooLong
    );
    assert_eq!(world.tries().counted, 1);
    assert_eq!(world.kdf.against(RIGHT), 0);
    assert_eq!(world.kdf.count(), 1);
}

#[test]
fn bug11_odd_passwords_are_counted_like_any_wrong_one() {
    let world = world();
    for (counted, odd) in (1..).zip(["\0", "the right password\0", "\u{202e}"]) {
        assert_eq!(world.sign_in(odd, T0).unwrap_err(), Cause::WrongPassword);
        assert_eq!(world.tries().counted, counted);
    }
}

#[test]
fn bug18_nobody_has_the_dummys_password() {
    let world = world();
    let _ = world.try_sign_in("nobody", RIGHT, T0);
    let runs = world.kdf.runs.lock().unwrap().clone();
    let password = runs[0].strip_prefix("plain$").unwrap().to_owned();
    assert!(matches!(
        world.try_sign_in("nobody", &password, T0),
        SignIn::Refused(_)
    ));
}

#[test]
fn overloaded_is_said_before_anything_is_counted() {
    let mut world = world();
    world.credentials = world
        .credentials
        .with_budget(HashBudget::new(NonZeroUsize::MIN, 0));
    let (first, second) = world.while_hashing(WRONG, || world.sign_in(WRONG, T0));
    assert_eq!(first.unwrap_err(), Cause::WrongPassword);
    assert_eq!(second.unwrap_err(), Cause::Overloaded);
    assert_eq!(world.tries().counted, 1);
}

#[test]
fn bug06_what_happens_while_the_hash_runs_decides() {
    let world = world();
    let day = NonZeroU32::new(1);
    let expire = |tx: &mut crate::store::Rows| {
        let yesterday = T0.before(minutes(24 * 60));
        world
            .credentials
            .set_expiry(tx, world.ada, day, &by(), yesterday)
    };
    let (signed_in, changed) = world.while_hashing(RIGHT, || world.store.write(expire));
    assert!(changed.unwrap());
    assert_eq!(signed_in.unwrap_err(), Cause::Standing(State::Expired));

    let clear =
        |tx: &mut crate::store::Rows| world.credentials.set_expiry(tx, world.ada, None, &by(), T0);
    assert!(world.store.write(clear).unwrap());
    let suspend = |tx: &mut crate::store::Rows| world.credentials.suspend(tx, world.ada, &by(), T0);
    let (signed_in, changed) = world.while_hashing(RIGHT, || world.store.write(suspend));
    assert!(changed.unwrap());
    assert_eq!(signed_in.unwrap_err(), Cause::Superseded);
}

#[test]
fn s52_a_change_that_is_due_comes_first_and_signs_in_afterwards() {
    let world = world();
    let user = change_due(&world, "eve");
    let step = step_of(&world, "eve", RIGHT);
    let step = match set(&world, step, RIGHT) {
        PasswordStep::Again(step, Retry::Flaw(PasswordFlaw::Same)) => step,
        other => panic!("{other:?}"),
    };
    let step = match set(&world, step, "short") {
        PasswordStep::Again(step, Retry::Flaw(PasswordFlaw::TooShort { least: 15 })) => step,
        other => panic!("{other:?}"),
    };
    // It survives the way through a browser.
    let step = Step::resume(step.into_secret().expose().into());
    let PasswordStep::Onward(SignIn::Done(proof)) = set(&world, step, NEXT) else {
        panic!("not signed in");
    };
    assert_eq!(proof.user(), user);
    let session = world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap();
    assert_eq!(world.live(&session, T0).proof().user(), user);
    assert!(matches!(
        world.try_sign_in("eve", RIGHT, T0),
        SignIn::Refused(_)
    ));
    assert!(matches!(
        world.try_sign_in("eve", NEXT, T0),
        SignIn::Done(_)
    ));
    assert_eq!(
        world.store.rows().mails.last().unwrap().event,
        "password.set"
    );
}

#[test]
fn bug26_of_twenty_answers_to_one_step_one_wins() {
    let world = world();
    change_due(&world, "eve");
    let secret_of_step = step_of(&world, "eve", RIGHT).into_secret();
    let won: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let step = Step::resume(secret_of_step.clone());
                    usize::from(matches!(
                        set(&world, step, NEXT),
                        PasswordStep::Onward(SignIn::Done(_))
                    ))
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
}

#[test]
fn bug06_a_suspension_while_a_step_is_open_closes_it() {
    let world = world();
    let user = change_due(&world, "eve");
    let step = step_of(&world, "eve", RIGHT);
    world
        .store
        .write(|tx| world.credentials.suspend(tx, user, &by(), T0))
        .unwrap();
    world
        .store
        .write(|tx| world.credentials.resume(tx, user, &by(), T0))
        .unwrap();
    let PasswordStep::Onward(SignIn::Refused(refusal)) = set(&world, step, NEXT) else {
        panic!("a suspension did not close the step");
    };
    assert_eq!(refusal.cause(), Cause::Superseded);
}

#[test]
fn bug06_a_lock_while_a_step_is_open_closes_it() {
    let world = world_with(until_admin());
    change_due(&world, "eve");
    let step = step_of(&world, "eve", RIGHT);
    for _ in 0..5 {
        let _ = world.try_sign_in("eve", WRONG, T0);
    }
    let PasswordStep::Onward(SignIn::Refused(refusal)) = set(&world, step, NEXT) else {
        panic!("a lock did not close the step");
    };
    assert!(matches!(refusal.cause(), Cause::Locked(_)));
}

#[test]
fn a_step_runs_out_on_its_tick() {
    let world = world();
    change_due(&world, "eve");
    let settings = CredentialSettings::default();
    let end = T0.after(minutes(settings.step_minutes));
    for (now, done) in [
        (end, false),
        (end.before(chrono::TimeDelta::milliseconds(1)), true),
    ] {
        let step = step_of(&world, "eve", RIGHT);
        let answer = world
            .credentials
            .set_new_password(&world.store, step, &secret(NEXT), &world.source, now)
            .unwrap();
        assert_eq!(
            matches!(answer, PasswordStep::Onward(SignIn::Done(_))),
            done
        );
    }
}

fn change_due(world: &crate::world::World, name: &str) -> portcullis_id::UserId {
    let password = FirstPassword::Imported {
        hash: plain(RIGHT),
        change_due: true,
    };
    world.add(name, password, None).unwrap()
}

fn step_of(
    world: &crate::world::World,
    name: &str,
    password: &str,
) -> Step<portcullis_credentials::ChangePassword> {
    match world.try_sign_in(name, password, T0) {
        SignIn::ChangePassword(step) => step,
        other => panic!("{other:?}"),
    }
}

fn set(
    world: &crate::world::World,
    step: Step<portcullis_credentials::ChangePassword>,
    new: &str,
) -> PasswordStep {
    world
        .credentials
        .set_new_password(&world.store, step, &secret(new), &world.source, T0)
        .unwrap()
}
