//! Locks that last until an administrator unlocks: told once, never gone in silence, and no lever for
//! whoever wants to keep the writers busy.

use crate::store::{MapStore, Rows};
use crate::world::{RIGHT, T0, WRONG, World, plain, secret, until_admin, world_with};
use portcullis_credentials::{
    Account, Accounts, Administrators, Cause, CredentialSettings, Credentials, FactorCode, SignIn,
    Tries,
};
use portcullis_id::Timestamp;
use portcullis_ledger::{Mode, Store, StoreError, StoreExt};
use std::sync::Mutex;

fn at_the_second() -> World {
    world_with(CredentialSettings {
        lock_threshold: 2,
        ..until_admin()
    })
}

fn told(world: &World) -> Vec<(String, String)> {
    let audit = world.store.rows().audit.into_iter();
    let told = audit.filter(|entry| ["account.locked", "account.unlock"].contains(&&*entry.action));
    told.map(|entry| (entry.action, entry.detail)).collect()
}

fn mailed(world: &World) -> usize {
    let mails = world.store.rows().mails;
    mails
        .iter()
        .filter(|mail| mail.event == "account.locked")
        .count()
}

const FOR_GOOD: &str = "locked until an administrator unlocks, from 10.0.0.1";

/// The attempt that reaches the lock is still being weighed when somebody meets the lock.
#[test]
fn bug12_a_lock_is_told_once_whoever_makes_it_last() {
    let world = at_the_second();
    world.fail(1, T0);
    let (reached, met) = world.while_hashing(WRONG, || world.sign_in(WRONG, T0));
    assert_eq!(reached.unwrap_err(), Cause::WrongPassword);
    assert!(matches!(met.unwrap_err(), Cause::Locked(_)));
    assert_eq!(world.tries().locked_until, Some(Timestamp::MAX));
    let locked = ("account.locked".to_owned(), FOR_GOOD.to_owned());
    assert_eq!((told(&world), mailed(&world)), (vec![locked], 1));
}

#[test]
fn choice23_a_lock_that_goes_with_a_right_password_leaves_a_line() {
    let world = at_the_second();
    world.fail(1, T0);
    let (reached, met) = world.while_hashing(RIGHT, || world.sign_in(WRONG, T0));
    assert!(reached.is_ok() && met.is_err());
    assert_eq!(world.tries().locked_until, None);
    let told = told(&world);
    let actions: Vec<_> = told.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["account.locked", "account.unlock"]);
    assert_eq!(
        told[1].1,
        "by an attempt that had counted towards it, from 10.0.0.1"
    );
    // Without a lock that lasted there is nothing to tell.
    let world = at_the_second();
    world.fail(1, T0);
    let _ = world.sign_in(RIGHT, T0).unwrap();
    assert_eq!(self::told(&world), []);
}

#[test]
fn choice23_a_lock_that_goes_with_an_attempt_taken_back_leaves_a_line() {
    let world = at_the_second();
    let (phone, _) = world.enrolled();
    let step = || match world.try_sign_in("ada", RIGHT, T0) {
        SignIn::SecondFactor(step) => step,
        other => panic!("{other:?}"),
    };
    let (step, met) = world.paused(step, || {
        world.fail(1, T0);
        world.sign_in(WRONG, T0)
    });
    assert!(matches!(met.unwrap_err(), Cause::Locked(_)));
    let told = told(&world);
    let actions: Vec<_> = told.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["account.locked", "account.unlock"]);
    let code = phone.code(T0);
    let _ = crate::phone::done(world.answer(step, FactorCode::App(&code), T0)).unwrap();
}

/// Writes down in which mode each unit of work ran.
struct Modes<'s>(&'s MapStore, Mutex<Vec<Mode>>);

impl Store for Modes<'_> {
    type Tx = Rows;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Rows) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.1.lock().unwrap().push(mode);
        self.0.with_tx(mode, work)
    }
}

#[test]
fn bug12_strangers_at_the_last_administrators_name_take_no_turn_among_the_writers() {
    for last in [true, false] {
        let mut world = at_the_second();
        let asked = Administrators::asked(move |_: &mut Rows, _, _| Ok(last));
        let (policy, draws) = (world.credentials.policy().clone(), world.draws.clone());
        world.credentials = Credentials::new(policy, asked, world.kdf.clone(), draws).unwrap();
        // Reached by a program that died over it, or kept timed for the last one's sake.
        let until = Some(Timestamp::from_millis(T0.millis() + 9_000_000));
        let locked = |tx: &mut Rows| {
            let account = tx.account(world.ada)?.unwrap();
            let tries = Tries {
                locked_until: until,
                counted: 2,
                in_a_row: 2,
                ..account.tries
            };
            let account = Account { tries, ..account };
            tx.remove_account(world.ada)?;
            tx.add_account(&account)
        };
        assert!(world.store.write(locked).unwrap());
        let store = Modes(&world.store, Mutex::default());
        for _ in 0..5 {
            let (credentials, from) = (&world.credentials, &world.source);
            let typed = secret(plain(WRONG).expose());
            let outcome = credentials.sign_in(&store, "ada", &typed, from, T0);
            let SignIn::Refused(refusal) = outcome.unwrap() else {
                panic!("it is locked");
            };
            assert!(matches!(refusal.cause(), Cause::Locked(_)));
        }
        let modes = store.1.into_inner().unwrap();
        let writes = modes.iter().filter(|mode| **mode == Mode::Write).count();
        assert_eq!(writes, usize::from(!last), "{modes:?}");
        let expected = if last { until } else { Some(Timestamp::MAX) };
        assert_eq!(world.tries().locked_until, expected);
        assert_eq!(told(&world).len(), usize::from(!last));
    }
}
