//! Counting attempts on a PostgreSQL that runs the statements, one by one and all at once.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use crate::{migrated, psql::Psql};
use portcullis_conformance::postgres::Database;
use portcullis_credentials::{
    Account, Accounts, Attempts, Digest, FactorAttempts, FactorKind, Lock, LockTimes, LoginName,
    PasswordHash, Purpose, Reached, Reserve, ReserveFactor, Session, Sessions, Settle, Token,
    Tokens, Tries, Who,
};
use portcullis_id::{Epoch, SessionId, Timestamp, TokenId, UserId};
use portcullis_sql::SqlTx;
use uuid::Uuid;

const MAX: i64 = i64::MAX;

#[test]
fn bug02_postgres_counts_settles_forgets_and_locks() {
    let Some(database) = portal() else { return };
    let mut tx = SqlTx::new(Psql(&database));
    let named = Who::Named("ada");
    // Reserved: at, forgetting up to, the lock's end; expected: serial, counted, locked until.
    let steps = [
        (10, None, MAX, Some((1, 1, None))),
        (20, Some(9), MAX, Some((2, 2, None))),
        (30, Some(20), MAX, Some((3, 1, None))),
        (40, Some(29), 60, Some((4, 2, None))),
        (50, None, 60, Some((5, 3, Some(60)))),
        (59, None, MAX, None),
        (60, None, MAX, Some((6, 1, None))),
    ];
    for (now, forget_before, lock_until, expected) in steps {
        for who in [Who::Named("nobody"), Who::User(user(2))] {
            let none = tx.reserve(&attempt(who, now, forget_before, lock_until));
            assert!(none.unwrap().is_none());
        }
        let reserved = tx.reserve(&attempt(named, now, forget_before, lock_until));
        let tries = reserved.unwrap().map(|account| account.tries);
        let expected = expected.map(|(serial, counted, locked)| Tries {
            serial,
            counted,
            in_a_row: serial,
            last_at: Some(at(now)),
            locked_until: locked.map(at),
        });
        assert_eq!(tries, expected, "at {now}");
    }

    let by_user = |now| attempt(Who::User(user(1)), now, None, MAX);
    let seventh = tx.reserve(&by_user(70)).unwrap().unwrap();
    let eighth = tx.reserve(&by_user(80)).unwrap().unwrap();
    assert_eq!(eighth.tries.locked_until, Some(Timestamp::MAX));
    let elsewhere = Settle {
        epoch: Epoch::FIRST.next(),
        ..settle(&seventh)
    };
    assert!(tx.settle(&elsewhere).unwrap().is_none());
    let after = tx.settle(&settle(&seventh)).unwrap().unwrap().tries;
    assert_eq!(
        (after.counted, after.locked_until),
        (1, Some(Timestamp::MAX))
    );
    let after = tx.settle(&settle(&eighth)).unwrap().unwrap().tries;
    assert_eq!((after.counted, after.locked_until), (0, None));
}

#[test]
fn bug14_postgres_locks_for_as_long_as_the_same_rules_in_rust() {
    let Some(database) = portal() else { return };
    let mut tx = SqlTx::new(Psql(&database));
    let lock = Lock::Mixed {
        minutes: 1,
        longest_minutes: 5,
        until_admin_at: 11,
    };
    let (kind, ada) = (FactorKind::Totp, user(1));
    let (mut password, mut code) = (Tries::default(), Tries::default());
    // Each right after the lock before it; then at the end of time, and the beginning.
    let mut clock = 0;
    for step in 0..20 {
        let now = at(match step {
            17 => i64::MAX - 60_000,
            18 => i64::MAX - 1,
            19 => i64::MIN,
            _ => clock,
        });
        let times = lock.times(2, now);
        let reserve = Reserve {
            lock: times,
            ..attempt(Who::User(ada), now.millis(), None, 0)
        };
        let codes = ReserveFactor {
            user: ada,
            kind,
            now,
            lock: times,
        };
        let found = tx.reserve(&reserve).unwrap().map(|account| account.tries);
        assert_eq!(found, password.reserve(now, None, &times), "step {step}");
        let counted = tx.reserve_factor(&codes).unwrap();
        assert_eq!(counted, code.reserve(now, None, &times), "step {step}");
        (password, code) = (found.unwrap_or(password), counted.unwrap_or(code));
        clock = password.locked_until.map_or(clock, Timestamp::millis);
    }

    assert!(tx.unlock(ada).unwrap());
    assert_eq!(tx.unlock_factors(ada).unwrap(), 1);
    let lock = LockTimes::until(1, at(60));
    let (who, now) = (Who::User(ada), at(1));
    let forget_before = None;
    let found = tx.reserve(&Reserve {
        who,
        now,
        forget_before,
        lock,
    });
    let serial = found.unwrap().unwrap().tries.serial;
    let codes = ReserveFactor {
        user: ada,
        kind,
        now,
        lock,
    };
    assert_eq!(tx.reserve_factor(&codes).unwrap().unwrap().serial, serial);
    let reached = Reached {
        user: ada,
        serial,
        until: at(60),
    };
    let other = Reached {
        serial: 1,
        ..reached
    };
    assert!(!tx.lock_until_admin(&other).unwrap());
    assert!(!tx.lock_factor_until_admin(kind, &other).unwrap());
    assert!(tx.lock_until_admin(&reached).unwrap());
    assert!(tx.lock_factor_until_admin(kind, &reached).unwrap());
    assert!(
        !tx.lock_until_admin(&reached).unwrap(),
        "it is another by now"
    );
    let locked = tx.account(ada).unwrap().unwrap().tries;
    assert_eq!(locked.locked_until, Some(Timestamp::MAX));
}

