//! What a host's own account ports must keep, beyond the counting.

use super::attempts::{Accounts, RIGHT};
use crate::{CountingKdf, CredentialHarness, NOW};
use portcullis::credentials::{
    Cause, CredentialError, CredentialTx, Ended, FirstPassword, Lock, LoginName, NewAccount,
    NewPassword, PasswordHash, SecretString, SessionCheck, SignIn, Source,
};
use portcullis::id::{Epoch, Timestamp, UserId, days, hours};
use portcullis::ledger::{Actor, StoreExt};

const NEXT: &str = "the password after that";

/// One account and one counter, however the name is typed; a second under it is refused.
pub fn bug08_d05_s16_choice11_a_name_is_one_account_in_every_spelling<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("Ada@Provider.example");
    for spelling in [
        "ada@provider.example",
        " ADA@PROVIDER.EXAMPLE ",
        "ａｄａ@provider.example",
    ] {
        assert_eq!(
            accounts.attempt(spelling, RIGHT, NOW),
            Ok(ada),
            "{spelling}"
        );
        let again = accounts.attempt(spelling, "wrong in every spelling", NOW);
        assert_eq!(again, Err(Cause::WrongPassword));
    }
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), Err(Cause::UnknownName));
    let new = |user| NewAccount {
        user,
        name: LoginName::parse("ADA@provider.example").unwrap(),
        password: FirstPassword::ToBeSet,
        expiry: None,
    };
    let other = UserId::new(NOW, &*accounts.draws).unwrap();
    for user in [other, ada] {
        let taken = store.write(|tx| {
            accounts
                .credentials
                .create_account(tx, new(user), &by(), NOW)
        });
        assert!(
            matches!(taken, Err(CredentialError::NameTaken)),
            "{taken:?}"
        );
    }
    assert!(accounts.read(|tx| tx.account(other)).is_none());
}

/// Of any number who redeem an invitation at once, one does; a newer one replaces it; a dead one
/// is purged.
pub fn bug26_a_token_is_redeemed_once<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let credentials = &accounts.credentials;
    let invite = |now| {
        store
            .write(|tx| credentials.invite(tx, ada, &by(), now))
            .unwrap()
    };
    let (from, next) = (Source::new("10.0.0.1"), SecretString::from(NEXT));
    let replaced = invite(NOW);
    let invitation = invite(NOW);
    let redeem = |secret, now| {
        let answer = credentials
            .accept_invitation(&store, secret, &next, &from, now)
            .unwrap();
        matches!(answer, NewPassword::Set(_))
    };
    assert!(
        !redeem(&replaced.secret, NOW),
        "a newer invitation replaces it"
    );
    let redeemed = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| redeem(&invitation.secret, NOW)))
            .collect();
        tries
            .into_iter()
            .map(|one| one.join().unwrap())
            .filter(|won| *won)
            .count()
    });
    assert_eq!(redeemed, 1);
    assert_eq!(
        accounts.attempt("ada", RIGHT, NOW),
        Err(Cause::WrongPassword)
    );
    assert_eq!(accounts.attempt("ada", NEXT, NOW), Ok(ada));
    let late = invite(NOW);
    let end = NOW.after(hours(72));
    assert!(!redeem(&late.secret, end), "it lives 72 hours");
    let dropped = credentials.purge(&store, end).unwrap();
    assert_eq!(dropped, 1);
}

