//! The credentials crate alone, on a host's own table of people.
//!
//! A host has people in a table of its own, some of them without a login. It gives that table the
//! columns that a login takes, implements `Store` and the ports over its own database, all in
//! `credentials_alone/`, and keeps its people, its names and its SQL. No access core, no sharing and
//! none of our tables come along. Whether it did so rightly is for the conformance suite to say:
//! `cargo test -p examples --example credentials_alone`.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

mod credentials_alone {
    pub(crate) mod accounts;
    pub(crate) mod attempts;
    pub(crate) mod cells;
    pub(crate) mod factor_attempts;
    pub(crate) mod factors;
    pub(crate) mod former_passwords;
    pub(crate) mod host;
    pub(crate) mod ledger;
    pub(crate) mod rates;
    pub(crate) mod sessions;
    pub(crate) mod tokens;
}

use credentials_alone::cells::key;
use credentials_alone::host::{Desk, Host};
use portcullis_credentials::{
    Administrators, Argon2id, CredentialError, CredentialPolicy, CredentialSettings, Credentials,
    FirstPassword, KeyRing, LoginName, NewAccount, SecretString, SessionCheck, SignIn, Source,
};
use portcullis_id::{Entropy, EntropyError, Timestamp, UserId};
use portcullis_ledger::{Actor, StoreError, StoreExt};
use std::error::Error;
use std::sync::Arc;

/// A host hands in its clock.
const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// Keys of 32 bytes. A host reads them from where it keeps its secrets, apart from the database.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEXT_KEY: &str = "HxAeHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=";

fn main() -> Result<(), Box<dyn Error>> {
    let host = Host::new()?;
    let function = Arc::new(Argon2id::default());
    // What lies in the table is worth nothing without a key that lies elsewhere.
    let policy = CredentialPolicy::new(CredentialSettings {
        seal_hashes: true,
        ..CredentialSettings::default()
    })?;
    // Whoever holds the console unlocks, so nobody who signs in is needed for it.
    let credentials = Credentials::new(policy, Administrators::none(), function, Arc::new(System))?
        .with_key_ring(Arc::new(KeyRing::new("2025-03", &KEY.into())?));
    let by = Actor::Operator("console".to_owned());

    // Ada is in the host's table since long ago, in room 12, and has no login.
    let ada = UserId::new(NOW, &System)?;
    host.write(|desk: &mut Desk| {
        let sql = "INSERT INTO people (id, full_name, room) VALUES (?, 'Ada Lovelace', '12')";
        desk.run(sql, [key(ada)])
    })?;

    // She gets one: an account in her own row, and a link by which she sets a password herself.
    let invitation = host.write(|desk| {
        let new = NewAccount {
            user: ada,
            name: LoginName::parse("Ada").map_err(CredentialError::Name)?,
            password: FirstPassword::ToBeSet,
            expiry: None,
        };
        credentials.create_account(desk, new, &by, NOW)?;
        credentials.invite(desk, ada, &by, NOW)
    })?;
    let (right, desktop) = (
        SecretString::from("seven red bicycles"),
        Source::new("10.0.0.1"),
    );
    let set = credentials.accept_invitation(&host, &invitation.secret, &right, &desktop, NOW)?;
    drop(set);
    println!("Ada of room {} has a login", room(&host, "ada")?);

    for typed in ["a guess", "seven red bicycles"] {
        let password = SecretString::from(typed);
        match credentials.sign_in(&host, "ADA", &password, &desktop, NOW)? {
            SignIn::Done(proof) => {
                let session = credentials.start_session(&host, proof, NOW)?;
                let live = host.read(|desk| credentials.session(desk, &session, NOW))?;
                let live = matches!(live, SessionCheck::Live(_));
                println!("signed in; her session is live: {live}");
            }
            SignIn::Refused(refusal) => println!("{} ({})", refusal.shown(), refusal.cause()),
            other => println!("{other:?}"),
        }
    }

    // A new key, once a year: it seals, and the old one opens until nothing lies under it any more.
    let ring = KeyRing::new("2026-11", &NEXT_KEY.into())?.opening("2025-03", &KEY.into())?;
    let credentials = credentials.with_key_ring(Arc::new(ring));
    let outcome = credentials.reseal(&host, &by, NOW)?;
    for one in outcome.unopened() {
        println!("{:?}: {}", one.place, one.why);
    }
    let sealed = outcome.resealed();
    println!(
        "{sealed} sealed anew; the old key may leave: {}",
        outcome.old_keys_may_leave()
    );
    let ring = KeyRing::new("2026-11", &NEXT_KEY.into())?;
    let credentials = credentials.with_key_ring(Arc::new(ring));
    let entered = credentials.sign_in(&host, "ada", &right, &desktop, NOW)?;
    println!("signed in: {}", matches!(entered, SignIn::Done(_)));

    // The login goes; Ada stays in room 12.
    host.write(|desk| credentials.remove_account(desk, ada, &by, NOW))?;
    let sql = "SELECT full_name || ', room ' || room FROM people WHERE login_key IS NULL";
    let left: Option<String> =
        host.read(|desk| desk.one::<_>(sql, [], |row| row.get::<_, String>(0)))?;
    println!("without a login: {}", left.ok_or("she is the host's")?);
    Ok(())
}

/// A question of the host's own, to its own table.
fn room(host: &Host, login: &str) -> Result<String, StoreError> {
    let sql = "SELECT room FROM people WHERE login_key = ?";
    let room = host.read(|desk| desk.one(sql, [login], |row| row.get(0)))?;
    Ok(room.unwrap_or_default())
}

/// The operating system's generator.
struct System;

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(|_| EntropyError::exhausted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_conformance::CredentialHarness;
    use portcullis_credentials::Accounts;
    use portcullis_ledger::StoreErrorKind;

    struct Own;

    impl CredentialHarness for Own {
        type Store = Host;
        fn fresh() -> Host {
            Host::new().unwrap()
        }
    }

    portcullis_conformance::credentials_suite!(Own);

    #[test]
    fn the_story_is_told() {
        main().unwrap();
    }

    #[test]
    fn a_reader_that_writes_is_told_so() {
        let host = Host::new().unwrap();
        let ada = UserId::new(NOW, &System).unwrap();
        let error = host.read(|desk| desk.unlock(ada)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Misuse);
    }
}
