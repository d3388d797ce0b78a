use crate::rows::{NOW, account, conflict, read, user_id, write};
use portcullis_credentials::{Accounts, Digest, Purpose, Session, Sessions, Token, Tokens};
use portcullis_id::{Epoch, SessionId, Timestamp, TokenId, minutes};
use portcullis_ledger::StoreExt;
use portcullis_memory::Store;
use uuid::Uuid;

fn with_two() -> Store {
    let store = Store::new();
    write(&store, |tx| {
        tx.add_account(&account(1, "ada"))?;
        tx.add_account(&account(2, "bob"))
    });
    store
}

fn digest(n: u8) -> Digest {
    Digest::from_bytes([n; 32])
}

fn session(n: u8, user: u128, at: Timestamp) -> Session {
    Session {
        id: SessionId::from_uuid(Uuid::from_u128(n.into())),
        user: user_id(user),
        digest: digest(n),
        epoch: Epoch::FIRST,
        created_at: at,
        seen_at: at,
    }
}

fn token(n: u8, user: u128, purpose: Purpose) -> Token {
    Token {
        id: TokenId::from_uuid(Uuid::from_u128(n.into())),
        user: user_id(user),
        purpose,
        digest: digest(n),
        epoch: Epoch::FIRST,
        created_at: NOW,
        expires_at: NOW.after(minutes(n.into())),
    }
}

#[test]
fn a_session_begins_only_at_the_epoch_of_its_account() {
    let store = with_two();
    let mut early = session(1, 1, NOW);
    early.epoch = Epoch::from_number(1);
    assert!(!write(&store, |tx| tx.add_session(&early)));
    assert!(!write(&store, |tx| tx.add_session(&session(1, 3, NOW))));
    assert!(read(&store, |tx| tx.session(&digest(1))).is_none());
    assert!(write(&store, |tx| tx.add_session(&session(1, 1, NOW))));
    let (found, of) = read(&store, |tx| tx.session(&digest(1))).unwrap();
    assert_eq!((found, of.user), (session(1, 1, NOW), user_id(1)));
}

#[test]
fn an_id_and_a_digest_of_a_session_are_taken_once() {
    let store = with_two();
    write(&store, |tx| tx.add_session(&session(1, 1, NOW)));
    let mut other = session(2, 2, NOW);
    other.digest = digest(1);
    conflict(&store, |tx| tx.add_session(&other));
    other.digest = digest(2);
    other.id = session(1, 1, NOW).id;
    conflict(&store, |tx| tx.add_session(&other));
}

#[test]
fn a_session_is_touched_when_that_is_due() {
    let store = with_two();
    let id = session(1, 1, NOW).id;
    write(&store, |tx| tx.add_session(&session(1, 1, NOW)));
    let later = NOW.after(minutes(1));
    assert!(!write(&store, |tx| tx.touch_session(id, later, NOW)));
    assert!(write(&store, |tx| tx.touch_session(id, later, later)));
    assert!(!write(&store, |tx| tx.touch_session(id, later, later)));
    let (found, _) = read(&store, |tx| tx.session(&digest(1))).unwrap();
    assert_eq!((found.seen_at, found.created_at), (later, NOW));
}

#[test]
fn sessions_end_one_by_one_and_all_of_a_user() {
    let store = with_two();
    write(&store, |tx| {
        for (n, user) in [(1, 1), (2, 1), (3, 1), (4, 2)] {
            tx.add_session(&session(n, user, NOW))?;
        }
        Ok(())
    });
    let first = session(1, 1, NOW).id;
    assert!(write(&store, |tx| tx.end_session(first)));
    assert!(!write(&store, |tx| tx.end_session(first)));
    assert_eq!(write(&store, |tx| tx.end_sessions(user_id(1))), 2);
    assert_eq!(write(&store, |tx| tx.end_sessions(user_id(1))), 0);
    assert!(read(&store, |tx| tx.session(&digest(3))).is_none());
    assert!(read(&store, |tx| tx.session(&digest(4))).is_some());
}

#[test]
fn sessions_are_dropped_that_are_too_old_or_too_idle() {
    let store = with_two();
    let at = |n| NOW.after(minutes(n));
    write(&store, |tx| {
        for (n, created, seen) in [(1, 0, 9), (2, 1, 4), (3, 1, 5)] {
            let mut made = session(n, 1, at(created));
            made.seen_at = at(seen);
            tx.add_session(&made)?;
        }
        Ok(())
    });
    assert_eq!(write(&store, |tx| tx.drop_sessions(at(0), at(4))), 2);
    assert!(read(&store, |tx| tx.session(&digest(3))).is_some());
}

#[test]
fn a_token_replaces_the_one_of_its_user_and_purpose() {
    let store = with_two();
    let invitation = |n, user| token(n, user, Purpose::Invitation);
    write(&store, |tx| {
        tx.put_token(&invitation(1, 1))?;
        tx.put_token(&invitation(2, 1))?;
        tx.put_token(&invitation(3, 2))?;
        tx.put_token(&token(4, 1, Purpose::ChangePassword))
    });
    read(&store, |tx| {
        assert!(tx.token(&digest(1), Purpose::Invitation)?.is_none());
        let (found, of) = tx.token(&digest(2), Purpose::Invitation)?.unwrap();
        assert_eq!((found, of.user), (invitation(2, 1), user_id(1)));
        assert!(tx.token(&digest(2), Purpose::ChangePassword)?.is_none());
        assert!(tx.token(&digest(4), Purpose::ChangePassword)?.is_some());
        Ok(())
    });
    conflict(&store, |tx| tx.put_token(&invitation(4, 2)));
    assert!(!write(&store, |tx| tx.put_token(&invitation(5, 3))));
}

#[test]
fn bug26_of_many_callers_one_consumes_the_token() {
    let store = with_two();
    write(&store, |tx| tx.put_token(&token(1, 1, Purpose::Invitation)));
    let consume = |purpose| {
        store
            .write(|tx| tx.consume_token(&digest(1), purpose))
            .unwrap()
    };
    assert!(consume(Purpose::ChangePassword).is_none());
    let got: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| usize::from(consume(Purpose::Invitation).is_some())))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(got, 1);
}

#[test]
fn tokens_are_dropped_on_the_tick_they_expire() {
    let store = with_two();
    write(&store, |tx| {
        tx.put_token(&token(1, 1, Purpose::Invitation))?;
        tx.put_token(&token(2, 2, Purpose::Invitation))
    });
    assert_eq!(write(&store, |tx| tx.drop_tokens(NOW.after(minutes(1)))), 1);
    assert!(read(&store, |tx| tx.token(&digest(1), Purpose::Invitation)).is_none());
    assert!(read(&store, |tx| tx.token(&digest(2), Purpose::Invitation)).is_some());
}
