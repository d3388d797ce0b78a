//! Setting up, renewing, taking away and enforcing second factors.

use crate::phone::{Phone, done, later};
use crate::store::Rows;
use crate::world::{RIGHT, T0, WRONG, World, by, ring, secret, until_admin, world, world_with};
use portcullis_credentials::{
    Administrators, Cause, ChangePassword, CredentialError, CredentialSettings, Credentials, Ended,
    EnrolStep, FactorCode, FactorStep, Factors, KeyRingError, PasswordFlaw, PasswordSetBy,
    PasswordStep, Retry, SecretString, SessionCheck, SessionSecret, SignIn, Step,
};
use portcullis_ledger::StoreExt;
use secrecy::ExposeSecret;
use std::sync::Arc;

fn enforce(world: &World, enforced: bool) -> Result<bool, CredentialError> {
    let set = |tx: &mut Rows| {
        world
            .credentials
            .enforce_factor(tx, world.ada, enforced, &by(), T0)
    };
    world.store.write(set)
}

/// Somebody in a session, with a code that is not used yet.
fn in_session(world: &World, phone: &Phone) -> SessionSecret {
    let then = later(T0, -2);
    let proof = world
        .with_code(FactorCode::App(&phone.code(then)), then)
        .unwrap();
    let credentials = &world.credentials;
    credentials
        .start_session(&world.store, proof, then)
        .unwrap()
}

#[test]
fn s29_who_must_have_a_factor_sets_one_up_on_the_way_in() {
    let world = world();
    let session = world.begin(T0);
    assert!(enforce(&world, true).unwrap());
    assert!(!enforce(&world, true).unwrap(), "as it was");
    let check = world.check(&session, T0);
    assert!(
        matches!(check, SessionCheck::Ended(Ended::Superseded)),
        "{check:?}"
    );
    let (phone, proof) = world.enrol_on_the_way(world.try_sign_in("ada", RIGHT, T0), T0);
    world
        .credentials
        .start_session(&world.store, proof, T0)
        .unwrap();
    let now = later(T0, 1);
    let _ = world
        .with_code(FactorCode::App(&phone.code(now)), now)
        .unwrap();
    assert!(enforce(&world, false).unwrap());
    let SignIn::SecondFactor(step) = world.try_sign_in("ada", RIGHT, now) else {
        panic!("who has one keeps it");
    };
    let then = later(T0, 2);
    let answer = world.answer(step, FactorCode::App(&phone.code(then)), then);
    let FactorStep::Onward(SignIn::ChangePassword(step)) = answer else {
        panic!("a password that may be short stands alone");
    };
    let short = secret("eight ch");
    let again = set(&world, step, &short);
    let PasswordStep::Again(step, retry) = again else {
        panic!("{again:?}");
    };
    assert_eq!(retry, Retry::Flaw(PasswordFlaw::TooShort { least: 15 }));
    let onward = set(&world, step, &secret("fifteen letters"));
    assert!(
        matches!(onward, PasswordStep::Onward(SignIn::Done(_))),
        "{onward:?}"
    );
}

fn set(world: &World, step: Step<ChangePassword>, new: &SecretString) -> PasswordStep {
    let credentials = &world.credentials;
    let set = credentials.set_new_password(&world.store, step, new, &world.source, T0);
    set.unwrap()
}

#[test]
fn beside_an_enforced_factor_a_password_may_be_of_eight() {
    let world = world_with(CredentialSettings {
        password_set_by: PasswordSetBy::Staff,
        ..CredentialSettings::default()
    });
    enforce(&world, true).unwrap();
    let assign = |text: &str| {
        let hashed = world.credentials.hash_password(&secret(text)).unwrap();
        let hashed = hashed.map_err(|retry| format!("{retry:?}"))?;
        let given = world.store.write(|tx| {
            world
                .credentials
                .assign_password(tx, world.ada, hashed, &by(), T0)
        });
        given.map_err(|error| error.to_string())
    };
    assert!(assign("seven c").is_err());
    assert_eq!(assign("eight ch"), Ok(()));
    // The same without the factor: no matter that it was hashed before it was known for whom.
    enforce(&world, false).unwrap();
    let error = assign("eight ch").unwrap_err();
    assert!(error.contains("at least 15"), "{error}");
}

