use crate::world::{NEXT, RIGHT, T0, WRONG, by, secret, world, world_with};
use portcullis_credentials::{
    Cause, CredentialError, CredentialSettings, FirstPassword, Fresh, NewPassword, PasswordFlaw,
    PasswordSetBy, Proof, Retry, SessionCheck, SignIn,
};
use portcullis_ledger::StoreExt;

fn change(world: &crate::world::World, fresh: &Fresh, new: &str) -> NewPassword<Proof> {
    world
        .credentials
        .change_password(&world.store, fresh, &secret(new), &world.source, T0)
        .unwrap()
}

#[test]
fn s18_a_change_takes_the_current_and_the_new_password() {
    let world = world();
    let session = world.begin(T0);
    let (fresh, session) = world.confirm(&session, RIGHT, None, T0).unwrap();
    let NewPassword::Set(proof) = change(&world, &fresh, NEXT) else {
        panic!("not changed");
    };
    // Every session is over (bug 38), the one that changed it too; its proof begins a new one.
    assert!(matches!(world.check(&session, T0), SessionCheck::Ended(_)));
    let next = world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap();
    let _ = world.live(&next, T0);
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::WrongPassword);
    let _ = world.sign_in(NEXT, T0).unwrap();
}

#[test]
fn s19_with_a_wrong_current_password_the_old_one_still_works() {
    let world = world();
    let session = world.begin(T0);
    // Without the current password there is nothing that a change would take.
    let confirmed = world.confirm(&session, WRONG, None, T0).map(drop);
    assert_eq!(confirmed, Err(Cause::WrongPassword));
    assert_eq!(world.tries().counted, 1);
    let _ = world.sign_in(RIGHT, T0).unwrap();
}

#[test]
fn s18_a_flaw_in_the_new_password_counts_nothing_and_changes_nothing() {
    let world = world();
    let fresh = world.fresh(T0);
    for (new, flaw) in [
        ("short", PasswordFlaw::TooShort { least: 15 }),
        (RIGHT, PasswordFlaw::Same),
        ("a nul in the mid\0dle", PasswordFlaw::Nul),
    ] {
        let NewPassword::Again(retry) = change(&world, &fresh, new) else {
            panic!("took {new:?}");
        };
        assert_eq!(retry, Retry::Flaw(flaw));
    }
    assert_eq!(world.tries().counted, 0);
}

#[test]
fn bug38_an_old_proof_changes_nothing() {
    let world = world();
    let (proof, old) = (world.sign_in(RIGHT, T0).unwrap(), world.fresh(T0));
    let fresh = world.fresh(T0);
    assert!(matches!(change(&world, &fresh, NEXT), NewPassword::Set(_)));
    let NewPassword::Refused(refusal) = change(&world, &old, RIGHT) else {
        panic!("changed");
    };
    assert_eq!(refusal.cause(), Cause::Superseded);
    assert!(matches!(
        world.credentials.start_session(&world.store, proof, T0),
        Err(CredentialError::Superseded)
    ));
}

#[test]
fn s27_who_has_expired_changes_no_password() {
    let world = world();
    let fresh = world.fresh(T0);
    let yesterday = T0.before(portcullis_id::days(1));
    let one = std::num::NonZeroU32::new(1);
    let expire = |tx: &mut crate::store::Rows| {
        world
            .credentials
            .set_expiry(tx, world.ada, one, &by(), yesterday)
    };
    assert!(world.store.write(expire).unwrap());
    let NewPassword::Refused(refusal) = change(&world, &fresh, NEXT) else {
        panic!("changed");
    };
    assert_eq!(
        refusal.cause(),
        Cause::Standing(portcullis_id::State::Expired)
    );
}

#[test]
fn s53_s60_a_password_given_out_needs_no_old_one_and_must_be_changed() {
    let world = staff(PasswordSetBy::StaffThenChange);
    let session = world.begin(T0);
    let hashed = world
        .credentials
        .hash_password(&secret(NEXT))
        .unwrap()
        .unwrap();
    world
        .store
        .write(|tx| {
            world
                .credentials
                .assign_password(tx, world.ada, hashed, &by(), T0)
        })
        .unwrap();
    assert!(matches!(world.check(&session, T0), SessionCheck::Ended(_)));
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::WrongPassword);
    assert!(matches!(
        world.try_sign_in("ada", NEXT, T0),
        SignIn::ChangePassword(_)
    ));
}

#[test]
fn s52_a_first_password_from_staff_must_be_changed() {
    let world = staff(PasswordSetBy::StaffThenChange);
    let hashed = world
        .credentials
        .hash_password(&secret(NEXT))
        .unwrap()
        .unwrap();
    world
        .add("eve", FirstPassword::Assigned(hashed), None)
        .unwrap();
    assert!(matches!(
        world.try_sign_in("eve", NEXT, T0),
        SignIn::ChangePassword(_)
    ));
}

