//! Sessions and one-time tokens, bound to their account's epoch.

use crate::world::{RIGHT, T0, World, by, world};
use portcullis_credentials::{
    Digest, Ended, LiveSession, Purpose, Session, SessionCheck, SessionSecret, Sessions, SignIn,
    Token, Tokens,
};
use portcullis_id::{Epoch, SessionId, Timestamp, TokenId, minutes};
use portcullis_ledger::{StoreErrorKind, StoreExt};

#[test]
fn bug38_a_suspension_ends_every_session_through_the_epoch() {
    let world = world();
    let sessions = [begin(&world), begin(&world)];
    for session in &sessions {
        assert_eq!(live(&world, session).proof().user(), world.ada);
    }
    let suspended = world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0));
    assert!(suspended.unwrap());
    for session in &sessions {
        assert_eq!(ended(&world, session, T0), Ended::Superseded);
    }
    let resumed = world
        .store
        .write(|tx| world.credentials.resume(tx, world.ada, &by(), T0));
    assert!(resumed.unwrap());
    assert_eq!(
        ended(&world, &sessions[0], T0),
        Ended::Superseded,
        "they sign in anew"
    );
    let _ = live(&world, &begin(&world));
}

#[test]
fn bug06_a_proof_from_before_a_suspension_starts_no_session() {
    let world = world();
    let Ok(SignIn::Done(proof)) = world.sign_in(RIGHT) else {
        panic!("not signed in");
    };
    world
        .store
        .write(|tx| world.credentials.suspend(tx, world.ada, &by(), T0))
        .unwrap();
    assert!(
        world
            .credentials
            .start_session(&world.store, proof, T0)
            .is_err()
    );
    let left = world.store.write(|tx| tx.end_sessions(world.ada)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_session_check_is_one_statement_that_reads_by_an_index() {
    let world = world();
    let session = begin(&world);
    for _ in 0..50 {
        begin(&world);
    }
    let _ = live(&world, &session);
    let before = world.store.counters();
    let _ = live(&world, &session);
    let cost = world.store.counters() - before;
    assert_eq!((cost.statements, cost.rows, cost.scanned), (1, 1, 0));
}

#[test]
fn a_session_is_touched_when_due_and_ended_once() {
    let world = world();
    let session = begin(&world);
    let id = live(&world, &session).id();
    let later = T0.after(minutes(10));
    let touch = |now, due| {
        world
            .store
            .write(|tx| tx.touch_session(id, now, due))
            .unwrap()
    };
    assert!(!touch(later, T0), "seen at T0 is not before T0");
    assert!(touch(later, later));
    assert!(!touch(later, later));
    let end = || world.store.write(|tx| tx.end_session(id)).unwrap();
    assert!(end());
    assert!(!end());
    assert_eq!(ended(&world, &session, T0), Ended::Unknown);
}

#[test]
fn old_and_idle_sessions_are_dropped_on_their_tick() {
    let world = world();
    let tick = |n| Timestamp::from_millis(n);
    for (number, created, seen) in [(1, 10, 30), (2, 20, 20), (3, 20, 30)] {
        assert!(add(&world, number, tick(created), tick(seen)).unwrap());
    }
    let drop = |created, seen| {
        let dropped = world
            .store
            .write(|tx| tx.drop_sessions(tick(created), tick(seen)));
        dropped.unwrap()
    };
    assert_eq!(drop(9, 19), 0);
    assert_eq!(drop(10, 19), 1);
    assert_eq!(drop(9, 20), 1);
    let left = world.store.write(|tx| tx.end_sessions(world.ada)).unwrap();
    assert_eq!(left, 1);
}

#[test]
fn a_digest_is_unique() {
    let world = world();
    assert!(add(&world, 1, T0, T0).unwrap());
    let error = add(&world, 1, T0, T0).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
}

#[test]
fn bug26_of_twenty_threads_one_gets_the_token() {
    let world = world();
    let token = token(&world, 7);
    world.store.write(|tx| tx.put_token(&token)).unwrap();
    let won: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let got = world
                        .store
                        .write(|tx| tx.consume_token(&token.digest, token.purpose))
                        .unwrap();
                    got.map_or(0, |got| {
                        assert_eq!(got, token);
                        1
                    })
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
}

#[test]
fn bug26_a_newer_token_of_a_purpose_replaces_the_older() {
    let world = world();
    let (first, second) = (token(&world, 1), token(&world, 2));
    let step = Token {
        purpose: Purpose::ChangePassword,
        digest: Digest::from_bytes([3; 32]),
        ..first.clone()
    };
    let found = |token: &Token, purpose| {
        world
            .store
            .read(|tx| tx.token(&token.digest, purpose))
            .unwrap()
    };
    world
        .store
        .write(|tx| {
            tx.put_token(&first)?;
            tx.put_token(&step)?;
            tx.put_token(&second)
        })
        .unwrap();
    assert!(found(&first, first.purpose).is_none());
    let (kept, account) = found(&second, second.purpose).unwrap();
    assert_eq!((kept, account.user), (second.clone(), world.ada));
    assert!(
        found(&second, Purpose::ChangePassword).is_none(),
        "for its own purpose alone"
    );
    assert_eq!(found(&step, step.purpose).unwrap().0, step);

    let drop = |now| world.store.write(|tx| tx.drop_tokens(now)).unwrap();
    let before = Timestamp::from_millis(second.expires_at.millis() - 1);
    assert_eq!(drop(before), 0);
    assert_eq!(drop(second.expires_at), 2);
}

fn token(world: &World, number: u8) -> Token {
    Token {
        id: TokenId::new(T0, &*world.draws).unwrap(),
        user: world.ada,
        purpose: Purpose::Invitation,
        digest: Digest::from_bytes([number; 32]),
        epoch: Epoch::FIRST,
        created_at: T0,
        expires_at: T0.after(minutes(5)),
    }
}

fn add(
    world: &World,
    number: u8,
    created_at: Timestamp,
    seen_at: Timestamp,
) -> Result<bool, portcullis_ledger::StoreError> {
    let session = Session {
        id: SessionId::new(T0, &*world.draws).unwrap(),
        user: world.ada,
        digest: Digest::from_bytes([number; 32]),
        epoch: Epoch::FIRST,
        created_at,
        seen_at,
    };
    world.store.write(|tx| tx.add_session(&session))
}

fn begin(world: &World) -> SessionSecret {
    let Ok(SignIn::Done(proof)) = world.sign_in(RIGHT) else {
        panic!("not signed in");
    };
    world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap()
}

fn check(world: &World, session: &SessionSecret, now: Timestamp) -> SessionCheck {
    world
        .store
        .read(|tx| world.credentials.session(tx, session, now))
        .unwrap()
}

fn live(world: &World, session: &SessionSecret) -> LiveSession {
    match check(world, session, T0) {
        SessionCheck::Live(live) => live,
        SessionCheck::Ended(ended) => panic!("{ended:?}"),
    }
}

fn ended(world: &World, session: &SessionSecret, now: Timestamp) -> Ended {
    match check(world, session, now) {
        SessionCheck::Ended(ended) => ended,
        SessionCheck::Live(live) => panic!("{live:?}"),
    }
}