#[test]
fn enrolment_needs_one_live_code() {
    let world = world();
    enforce(&world, true).unwrap();
    let SignIn::EnrolFactor(step) = world.try_sign_in("ada", RIGHT, T0) else {
        panic!("not asked to enrol");
    };
    let kept = step.into_secret();
    let (store, from) = (&world.store, &world.source);
    let enrol = |code: &_| {
        let step = Step::resume(kept.clone());
        let answer = world.credentials.enrol_factor(store, step, code, from, T0);
        answer.unwrap()
    };
    let offer = || {
        let step = Step::resume(kept.clone());
        let offer = world.credentials.offer_factor(store, &step, from, T0);
        Phone::scan(&offer.unwrap().unwrap())
    };
    let unoffered = enrol(&secret("123456"));
    assert!(
        matches!(unoffered, EnrolStep::Again(..)),
        "nothing was offered"
    );
    let (replaced, phone) = (offer(), offer());
    for code in [replaced.code(T0), phone.code(later(T0, 9)), secret("")] {
        assert!(matches!(enrol(&code), EnrolStep::Again(..)));
    }
    let enrolled = enrol(&phone.code(T0));
    assert!(matches!(enrolled, EnrolStep::Enrolled(_, SignIn::Done(_))));
    let again = enrol(&phone.code(later(T0, 1)));
    assert!(
        matches!(again, EnrolStep::Refused(_)),
        "a step is answered once"
    );
}

#[test]
fn bug06_who_was_locked_or_suspended_meanwhile_enrols_nothing() {
    let world = world();
    enforce(&world, true).unwrap();
    let SignIn::EnrolFactor(step) = world.try_sign_in("ada", RIGHT, T0) else {
        panic!("not asked to enrol");
    };
    let (store, from) = (&world.store, &world.source);
    let offer = world.credentials.offer_factor(store, &step, from, T0);
    let phone = Phone::scan(&offer.unwrap().unwrap());
    world.fail(5, T0);
    let late = world
        .credentials
        .offer_factor(store, &step, from, T0)
        .unwrap();
    assert!(
        matches!(late.unwrap_err().cause(), Cause::Locked(_)),
        "at the start"
    );
    let enrolled = world
        .credentials
        .enrol_factor(store, step, &phone.code(T0), from, T0);
    let EnrolStep::Refused(refusal) = enrolled.unwrap() else {
        panic!("enrolled behind a lock");
    };
    assert!(matches!(refusal.cause(), Cause::Locked(_)), "at the finish");
}

#[test]
fn bug38_a_change_of_the_factor_ends_every_session_and_tells_the_user() {
    let world = world();
    let session = world.begin(later(T0, -10));
    let (phone, old) = world.enrolled();
    let ended = |session: &_| !matches!(world.check(session, T0), SessionCheck::Live(_));
    let mails = || {
        world
            .store
            .rows()
            .mails
            .iter()
            .map(|m| m.event.clone())
            .collect::<Vec<_>>()
    };
    assert!(ended(&session));
    assert_eq!(mails(), ["factor.enrolled"]);

    let (store, from) = (&world.store, &world.source);
    let begin = |proof| world.credentials.start_session(store, proof, T0).unwrap();
    let code = phone.code(T0);
    let code = FactorCode::App(&code);
    let session = in_session(&world, &phone);
    let (fresh, session) = world.confirm(&session, RIGHT, Some(code), T0).unwrap();
    let renew = || {
        world
            .credentials
            .renew_recovery_codes(store, &fresh, from, T0)
    };
    let renewed = renew().unwrap().unwrap();
    assert_eq!(renew().unwrap().unwrap_err().cause(), Cause::Superseded);
    assert!(ended(&session));
    let session = begin(renewed.proof);
    assert_eq!(mails(), ["factor.enrolled", "factor.recovery-renewed"]);

    let dead = world.with_code(FactorCode::Recovery(&old.codes()[0]), T0);
    assert_eq!(
        dead,
        Err(Cause::WrongCode),
        "bug 35: renewed, the old ones are dead"
    );
    let code = FactorCode::Recovery(&renewed.recovery.codes()[0]);
    let elsewhere = begin(world.with_code(code, T0).unwrap());
    let code = FactorCode::Recovery(&renewed.recovery.codes()[1]);
    let (fresh, _) = world.confirm(&elsewhere, RIGHT, Some(code), T0).unwrap();
    let removed = world.credentials.remove_own_factor(store, &fresh, from, T0);
    let after = removed.unwrap().unwrap().unwrap();
    assert!(ended(&session));
    assert!(!ended(&begin(after)));
    assert_eq!(mails().last().unwrap(), "factor.remove");
    assert!(world.store.rows().codes.is_empty());
    assert!(
        world.sign_in(RIGHT, T0).is_ok(),
        "the password is enough again"
    );
}

