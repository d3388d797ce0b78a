//! One's own sessions in a host's own store.

use super::attempts::{Accounts, RIGHT};
use crate::patient::Patient;
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{
    CredentialTx, Current, Digest, LiveSession, Lock, Reauthentication, SecretString, Session,
    SessionCheck, SessionSecret, SignIn, Source,
};
use portcullis::id::{Epoch, SessionId, Timestamp, UserId};
use portcullis::ledger::{Store, StoreExt};

const THREADS: usize = 20;

/// Of twenty who confirm one session at once, one gets its new secret, and the one before is dead.
pub fn a_session_is_rotated_once<H: CredentialHarness>() {
    let store = Patient(H::fresh());
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    accounts.add("ada");
    let (credentials, from) = (&accounts.credentials, Source::new("10.0.0.1"));
    let password = SecretString::from(RIGHT);
    let entered = credentials.sign_in(&store, "ada", &password, &from, NOW);
    let SignIn::Done(proof) = entered.unwrap() else {
        panic!("the password is right");
    };
    let secret = credentials.start_session(&store, proof, NOW).unwrap();
    let before = live(&accounts, &secret).unwrap();
    let confirm = || {
        let current = Current::Password(&password);
        let answer = credentials.reauthenticate(&store, &before, current, &from, NOW);
        match answer.unwrap() {
            Reauthentication::Confirmed(_, next) => Some(next),
            _ => None,
        }
    };
    let won: Vec<SessionSecret> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..THREADS).map(|_| scope.spawn(confirm)).collect();
        tries
            .into_iter()
            .filter_map(|one| one.join().unwrap())
            .collect()
    });
    assert_eq!(won.len(), 1, "of {THREADS} at once");
    assert!(live(&accounts, &secret).is_none(), "its secret was changed");
    let after = live(&accounts, &won[0]).unwrap();
    assert_eq!(after.id(), before.id(), "it goes on");
}

/// The newest of a user's sessions of this generation, in order and no more than asked for; one is
/// ended by its owner alone, and all others leave the one kept.
pub fn sessions_are_listed_and_ended_by_their_owner<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let (ada, bob) = (accounts.add("ada"), accounts.add("bob"));
    let begin = |user: UserId, millis| {
        let at = Timestamp::from_millis(NOW.millis() + millis);
        let session = Session {
            id: SessionId::new(NOW, &*accounts.draws).unwrap(),
            user,
            digest: digest(user, millis),
            epoch: Epoch::FIRST,
            created_at: at,
            seen_at: at,
        };
        assert!(accounts.write(|tx| Ok(tx.add_session(&session)?)));
        session
    };
    let (second, third, first) = (begin(ada, 2), begin(ada, 3), begin(ada, 1));
    let other = begin(bob, 9);
    let list = |user, limit| accounts.read(|tx| tx.sessions_of(user, Epoch::FIRST, limit));
    assert_eq!(list(ada, 9), [third.clone(), second.clone(), first.clone()]);
    assert_eq!(list(ada, 2), [third.clone(), second.clone()]);
    assert_eq!(list(bob, 9).len(), 1);
    let later = Epoch::FIRST.next();
    assert_eq!(accounts.read(|tx| tx.sessions_of(ada, later, 9)), []);
    let end = |user, id| accounts.write(|tx| Ok(tx.end_session_of(user, id)?));
    assert!(!end(ada, other.id), "another's");
    assert!(end(ada, first.id) && !end(ada, first.id));
    assert_eq!(list(ada, 9), [third.clone(), second.clone()]);
    let rotate = |old, new| accounts.write(|tx| Ok(tx.rotate_session(third.id, old, new)?));
    let next = digest(ada, 77);
    assert!(!rotate(&second.digest, &next), "another session's");
    assert!(rotate(&third.digest, &next) && !rotate(&third.digest, &next));
    let found = |digest| {
        accounts
            .read(|tx| tx.session(digest))
            .map(|found| found.0.id)
    };
    assert_eq!((found(&next), found(&third.digest)), (Some(third.id), None));
    let end_others = |user, keep| accounts.write(|tx| Ok(tx.end_other_sessions(user, keep)?));
    assert_eq!(end_others(ada, third.id), 1);
    assert_eq!((list(ada, 9).len(), list(bob, 9).len()), (1, 1));
    assert_eq!(end_others(bob, third.id), 1, "none of one's own is kept");
}

fn digest(user: UserId, n: i64) -> Digest {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(user.uuid().as_bytes());
    bytes[16..24].copy_from_slice(&n.to_be_bytes());
    Digest::from_bytes(bytes)
}

fn live<S>(accounts: &Accounts<'_, S>, secret: &SessionSecret) -> Option<LiveSession>
where
    S: Store,
    S::Tx: CredentialTx,
{
    let check = accounts
        .store
        .read(|tx| accounts.credentials.session(tx, secret, NOW));
    match check.unwrap() {
        SessionCheck::Live(live) => Some(live),
        SessionCheck::Ended(_) => None,
    }
}