#[test]
fn bug02_of_forty_sessions_at_once_postgres_counts_exactly_x() {
    let Some(database) = portal() else { return };
    let reserved: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..40)
            .map(|_| {
                scope.spawn(|| {
                    let attempt = attempt(Who::Named("ada"), 1, None, MAX);
                    let found = SqlTx::new(Psql(&database)).reserve(&attempt);
                    usize::from(found.unwrap().is_some())
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(reserved, 3);
    let ada = SqlTx::new(Psql(&database))
        .account(user(1))
        .unwrap()
        .unwrap();
    assert_eq!((ada.tries.serial, ada.tries.counted), (3, 3));
}

#[test]
fn postgres_keeps_what_was_handed_out_as_long_as_its_account() {
    let Some(database) = portal() else { return };
    let mut tx = SqlTx::new(Psql(&database));
    let (digest, epoch) = (Digest::from_bytes([7; 32]), Epoch::FIRST);
    let session = |epoch| Session {
        id: SessionId::from_uuid(Uuid::from_u128(3)),
        user: user(1),
        digest,
        epoch,
        created_at: at(1),
        seen_at: at(1),
    };
    let token = Token {
        id: TokenId::from_uuid(Uuid::from_u128(4)),
        user: user(1),
        purpose: Purpose::Invitation,
        digest,
        epoch,
        created_at: at(1),
        expires_at: at(2),
    };
    assert!(!tx.add_account(&ada()).unwrap());
    assert!(!tx.add_session(&session(epoch.next())).unwrap());
    assert!(tx.add_session(&session(epoch)).unwrap());
    tx.put_token(&token).unwrap();
    tx.put_token(&token).unwrap();
    assert!(tx.suspend(user(1), at(3)).unwrap());
    assert!(!tx.suspend(user(1), at(3)).unwrap());
    assert_eq!(tx.drop_sessions(at(0), at(0)).unwrap(), 0);
    assert!(tx.remove_account(user(1)).unwrap());
    assert_eq!(tx.end_sessions(user(1)).unwrap(), 0);
    assert_eq!(tx.drop_tokens(at(2)).unwrap(), 0);
}

/// A database with our tables and Ada's account, which three attempts lock.
fn portal() -> Option<Database> {
    let database = migrated()?;
    let added = SqlTx::new(Psql(&database)).add_account(&ada());
    assert!(added.unwrap());
    Some(database)
}

fn ada() -> Account {
    Account {
        user: user(1),
        name: LoginName::parse("Ada").unwrap(),
        password: Some(PasswordHash::from_phc("it's $1?")),
        directory: false,
        change_due: false,
        suspended_at: None,
        disabled_at: None,
        expiry: None,
        epoch: Epoch::FIRST,
        tries: Tries::default(),
        created_at: at(0),
    }
}

fn attempt(who: Who<'_>, now: i64, forget_before: Option<i64>, lock_until: i64) -> Reserve<'_> {
    Reserve {
        who,
        now: at(now),
        forget_before: forget_before.map(at),
        lock: LockTimes::until(3, at(lock_until)),
    }
}

fn settle(attempt: &Account) -> Settle {
    Settle {
        user: attempt.user,
        serial: attempt.tries.serial,
        epoch: attempt.epoch,
    }
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}