#[test]
fn changing_the_factor_takes_the_password_and_a_code_and_counts_both() {
    let world = world_with(until_admin());
    let (phone, _) = world.enrolled();
    let session = in_session(&world, &phone);
    let confirm = |password, code: &_| {
        let confirmed = world.confirm(&session, password, Some(FactorCode::App(code)), T0);
        confirmed.map(drop).unwrap_err()
    };
    let right = phone.code(T0);
    assert_eq!(confirm(WRONG, &right), Cause::WrongPassword);
    assert_eq!(world.tries().counted, 1);
    assert_eq!(confirm(RIGHT, &phone.wrong(T0)), Cause::WrongCode);
    assert_eq!(
        world.tries().counted,
        1,
        "a right password alone forgets nothing"
    );
    for _ in 0..4 {
        confirm(WRONG, &right);
    }
    assert!(matches!(confirm(RIGHT, &right), Cause::Locked(_)));
    let fails = world.store.rows().factor_tries[0].2.counted;
    assert_eq!(fails, 1, "what was locked at the password reached no code");
}

#[test]
fn bug06_a_confirmation_that_aged_or_whose_session_ended_enrols_nothing() {
    let world = world();
    let before = later(T0, -10);
    let session = world.begin(before);
    let (fresh, session) = world.confirm(&session, RIGHT, None, before).unwrap();
    let (store, from) = (&world.store, &world.source);
    let offer = world
        .credentials
        .offer_own_factor(store, &fresh, from, before);
    let phone = Phone::scan(&offer.unwrap().unwrap());
    let enrol = |now| {
        let code = phone.code(now);
        let enrolled = world
            .credentials
            .enrol_own_factor(store, &fresh, &code, from, now);
        enrolled.unwrap().map(drop).map_err(|no| no.cause())
    };
    let minutes = i64::from(world.credentials.policy().settings().fresh_minutes);
    let aged = later(before, minutes * 2);
    assert_eq!(enrol(aged), Err(Cause::NotFresh));
    let live = world.live(&session, before);
    let out = |tx: &mut Rows| world.credentials.sign_out(tx, &live, before);
    store.write(out).unwrap();
    assert_eq!(enrol(before), Err(Cause::Superseded));
    assert!(store.rows().codes.is_empty(), "and no recovery codes");
    assert!(store.rows().factors[0].factor.secret.is_none());
}

#[test]
fn who_must_have_a_factor_and_removes_theirs_gets_no_proof() {
    let world = world();
    let (phone, _) = world.enrolled();
    enforce(&world, true).unwrap();
    let (session, code) = (in_session(&world, &phone), phone.code(T0));
    let code = Some(FactorCode::App(&code));
    let (fresh, _) = world.confirm(&session, RIGHT, code, T0).unwrap();
    let (store, from) = (&world.store, &world.source);
    let removed = world.credentials.remove_own_factor(store, &fresh, from, T0);
    assert!(removed.unwrap().unwrap().is_none());
    world
        .enrol_on_the_way(world.try_sign_in("ada", RIGHT, T0), T0)
        .1
        .user();
}

#[test]
fn an_administrator_takes_a_lost_factor_away_with_its_locks() {
    let world = world();
    let (phone, _) = world.enrolled();
    let wrong = phone.wrong(T0);
    for _ in 0..5 {
        world.with_code(FactorCode::App(&wrong), T0).unwrap_err();
    }
    let open = world.code_due(T0);
    let remove = || {
        let set = |tx: &mut Rows| world.credentials.remove_factor(tx, world.ada, &by(), T0);
        world.store.write(set).unwrap()
    };
    assert!(remove() && !remove());
    assert_eq!(world.last_action(), "factor.remove");
    let late = world.answer(open, FactorCode::App(&phone.code(T0)), T0);
    assert_eq!(done(late), Err(Cause::Superseded));
    assert!(world.sign_in(RIGHT, T0).is_ok());
    let (phone, _) = world.enrolled();
    let _ = world
        .with_code(FactorCode::App(&phone.code(T0)), T0)
        .unwrap();
}

