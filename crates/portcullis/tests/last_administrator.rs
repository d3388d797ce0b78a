//! What a lock says and leaves, and whom it never keeps out for good (bug 12, promise 5).

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use data_encoding::BASE32_NOPAD;
use portcullis::credentials::{
    AccountEvent, Accounts, Cause, EnrolStep, FactorAttempts, FactorCode, FactorKind, FactorOffer,
    FactorStep, KeyRing, Lock, PasswordSetBy, SecretString, SignIn, Source,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{Timestamp, UserId, hours};
use portcullis::ledger::{Ledger, Recipient, StoreExt};
use portcullis::{ErrorKind, Portal, PortalBuilder, presets};
use portcullis_memory::Store;
use secrecy::ExposeSecret;
use std::sync::Arc;
use totp_rs::{Builder, Secret};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const PASSWORD: &str = "seven red bicycles";

fn portal() -> Portal<Store> {
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let mut profile = presets::safe();
    profile.access.starts_active = true;
    profile.credentials.lock = Lock::UntilAdmin;
    profile.credentials.lock_threshold = 3;
    profile.credentials.factor_lock_threshold = 3;
    profile.credentials.password_set_by = PasswordSetBy::Staff;
    PortalBuilder::new(profile)
        .key_ring(Arc::new(KeyRing::new("2026-11", &key).expect("a key")))
        .open(Store::new())
        .expect("it works")
}

fn staff(portal: &Portal<Store>, name: &str, rights: &[&str]) -> UserId {
    let password = SecretString::from(PASSWORD);
    let hashed = portal.credentials().hash_password(&password);
    let login = NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: Some(format!("{name}@p.example")),
        rights: rights.iter().map(|right| (*right).to_owned()).collect(),
        password: FirstLogin::Password(hashed.expect("no fault").expect("it meets the policy")),
        expires_in_days: None,
    };
    let added = portal.operator("setup", NOW).add_staff(login, true);
    added.expect("an operator may").0
}

fn enter(portal: &Portal<Store>, name: &str, password: &str) -> SignIn {
    let (password, from) = (SecretString::from(password), Source::new("10.0.0.1"));
    portal
        .sign_in(name, &password, &from, NOW)
        .expect("no fault")
}

fn fail(portal: &Portal<Store>, name: &str) {
    for _ in 0..3 {
        assert!(matches!(
            enter(portal, name, "some wrong password"),
            SignIn::Refused(_)
        ));
    }
}

fn locked_until(portal: &Portal<Store>, user: UserId) -> Option<Timestamp> {
    let account = portal.store().read(|tx| tx.account(user));
    account
        .expect("no fault")
        .expect("there")
        .tries
        .locked_until
}

fn told(portal: &Portal<Store>, event: AccountEvent) -> Vec<String> {
    let entries = portal.store().read(|tx| tx.audit(1_000)).expect("no fault");
    let of = entries
        .into_iter()
        .filter(|entry| entry.action == event.name());
    of.map(|entry| entry.detail).collect()
}

#[test]
fn bug12_a_lock_says_from_where_and_until_when_and_leaves_the_session() {
    let portal = portal();
    let (_, bob) = (
        staff(&portal, "ada", &["users.manage"]),
        staff(&portal, "bob", &[]),
    );
    let SignIn::Done(proof) = enter(&portal, "bob", PASSWORD) else {
        panic!("not locked yet");
    };
    let session = portal.start_session(proof, NOW).expect("a session");
    fail(&portal, "bob");
    assert_eq!(locked_until(&portal, bob), Some(Timestamp::MAX));
    assert_eq!(
        told(&portal, AccountEvent::Locked),
        ["locked until an administrator unlocks, from 10.0.0.1"]
    );
    let SignIn::Refused(refusal) = enter(&portal, "bob", PASSWORD) else {
        panic!("it is locked");
    };
    assert_eq!(refusal.cause(), Cause::Locked(Timestamp::MAX));
    let mails = portal
        .store()
        .read(|tx| tx.outbox(1_000))
        .expect("no fault");
    let of_lock = mails
        .iter()
        .filter(|mail| mail.event == AccountEvent::Locked.name());
    let to: Vec<_> = of_lock.map(|mail| &mail.to).collect();
    assert_eq!(to, [&Recipient::User(bob)], "its owner is mailed, once");
    let me = portal
        .session(&session, NOW)
        .expect("a lock stops new sign-ins only");
    assert_eq!(me.user(), bob);
}

