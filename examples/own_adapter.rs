//! Sign-in over a host's own store: the credentials crate alone, and a map.
//!
//! A host that keeps people where we have no adapter for implements `Store`, `Ledger` and eight
//! small ports, all in `own_adapter/`, with nothing but the public API. Whether it did so rightly
//! is for the conformance suite to say: `cargo test -p examples --example own_adapter`.
#![expect(clippy::print_stdout, reason = "a program that shows something")]

mod own_adapter {
    pub(crate) mod accounts;
    pub(crate) mod attempts;
    pub(crate) mod factors;
    pub(crate) mod former_passwords;
    pub(crate) mod ledger;
    pub(crate) mod people;
    pub(crate) mod rates;
    pub(crate) mod sessions;
    pub(crate) mod tokens;
}

use own_adapter::people::{Desk, People};
use portcullis_credentials::{
    Administrators, Argon2id, CredentialError, CredentialPolicy, CredentialSettings, Credentials,
    FirstPassword, Lock, LoginName, NewAccount, SecretString, SessionCheck, SignIn, Source,
};
use portcullis_id::{Entropy, EntropyError, Timestamp, UserId};
use portcullis_ledger::{Actor, Ledger, StoreExt};
use std::error::Error;
use std::sync::Arc;

/// A host hands in its clock.
const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn main() -> Result<(), Box<dyn Error>> {
    let policy = CredentialPolicy::new(CredentialSettings {
        lock: Lock::UntilAdmin,
        lock_threshold: 3,
        forget_after_hours: None,
        ..CredentialSettings::default()
    })?;
    let credentials = Credentials::new(
        policy,
        Administrators::none(),
        Arc::new(Argon2id::default()),
        Arc::new(System),
    )?;
    let people = People::default();
    let console = Actor::Operator("console".to_owned());
    let ada = UserId::new(NOW, &System)?;

    // An account, and the link by which Ada sets her password herself.
    let right = SecretString::from("seven red bicycles");
    let invitation = people.write(|desk: &mut Desk| {
        let new = NewAccount {
            user: ada,
            name: LoginName::parse("Ada").map_err(|_| CredentialError::NameTaken)?,
            password: FirstPassword::ToBeSet,
            expiry: None,
        };
        credentials.create_account(desk, new, &console, NOW)?;
        credentials.invite(desk, ada, &console, NOW)
    })?;
    let desktop = Source::new("10.0.0.1");
    let set = credentials.accept_invitation(&people, &invitation.secret, &right, &desktop, NOW)?;
    println!("Ada follows her link: {}", word(&set));

    let knock = |name: &str, password: &SecretString| -> Result<Option<_>, CredentialError> {
        match credentials.sign_in(&people, name, password, &desktop, NOW)? {
            SignIn::Done(proof) => {
                println!("{name}: signed in");
                credentials.start_session(&people, proof, NOW).map(Some)
            }
            SignIn::Refused(refusal) => {
                println!("{name}: {} ({})", refusal.shown(), refusal.cause());
                Ok(None)
            }
            other => {
                println!("{name}: {other:?}");
                Ok(None)
            }
        }
    };
    let session = knock("ada", &right)?.ok_or("the right password was refused")?;
    // Whatever the spelling, one counter; the third wrong password locks.
    for name in ["ada", "ADA", " Ada", "ada"] {
        knock(name, &SecretString::from("a guess"))?;
    }
    knock("ada", &right)?;
    knock("bob", &right)?;
    people.write(|desk| credentials.unlock(desk, ada, &console, NOW))?;
    println!("The console unlocks her account.");
    knock("ada", &right)?;

    let check = || people.read(|desk| credentials.session(desk, &session, NOW));
    println!("Her first session: {}", live(&check()?));
    people.write(|desk| credentials.suspend(desk, ada, &console, NOW))?;
    println!("The same after a suspension: {}", live(&check()?));

    println!("The audit, newest first:");
    for entry in people.read(|desk| desk.audit(20))? {
        println!("  {:<18} {}", entry.action, entry.detail);
    }
    Ok(())
}

fn word<T>(set: &portcullis_credentials::NewPassword<T>) -> &'static str {
    match set {
        portcullis_credentials::NewPassword::Set(_) => "her password is set",
        _ => "the password was not taken",
    }
}

fn live(check: &SessionCheck) -> String {
    match check {
        SessionCheck::Live(_) => "live".to_owned(),
        SessionCheck::Ended(why) => format!("ended, {why:?}"),
    }
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
    use portcullis_ledger::{StoreError, StoreErrorKind};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    struct Own;

    impl CredentialHarness for Own {
        type Store = People;
        fn fresh() -> People {
            People::default()
        }
    }

    portcullis_conformance::credentials_suite!(Own);

    #[test]
    fn the_story_is_told() {
        main().unwrap();
    }

    #[test]
    fn an_error_and_a_panic_leave_no_trace() {
        let people = People::default();
        let ada = UserId::new(NOW, &System).unwrap();
        let bump = |desk: &mut Desk| desk.bump(portcullis_ledger::Scope::Policy);
        let failed: Result<(), StoreError> = people.write(|desk| {
            bump(desk)?;
            Err(StoreError::corrupt("changed my mind"))
        });
        assert!(failed.is_err());
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            people.write(|desk| -> Result<(), StoreError> {
                bump(desk)?;
                panic!("in the middle")
            })
        }));
        assert!(panicked.is_err());
        let revision = people.read(|desk| desk.revision(portcullis_ledger::Scope::Policy));
        assert_eq!(revision.unwrap().number(), 0);
        let error = people.read(|desk| desk.unlock(ada)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Misuse, "a reader that writes");
    }
}
