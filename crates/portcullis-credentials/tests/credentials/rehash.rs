use crate::world::{
    NEXT, RIGHT, T0, WRONG, World, by, old, plain, secret, until_admin, world_with,
};
use portcullis_credentials::{
    Accounts, Cause, CredentialSettings, FirstPassword, NewPassword, PasswordHash, Shown, SignIn,
};
use portcullis_id::{State, UserId, minutes};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;
use std::sync::atomic::Ordering;

/// A portal where Ada has come from another program.
fn imported() -> World {
    let world = world_with(CredentialSettings::default());
    world
        .store
        .write(|tx| tx.replace_hash(world.ada, &plain(RIGHT), &old(RIGHT)))
        .unwrap();
    assert_eq!(stored(&world, world.ada), "old$the right password");
    world.kdf.made.store(0, Ordering::SeqCst);
    world
}

fn from_elsewhere(change_due: bool) -> FirstPassword {
    FirstPassword::Imported {
        hash: old(RIGHT),
        change_due,
    }
}

fn stored(world: &World, user: UserId) -> String {
    let rows = world.store.rows();
    let account = rows
        .accounts
        .iter()
        .find(|account| account.user == user)
        .unwrap();
    account.password.as_ref().unwrap().expose().to_owned()
}

fn made(world: &World) -> usize {
    world.kdf.made.load(Ordering::SeqCst)
}

#[test]
fn bug38_the_first_sign_in_replaces_an_outdated_hash_and_ends_nothing() {
    let world = imported();
    let (before, policy) = (
        world.store.rows().accounts[0].epoch,
        world.store.rows().policy,
    );
    let first = world.begin(T0);
    assert_eq!(stored(&world, world.ada), plain(RIGHT).expose());
    assert_eq!((world.kdf.count(), made(&world)), (1, 1));
    let actions: Vec<_> = world
        .store
        .rows()
        .audit
        .iter()
        .map(|entry| entry.action.clone())
        .collect();
    assert!(
        actions.ends_with(&["password.rehash".to_owned(), "sign-in.done".to_owned()]),
        "{actions:?}"
    );
    let second = world.begin(T0);
    assert_eq!((world.kdf.count(), made(&world)), (2, 1), "once an account");
    for session in [first, second] {
        assert_eq!(world.live(&session, T0).proof().epoch(), before);
    }
    assert_eq!(world.store.rows().policy, policy);
}

#[test]
fn bug38_a_rehash_ends_no_session_of_before() {
    let world = world_with(CredentialSettings::default());
    let session = world.begin(T0);
    world
        .store
        .write(|tx| tx.replace_hash(world.ada, &plain(RIGHT), &old(RIGHT)))
        .unwrap();
    let _ = world.begin(T0);
    assert_eq!(stored(&world, world.ada), plain(RIGHT).expose());
    let _ = world.live(&session, T0);
}

#[test]
fn bug20_who_is_refused_costs_one_run_and_keeps_the_old_hash() {
    let world = world_with(until_admin());
    let day = NonZeroU32::new(1);
    let later = T0.after(minutes(24 * 60));
    let expired = world.add("expired", from_elsewhere(false), day).unwrap();
    let suspended = world.add("suspended", from_elsewhere(false), None).unwrap();
    world
        .store
        .write(|tx| world.credentials.suspend(tx, suspended, &by(), T0))
        .unwrap();
    let eve = world.add("eve", from_elsewhere(false), None).unwrap();
    let corrupt = world.add("corrupt", from_elsewhere(false), None).unwrap();
    let broken = PasswordHash::from_phc("old of something");
    world
        .store
        .write(|tx| tx.replace_hash(corrupt, &old(RIGHT), &broken))
        .unwrap();
    let (made_before, over_long) = (made(&world), "x".repeat(4097));
    for (name, password, cause) in [
        ("eve", WRONG, Cause::WrongPassword),
        ("eve", over_long.as_str(), Cause::PasswordTooLong),
        ("suspended", RIGHT, Cause::Standing(State::Suspended)),
        ("expired", RIGHT, Cause::Standing(State::Expired)),
        ("corrupt", RIGHT, Cause::UnusableHash),
        ("corrupt", WRONG, Cause::UnusableHash),
        ("corrupt", " of something", Cause::UnusableHash),
    ] {
        let before = world.kdf.count();
        let SignIn::Refused(refusal) = world.try_sign_in(name, password, later) else {
            panic!("{name} signed in");
        };
        assert_eq!(
            (refusal.cause(), refusal.shown()),
            (cause, Shown::InvalidCredentials),
            "{name}"
        );
        assert_eq!(world.kdf.count(), before + 1, "{name}");
    }
    assert_eq!(made(&world), made_before);
    for user in [expired, suspended, eve] {
        assert_eq!(stored(&world, user), old(RIGHT).expose());
    }
}

#[test]
fn s52_who_must_set_a_new_password_is_not_hashed_anew_before() {
    let world = imported();
    let eve = world.add("eve", from_elsewhere(true), None).unwrap();
    assert!(matches!(
        world.try_sign_in("eve", RIGHT, T0),
        SignIn::ChangePassword(_)
    ));
    assert_eq!(made(&world), 0);
    assert_eq!(stored(&world, eve), old(RIGHT).expose());
}

#[test]
fn bug38_a_password_set_while_the_hash_ran_is_not_overwritten() {
    let world = imported();
    let fresh = world.fresh(T0);
    world
        .store
        .write(|tx| tx.replace_hash(world.ada, &plain(RIGHT), &old(RIGHT)))
        .unwrap();
    // Another new hash alone: what was read is not there any more, and the sign-in succeeds.
    let other = PasswordHash::from_phc("plain$put there meanwhile");
    let put = || {
        world
            .store
            .write(|tx| tx.replace_hash(world.ada, &old(RIGHT), &other))
    };
    let (signed_in, replaced) = world.while_hashing(RIGHT, put);
    assert!(replaced.unwrap() && signed_in.is_ok());
    assert_eq!(stored(&world, world.ada), other.expose());
    world
        .store
        .write(|tx| tx.replace_hash(world.ada, &other, &old(RIGHT)))
        .unwrap();
    // A new password: it stays, and the sign-in with the one before does not go through.
    let change = || {
        world
            .credentials
            .change_password(&world.store, &fresh, &secret(NEXT), &world.source, T0)
    };
    let (signed_in, changed) = world.while_hashing(RIGHT, change);
    assert!(matches!(changed.unwrap(), NewPassword::Set(_)));
    assert_eq!(signed_in.unwrap_err(), Cause::Superseded);
    assert_eq!(stored(&world, world.ada), plain(NEXT).expose());
}

#[test]
fn bug38_of_many_sign_ins_at_once_one_replaces_the_hash_and_all_succeed() {
    let world = imported();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| world.sign_in(RIGHT, T0).map(drop).unwrap());
        }
    });
    let rows = world.store.rows();
    let rehashed = rows
        .audit
        .iter()
        .filter(|entry| entry.action == "password.rehash");
    assert_eq!(rehashed.count(), 1);
    assert_eq!(stored(&world, world.ada), plain(RIGHT).expose());
}