#[test]
fn without_a_key_ring_no_factor_is_enforced_or_set_up() {
    let world = world();
    let policy = world.credentials.policy().clone();
    let bare = Credentials::new(
        policy,
        Administrators::none(),
        world.kdf.clone(),
        world.draws.clone(),
    )
    .unwrap();
    let missing = |error| matches!(error, CredentialError::KeyRing(KeyRingError::Missing));
    let set = |tx: &mut Rows| bare.enforce_factor(tx, world.ada, true, &by(), T0);
    assert!(missing(world.store.write(set).unwrap_err()));
    let (fresh, current, from) = (world.fresh(T0), secret(RIGHT), &world.source);
    let offer = bare.offer_own_factor(&world.store, &fresh, from, T0);
    assert!(missing(offer.unwrap_err()));
    // Nor does a ring that was lost skip the factor.
    let (phone, _) = world.enrolled();
    let SignIn::SecondFactor(step) = bare
        .sign_in(&world.store, "ada", &current, from, T0)
        .unwrap()
    else {
        panic!("skipped");
    };
    let code = phone.code(T0);
    let answer = bare.second_factor(&world.store, step, FactorCode::App(&code), from, T0);
    assert!(missing(answer.unwrap_err()));
}

#[test]
fn secrets_are_sealed_anew_under_the_key_that_seals_now() {
    let mut world = world();
    let (phone, _) = world.enrolled();
    let sealed = |world: &World| {
        let factor = world
            .store
            .read(|tx| tx.factor(world.ada))
            .unwrap()
            .unwrap();
        factor.secret.unwrap().text().to_owned()
    };
    assert!(sealed(&world).starts_with("x1$first$"));
    let old = data_encoding::BASE64.encode(&[1; 32]);
    let both = ring("second", 2).opening("first", &secret(&old)).unwrap();
    world.credentials = world.credentials.with_key_ring(Arc::new(both));
    let reseal = |world: &World| {
        let outcome = world.credentials.reseal(&world.store, &by(), T0).unwrap();
        assert!(outcome.old_keys_may_leave());
        outcome.resealed()
    };
    assert_eq!((reseal(&world), reseal(&world)), (1, 0));
    assert!(sealed(&world).starts_with("x1$second$"));
    world.credentials = world.credentials.with_key_ring(Arc::new(ring("second", 2)));
    let _ = world
        .with_code(FactorCode::App(&phone.code(T0)), T0)
        .unwrap();
}

#[test]
fn no_secret_of_a_factor_is_kept_or_printed() {
    let world = world();
    let before = later(T0, -10);
    let session = world.begin(before);
    let (fresh, _) = world.confirm(&session, RIGHT, None, before).unwrap();
    let (store, from) = (&world.store, &world.source);
    let offer = world
        .credentials
        .offer_own_factor(store, &fresh, from, before);
    let offer = offer.unwrap().unwrap();
    let code = Phone::scan(&offer).code(before);
    let enrolled = world
        .credentials
        .enrol_own_factor(store, &fresh, &code, from, before);
    let enrolled = enrolled.unwrap().unwrap();
    let rows = world.store.rows();
    let kept = format!("{:?} {:?} {:?}", rows.factors, rows.audit, rows.mails);
    let said = format!("{offer:?} {enrolled:?} {code:?} {kept}");
    let seen = offer.secret();
    let planted = enrolled.recovery.codes().iter().chain([&seen, &code]);
    for planted in planted {
        assert!(!said.contains(planted.expose_secret()));
    }
    let plain = data_encoding::BASE32_NOPAD
        .decode(seen.expose_secret().as_bytes())
        .unwrap();
    let text = rows.factors[0]
        .factor
        .secret
        .as_ref()
        .unwrap()
        .text()
        .to_owned();
    assert!(!text.contains(&data_encoding::BASE64URL_NOPAD.encode(&plain)[..20]));
}
