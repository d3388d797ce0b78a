//! The second factor through the facade (S29).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use data_encoding::BASE32_NOPAD;
use portcullis::credentials::{
    Cause, Current, FactorCode, FactorOffer, FactorStep, KeyRing, Reauthentication, SecretString,
    SessionSecret, Shown, SignIn, Source, Step,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{Timestamp, UserId};
use portcullis::{ErrorKind, Portal, PortalBuilder, presets};
use portcullis_memory::Store;
use secrecy::ExposeSecret;
use std::sync::Arc;
use totp_rs::{Builder, Secret};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const PASSWORD: &str = "seven red bicycles";

fn ring() -> Arc<KeyRing> {
    let key = SecretString::from("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    Arc::new(KeyRing::new("2026-11", &key).expect("a key"))
}

fn portal(ring: Option<Arc<KeyRing>>) -> Portal<Store> {
    let mut builder = PortalBuilder::new(presets::safe());
    if let Some(ring) = ring {
        builder = builder.key_ring(ring);
    }
    let portal = builder.open(Store::new()).expect("it works");
    let founded = portal.operator("setup", NOW).found("Ada", "ada@p.example");
    drop(founded.expect("a new portal"));
    portal
}

/// Staff who has set a password.
fn grace(portal: &Portal<Store>, email: Option<&str>) -> UserId {
    let login = NewLogin {
        name: "Grace".to_owned(),
        login: "grace".to_owned(),
        email: email.map(str::to_owned),
        rights: Vec::new(),
        password: FirstLogin::Invited,
        expires_in_days: None,
    };
    let added = portal.operator("setup", NOW).add_staff(login, false);
    let (grace, invitation) = added.expect("an operator may");
    let (password, from) = (SecretString::from(PASSWORD), Source::new("10.0.0.1"));
    let secret = invitation.expect("invited").secret;
    let set = portal.accept_invitation(&secret, &password, &from, NOW);
    drop(set.expect("no fault"));
    grace
}

fn enter(portal: &Portal<Store>) -> SignIn {
    let (password, from) = (SecretString::from(PASSWORD), Source::new("10.0.0.1"));
    portal
        .sign_in("grace", &password, &from, NOW)
        .expect("no fault")
}

#[test]
fn s29_a_factor_that_is_enforced_is_set_up_on_the_way_in() {
    let portal = portal(Some(ring()));
    let (grace, from) = (
        grace(&portal, Some("grace@p.example")),
        Source::new("10.0.0.1"),
    );
    let SignIn::Done(proof) = enter(&portal) else {
        panic!("nothing is enforced yet");
    };
    let session = portal.start_session(proof, NOW).expect("a session");
    let desk = portal.operator("setup", NOW);
    assert!(desk.accounts().enforce_factor(grace, true).expect("done"));
    let ended = portal.session(&session, NOW).expect_err("it ended");
    assert_eq!(ended.kind(), ErrorKind::SignedOut);
    let SignIn::EnrolFactor(step) = enter(&portal) else {
        panic!("a factor is enforced and not asked for");
    };
    let offer = portal.offer_factor(&step, &from, NOW).expect("no fault");
    assert!(offer.is_ok());
    let wrong = SecretString::from("no code");
    let answer = portal
        .enrol_factor(step, &wrong, &from, NOW)
        .expect("no fault");
    assert!(matches!(
        answer,
        portcullis::credentials::EnrolStep::Again(..)
    ));
    let stranger = Step::resume("no step".into());
    let answer = portal.second_factor(stranger, FactorCode::App(&wrong), &from, NOW);
    let FactorStep::Onward(SignIn::Refused(refusal)) = answer.expect("no fault") else {
        panic!("a step that nobody opened was taken");
    };
    assert_eq!(
        (refusal.cause(), refusal.shown()),
        (Cause::UnknownToken, Shown::InvalidLink)
    );
    assert!(
        !desk.accounts().remove_factor(grace).expect("done"),
        "there is none"
    );
    assert!(desk.accounts().enforce_factor(grace, false).expect("done"));
    assert!(
        matches!(enter(&portal), SignIn::ChangePassword(_)),
        "a password that may be of eight letters no longer stands beside a factor"
    );
}

#[test]
fn s29_a_factor_is_enforced_for_who_has_an_address_and_where_there_are_keys() {
    let without = portal(Some(ring()));
    let nobody = grace(&without, None);
    let enforce = |portal: &Portal<Store>, user| {
        let desk = portal.operator("setup", NOW);
        desk.accounts()
            .enforce_factor(user, true)
            .expect_err("refused")
    };
    let error = enforce(&without, nobody);
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("address"), "{error}");
    let bare = portal(None);
    let error = enforce(&bare, grace(&bare, Some("grace@p.example")));
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("key ring"), "{error}");
    let desk = without.operator("setup", NOW);
    desk.set_email(nobody, Some("grace@p.example"))
        .expect("set");
    assert!(desk.accounts().enforce_factor(nobody, true).expect("done"));
    let kept = desk.set_email(nobody, None).expect_err("it is needed");
    assert_eq!(kept.kind(), ErrorKind::Invalid);
}

