//! A new password by mail link: used once, dead at its tick, and no way past a lock (bugs 6, 21, 26).

use super::attempts::{Accounts, RIGHT};
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{
    Cause, CredentialTx, Link, Lock, NewPassword, SecretString, Source, TokenSecret,
};
use portcullis::id::{Timestamp, minutes};
use portcullis::ledger::{Actor, Mail, Store};

const NEXT: &str = "the password after that";

/// Of any number who follow a link at once, one sets the password; a newer link replaces an older
/// one; it lives for half an hour to the tick; and a purge drops it.
pub fn bug26_a_link_sets_a_password_once<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    assert!(ask(&accounts, "ADA") && ask(&accounts, "nobody") && ask(&accounts, ""));
    let mails = accounts.read(|tx| tx.outbox(9));
    let [mail] = mails.as_slice() else {
        panic!("one mail: {mails:?}");
    };
    let older = link(&accounts, mail, NOW).unwrap();
    let link = link(&accounts, mail, NOW).unwrap();
    assert_eq!(finish(&accounts, &older, NOW), Err(Cause::UnknownToken));
    let won = std::thread::scope(|scope| {
        let follow = || finish(&accounts, &link, NOW).is_ok();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(follow)).collect();
        let won = threads.into_iter().map(|one| one.join().unwrap());
        won.filter(|won| *won).count()
    });
    assert_eq!(won, 1);
    assert_eq!(
        accounts.attempt("ada", RIGHT, NOW),
        Err(Cause::WrongPassword)
    );
    assert_eq!(accounts.attempt("ada", NEXT, NOW), Ok(ada));

    let end = NOW.after(minutes(30));
    let just = Timestamp::from_millis(end.millis() - 1);
    for (now, outcome) in [(end, Err(Cause::ExpiredToken)), (just, Ok(()))] {
        let link = self::link(&accounts, mail, NOW).unwrap();
        assert_eq!(finish(&accounts, &link, now), outcome, "{now}");
    }
    assert!(self::link(&accounts, mail, NOW).is_some());
    let purge = |now| accounts.credentials.purge(&store, now).unwrap();
    assert_eq!((purge(just), purge(end)), (0, 1));
}

/// Three mails an hour are the most, whoever asks; a lock until an administrator clears it gets no
/// link, and lets nobody in who has one.
pub fn bug06_bug21_a_link_opens_no_lock<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let ada = accounts.add("ada");
    for _ in 0..5 {
        assert!(ask(&accounts, "ada"));
    }
    let mails = accounts.read(|tx| tx.outbox(9));
    assert_eq!(mails.len(), 2, "two at once");
    let made = link(&accounts, &mails[0], NOW).unwrap();
    for _ in 0..5 {
        assert!(accounts.attempt("ada", "some wrong password", NOW).is_err());
    }
    assert!(link(&accounts, &mails[1], NOW).is_none());
    let never = Err(Cause::Locked(Timestamp::MAX));
    assert_eq!(finish(&accounts, &made, NOW), never);
    let by = Actor::Operator("conformance".to_owned());
    assert!(accounts.write(|tx| accounts.credentials.unlock(tx, ada, &by, NOW)));
    assert_eq!(finish(&accounts, &made, NOW), Ok(()));
}

fn ask<S>(accounts: &Accounts<'_, S>, name: &str) -> bool
where
    S: Store,
    S::Tx: CredentialTx,
{
    let from = Source::new("10.0.0.1");
    let asked = accounts
        .credentials
        .request_reset(accounts.store, name, &from, NOW);
    asked.unwrap().is_ok()
}

fn link<S>(accounts: &Accounts<'_, S>, mail: &Mail, now: Timestamp) -> Option<TokenSecret>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let made = accounts.write(|tx| accounts.credentials.reset_link(tx, mail, now));
    made.map(|link: Link| {
        let tail = link.expose().strip_prefix("https://portal.example/reset/");
        TokenSecret::from(tail.unwrap())
    })
}

fn finish<S>(accounts: &Accounts<'_, S>, link: &TokenSecret, now: Timestamp) -> Result<(), Cause>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let (new, from) = (SecretString::from(NEXT), Source::new("10.0.0.1"));
    let set = accounts
        .credentials
        .finish_reset(accounts.store, link, &new, &from, now);
    match set.unwrap() {
        NewPassword::Set(_) => Ok(()),
        NewPassword::Refused(refusal) => Err(refusal.cause()),
        NewPassword::Again(retry) => panic!("{retry:?}"),
    }
}
