use crate::world::{RIGHT, T0, by, imported, world, world_with};
use portcullis_credentials::{
    Cause, CredentialError, CredentialSettings, FirstPassword, LoginName, NameFlaw,
};
use portcullis_id::{State, Timestamp, days};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;

#[test]
fn d05_s16_a_name_is_taken_in_every_spelling() {
    let world = world();
    for spelling in ["Ada", "ADA", " ada", "ａｄａ"] {
        let taken = world.add(spelling, FirstPassword::ToBeSet, None);
        assert!(
            matches!(taken, Err(CredentialError::NameTaken)),
            "{spelling}"
        );
    }
    world.add("adam", FirstPassword::ToBeSet, None).unwrap();
}

#[test]
fn s27_choice10_an_account_expires_after_exactly_n_days() {
    let world = world();
    set_expiry(&world, Some(30), T0);
    let end = T0.after(days(30));
    let _ = world
        .sign_in(RIGHT, end.before(chrono::TimeDelta::milliseconds(1)))
        .unwrap();
    for late in [end, end.after(days(1)), Timestamp::MAX] {
        assert_eq!(
            world.sign_in(RIGHT, late).unwrap_err(),
            Cause::Standing(State::Expired)
        );
    }
}

#[test]
fn choice10_saving_the_same_number_again_does_not_restart_it() {
    let world = world();
    assert!(set_expiry(&world, Some(30), T0));
    assert!(!set_expiry(&world, Some(30), T0.after(days(20))));
    assert!(!set_expiry(&world, Some(30), T0.after(days(40))));
    assert_eq!(
        world.sign_in(RIGHT, T0.after(days(30))).unwrap_err(),
        Cause::Standing(State::Expired)
    );
    assert!(set_expiry(&world, Some(31), T0.after(days(40))));
    let _ = world.sign_in(RIGHT, T0.after(days(70))).unwrap();
}

#[test]
fn s28_without_the_box_an_account_does_not_expire() {
    let world = world();
    let _ = world.sign_in(RIGHT, T0.after(days(36_500))).unwrap();
    set_expiry(&world, Some(1), T0);
    assert!(set_expiry(&world, None, T0));
    let _ = world.sign_in(RIGHT, T0.after(days(36_500))).unwrap();
}

#[test]
fn s27_the_longest_expiry_does_not_wrap() {
    let world = world();
    let eve = world
        .add("eve", imported(RIGHT), NonZeroU32::new(u32::MAX))
        .unwrap();
    let rows = world.store.rows();
    let account = rows
        .accounts
        .iter()
        .find(|account| account.user == eve)
        .unwrap();
    assert_eq!(account.standing().at(T0), State::Usable);
}

#[test]
fn a_lock_from_wrong_passwords_is_not_in_the_standing() {
    let world = world();
    world.fail(5, T0);
    assert_eq!(
        world.store.rows().accounts[0].standing().at(T0),
        State::Usable
    );
}

#[test]
fn each_change_of_standing_leaves_an_entry_and_a_revision_and_none_that_is_none() {
    type Change =
        fn(&crate::world::World, &mut crate::store::Rows) -> Result<bool, CredentialError>;
    let changes: [(&str, State, Change); 4] = [
        ("account.suspend", State::Suspended, |w, tx| {
            w.credentials.suspend(tx, w.ada, &by(), T0)
        }),
        ("account.resume", State::Usable, |w, tx| {
            w.credentials.resume(tx, w.ada, &by(), T0)
        }),
        ("password.demand-change", State::ChangeDue, |w, tx| {
            w.credentials.demand_change(tx, w.ada, &by(), T0)
        }),
        ("account.disable", State::Disabled, |w, tx| {
            w.credentials.disable(tx, w.ada, &by(), T0)
        }),
    ];
    let world = world();
    for (action, state, change) in changes {
        let before = world.store.rows();
        assert!(
            world.store.write(|tx| change(&world, tx)).unwrap(),
            "{action}"
        );
        assert!(
            !world.store.write(|tx| change(&world, tx)).unwrap(),
            "{action} twice"
        );
        let after = world.store.rows();
        assert_eq!(after.accounts[0].standing().at(T0), state, "{action}");
        assert_eq!(after.policy, before.policy + 1, "{action}");
        assert_eq!(after.audit.len(), before.audit.len() + 1, "{action}");
        assert_eq!(world.last_action(), action);
    }
}

#[test]
fn nobody_is_changed_without_an_account() {
    let world = world();
    let remove = || {
        world
            .store
            .write(|tx| world.credentials.remove_account(tx, world.ada, &by(), T0))
    };
    remove().unwrap();
    assert!(matches!(remove(), Err(CredentialError::NoAccount(_))));
    let suspend = world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0));
    assert!(matches!(suspend, Err(CredentialError::NoAccount(_))));
    let unlock = world
        .store
        .write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0));
    assert!(matches!(unlock, Err(CredentialError::NoAccount(_))));
    assert_eq!(world.sign_in(RIGHT, T0).unwrap_err(), Cause::UnknownName);
}

#[test]
fn what_a_visitor_typed_as_a_name_is_not_in_the_audit() {
    let world = world();
    let _ = world.try_sign_in("my-secret-password", RIGHT, T0);
    assert!(!format!("{:?}", world.store.rows().audit).contains("my-secret"));
}

fn set_expiry(world: &crate::world::World, n: Option<u32>, now: Timestamp) -> bool {
    let n = n.and_then(NonZeroU32::new);
    world
        .store
        .write(|tx| world.credentials.set_expiry(tx, world.ada, n, &by(), now))
        .unwrap()
}

#[test]
fn d08_d10_d11_d12_user_names_of_up_to_15_letters_and_digits() {
    let compat = CredentialSettings::six_to_fifteen_letters_and_digits();
    let world = world_with(compat);
    let add = |login: &str| world.add(login, FirstPassword::ToBeSet, None);
    for fine in ["abcdefghijklmno", "123456789012345", "a1", "7", "ÄÖÜäöüß"] {
        assert!(add(fine).is_ok(), "{fine}");
    }
    for (not, flaw) in [
        ("abcdefghijklmnop", NameFlaw::TooManyCharacters { most: 15 }),
        ("eve.adams", NameFlaw::Character),
        ("eve@acme", NameFlaw::Character),
    ] {
        let refused = add(not);
        assert!(
            matches!(refused, Err(CredentialError::Name(of)) if of == flaw),
            "{not}: {refused:?}"
        );
    }
    assert_eq!(LoginName::parse(""), Err(NameFlaw::Empty));
    assert_eq!(LoginName::parse("eve adams"), Err(NameFlaw::Forbidden));
}