/// The code that an app shows so many steps after `NOW`.
fn code(offer: &FactorOffer, steps: u32) -> SecretString {
    let bytes = BASE32_NOPAD.decode(offer.secret().expose_secret().as_bytes());
    let bytes: [u8; 20] = bytes.expect("base32").try_into().expect("160 bit");
    let totp = Builder::new()
        .with_secret(Secret::new_stack(bytes))
        .build()
        .expect("it works");
    let seconds = NOW.millis() / 1000 + 30 * i64::from(steps);
    SecretString::from(
        totp.generate(u64::try_from(seconds).expect("after 1970"))
            .to_string(),
    )
}

#[test]
fn s29_one_sets_up_uses_renews_and_removes_ones_own_factor() {
    let portal = portal(Some(ring()));
    grace(&portal, Some("grace@p.example"));
    let (password, from) = (SecretString::from(PASSWORD), Source::new("10.0.0.1"));
    let SignIn::Done(proof) = enter(&portal) else {
        panic!("no factor yet");
    };
    let me = |session: &SessionSecret| portal.session(session, NOW).expect("signed in");
    let session = portal.start_session(proof, NOW).expect("a session");
    let confirm = |session: &SessionSecret, code| {
        let current = match code {
            None => Current::Password(&password),
            Some(code) => Current::PasswordAndCode(&password, code),
        };
        let confirmed = portal.reauthenticate(&me(session), current, &from);
        match confirmed.expect("no fault") {
            Reauthentication::Confirmed(fresh, secret) => Ok((fresh, secret)),
            Reauthentication::Refused(refusal) => Err(refusal.cause()),
            Reauthentication::CodeDue => panic!("none was given"),
        }
    };
    let (fresh, session) = confirm(&session, None).expect("the password is right");
    let offer = portal.offer_own_factor(&fresh, &from, NOW);
    let offer = offer.expect("no fault").expect("the password is right");
    let enrolled = portal.enrol_own_factor(&fresh, &code(&offer, 0), &from, NOW);
    let enrolled = enrolled.expect("no fault").expect("the code is right");
    assert!(portal.session(&session, NOW).is_err(), "it ended");
    let session = portal
        .start_session(enrolled.proof, NOW)
        .expect("a session");

    let recovery = FactorCode::Recovery(&enrolled.recovery.codes()[0]);
    let (fresh, _) = confirm(&session, Some(recovery)).expect("both are right");
    let renewed = portal.renew_recovery_codes(&fresh, &from, NOW);
    let renewed = renewed.expect("no fault").expect("confirmed");
    drop(renewed.proof);

    let SignIn::SecondFactor(step) = enter(&portal) else {
        panic!("a factor is set up and not asked for");
    };
    let next = code(&offer, 1);
    let answer = portal.second_factor(step, FactorCode::App(&next), &from, NOW);
    let FactorStep::Onward(SignIn::Done(proof)) = answer.expect("no fault") else {
        panic!("the code is right");
    };
    let session = portal.start_session(proof, NOW).expect("a session");
    let spent = FactorCode::Recovery(&enrolled.recovery.codes()[1]);
    let refused = confirm(&session, Some(spent)).map(drop);
    assert_eq!(
        refused,
        Err(Cause::WrongCode),
        "bug 35: renewed, it is dead"
    );
    let live = FactorCode::Recovery(&renewed.recovery.codes()[1]);
    let (fresh, _) = confirm(&session, Some(live)).expect("both are right");
    let removed = portal.remove_own_factor(&fresh, &from, NOW);
    assert!(removed.expect("no fault").expect("confirmed").is_some());
    assert!(matches!(enter(&portal), SignIn::Done(_)));
}

#[test]
fn s29_a_portal_file_never_asks_for_less() {
    let old = portal(Some(ring()));
    let grace = grace(&old, Some("grace@p.example"));
    let desk = old.operator("setup", NOW);
    assert!(desk.accounts().enforce_factor(grace, true).expect("done"));
    let file = desk.export().expect("no fault");
    let text = file.to_json().expect("no fault");
    assert_eq!(text.matches("\"second_factor\": true").count(), 1, "{text}");
    let anew = |ring: Option<Arc<KeyRing>>| {
        let mut builder = PortalBuilder::new(presets::safe());
        if let Some(ring) = ring {
            builder = builder.key_ring(ring);
        }
        builder.open(Store::new()).expect("it works")
    };
    let new = anew(Some(ring()));
    let operator = new.operator("setup", NOW);
    operator.import(&file).expect("a file of our own");
    assert_eq!(operator.export().expect("no fault"), file);
    assert!(matches!(enter(&new), SignIn::EnrolFactor(_)));
    let refused = anew(None).operator("setup", NOW).import(&file);
    let told = refused.expect_err("nothing to keep the secret under");
    assert!(told.to_string().contains("second_factor"), "{told}");
}
