//! Password hashes that lie sealed under the key ring.

use crate::store::Rows;
use crate::world::{
    NEXT, RIGHT, T0, WRONG, World, by, imported, old, plain, ring, secret, world_with,
};
use portcullis_credentials::{
    Accounts, Cause, CredentialError, CredentialPolicy, CredentialSettings, Credentials, KeyRing,
    KeyRingError, NewPassword, PasswordFlaw, PasswordHash, Resealed, Retry, SealedIn, SessionCheck,
    Shown, Unopened,
};
use portcullis_id::UserId;
use portcullis_ledger::StoreExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn sealing() -> World {
    world_with(CredentialSettings {
        seal_hashes: true,
        ..CredentialSettings::default()
    })
}

fn stored(world: &World, user: UserId) -> PasswordHash {
    let rows = world.store.rows();
    let account = rows.accounts.iter().find(|account| account.user == user);
    account.unwrap().password.clone().unwrap()
}

fn put(world: &World, user: UserId, hash: &PasswordHash) {
    let before = stored(world, user);
    let put = world.store.write(|tx| tx.replace_hash(user, &before, hash));
    assert!(put.unwrap());
}

/// The key that [`world_with`] begins with, beside another that seals.
fn both() -> KeyRing {
    let first = data_encoding::BASE64.encode(&[1; 32]);
    ring("second", 2).opening("first", &secret(&first)).unwrap()
}

fn with_ring(world: World, ring: KeyRing) -> World {
    let credentials = world.credentials.with_key_ring(Arc::new(ring));
    World {
        credentials,
        ..world
    }
}

fn reseal(world: &World) -> Result<Resealed, CredentialError> {
    world.credentials.reseal(&world.store, &by(), T0)
}

fn resealed(world: &World) -> u64 {
    let outcome = reseal(world).unwrap();
    assert!(outcome.old_keys_may_leave() && outcome.unopened().is_empty());
    outcome.resealed()
}

#[test]
fn k06_what_is_stored_is_sealed_and_signs_in() {
    let world = sealing();
    let kept = stored(&world, world.ada);
    assert!(kept.expose().starts_with("x1$first$"), "{}", kept.expose());
    assert!(!kept.expose().contains(RIGHT));
    let _ = world.sign_in(RIGHT, T0).unwrap();
    assert_eq!(world.sign_in(WRONG, T0).unwrap_err(), Cause::WrongPassword);
    assert_eq!(stored(&world, world.ada).expose(), kept.expose());
    let fresh = world.fresh(T0);
    let change = |new| {
        let (new, from) = (secret(new), &world.source);
        world
            .credentials
            .change_password(&world.store, &fresh, &new, from, T0)
            .unwrap()
    };
    let same = change(RIGHT);
    assert!(matches!(
        same,
        NewPassword::Again(Retry::Flaw(PasswordFlaw::Same))
    ));
    assert!(matches!(change(NEXT), NewPassword::Set(_)));
    assert!(stored(&world, world.ada).expose().starts_with("x1$first$"));
    let _ = world.sign_in(NEXT, T0).unwrap();
}

#[test]
fn bug38_a_hash_from_before_is_sealed_at_the_next_sign_in_and_ends_nothing() {
    let world = sealing();
    put(&world, world.ada, &plain(RIGHT));
    world.kdf.made.store(0, Ordering::SeqCst);
    let session = world.begin(T0);
    assert!(stored(&world, world.ada).expose().starts_with("x1$first$"));
    assert_eq!(world.kdf.made.load(Ordering::SeqCst), 0, "the same hash");
    assert!(matches!(world.check(&session, T0), SessionCheck::Live(_)));
    let audit = world.store.rows().audit;
    assert!(audit.iter().any(|entry| entry.action == "password.reseal"));
    // One that is outdated is replaced, and what replaces it is sealed.
    let sealed = world.credentials.seal_hash(world.ada, &old(RIGHT)).unwrap();
    put(&world, world.ada, &sealed);
    let _ = world.sign_in(RIGHT, T0).unwrap();
    let opened = world
        .credentials
        .open_hash(world.ada, &stored(&world, world.ada));
    assert_eq!(opened.unwrap().expose(), plain(RIGHT).expose());
    assert!(matches!(world.check(&session, T0), SessionCheck::Live(_)));
}

#[test]
fn k06_hashes_swapped_between_two_users_verify_for_neither() {
    let world = sealing();
    let eve = world.add("eve", imported(RIGHT), None).unwrap();
    let (adas, eves) = (stored(&world, world.ada), stored(&world, eve));
    put(&world, world.ada, &eves);
    put(&world, eve, &adas);
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::SealedHash);
    let broken = world.credentials.open_hash(eve, &adas).unwrap_err();
    assert_eq!(broken, KeyRingError::Broken);
}

