use crate::world::{RIGHT, T0, by, world};
use portcullis_credentials::{Ended, LiveSession, SessionCheck, SessionSecret};
use portcullis_id::{State, Timestamp, hours, minutes};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;
use std::sync::atomic::Ordering;

fn ended(world: &crate::world::World, session: &SessionSecret, now: Timestamp) -> Ended {
    match world.check(session, now) {
        SessionCheck::Ended(ended) => ended,
        SessionCheck::Live(live) => panic!("{live:?}"),
    }
}

fn touch(world: &crate::world::World, live: &LiveSession, now: Timestamp) -> bool {
    world
        .store
        .write(|tx| world.credentials.touch(tx, live, now))
        .unwrap()
}

#[test]
fn a_session_check_is_one_statement() {
    let world = world();
    let session = world.begin(T0);
    let statements = world.store.rows().statements;
    statements.store(0, Ordering::SeqCst);
    assert_eq!(world.live(&session, T0).proof().user(), world.ada);
    assert_eq!(statements.load(Ordering::SeqCst), 1);
}

#[test]
fn the_secret_is_not_in_the_store() {
    let world = world();
    let session = world.begin(T0);
    let rows = world.store.rows();
    let dump = format!(
        "{:?}{:?}{:?}{:?}",
        rows.sessions, rows.tokens, rows.audit, rows.accounts
    );
    assert!(!dump.contains(session.expose()));
    assert!(!dump.contains(RIGHT));
    let digest = rows.sessions[0].digest;
    let text: String = digest
        .bytes()
        .iter()
        .map(|byte| char::from(*byte))
        .collect();
    assert_eq!(
        ended(&world, &SessionSecret::from(text), T0),
        Ended::Unknown
    );
}

#[test]
fn a_session_ends_when_idle_and_at_its_limit() {
    let world = world();
    let session = world.begin(T0);
    let tick = chrono::TimeDelta::milliseconds(1);
    let idle = T0.after(hours(1));
    let _ = world.live(&session, idle.before(tick));
    assert_eq!(ended(&world, &session, idle), Ended::Idle);
    let mut now = T0;
    while now < T0.after(hours(24)) {
        assert_eq!(touch(&world, &world.live(&session, now), now), now > T0);
        now = now.after(minutes(30));
    }
    let _ = world.live(&session, T0.after(hours(24)).before(tick));
    assert_eq!(ended(&world, &session, T0.after(hours(24))), Ended::TooOld);
}

#[test]
fn last_seen_is_written_only_when_due() {
    let world = world();
    let session = world.begin(T0);
    let soon = T0.after(minutes(1));
    assert!(!touch(&world, &world.live(&session, soon), soon));
    let due = soon.after(chrono::TimeDelta::milliseconds(1));
    let (one, other) = (world.live(&session, due), world.live(&session, due));
    assert!(touch(&world, &one, due));
    assert!(
        !touch(&world, &other, due),
        "two requests at once write it once"
    );
}

#[test]
fn bug38_suspension_and_disabling_end_every_session_at_once() {
    let world = world();
    let session = world.begin(T0);
    assert!(
        world
            .store
            .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0))
            .unwrap()
    );
    assert_eq!(ended(&world, &session, T0), Ended::Superseded);
    assert!(
        world
            .store
            .write(|tx| world.credentials.resume(tx, world.ada, &by(), T0))
            .unwrap()
    );
    assert_eq!(ended(&world, &session, T0), Ended::Superseded);
    let session = world.begin(T0);
    assert!(
        world
            .store
            .write(|tx| world.credentials.disable(tx, world.ada, &by(), T0))
            .unwrap()
    );
    assert_eq!(ended(&world, &session, T0), Ended::Superseded);
}

#[test]
fn d33_removal_ends_every_session_at_once() {
    let world = world();
    let session = world.begin(T0);
    world
        .store
        .write(|tx| world.credentials.remove_account(tx, world.ada, &by(), T0))
        .unwrap();
    assert_eq!(ended(&world, &session, T0), Ended::Unknown);
}

#[test]
fn s27_a_session_ends_on_the_tick_of_its_accounts_end() {
    let world = world();
    let day = NonZeroU32::new(1);
    let at = T0.after(hours(23)).after(minutes(30));
    world
        .store
        .write(|tx| world.credentials.set_expiry(tx, world.ada, day, &by(), T0))
        .unwrap();
    let session = world.begin(at);
    let end = T0.after(hours(24));
    let just = end.before(chrono::TimeDelta::milliseconds(1));
    assert_eq!(world.live(&session, just).standing().until(), Some(end));
    assert_eq!(
        ended(&world, &session, end),
        Ended::Standing(State::Expired)
    );
}

#[test]
fn a_rehash_or_a_sign_in_elsewhere_ends_nothing() {
    let world = world();
    let first = world.begin(T0);
    let second = world.begin(T0);
    assert_ne!(first.expose(), second.expose());
    let _ = (world.live(&first, T0), world.live(&second, T0));
}

#[test]
fn signing_out_ends_one_and_an_administrator_ends_all() {
    let world = world();
    let (first, second, third) = (world.begin(T0), world.begin(T0), world.begin(T0));
    let live = world.live(&first, T0);
    world
        .store
        .write(|tx| world.credentials.sign_out(tx, &live, T0))
        .unwrap();
    assert_eq!(ended(&world, &first, T0), Ended::Unknown);
    let _ = world.live(&second, T0);
    let all =
        |tx: &mut crate::store::Rows| world.credentials.end_sessions(tx, world.ada, &by(), T0);
    assert_eq!(world.store.write(all).unwrap(), 2);
    assert_eq!(ended(&world, &second, T0), Ended::Unknown);
    assert_eq!(ended(&world, &third, T0), Ended::Unknown);
}

#[test]
fn a_clock_that_goes_back_ends_nothing() {
    let world = world();
    let session = world.begin(T0);
    let _ = world.live(&session, T0.before(hours(5)));
}
