//! The whole sign-in over the directory: our lock trips first, and keeps the directory out of it.

use crate::harness::{RIGHT, WRONG};
use crate::server::Slapd;
use portcullis_credentials::{
    Administrators, Argon2id, Cause, CredentialPolicy, CredentialSettings, Credentials,
    DirectoryRefusal, FirstPassword, LoginName, NewAccount, SecretString, SignIn, Source,
};
use portcullis_id::{Entropy, EntropyError, Timestamp, UserId, minutes};
use portcullis_ldap3::DirectoryLock;
use portcullis_ledger::{Actor, StoreExt};
use portcullis_memory::Store;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const ADA: &str = "uid=ada,";
const WRONG_THERE: Cause = Cause::Directory(DirectoryRefusal::Wrong);

/// As the server's own policy has it.
const LOCK: DirectoryLock = DirectoryLock {
    threshold: NonZeroU32::new(4).unwrap(),
    window_minutes: Some(15),
};

/// No two draws are the same.
#[derive(Default)]
struct Draws(AtomicU8);

impl Entropy for Draws {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        bytes.fill(self.0.fetch_add(1, Ordering::SeqCst));
        Ok(())
    }
}

struct Portal {
    store: Store,
    credentials: Credentials,
}

impl Portal {
    fn through(server: &Slapd) -> Self {
        let policy = CredentialPolicy::new(CredentialSettings {
            lock_threshold: 3,
            ..CredentialSettings::default()
        });
        let draws = Arc::new(Draws::default());
        let directory = server.at().locks(LOCK).finding(crate::server::by_uid());
        let credentials = Credentials::new(
            policy.unwrap(),
            Administrators::none(),
            Arc::new(Argon2id::default()),
            draws,
        )
        .unwrap()
        .with_directory(Arc::new(directory.unwrap()))
        .unwrap();
        let store = Store::new();
        let new = NewAccount {
            user: UserId::new(NOW, &Draws::default()).unwrap(),
            name: LoginName::parse("Ada").unwrap(),
            password: FirstPassword::InDirectory,
            expiry: None,
        };
        let by = Actor::Operator("tests".to_owned());
        store
            .write(|tx| credentials.create_account(tx, new, &by, NOW))
            .unwrap();
        Self { store, credentials }
    }

    fn enter(&self, name: &str, password: &str, now: Timestamp) -> Result<(), Cause> {
        let (password, source) = (SecretString::from(password), Source::new("10.0.0.1"));
        let outcome = self
            .credentials
            .sign_in(&self.store, name, &password, &source, now);
        match outcome.unwrap() {
            SignIn::Done(_) => Ok(()),
            SignIn::Refused(refusal) => Err(refusal.cause()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn bug13_our_lock_keeps_the_directorys_from_tripping() {
    let Some(server) = Slapd::start() else { return };
    let portal = Portal::through(&server);
    for _ in 0..3 {
        assert_eq!(portal.enter("ada", WRONG, NOW), Err(WRONG_THERE));
    }
    assert_eq!(server.binds(ADA), 3);
    let until = NOW.after(minutes(15));
    for password in [WRONG, WRONG, WRONG, RIGHT, ""] {
        let locked = Err(Cause::Locked(until));
        assert_eq!(portal.enter("ada", password, NOW), locked);
    }
    assert_eq!(server.binds(ADA), 3, "while locked, nothing is asked");
    assert_eq!(
        portal.enter("ada", RIGHT, until),
        Ok(()),
        "not locked there"
    );
}

#[test]
fn bug08_all_spellings_of_a_name_have_one_counter() {
    let Some(server) = Slapd::start() else { return };
    let portal = Portal::through(&server);
    for spelling in ["ADA", " ada", "\u{ff41}\u{ff44}\u{ff41}"] {
        assert_eq!(portal.enter(spelling, WRONG, NOW), Err(WRONG_THERE));
    }
    assert!(matches!(
        portal.enter("Ada", RIGHT, NOW),
        Err(Cause::Locked(_))
    ));
    assert_eq!(server.binds(ADA), 3);
}

#[test]
fn bug36_no_password_is_refused_before_the_socket() {
    let Some(server) = Slapd::start() else { return };
    assert!(server.takes_no_password("uid=ada,ou=people,dc=corp,dc=example"));
    let (portal, before) = (Portal::through(&server), server.binds(""));
    for nothing in ["", "  ", "\0correct horse battery"] {
        let refused = Err(Cause::NoPasswordTyped);
        assert_eq!(portal.enter("ada", nothing, NOW), refused);
    }
    assert_eq!(server.binds(""), before);
}

#[test]
fn a_directory_that_is_down_locks_nobody_out_and_lets_nobody_in() {
    let Some(mut server) = Slapd::start() else {
        return;
    };
    let portal = Portal::through(&server);
    assert_eq!(portal.enter("ada", RIGHT, NOW), Ok(()));
    server.stop();
    for _ in 0..9 {
        let refused = portal.enter("ada", RIGHT, NOW);
        assert!(matches!(refused, Err(Cause::NoAnswer(_))), "{refused:?}");
    }
}
