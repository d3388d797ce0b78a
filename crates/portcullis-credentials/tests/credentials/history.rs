//! Passwords that are not to be used again.

use crate::reset::{ask, link, mail, tail};
use crate::store::Rows;
use crate::world::{NEXT, RIGHT, T0, World, by, old, plain, ring, secret, world_with};
use chrono::TimeDelta;
use portcullis_credentials::{
    Accounts, Cause, ChangePassword, CredentialPolicy, CredentialSettings, Enclosure,
    FormerPasswords, HashBudget, InvitationPayload, NewPassword, PasswordFlaw, PasswordHash,
    PasswordSetBy, PasswordStep, Retry, SignIn, Step, TokenSecret,
};
use portcullis_id::{Timestamp, hours};
use portcullis_ledger::StoreExt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const THIRD: &str = "the third password";
const FOURTH: &str = "the fourth password";

fn settings(password_history: u32) -> CredentialSettings {
    CredentialSettings {
        password_history,
        password_set_by: PasswordSetBy::StaffThenChange,
        base_address: Some("https://portal.example/app/".to_owned()),
        ..CredentialSettings::default()
    }
}

fn remembering(password_history: u32) -> World {
    world_with(settings(password_history))
}

fn later(tick: i64) -> Timestamp {
    T0.after(TimeDelta::milliseconds(tick))
}

/// What came of one of the ways in which a user sets a password.
type Outcome = Result<(), Retry>;

fn outcome<T>(new: &NewPassword<T>) -> Outcome {
    match new {
        NewPassword::Set(_) => Ok(()),
        NewPassword::Again(retry) => Err(*retry),
        NewPassword::Refused(refusal) => panic!("{:?}", refusal.cause()),
    }
}

fn invited(world: &World, now: Timestamp) -> TokenSecret {
    let invite = |tx: &mut Rows| world.credentials.invite(tx, world.ada, &by(), now);
    world.store.write(invite).unwrap().secret
}

fn accept(world: &World, link: &TokenSecret, new: &str, now: Timestamp) -> Outcome {
    let (store, from) = (&world.store, &world.source);
    let set = world
        .credentials
        .accept_invitation(store, link, &secret(new), from, now);
    outcome(&set.unwrap())
}

fn by_link(world: &World, new: &str, now: Timestamp) -> Outcome {
    accept(world, &invited(world, now), new, now)
}

fn by_reset(world: &World, new: &str, now: Timestamp) -> Outcome {
    ask(world, "ada", now).unwrap();
    let link = tail(&link(world, &mail(world).unwrap(), now).unwrap());
    let (store, from) = (&world.store, &world.source);
    let set = world
        .credentials
        .finish_reset(store, &link, &secret(new), from, now);
    outcome(&set.unwrap())
}

fn by_oneself(world: &World, current: &str, new: &str, now: Timestamp) -> Outcome {
    let proof = world.sign_in(current, now).unwrap();
    let (store, from) = (&world.store, &world.source);
    let session = world.credentials.start_session(store, proof, now).unwrap();
    let (fresh, _) = world.confirm(&session, current, None, now).unwrap();
    let set = world
        .credentials
        .change_password(store, &fresh, &secret(new), from, now);
    outcome(&set.unwrap())
}

fn forced(world: &World, current: &str, new: &str, now: Timestamp) -> Outcome {
    let SignIn::ChangePassword(step) = world.try_sign_in("ada", current, now) else {
        panic!("no change is due");
    };
    let step: Step<ChangePassword> = step;
    let (store, from) = (&world.store, &world.source);
    let set = world
        .credentials
        .set_new_password(store, step, &secret(new), from, now);
    match set.unwrap() {
        PasswordStep::Onward(SignIn::Done(_)) => Ok(()),
        PasswordStep::Again(_, retry) => Err(retry),
        other @ PasswordStep::Onward(_) => panic!("{other:?}"),
    }
}