/// A session is dead when its account has moved on, idle, or too old; and is looked up by digest.
pub fn bug38_sessions_end_with_their_epoch<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let credentials = &accounts.credentials;
    let begin = || {
        let (password, from) = (SecretString::from(RIGHT), Source::new("10.0.0.1"));
        match credentials
            .sign_in(&store, "ada", &password, &from, NOW)
            .unwrap()
        {
            SignIn::Done(proof) => credentials.start_session(&store, proof, NOW).unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let ended = |secret: &_, now: Timestamp| match store
        .read(|tx| credentials.session(tx, secret, now))
        .unwrap()
    {
        SessionCheck::Live(live) => {
            assert_eq!(live.proof().user(), ada);
            None
        }
        SessionCheck::Ended(ended) => Some(ended),
    };
    let (first, second) = (begin(), begin());
    assert_eq!((ended(&first, NOW), ended(&second, NOW)), (None, None));
    assert_eq!(ended(&first, NOW.after(hours(1))), Some(Ended::Idle));
    let SessionCheck::Live(live) = store
        .read(|tx| credentials.session(tx, &first, NOW))
        .unwrap()
    else {
        panic!("it was live just now");
    };
    store
        .write(|tx| credentials.sign_out(tx, &live, NOW))
        .unwrap();
    assert_eq!(
        (ended(&first, NOW), ended(&second, NOW)),
        (Some(Ended::Unknown), None)
    );
    assert!(
        store
            .write(|tx| credentials.suspend(tx, ada, &by(), NOW))
            .unwrap()
    );
    assert!(
        store
            .write(|tx| credentials.resume(tx, ada, &by(), NOW))
            .unwrap()
    );
    assert_eq!(ended(&second, NOW), Some(Ended::Superseded));
    let third = begin();
    assert_eq!(
        store
            .write(|tx| credentials.end_sessions(tx, ada, &by(), NOW))
            .unwrap(),
        2
    );
    assert_eq!(ended(&third, NOW), Some(Ended::Unknown));
    let forgotten = begin();
    store
        .write(|tx| credentials.remove_account(tx, ada, &by(), NOW))
        .unwrap();
    assert_eq!(
        ended(&forgotten, NOW),
        Some(Ended::Unknown),
        "gone with its account"
    );
    assert_eq!(credentials.purge(&store, NOW.after(days(9))).unwrap(), 0);
}

/// An outdated hash is replaced at a sign-in, by one of any number at once, and only where it
/// still stands; nothing else of the account moves, so no session ends.
pub fn bug38_a_hash_is_replaced_and_ends_nothing<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    let fresh = PasswordHash::from_phc(CountingKdf::hash_of(RIGHT));
    let outdated = PasswordHash::from_phc(CountingKdf::outdated_hash_of(RIGHT));
    let row = || accounts.read(|tx| tx.account(ada)).unwrap();
    let is = |hash: &PasswordHash| {
        let stored = row().password.unwrap();
        assert_eq!(stored.expose(), hash.expose());
    };
    let before = row();
    let replace = |old: &PasswordHash, new: &PasswordHash| {
        accounts.write(|tx| Ok(tx.replace_hash(ada, old, new)?))
    };
    assert!(replace(&fresh, &outdated));
    is(&outdated);
    assert!(!replace(&fresh, &outdated), "it is not there any more");
    let unlike = PasswordHash::from_phc(CountingKdf::outdated_hash_of(&RIGHT.to_uppercase()));
    assert!(!replace(&unlike, &fresh), "compared to the letter");
    is(&outdated);
    let won = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| replace(&outdated, &fresh)))
            .collect();
        let won = tries.into_iter().map(|one| one.join().unwrap());
        won.filter(|won| *won).count()
    });
    assert_eq!(won, 1, "of eight at once");
    is(&fresh);
    assert!(replace(&fresh, &outdated));
    let after = row();
    assert_eq!(after.epoch, before.epoch, "a session would end");
    assert_eq!(
        (after.tries, after.change_due),
        (before.tries, before.change_due)
    );
    assert_eq!(accounts.attempt("ada", RIGHT, NOW), Ok(ada));
    is(&fresh);
    assert_eq!(row().epoch, before.epoch);
    let invited = UserId::new(NOW, &*accounts.draws).unwrap();
    let new = NewAccount {
        user: invited,
        name: LoginName::parse("invited").unwrap(),
        password: FirstPassword::ToBeSet,
        expiry: None,
    };
    accounts.write(|tx| accounts.credentials.create_account(tx, new, &by(), NOW));
    let nobody = UserId::new(NOW, &*accounts.draws).unwrap();
    let (page, next) = accounts.read(|tx| {
        let page = tx.hashes_after(None, 1)?;
        Ok((page, tx.hashes_after(Some(ada), 9)?))
    });
    assert_eq!((page.len(), page[0].0), (1, ada));
    assert_eq!(page[0].1.expose(), fresh.expose());
    assert!(next.is_empty(), "who has no hash is passed over");
    for user in [invited, nobody] {
        let replaced = accounts.write(|tx| Ok(tx.replace_hash(user, &fresh, &outdated)?));
        assert!(!replaced, "there is no hash to replace");
    }
    is(&fresh);
}

/// A conditional change whose condition is not met changes nothing.
pub fn what_is_refused_changes_nothing<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, nobody) = (
        accounts.add("ada"),
        UserId::new(NOW, &*accounts.draws).unwrap(),
    );
    let row = || format!("{:?}", accounts.read(|tx| tx.account(ada)));
    let before = row();
    let hash = PasswordHash::from_phc("plain$never");
    accounts.write(|tx| {
        assert!(!tx.set_password(ada, Epoch::from_number(7), &hash, true)?);
        assert!(!tx.resume(ada)?);
        assert!(!tx.suspend(nobody, NOW)?);
        assert!(!tx.disable(nobody, NOW)?);
        assert!(!tx.unlock(nobody)?);
        assert!(!tx.demand_change(nobody)?);
        assert!(!tx.set_expiry(nobody, None)?);
        assert!(!tx.remove_account(nobody)?);
        assert_eq!(tx.end_sessions(nobody)?, 0);
        Ok(())
    });
    assert_eq!(row(), before);
    let given_up: Result<(), CredentialError> = store.write(|tx| {
        let tx: &mut dyn CredentialTx = tx;
        tx.suspend(ada, NOW)?;
        Err(CredentialError::NameTaken)
    });
    assert!(given_up.is_err());
    assert_eq!(row(), before, "Err leaves no trace");
}

fn by() -> Actor {
    Actor::Operator("conformance".to_owned())
}
