//! Accounts as they are kept, and the changes that ask for a condition.

use crate::world::{T0, World, world};
use portcullis_access::Standings;
use portcullis_credentials::{
    Account, Accounts, Digest, Expiry, LoginName, PasswordHash, Purpose, Session, Sessions, Token,
    Tokens, Tries,
};
use portcullis_id::{Epoch, SessionId, Standing, State, Timestamp, TokenId, UserId};
use portcullis_ledger::StoreExt;
use std::num::NonZeroU32;

#[test]
fn every_column_is_read_back_as_written() {
    let world = world();
    let full = Account {
        user: UserId::new(T0, &*world.draws).unwrap(),
        name: LoginName::parse(" Grace@Provider.example").unwrap(),
        password: Some(PasswordHash::from_phc("$argon2id$..")),
        directory: false,
        change_due: true,
        suspended_at: Some(Timestamp::from_millis(1)),
        disabled_at: Some(Timestamp::from_millis(2)),
        expiry: Some(Expiry {
            days: NonZeroU32::MAX,
            at: Timestamp::MAX,
        }),
        epoch: Epoch::from_number(3),
        tries: Tries {
            serial: 4,
            counted: 5,
            in_a_row: 6,
            last_at: Some(Timestamp::from_millis(-6)),
            locked_until: Some(Timestamp::MAX),
        },
        created_at: Timestamp::from_millis(7),
    };
    let bare = Account {
        user: UserId::new(T0, &*world.draws).unwrap(),
        name: LoginName::parse("bare").unwrap(),
        password: None,
        directory: true,
        change_due: false,
        suspended_at: None,
        disabled_at: None,
        expiry: None,
        epoch: Epoch::FIRST,
        tries: Tries::default(),
        created_at: T0,
    };
    for account in [full, bare] {
        assert!(world.store.write(|tx| tx.add_account(&account)).unwrap());
        let by_id = world.store.read(|tx| tx.account(account.user)).unwrap();
        let by_name = world
            .store
            .read(|tx| tx.account_named(account.name.key()))
            .unwrap();
        for found in [by_id, by_name] {
            assert_eq!(all(&found.unwrap()), all(&account));
        }
    }
}

#[test]
fn d05_a_name_and_a_user_are_taken_once() {
    let world = world();
    let ada = world.account();
    let namesake = Account {
        user: UserId::new(T0, &*world.draws).unwrap(),
        ..ada.clone()
    };
    let twin = Account {
        name: LoginName::parse("another").unwrap(),
        ..ada.clone()
    };
    for taken in [namesake, twin] {
        assert!(!world.store.write(|tx| tx.add_account(&taken)).unwrap());
    }
    assert_eq!(all(&world.account()), all(&ada), "nothing was done");
}

#[test]
fn a_password_is_set_in_its_epoch_alone() {
    let world = world();
    let hash = PasswordHash::from_phc("next");
    let set = |epoch| {
        world
            .store
            .write(|tx| tx.set_password(world.ada, epoch, &hash, true))
            .unwrap()
    };
    assert!(!set(Epoch::FIRST.next()));
    assert!(set(Epoch::FIRST));
    assert!(!set(Epoch::FIRST));
    let ada = world.account();
    assert_eq!(ada.password.unwrap().expose(), "next");
    assert!(ada.change_due);
    assert_eq!(ada.epoch, Epoch::FIRST.next());
}

#[test]
fn a_standing_is_that_of_the_account_and_nobodys_is_absent() {
    let world = world();
    let standing = |user| world.store.read(|tx| tx.standing(user)).unwrap();
    assert_eq!(standing(world.ada), Standing::USABLE);
    world
        .store
        .write(|tx| {
            tx.suspend(world.ada, T0)?;
            tx.set_expiry(
                world.ada,
                Some(Expiry {
                    days: NonZeroU32::MIN,
                    at: Timestamp::MAX,
                }),
            )
        })
        .unwrap();
    assert_eq!(
        standing(world.ada),
        Standing::new(State::Suspended, Some(Timestamp::MAX))
    );
    let nobody = UserId::new(T0, &*world.draws).unwrap();
    assert_eq!(standing(nobody), Standing::ABSENT);
}

#[test]
fn d32_a_removed_account_takes_its_tokens_and_sessions_along() {
    let world = world();
    let (digest, user, epoch) = (Digest::from_bytes([9; 32]), world.ada, Epoch::FIRST);
    let token = Token {
        id: TokenId::new(T0, &*world.draws).unwrap(),
        user,
        purpose: Purpose::Invitation,
        digest,
        epoch,
        created_at: T0,
        expires_at: Timestamp::MAX,
    };
    let session = Session {
        id: SessionId::new(T0, &*world.draws).unwrap(),
        user,
        digest,
        epoch,
        created_at: T0,
        seen_at: T0,
    };
    let removed = world.store.write(|tx| {
        tx.put_token(&token)?;
        tx.add_session(&session)?;
        tx.remove_account(user)
    });
    assert!(removed.unwrap());
    for table in ["account", "token", "session"] {
        assert_eq!(rows(&world, table), 0, "{table}");
    }
    let again = world.store.write(|tx| tx.remove_account(user));
    assert!(!again.unwrap());
    assert!(!world.store.write(|tx| tx.add_session(&session)).unwrap());
    assert!(!world.store.write(|tx| tx.put_token(&token)).unwrap());
}

fn rows(world: &World, table: &str) -> i64 {
    world
        .stranger()
        .query_row(
            &format!("SELECT COUNT(*) FROM portcullis_{table}"),
            [],
            |row| row.get(0),
        )
        .unwrap()
}

/// Every field: two names are equal by their key, and a hash cannot be compared.
fn all(account: &Account) -> String {
    let hash = account.password.as_ref().map(PasswordHash::expose);
    format!("{account:?} {hash:?}")
}