#[test]
fn d13_d31_a_password_from_staff_stays_where_the_preset_has_it_so() {
    let world = staff(PasswordSetBy::Staff);
    let hashed = world
        .credentials
        .hash_password(&secret(NEXT))
        .unwrap()
        .unwrap();
    world
        .store
        .write(|tx| {
            world
                .credentials
                .assign_password(tx, world.ada, hashed, &by(), T0)
        })
        .unwrap();
    let _ = world.sign_in(NEXT, T0).unwrap();
}

#[test]
fn c11_where_the_invitee_sets_it_nobody_else_does() {
    let world = world();
    let hashed = || {
        let hashed = world.credentials.hash_password(&secret(NEXT));
        hashed.unwrap().unwrap()
    };
    let refused = world.store.write(|tx| {
        world
            .credentials
            .assign_password(tx, world.ada, hashed(), &by(), T0)
    });
    assert!(matches!(refused, Err(CredentialError::NotThisWay(_))));
    let refused = world.add("eve", FirstPassword::Assigned(hashed()), None);
    assert!(matches!(refused, Err(CredentialError::NotThisWay(_))));
    let _ = world.sign_in(RIGHT, T0).unwrap();
}

#[test]
fn a_demanded_change_ends_sessions_and_comes_at_the_next_sign_in() {
    let world = world();
    let session = world.begin(T0);
    let demand = || {
        world
            .store
            .write(|tx| world.credentials.demand_change(tx, world.ada, &by(), T0))
    };
    assert!(demand().unwrap());
    assert!(!demand().unwrap());
    assert!(matches!(world.check(&session, T0), SessionCheck::Ended(_)));
    assert!(matches!(
        world.try_sign_in("ada", RIGHT, T0),
        SignIn::ChangePassword(_)
    ));
}

#[test]
fn bug29_an_imported_hash_that_will_not_do_is_refused() {
    let world = world();
    let password = FirstPassword::Imported {
        hash: portcullis_credentials::PasswordHash::from_phc("$1$md5$of something"),
        change_due: false,
    };
    assert!(matches!(
        world.add("eve", password, None),
        Err(CredentialError::Kdf(_))
    ));
    assert_eq!(world.store.rows().accounts.len(), 1);
}

fn staff(password_set_by: PasswordSetBy) -> crate::world::World {
    world_with(CredentialSettings {
        password_set_by,
        ..CredentialSettings::default()
    })
}

#[test]
fn k06_no_password_is_made_of_the_name_of_who_gets_it() {
    let world = staff(PasswordSetBy::Staff);
    let (password, name) = ("Hypatia.2026.Hypatia", "hypatia@provider.example");
    let given = || {
        let hashed = world.credentials.hash_password(&secret(password));
        hashed.unwrap().unwrap()
    };
    let refused = world.add(name, FirstPassword::Assigned(given()), None);
    assert!(matches!(
        refused,
        Err(CredentialError::Password(PasswordFlaw::Context))
    ));
    let other = world.add("theon", FirstPassword::Assigned(given()), None);
    assert!(other.is_ok(), "it says nothing of somebody else");
    let hypatia = world.add(name, FirstPassword::ToBeSet, None).unwrap();
    let refused = world.store.write(|tx| {
        world
            .credentials
            .assign_password(tx, hypatia, given(), &by(), T0)
    });
    assert!(matches!(
        refused,
        Err(CredentialError::Password(PasswordFlaw::Context))
    ));
    let invite = |tx: &mut crate::store::Rows| world.credentials.invite(tx, hypatia, &by(), T0);
    let link = world.store.write(invite).unwrap();
    let accept = |new: &str| {
        world
            .credentials
            .accept_invitation(&world.store, &link.secret, &secret(new), &world.source, T0)
            .unwrap()
    };
    let NewPassword::Again(Retry::Flaw(PasswordFlaw::Context)) = accept(password) else {
        panic!("taken from a link");
    };
    assert!(matches!(accept(NEXT), NewPassword::Set(_)));
    let SignIn::Done(proof) = world.try_sign_in(name, NEXT, T0) else {
        panic!("not signed in");
    };
    let session = world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap();
    let (fresh, _) = world.confirm(&session, NEXT, None, T0).unwrap();
    let NewPassword::Again(Retry::Flaw(PasswordFlaw::Context)) = change(&world, &fresh, password)
    else {
        panic!("taken from its owner");
    };
    assert!(!format!("{:?}", given()).contains("Hypatia"));
}

#[test]
fn k06_no_password_is_made_of_the_portals_name() {
    let world = world_with(CredentialSettings {
        context_words: vec!["Northwind Portal".to_owned()],
        ..CredentialSettings::default()
    });
    let flaw = |text: &str| {
        world
            .credentials
            .hash_password(&secret(text))
            .unwrap()
            .err()
    };
    for bulk in [
        "Northwind Portal",
        "northwindportal1",
        "PortalNorthwind2026",
    ] {
        assert_eq!(
            flaw(bulk),
            Some(Retry::Flaw(PasswordFlaw::Context)),
            "{bulk}"
        );
    }
    assert_eq!(flaw("a portal of many doors and keys"), None);
}