fn assign(world: &World, new: &str, now: Timestamp) {
    let hashed = world.credentials.hash_password(&secret(new)).unwrap();
    let hashed = hashed.unwrap();
    let give = |tx: &mut Rows| {
        world
            .credentials
            .assign_password(tx, world.ada, hashed, &by(), now)
    };
    world.store.write(give).unwrap();
}

/// Newest first.
fn kept(world: &World) -> Vec<String> {
    let read = |tx: &mut Rows| tx.former_passwords(world.ada, 99);
    let rows = world.store.read(read).unwrap();
    let texts = rows.iter().map(|one| one.password.expose().to_owned());
    texts.collect()
}

fn plains(passwords: &[&str]) -> Vec<String> {
    let hashes = passwords.iter().map(|password| plain(password));
    hashes.map(|hash| hash.expose().to_owned()).collect()
}

const USED: Outcome = Err(Retry::Flaw(PasswordFlaw::UsedBefore));
const SAME: Outcome = Err(Retry::Flaw(PasswordFlaw::Same));

#[test]
fn k06_the_last_three_are_not_taken_again_on_any_way() {
    let world = remembering(3);
    assert_eq!(by_link(&world, RIGHT, later(1)), USED, "the present one");
    assert_eq!(by_link(&world, NEXT, later(2)), Ok(()));
    assert_eq!(by_reset(&world, THIRD, later(3)), Ok(()));
    assert_eq!(kept(&world), plains(&[NEXT, RIGHT]));
    for used in [RIGHT, NEXT, THIRD] {
        assert_eq!(by_link(&world, used, later(4)), USED, "{used}");
    }
    let link_of_a_reset = by_reset(&world, RIGHT, later(5));
    assert_eq!(link_of_a_reset, USED);
    for (used, said) in [(RIGHT, USED), (NEXT, USED), (THIRD, SAME)] {
        assert_eq!(by_oneself(&world, THIRD, used, later(6)), said, "{used}");
    }
    let due = |tx: &mut Rows| tx.demand_change(world.ada);
    assert!(world.store.write(due).unwrap());
    for (used, said) in [(RIGHT, USED), (NEXT, USED), (THIRD, SAME)] {
        assert_eq!(forced(&world, THIRD, used, later(7)), said, "{used}");
    }
    assert_eq!(forced(&world, THIRD, FOURTH, later(8)), Ok(()));
    // The fourth before it may come back, and the others move up.
    assert_eq!(kept(&world), plains(&[THIRD, NEXT]));
    assert_eq!(by_oneself(&world, FOURTH, RIGHT, later(9)), Ok(()));
    assert_eq!(kept(&world), plains(&[FOURTH, THIRD]));
}

#[test]
fn k06_without_a_history_nothing_is_kept_or_compared() {
    let world = remembering(0);
    let runs = world.kdf.count();
    assert_eq!(by_link(&world, RIGHT, T0), Ok(()));
    assert_eq!(by_link(&world, NEXT, T0), Ok(()));
    assert_eq!(world.kdf.count(), runs);
    assert!(kept(&world).is_empty());
    let world = remembering(1);
    assert_eq!(by_link(&world, RIGHT, T0), USED);
    assert_eq!(by_link(&world, NEXT, T0), Ok(()));
    assert_eq!(by_link(&world, RIGHT, T0), Ok(()), "the present one alone");
    assert!(kept(&world).is_empty());
    let error = CredentialPolicy::new(settings(11)).unwrap_err();
    assert_eq!(error.knob(), "password_history");
    assert!(CredentialPolicy::new(settings(10)).is_ok());
}

#[test]
fn k06_what_is_beyond_a_shorter_history_goes_with_the_next_change() {
    let mut world = remembering(10);
    for (tick, new) in [(1, NEXT), (2, THIRD), (3, FOURTH)] {
        assert_eq!(by_link(&world, new, later(tick)), Ok(()));
    }
    assert_eq!(kept(&world), plains(&[THIRD, NEXT, RIGHT]));
    for (history, left) in [(2, vec![FOURTH]), (0, Vec::new())] {
        world.credentials = remembering(history)
            .credentials
            .with_key_ring(Arc::new(ring("first", 1)));
        let new = format!("a password of its own, {history}");
        assert_eq!(by_link(&world, &new, later(9)), Ok(()));
        assert_eq!(kept(&world), plains(&left));
    }
}

