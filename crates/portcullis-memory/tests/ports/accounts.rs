use crate::rows::{NOW, account, read, user_id, write};
use portcullis_credentials::{
    Account, Accounts, Digest, Expiry, PasswordHash, Purpose, Session, Sessions, Token, Tokens,
};
use portcullis_id::{Epoch, SessionId, Timestamp, TokenId};
use portcullis_ledger::{StoreErrorKind, StoreExt};
use portcullis_memory::Store;
use std::num::NonZeroU32;
use uuid::Uuid;

fn with_ada() -> Store {
    let store = Store::new();
    assert!(write(&store, |tx| tx.add_account(&account(1, "ada"))));
    store
}

fn ada(store: &Store) -> Account {
    read(store, |tx| tx.account(user_id(1))).unwrap()
}

#[test]
fn d05_a_name_key_and_a_user_are_taken_once() {
    let store = with_ada();
    assert!(!write(&store, |tx| tx.add_account(&account(2, "ADA"))));
    assert!(!write(&store, |tx| tx.add_account(&account(1, "bob"))));
    assert!(write(&store, |tx| tx.add_account(&account(2, "bob"))));
    read(&store, |tx| {
        assert_eq!(
            tx.account_named("ada")?.map(|found| found.user),
            Some(user_id(1))
        );
        assert_eq!(tx.account_named("ADA")?.map(|found| found.user), None);
        assert!(tx.account(user_id(3))?.is_none());
        Ok(())
    });
    assert_eq!(ada(&store).name.shown(), "ada");
}

#[test]
fn a_password_is_set_at_its_epoch_alone_and_moves_it() {
    let store = with_ada();
    let set = |epoch| {
        let hash = PasswordHash::from_phc("$new$");
        write(&store, |tx| tx.set_password(user_id(1), epoch, &hash, true))
    };
    assert!(!set(Epoch::from_number(1)));
    assert!(set(Epoch::FIRST));
    assert!(!set(Epoch::FIRST));
    let now = ada(&store);
    assert_eq!(now.epoch, Epoch::from_number(1));
    assert!(now.change_due);
    assert_eq!(now.password.unwrap().expose(), "$new$");
}

#[test]
fn d33_what_ends_everything_moves_the_epoch_once() {
    let store = with_ada();
    let epoch = || ada(&store).epoch.number();
    let twice = |work: &dyn Fn(
        &mut portcullis_memory::Tx,
    ) -> Result<bool, portcullis_ledger::StoreError>| {
        [write(&store, work), write(&store, work)]
    };
    assert_eq!(twice(&|tx| tx.suspend(user_id(1), NOW)), [true, false]);
    assert_eq!((epoch(), ada(&store).suspended_at), (1, Some(NOW)));
    assert_eq!(twice(&|tx| tx.resume(user_id(1))), [true, false]);
    assert_eq!((epoch(), ada(&store).suspended_at), (1, None));
    assert_eq!(twice(&|tx| tx.demand_change(user_id(1))), [true, false]);
    assert_eq!((epoch(), ada(&store).change_due), (2, true));
    assert_eq!(twice(&|tx| tx.disable(user_id(1), NOW)), [true, false]);
    assert_eq!((epoch(), ada(&store).disabled_at), (3, Some(NOW)));
    let expiry = Some(Expiry::starting(NonZeroU32::MIN, NOW));
    assert_eq!(twice(&|tx| tx.set_expiry(user_id(1), expiry)), [true, true]);
    assert_eq!((epoch(), ada(&store).expiry), (3, expiry));
}

#[test]
fn nobody_is_changed_where_nobody_is() {
    let store = Store::new();
    let nobody = user_id(1);
    let hash = PasswordHash::from_phc("$new$");
    let changed = write(&store, |tx| {
        Ok([
            tx.set_password(nobody, Epoch::FIRST, &hash, false)?,
            tx.demand_change(nobody)?,
            tx.unlock(nobody)?,
            tx.suspend(nobody, NOW)?,
            tx.resume(nobody)?,
            tx.disable(nobody, NOW)?,
            tx.set_expiry(nobody, None)?,
            tx.remove_account(nobody)?,
        ])
    });
    assert_eq!(changed, [false; 8]);
}

#[test]
fn an_account_without_a_password_has_no_change_to_demand() {
    let store = Store::new();
    let mut invited = account(1, "ada");
    invited.password = None;
    write(&store, |tx| tx.add_account(&invited));
    assert!(!write(&store, |tx| tx.demand_change(user_id(1))));
    assert_eq!(ada(&store).epoch, Epoch::FIRST);
}

#[test]
fn an_account_that_is_removed_takes_tokens_and_sessions_along() {
    let store = with_ada();
    let digest = Digest::from_bytes([7; 32]);
    write(&store, |tx| {
        tx.put_token(&Token {
            id: TokenId::from_uuid(Uuid::from_u128(1)),
            user: user_id(1),
            purpose: Purpose::Invitation,
            digest,
            epoch: Epoch::FIRST,
            created_at: NOW,
            expires_at: Timestamp::MAX,
        })?;
        tx.add_session(&Session {
            id: SessionId::from_uuid(Uuid::from_u128(1)),
            user: user_id(1),
            digest,
            epoch: Epoch::FIRST,
            created_at: NOW,
            seen_at: NOW,
        })
    });
    assert!(write(&store, |tx| tx.remove_account(user_id(1))));
    assert!(write(&store, |tx| tx.add_account(&account(1, "ada"))));
    read(&store, |tx| {
        assert!(tx.token(&digest, Purpose::Invitation)?.is_none());
        assert!(tx.session(&digest)?.is_none());
        Ok(())
    });
}

#[test]
fn a_unit_of_work_that_may_only_read_changes_no_account() {
    let store = with_ada();
    let error = store.read(|tx| tx.suspend(user_id(1), NOW)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Misuse);
}
