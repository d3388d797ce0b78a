//! Asking who is signed in who they are, once more, before what is sensitive.

use crate::phone::later;
use crate::store::Rows;
use crate::world::{NEXT, RIGHT, T0, WRONG, World, by, secret, until_admin, world, world_with};
use portcullis_credentials::{
    Cause, Current, Ended, FactorCode, Fresh, NewPassword, OwnSession, Reauthentication, Refusal,
    SessionCheck, SessionSecret, Shown, SignIn,
};
use portcullis_id::{SessionId, State, Timestamp, days, minutes};
use portcullis_ledger::{Recipient, StoreExt};
use std::num::NonZeroU32;

type Answer<T> = Result<T, Refusal>;

fn end_others(world: &World, fresh: &Fresh, now: Timestamp) -> Answer<u64> {
    let ended = world
        .credentials
        .end_other_sessions(&world.store, fresh, &world.source, now);
    ended.unwrap()
}

fn end_one(world: &World, fresh: &Fresh, session: SessionId) -> Answer<bool> {
    let ended = world
        .credentials
        .end_own_session(&world.store, fresh, session, &world.source, T0);
    ended.unwrap()
}

fn ended(world: &World, session: &SessionSecret) -> Option<Ended> {
    match world.check(session, T0) {
        SessionCheck::Live(_) => None,
        SessionCheck::Ended(ended) => Some(ended),
    }
}

fn list(world: &World, session: &SessionSecret, now: Timestamp) -> Vec<OwnSession> {
    let live = world.live(session, now);
    let read = |tx: &mut Rows| world.credentials.own_sessions(tx, &live, now);
    world.store.read(read).unwrap()
}

#[test]
fn s19_a_confirmation_takes_the_password_and_changes_the_sessions_secret() {
    let world = world();
    let session = world.begin(T0);
    world.fail(2, T0);
    let id = world.live(&session, T0).id();
    let (fresh, next) = world.confirm(&session, RIGHT, None, T0).unwrap();
    assert_eq!((fresh.user(), fresh.session()), (world.ada, id));
    assert_eq!(ended(&world, &session), Some(Ended::Unknown), "ASVS 7.2.4");
    assert_eq!(world.live(&next, T0).id(), id, "it goes on");
    assert_eq!(world.tries().counted, 0, "a success like any other");
    assert_eq!(world.last_action(), "session.confirm");
    assert!(!format!("{fresh:?}").contains(next.expose()));
}

#[test]
fn s19_wrong_passwords_at_a_confirmation_count_and_lock_like_any_other() {
    let world = world_with(until_admin());
    let session = world.begin(T0);
    let no = |password| world.confirm(&session, password, None, T0).map(drop);
    for _ in 0..5 {
        assert_eq!(no(WRONG), Err(Cause::WrongPassword));
    }
    let runs = world.kdf.count();
    assert_eq!(no(RIGHT), Err(Cause::Locked(Timestamp::MAX)));
    assert_eq!(world.kdf.count(), runs, "at the start: nothing is run");
    let signed_in = world.sign_in(RIGHT, T0).map(drop);
    assert_eq!(signed_in, Err(Cause::Locked(Timestamp::MAX)));
    assert_eq!(ended(&world, &session), None, "the session goes on");
}

#[test]
fn the_last_try_that_is_right_locks_nothing() {
    let world = world_with(until_admin());
    let session = world.begin(T0);
    world.fail(4, T0);
    let _ = world.confirm(&session, RIGHT, None, T0).unwrap();
    assert_eq!(world.tries().locked_until, None);
}

#[test]
fn s29_where_there_is_a_factor_its_code_is_asked_for_and_the_password_alone_is_not_looked_at() {
    let world = world();
    let (phone, _) = world.enrolled();
    let then = later(T0, -2);
    let proof = world.with_code(FactorCode::App(&phone.code(then)), then);
    let session = world
        .credentials
        .start_session(&world.store, proof.unwrap(), then)
        .unwrap();
    world.fail(1, T0);
    let (live, runs) = (world.live(&session, T0), world.kdf.count());
    let (store, from) = (&world.store, &world.source);
    for password in [RIGHT, WRONG] {
        let current = secret(password);
        let answer =
            world
                .credentials
                .reauthenticate(store, &live, Current::Password(&current), from, T0);
        assert!(matches!(answer.unwrap(), Reauthentication::CodeDue));
    }
    assert_eq!((world.kdf.count(), world.tries().counted), (runs, 1));
    let wrong = phone.wrong(T0);
    let code = Some(FactorCode::App(&wrong));
    let no = world.confirm(&session, RIGHT, code, T0).map(drop);
    assert_eq!(no, Err(Cause::WrongCode));
    assert_eq!(
        world.tries().counted,
        1,
        "a right password alone forgets nothing"
    );
    let right = phone.code(T0);
    let code = Some(FactorCode::App(&right));
    let (_, session) = world.confirm(&session, RIGHT, code, T0).unwrap();
    assert_eq!(world.tries().counted, 0);
    let again = world.confirm(&session, RIGHT, code, T0).map(drop);
    assert_eq!(again, Err(Cause::UsedCode), "bug 32: good once, here too");
}