#[test]
fn d31_what_staff_gives_out_is_not_compared_and_is_kept() {
    let world = remembering(3);
    assign(&world, RIGHT, later(1));
    assert_eq!(kept(&world), plains(&[RIGHT]), "given again");
    assign(&world, NEXT, later(2));
    assert_eq!(forced(&world, NEXT, RIGHT, later(3)), USED);
    assert_eq!(forced(&world, NEXT, THIRD, later(4)), Ok(()));
    assert_eq!(by_link(&world, NEXT, later(5)), USED);
}

#[test]
fn choice15_a_password_that_was_mailed_over_another_keeps_it() {
    let world = world_with(CredentialSettings {
        password_set_by: PasswordSetBy::GeneratedThenChange,
        invitation_payload: InvitationPayload::Credentials,
        ..settings(3)
    });
    let letter = Enclosure::Password(world.credentials.generate_password().unwrap().unwrap());
    let send = |tx: &mut Rows| {
        let credentials = &world.credentials;
        credentials.mail_invitation(tx, world.ada, letter, None, &by(), T0)
    };
    let _ = world.store.write(send).unwrap();
    assert_eq!(kept(&world), plains(&[RIGHT]));
}

#[test]
fn bug38_a_new_hash_of_the_same_password_is_no_former_one() {
    let world = remembering(5);
    let outdate = |tx: &mut Rows| tx.replace_hash(world.ada, &plain(RIGHT), &old(RIGHT));
    assert!(world.store.write(outdate).unwrap());
    let _ = world.begin(T0);
    assert!(kept(&world).is_empty());
    // Replaced while the new password was being hashed: what is kept is what was there at the end.
    assert!(world.store.write(outdate).unwrap());
    let link = invited(&world, T0);
    let (set, _) = world.paused(
        || accept(&world, &link, NEXT, T0),
        || {
            let put = |tx: &mut Rows| tx.replace_hash(world.ada, &old(RIGHT), &plain(RIGHT));
            world.store.write(put).unwrap()
        },
    );
    assert_eq!(set, Ok(()));
    assert_eq!(kept(&world), plains(&[RIGHT]));
}

#[test]
fn bug20_a_link_that_is_not_live_compares_nothing() {
    let world = remembering(5);
    assert_eq!(by_link(&world, NEXT, T0), Ok(()));
    let dead = invited(&world, T0);
    let late = T0.after(hours(100));
    let used = invited(&world, T0);
    assert_eq!(accept(&world, &used, THIRD, T0), Ok(()));
    let locked = invited(&world, T0);
    world.fail(5, T0);
    let (runs, made) = (world.kdf.count(), world.kdf.made.load(Ordering::SeqCst));
    for (link, now) in [
        (&dead, T0),
        (&used, T0),
        (&locked, T0),
        (&locked, late),
        (&TokenSecret::from("made up"), T0),
    ] {
        let before = world.store.rows().statements.load(Ordering::SeqCst);
        let mut costs = Vec::new();
        for new in [RIGHT, NEXT, THIRD, FOURTH] {
            let (store, from) = (&world.store, &world.source);
            let set = world
                .credentials
                .accept_invitation(store, link, &secret(new), from, now);
            assert!(matches!(set.unwrap(), NewPassword::Refused(_)), "{new}");
            costs.push(world.store.rows().statements.load(Ordering::SeqCst));
        }
        let each = costs[0] - before;
        let apart: Vec<_> = costs.windows(2).map(|two| two[1] - two[0]).collect();
        assert_eq!(apart, [each; 3]);
    }
    assert_eq!(world.kdf.count(), runs);
    assert_eq!(world.kdf.made.load(Ordering::SeqCst), made);
}