#[test]
fn bug18_with_a_lost_key_a_visitor_meets_the_no_of_any_other_and_staff_hear_its_name() {
    let world = with_ring(sealing(), ring("other", 9));
    let runs = world.kdf.count();
    for password in [RIGHT, WRONG] {
        let refusal = world.try_sign_in("ada", password, T0);
        let portcullis_credentials::SignIn::Refused(refusal) = refusal else {
            panic!("{refusal:?}");
        };
        assert_eq!(refusal.cause(), Cause::SealedHash);
        assert_eq!(refusal.shown(), Shown::InvalidCredentials);
    }
    assert_eq!(world.kdf.count(), runs + 2, "one run each");
    assert_eq!(
        world.tries().counted,
        0,
        "a ring that lacks a key locks nobody"
    );
    let lost = |error| matches!(error, CredentialError::KeyRing(KeyRingError::Unknown(key)) if key == "first");
    let outcome = reseal(&world).unwrap();
    assert!(!outcome.old_keys_may_leave() && outcome.resealed() == 0);
    let place = SealedIn::Password(world.ada);
    let why = KeyRingError::Unknown("first".to_owned());
    assert_eq!(outcome.unopened(), [Unopened { place, why }]);
    let opened = world
        .credentials
        .open_hash(world.ada, &stored(&world, world.ada));
    assert!(lost(opened.unwrap_err().into()));
}

#[test]
fn k06_keys_are_changed_without_anybodys_password() {
    let world = sealing();
    let many: Vec<UserId> = (0..120)
        .map(|n| world.add(&format!("u{n}"), imported(RIGHT), None).unwrap())
        .collect();
    put(&world, many[3], &plain(RIGHT));
    let epoch = world.store.rows().accounts[0].epoch;
    let world = with_ring(world, both());
    let commits = world.store.commits.load(Ordering::SeqCst);
    assert_eq!(resealed(&world), 121);
    let commits = world.store.commits.load(Ordering::SeqCst) - commits;
    assert_eq!(
        commits, 12,
        "a hundred rows each, two looks, and the ends of four lists"
    );
    assert_eq!(resealed(&world), 0);
    assert_eq!(world.store.rows().accounts[0].epoch, epoch);
    let world = with_ring(world, ring("second", 2));
    for user in [world.ada, many[3], many[119]] {
        assert!(stored(&world, user).expose().starts_with("x1$second$"));
    }
    let _ = world.sign_in(RIGHT, T0).unwrap();
}

#[test]
fn k06_a_policy_that_seals_no_more_opens_what_was_sealed() {
    let world = sealing();
    let bare = Credentials::new(
        portcullis_credentials::CredentialPolicy::default(),
        portcullis_credentials::Administrators::none(),
        world.kdf.clone(),
        world.draws.clone(),
    );
    let credentials = bare.unwrap().with_key_ring(Arc::new(ring("first", 1)));
    let world = World {
        credentials,
        ..world
    };
    assert_eq!(resealed(&world), 1);
    assert_eq!(stored(&world, world.ada).expose(), plain(RIGHT).expose());
    let _ = world.sign_in(RIGHT, T0).unwrap();
}

#[test]
fn k06_where_hashes_are_sealed_and_there_is_no_ring_none_is_kept() {
    let world = sealing();
    let policy = world.credentials.policy().clone();
    let bare = Credentials::new(
        policy,
        portcullis_credentials::Administrators::none(),
        world.kdf.clone(),
        world.draws.clone(),
    )
    .unwrap();
    let world = World {
        credentials: bare,
        ..world
    };
    let missing =
        |error: CredentialError| matches!(error, CredentialError::KeyRing(KeyRingError::Missing));
    assert!(missing(
        world.add("eve", imported(RIGHT), None).unwrap_err()
    ));
    assert!(missing(reseal(&world).unwrap_err()));
    // A text that only looks sealed is no hash that anybody imports.
    let put = |tx: &mut Rows| tx.hashes_after(None, 9);
    assert_eq!(world.store.read(put).unwrap().len(), 1);
    let sealed = portcullis_credentials::FirstPassword::Imported {
        hash: stored(&world, world.ada),
        change_due: false,
    };
    assert!(matches!(
        world.add("mallory", sealed, None).unwrap_err(),
        CredentialError::Kdf(_)
    ));
}

#[test]
fn k06_the_secret_that_an_app_is_being_set_up_with_is_sealed_anew_too() {
    let world = sealing();
    let session = world.begin(T0);
    let (fresh, _) = world.confirm(&session, RIGHT, None, T0).unwrap();
    let (store, from) = (&world.store, &world.source);
    let offer = world.credentials.offer_own_factor(store, &fresh, from, T0);
    let phone = crate::phone::Phone::scan(&offer.unwrap().unwrap());
    let world = with_ring(world, both());
    assert_eq!(resealed(&world), 2, "the hash and the secret");
    let world = with_ring(world, ring("second", 2));
    let code = phone.code(T0);
    let (store, from) = (&world.store, &world.source);
    let enrolled = world
        .credentials
        .enrol_own_factor(store, &fresh, &code, from, T0);
    assert!(enrolled.unwrap().is_ok());
}

#[test]
fn k06_hashes_are_not_to_be_sealed_without_a_key_ring() {
    let sealing = CredentialSettings {
        seal_hashes: true,
        ..CredentialSettings::default()
    };
    let policy = CredentialPolicy::new(sealing).unwrap();
    assert!(policy.check_key_ring(Some(&ring("k", 1))).is_ok());
    assert_eq!(
        policy.check_key_ring(None).unwrap_err().knob(),
        "seal_hashes"
    );
}