#[test]
fn bug06_a_session_that_ended_or_an_account_that_expired_confirms_nothing() {
    let world = world();
    let session = world.begin(T0);
    let live = world.live(&session, T0);
    let runs = world.kdf.count();
    let confirm = || {
        let (store, from, current) = (&world.store, &world.source, secret(RIGHT));
        let answer =
            world
                .credentials
                .reauthenticate(store, &live, Current::Password(&current), from, T0);
        match answer.unwrap() {
            Reauthentication::Refused(refusal) => refusal.cause(),
            other => panic!("{other:?}"),
        }
    };
    let expire = |at: Timestamp| {
        let day = NonZeroU32::new(1);
        let set = |tx: &mut Rows| {
            world
                .credentials
                .set_expiry(tx, world.ada, None, &by(), T0)?;
            world.credentials.set_expiry(tx, world.ada, day, &by(), at)
        };
        assert!(world.store.write(set).unwrap());
    };
    expire(T0.before(days(2)));
    assert_eq!(confirm(), Cause::Standing(State::Expired));
    expire(T0);
    let out = |tx: &mut Rows| world.credentials.sign_out(tx, &live, T0);
    world.store.write(out).unwrap();
    assert_eq!(confirm(), Cause::Superseded);
    assert_eq!(world.kdf.count(), runs, "refused at the start");
}

#[test]
fn bug06_what_happens_while_the_password_is_hashed_is_seen_at_the_finish() {
    type Meanwhile = fn(&World, &SessionSecret);
    let meanwhile: [(Meanwhile, Cause); 3] = [
        (
            |world, _| {
                let set = |tx: &mut Rows| world.credentials.suspend(tx, world.ada, &by(), T0);
                assert!(world.store.write(set).unwrap());
            },
            Cause::Superseded,
        ),
        (
            |world, session| {
                let live = world.live(session, T0);
                let out = |tx: &mut Rows| world.credentials.sign_out(tx, &live, T0);
                world.store.write(out).unwrap();
            },
            Cause::Superseded,
        ),
        (
            |world, _| {
                let (at, day) = (T0.before(days(2)), NonZeroU32::new(1));
                let set =
                    |tx: &mut Rows| world.credentials.set_expiry(tx, world.ada, day, &by(), at);
                assert!(world.store.write(set).unwrap());
            },
            Cause::Standing(State::Expired),
        ),
    ];
    for (meanwhile, cause) in meanwhile {
        let world = world();
        let session = world.begin(T0);
        let confirm = || world.confirm(&session, RIGHT, None, T0).map(drop);
        let (confirmed, ()) = world.paused(confirm, || meanwhile(&world, &session));
        assert_eq!(confirmed, Err(cause));
    }
}

#[test]
fn a_confirmation_is_good_for_its_minutes_in_its_session_and_its_generation() {
    let world = world();
    let (session, other) = (world.begin(T0), world.begin(T0));
    let (fresh, session) = world.confirm(&session, RIGHT, None, T0).unwrap();
    let (tick, late) = (chrono::TimeDelta::milliseconds(1), T0.after(minutes(10)));
    assert_eq!(end_others(&world, &fresh, late.before(tick)), Ok(1));
    assert_eq!(ended(&world, &other), Some(Ended::Unknown));
    let refusal = end_others(&world, &fresh, late).unwrap_err();
    assert_eq!(refusal.cause(), Cause::NotFresh);
    assert_eq!(refusal.shown(), Shown::ConfirmAgain);
    let change = |fresh| {
        let (new, from) = (secret(NEXT), &world.source);
        world
            .credentials
            .change_password(&world.store, fresh, &new, from, late)
            .unwrap()
    };
    let NewPassword::Refused(refusal) = change(&fresh) else {
        panic!("changed on a confirmation that had run out");
    };
    assert_eq!(refusal.cause(), Cause::NotFresh);

    let (next, session) = world.confirm(&session, RIGHT, None, T0).unwrap();
    let refusal = end_others(&world, &fresh, T0).unwrap_err();
    assert_eq!(
        refusal.cause(),
        Cause::Superseded,
        "a later one replaced it"
    );
    assert_eq!(ended(&world, &session), None);
    let third = world.fresh(T0);
    let set = |tx: &mut Rows| world.credentials.demand_change(tx, world.ada, &by(), T0);
    assert!(world.store.write(set).unwrap());
    for dead in [&next, &third] {
        let refusal = end_others(&world, dead, T0).unwrap_err();
        assert_eq!(refusal.cause(), Cause::Standing(State::ChangeDue));
    }
}