#[test]
fn bug12_who_could_unlock_is_counted_by_who_can_sign_in() {
    let portal = portal();
    let ada = staff(&portal, "ada", &["users.manage"]);
    let a_day = Some(NOW.after(hours(24)));
    let unlock = |user| portal.operator("setup", NOW).accounts().unlock(user);
    fail(&portal, "ada");
    assert_eq!(locked_until(&portal, ada), a_day, "there is nobody else");
    assert!(
        told(&portal, AccountEvent::Locked)[0].ends_with(
            ", and not until an administrator unlocks: nobody else could, from 10.0.0.1"
        )
    );
    let bob = staff(&portal, "bob", &["users.manage"]);
    unlock(ada).expect("an operator may");
    for suspended in [true, false] {
        let accounts = portal.operator("setup", NOW);
        let changed = if suspended {
            accounts.accounts().suspend(bob)
        } else {
            accounts.accounts().resume(bob)
        };
        assert!(changed.expect("an operator may"));
        fail(&portal, "ada");
        let expected = if suspended {
            a_day
        } else {
            Some(Timestamp::MAX)
        };
        assert_eq!(
            locked_until(&portal, ada),
            expected,
            "bob suspended: {suspended}"
        );
        unlock(ada).expect("an operator may");
    }
    // Whoever will expire does not count as who is left for good.
    let seven = std::num::NonZeroU32::new(7);
    let expires = portal
        .operator("setup", NOW)
        .accounts()
        .expire_in(bob, seven);
    assert!(expires.expect("an operator may"));
    fail(&portal, "ada");
    assert_eq!(locked_until(&portal, ada), a_day, "bob goes in a week");
    unlock(ada).expect("an operator may");
    fail(&portal, "bob");
    assert_eq!(
        locked_until(&portal, bob),
        Some(Timestamp::MAX),
        "ada stays"
    );
}

#[test]
fn bug12_the_last_administrators_codes_are_locked_for_a_time_only() {
    let portal = portal();
    let (ada, bob) = (
        staff(&portal, "ada", &["users.manage"]),
        staff(&portal, "bob", &["users.manage"]),
    );
    for user in [ada, bob] {
        let enforced = portal
            .operator("setup", NOW)
            .accounts()
            .enforce_factor(user, true);
        assert!(enforced.expect("an operator may"));
    }
    enrol(&portal, "ada");
    enrol(&portal, "bob");
    fail_codes(&portal, "ada");
    fail_codes(&portal, "bob");
    let until = |user| {
        let tries = portal
            .store()
            .read(|tx| tx.factor_tries(user, FactorKind::Totp));
        tries.expect("no fault").expect("counted").locked_until
    };
    assert_eq!(until(ada), Some(Timestamp::MAX), "bob could still sign in");
    assert_eq!(until(bob), Some(NOW.after(hours(24))), "ada cannot");
    let why = ", and not until an administrator unlocks: nobody else could, from 10.0.0.1";
    assert!(told(&portal, AccountEvent::FactorLocked)[0].ends_with(why));
    fail(&portal, "bob");
    assert_eq!(locked_until(&portal, bob), Some(NOW.after(hours(24))));

    // By their sessions, ada works on; bob is the one who is left.
    let me = portal.vouched(ada, "sso", NOW).expect("a user");
    let refused = portal.acting(&me).remove_user(bob).expect_err("the last");
    assert_eq!(refused.kind(), ErrorKind::Refused);
    let unlocked = portal.operator("setup", NOW).accounts().unlock(ada);
    assert!(unlocked.expect("an operator may"));
    portal.acting(&me).remove_user(bob).expect("ada is left");
}

fn enrol(portal: &Portal<Store>, name: &str) {
    let from = Source::new("10.0.0.1");
    let SignIn::EnrolFactor(step) = enter(portal, name, PASSWORD) else {
        panic!("a factor is enforced");
    };
    let offer = portal.offer_factor(&step, &from, NOW).expect("no fault");
    let code = code(&offer.expect("the step is open"));
    let enrolled = portal.enrol_factor(step, &code, &from, NOW);
    assert!(matches!(
        enrolled.expect("no fault"),
        EnrolStep::Enrolled(_, SignIn::Done(_))
    ));
}

/// The code that an app shows.
fn code(offer: &FactorOffer) -> SecretString {
    let bytes = BASE32_NOPAD.decode(offer.secret().expose_secret().as_bytes());
    let bytes: [u8; 20] = bytes.expect("base32").try_into().expect("160 bit");
    let totp = Builder::new()
        .with_secret(Secret::new_stack(bytes))
        .build()
        .expect("it works");
    let seconds = NOW.millis() / 1000;
    SecretString::from(
        totp.generate(u64::try_from(seconds).expect("after 1970"))
            .to_string(),
    )
}

fn fail_codes(portal: &Portal<Store>, name: &str) {
    let (wrong, from) = (SecretString::from("000000"), Source::new("10.0.0.1"));
    let SignIn::SecondFactor(mut step) = enter(portal, name, PASSWORD) else {
        panic!("a code is due");
    };
    for _ in 0..3 {
        let answer = portal.second_factor(step, FactorCode::App(&wrong), &from, NOW);
        step = match answer.expect("no fault") {
            FactorStep::Again(step, _) => step,
            FactorStep::Onward(_) => return,
        };
    }
    panic!("three lock");
}
