//! Ten megabytes of anything are turned away before they are copied, normalised or hashed (bug 28).
//! In a binary of its own, because counting replaces the allocator.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong, in its helpers too"
)]

use allocation_counter::measure;
use portcullis_credentials::{
    Administrators, CredentialPolicy, Credentials, FactorCode, FirstPassword, Kdf, KdfError,
    KeyRing, LoginName, NewAccount, PasswordHash, SecretString, SessionSecret, SignIn, Source,
    Step, TokenSecret,
};
use portcullis_id::{Entropy, EntropyError, Timestamp, UserId};
use portcullis_ledger::{Actor, StoreExt};
use portcullis_memory::Store;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const RIGHT: &str = "the right password";
const HUGE: usize = 10_000_000;
/// What an audit entry, a row and an answer may take; the text would be ten megabytes.
const MOST: u64 = 64 * 1024;

#[test]
fn bug28_ten_megabytes_of_name_or_password_are_not_copied() {
    let host = Host::new();
    for text in ["a", "\u{e9}", "\0", " ", "\u{202e}"] {
        let (huge, from) = (text.repeat(HUGE / text.len()), Source::new("10.0.0.1"));
        let secret = SecretString::from(huge.clone());
        let right = SecretString::from(RIGHT);
        let sign_in = |name: &str, password: &SecretString| {
            let outcome = host
                .credentials
                .sign_in(&host.store, name, password, &from, NOW);
            assert!(matches!(outcome, Ok(SignIn::Refused(_))));
        };
        frugal("a name at the sign-in", || sign_in(&huge, &right));
        frugal("a password at the sign-in", || sign_in("bob", &secret));
        frugal("a name", || assert!(LoginName::parse(&huge).is_err()));
        frugal("a source", || drop(Source::new(&huge)));
        frugal("a new password", || {
            assert!(host.credentials.hash_password(&secret).unwrap().is_err());
        });
        frugal("the answer to an invitation", || {
            let (credentials, store) = (&host.credentials, &host.store);
            let invited = credentials.accept_invitation(store, &host.link, &secret, &from, NOW);
            let _ = black_box(invited.unwrap());
        });
    }
}

#[test]
fn bug28_ten_megabytes_of_code_or_token_are_not_copied() {
    let host = Host::new();
    let huge = "A".repeat(HUGE);
    let (secret, token) = (
        SecretString::from(huge.clone()),
        TokenSecret::from(huge.clone()),
    );
    let (session, from) = (SessionSecret::from(huge), Source::new("10.0.0.1"));
    let (credentials, store) = (&host.credentials, &host.store);
    for code in [FactorCode::App(&secret), FactorCode::Recovery(&secret)] {
        let step = Step::resume(host.step.clone());
        frugal("a code", || {
            let _ = black_box(
                credentials
                    .second_factor(store, step, code, &from, NOW)
                    .unwrap(),
            );
        });
    }
    let step = Step::resume(token.clone());
    frugal("a step", || {
        let app = FactorCode::App(&secret);
        let _ = black_box(
            credentials
                .second_factor(store, step, app, &from, NOW)
                .unwrap(),
        );
    });
    frugal("a link", || {
        let answer = credentials.accept_invitation(store, &token, &secret, &from, NOW);
        let _ = black_box(answer.unwrap());
    });
    frugal("a session", || {
        let _ = black_box(
            store
                .read(|tx| credentials.session(tx, &session, NOW))
                .unwrap(),
        );
    });
}

#[test]
fn bug28_the_counter_counts() {
    let text = "a".repeat(HUGE);
    assert!(measure(|| drop(black_box(text.clone()))).bytes_total >= 10_000_000);
}

/// Nothing of the size of what was typed is allocated.
fn frugal(what: &str, work: impl FnOnce()) {
    let counted = measure(work);
    assert!(
        counted.bytes_total < MOST,
        "{what}: {} bytes",
        counted.bytes_total
    );
}

/// A portal of Ada, who has an app, and Bob, who is invited.
struct Host {
    store: Store,
    credentials: Credentials,
    link: TokenSecret,
    step: TokenSecret,
}

impl Host {
    fn new() -> Self {
        let draws = Arc::new(Draws::default());
        let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let policy = CredentialPolicy::default();
        let credentials = Credentials::new(
            policy,
            Administrators::none(),
            Arc::new(Null),
            draws.clone(),
        )
        .unwrap()
        .with_key_ring(Arc::new(KeyRing::new("tests", &key).unwrap()));
        let store = Store::new();
        let (ada, bob) = (
            UserId::new(NOW, &*draws).unwrap(),
            UserId::new(NOW, &*draws).unwrap(),
        );
        let by = Actor::Operator("tests".to_owned());
        let account = |user, name| NewAccount {
            user,
            name: LoginName::parse(name).unwrap(),
            password: FirstPassword::Imported {
                hash: PasswordHash::from_phc(RIGHT),
                change_due: false,
            },
            expiry: None,
        };
        let link = store.write(|tx| {
            credentials.create_account(tx, account(ada, "ada"), &by, NOW)?;
            credentials.create_account(tx, account(bob, "bob"), &by, NOW)?;
            credentials.enforce_factor(tx, ada, true, &by, NOW)?;
            credentials.invite(tx, bob, &by, NOW)
        });
        let (right, from) = (SecretString::from(RIGHT), Source::new("10.0.0.1"));
        let sign_in = || {
            credentials
                .sign_in(&store, "ada", &right, &from, NOW)
                .unwrap()
        };
        let SignIn::EnrolFactor(step) = sign_in() else {
            panic!("an app is to be set up");
        };
        let _ = credentials
            .offer_factor(&store, &step, &from, NOW)
            .unwrap()
            .unwrap();
        // Which code it would show is for other tests.
        let enrolled = store.conditionally(|tx| {
            use portcullis_credentials::Factors as _;
            let pending = tx.factor(ada)?.unwrap().pending.unwrap();
            tx.enrol_factor(ada, &pending, 0)
        });
        assert!(enrolled.unwrap());
        let SignIn::SecondFactor(step) = sign_in() else {
            panic!("a code is asked for");
        };
        Self {
            link: link.unwrap().secret,
            step: step.into_secret(),
            store,
            credentials,
        }
    }
}

/// Hashes are the password itself.
struct Null;

impl Kdf for Null {
    fn hash(&self, password: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        Ok(PasswordHash::from_phc(password))
    }
    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        Ok(hash.expose() == password)
    }
    fn check(&self, _: &PasswordHash) -> Result<(), KdfError> {
        Ok(())
    }
}

/// No two draws are the same.
#[derive(Default)]
struct Draws(AtomicU64);

impl Entropy for Draws {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            let mixed = next.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
        Ok(())
    }
}