#[test]
fn bug06_a_lock_reached_after_the_confirmation_stops_the_change() {
    let world = world_with(until_admin());
    let fresh = world.fresh(T0);
    world.fail(5, T0);
    let (new, from) = (secret(NEXT), &world.source);
    let changed = world
        .credentials
        .change_password(&world.store, &fresh, &new, from, T0);
    let NewPassword::Refused(refusal) = changed.unwrap() else {
        panic!("changed behind a lock");
    };
    assert_eq!(refusal.cause(), Cause::Locked(Timestamp::MAX));
}

#[test]
fn one_sees_ones_own_live_sessions_and_ends_one_or_all_others() {
    let world = world();
    let eve = world
        .add("eve", crate::world::imported(RIGHT), None)
        .unwrap();
    let SignIn::Done(proof) = world.try_sign_in("eve", RIGHT, T0) else {
        panic!("eve may");
    };
    let store = &world.store;
    let eves = world.credentials.start_session(store, proof, T0).unwrap();
    let early = T0.before(minutes(61));
    let (_idle, first) = (world.begin(early), world.begin(T0));
    let (second, third) = (world.begin(T0), world.begin(T0));
    let id = |session: &_| world.live(session, T0).id();
    let (ids, this) = ([id(&third), id(&second), id(&first)], id(&second));
    let listed = list(&world, &second, T0);
    let mut seen: Vec<_> = listed.iter().map(|one| one.id).collect();
    seen.sort_unstable();
    let mut mine = ids.to_vec();
    mine.sort_unstable();
    assert_eq!(seen, mine, "without the idle one and without eve's");
    assert!(listed.iter().all(|one| one.this == (one.id == this)));
    assert!(
        listed
            .iter()
            .all(|one| (one.began_at, one.seen_at) == (T0, T0))
    );

    let (fresh, second) = world.confirm(&second, RIGHT, None, T0).unwrap();
    assert_eq!(end_one(&world, &fresh, id(&eves)), Ok(false), "not theirs");
    assert_eq!(ended(&world, &eves), None);
    assert_eq!(end_one(&world, &fresh, ids[2]), Ok(true));
    assert_eq!(end_one(&world, &fresh, ids[2]), Ok(false), "gone already");
    assert_eq!(world.last_action(), "session.end");
    assert_eq!(ended(&world, &first), Some(Ended::Unknown));
    assert_eq!(ended(&world, &third), None);
    assert_eq!(
        end_others(&world, &fresh, T0),
        Ok(2),
        "third, and the idle one"
    );
    assert_eq!(world.last_action(), "session.end-others");
    assert_eq!(ended(&world, &third), Some(Ended::Unknown));
    assert_eq!((ended(&world, &second), ended(&world, &eves)), (None, None));
    assert_eq!(list(&world, &second, T0).len(), 1);
    let _ = eve;
}

#[test]
fn bug26_a_change_of_address_ends_every_session_and_kills_every_link() {
    let world = world();
    let session = world.begin(T0);
    let invite = |tx: &mut Rows| world.credentials.invite(tx, world.ada, &by(), T0);
    let link = world.store.write(invite).unwrap().secret;
    let before = Some("ada@p.example");
    let change = |tx: &mut Rows, user| {
        let credentials = &world.credentials;
        credentials.email_changed(tx, user, before, &by(), T0)
    };
    assert!(world.store.write(|tx| change(tx, world.ada)).unwrap());
    assert_eq!(ended(&world, &session), Some(Ended::Superseded));
    assert_eq!(world.last_action(), "account.email");
    let mails = world.store.rows().mails;
    let told: Vec<_> = mails
        .into_iter()
        .map(|mail| (mail.event, mail.to))
        .collect();
    let former = Recipient::FormerAddress {
        user: world.ada,
        address: "ada@p.example".to_owned(),
    };
    let both = [former, Recipient::User(world.ada)];
    assert_eq!(told, both.map(|to| ("account.email".to_owned(), to)));
    let (new, from) = (secret(NEXT), &world.source);
    let used = world
        .credentials
        .accept_invitation(&world.store, &link, &new, from, T0);
    let NewPassword::Refused(refusal) = used.unwrap() else {
        panic!("the link of the address before was taken");
    };
    assert_eq!(refusal.cause(), Cause::Superseded);
    let nobody = portcullis_id::UserId::new(T0, &*world.draws).unwrap();
    let before = world.store.rows().audit.len();
    assert!(!world.store.write(|tx| change(tx, nobody)).unwrap());
    assert_eq!(world.store.rows().audit.len(), before);
}