#[test]
fn k06_ten_comparisons_take_one_turn() {
    let mut world = remembering(10);
    for tick in 0..9 {
        let new = format!("a password of its own, {tick}");
        assert_eq!(by_link(&world, &new, later(tick)), Ok(()));
    }
    let one = HashBudget::new(NonZeroUsize::new(1).unwrap(), 0);
    world.credentials = world.credentials.with_budget(one);
    let (link, runs) = (invited(&world, later(9)), world.kdf.count());
    assert_eq!(accept(&world, &link, NEXT, later(9)), Ok(()));
    assert_eq!(world.kdf.count(), runs + 10, "the present one and nine");
    assert_eq!(kept(&world).len(), 9);
}

#[test]
fn k06_sealed_former_hashes_are_compared_and_sealed_anew() {
    let mut world = world_with(CredentialSettings {
        seal_hashes: true,
        ..settings(3)
    });
    assert_eq!(by_link(&world, NEXT, later(1)), Ok(()));
    assert_eq!(by_link(&world, THIRD, later(2)), Ok(()));
    assert!(kept(&world).iter().all(|one| one.starts_with("x1$first$")));
    let first = data_encoding::BASE64.encode(&[1; 32]);
    let both = ring("second", 2).opening("first", &secret(&first)).unwrap();
    world.credentials = world.credentials.with_key_ring(Arc::new(both));
    let reseal = |world: &World| {
        let outcome = world.credentials.reseal(&world.store, &by(), T0).unwrap();
        assert!(outcome.old_keys_may_leave());
        outcome.resealed()
    };
    assert_eq!((reseal(&world), reseal(&world)), (3, 0));
    assert!(kept(&world).iter().all(|one| one.starts_with("x1$second$")));
    world.credentials = world.credentials.with_key_ring(Arc::new(ring("second", 2)));
    for used in [RIGHT, NEXT, THIRD] {
        assert_eq!(by_link(&world, used, later(3)), USED, "{used}");
    }
    assert_eq!(by_link(&world, FOURTH, later(4)), Ok(()));
}

#[test]
fn k06_a_history_goes_with_the_account_and_into_no_directory() {
    let world = remembering(5);
    assert_eq!(by_link(&world, NEXT, T0), Ok(()));
    let directory = |tx: &mut Rows| {
        tx.set_directory(world.ada, true)?;
        let credentials = &world.credentials;
        credentials.set_directory(tx, world.ada, false, &by(), T0)
    };
    assert!(world.store.write(directory).unwrap());
    assert!(kept(&world).is_empty());
    let world = remembering(5);
    assert_eq!(by_link(&world, NEXT, T0), Ok(()));
    let remove = |tx: &mut Rows| world.credentials.remove_account(tx, world.ada, &by(), T0);
    world.store.write(remove).unwrap();
    assert!(world.store.rows().former.is_empty());
}

#[test]
fn a_former_hash_that_cannot_be_used_keeps_nobody_from_a_new_password() {
    let world = remembering(5);
    let broken = PasswordHash::from_phc("of another program");
    let put = |tx: &mut Rows| tx.replace_hash(world.ada, &plain(RIGHT), &broken);
    assert!(world.store.write(put).unwrap());
    assert_eq!(by_link(&world, NEXT, later(1)), Ok(()));
    assert_eq!(kept(&world), [broken.expose()]);
    assert_eq!(by_link(&world, THIRD, later(2)), Ok(()));
}

#[test]
fn bug14_a_clock_set_back_forgets_none_of_the_last() {
    let world = remembering(3);
    let ahead = T0.after(hours(1_000_000));
    for (now, new) in [(ahead, NEXT), (T0, THIRD), (T0, FOURTH)] {
        assert_eq!(by_link(&world, new, now), Ok(()));
    }
    assert_eq!(kept(&world), plains(&[THIRD, NEXT]));
    assert_eq!(by_link(&world, THIRD, T0), USED);
    // At the end of time one takes the place of another, and nothing panics.
    for new in [RIGHT, NEXT, THIRD] {
        let _ = by_link(&world, new, Timestamp::MAX.before(hours(100)));
    }
    assert_eq!(
        world.sign_in("nothing of these", T0).unwrap_err(),
        Cause::WrongPassword
    );
}
