//! A ring that lacks a key: a fault that staff hear of, counts against nobody and keeps nobody from
//! the ways on that need no such key.

use crate::phone::later;
use crate::store::Rows;
use crate::world::{NEXT, RIGHT, T0, World, by, ring, secret, until_admin, world_with};
use portcullis_credentials::{
    Accounts, CredentialError, CredentialSettings, Current, FactorAttempts, FactorCode, FactorKind,
    KeyRing, KeyRingError, Lock, NewPassword, PasswordHash, Retry,
};
use portcullis_ledger::StoreExt;
use std::sync::Arc;

fn without_its_key(world: World) -> World {
    with_ring(world, ring("second", 2))
}

fn lost(error: &CredentialError) -> bool {
    matches!(error, CredentialError::KeyRing(KeyRingError::Unknown(key)) if key == "first")
}

#[test]
fn bug16_a_lost_key_locks_nobodys_second_factor() {
    let world = world_with(CredentialSettings {
        factor_lock: Lock::UntilAdmin,
        ..until_admin()
    });
    let (phone, recovery) = world.enrolled();
    let proof = world.with_code(FactorCode::App(&phone.code(T0)), T0);
    let session = world
        .credentials
        .start_session(&world.store, proof.unwrap(), T0)
        .unwrap();
    let live = world.live(&session, T0);
    let world = without_its_key(world);
    let (store, from) = (&world.store, &world.source);
    let (right, code) = (secret(RIGHT), phone.code(later(T0, 1)));
    let app = FactorCode::App(&code);
    for _ in 0..20 {
        let step = world.code_due(T0);
        let answer = world.credentials.second_factor(store, step, app, from, T0);
        assert!(lost(&answer.unwrap_err()));
        let current = Current::PasswordAndCode(&right, app);
        let again = world
            .credentials
            .reauthenticate(store, &live, current, from, T0);
        assert!(lost(&again.unwrap_err()));
    }
    let tries = store.read(|tx| tx.factor_tries(world.ada, FactorKind::Totp));
    assert_eq!(tries.unwrap().unwrap_or_default().counted, 0);
    assert_eq!(world.tries().counted, 0);
    // A recovery code needs no key, and the app is good again with the ring it had.
    let paper = FactorCode::Recovery(&recovery.codes()[0]);
    let _ = world.with_code(paper, T0).unwrap();
    let world = with_ring(world, ring("first", 1));
    let _ = world.with_code(app, later(T0, 1)).unwrap();
}

/// What cannot be compared is not compared, and the audit says of how many.
#[test]
fn k06_a_lost_key_keeps_nobody_from_a_new_password() {
    for (seal_hashes, broken) in [(true, false), (true, true), (false, true)] {
        let world = world_with(CredentialSettings {
            seal_hashes,
            password_history: 3,
            ..CredentialSettings::default()
        });
        assert_eq!(by_link(&world, NEXT), Ok(()));
        let rows = world.store.rows();
        let entry = rows.audit.last().unwrap();
        assert_eq!(entry.detail, "from 10.0.0.1");
        let world = if broken {
            let put = |tx: &mut Rows| {
                let stored = tx.account(world.ada)?.unwrap().password.unwrap();
                let broken = PasswordHash::from_phc("x1$first$AAECAwQFBgcICQ");
                tx.replace_hash(world.ada, &stored, &broken)
            };
            assert!(world.store.write(put).unwrap());
            world
        } else {
            without_its_key(world)
        };
        assert_eq!(by_link(&world, "the third password of all"), Ok(()));
        let entry = world.store.rows().audit.last().unwrap().clone();
        assert_eq!(entry.action, "password.set");
        let passed_over = if broken { 1 } else { 2 };
        assert_eq!(
            entry.detail,
            format!("from 10.0.0.1; not compared with {passed_over} that do not open")
        );
    }
}

fn by_link(world: &World, new: &str) -> Result<(), Retry> {
    let (credentials, store) = (&world.credentials, &world.store);
    let link = store.write(|tx| credentials.invite(tx, world.ada, &by(), T0));
    let (link, new) = (link.unwrap().secret, secret(new));
    match credentials.accept_invitation(store, &link, &new, &world.source, T0) {
        Ok(NewPassword::Set(_)) => Ok(()),
        Ok(NewPassword::Again(retry)) => Err(retry),
        other => panic!("{other:?}"),
    }
}

fn with_ring(world: World, ring: KeyRing) -> World {
    let credentials = world.credentials.with_key_ring(Arc::new(ring));
    World {
        credentials,
        ..world
    }
}
