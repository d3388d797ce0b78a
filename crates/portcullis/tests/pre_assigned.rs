//! Users made with a password that staff gives them (S17), and where it leads (S54).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use portcullis::access::Users;
use portcullis::credentials::{
    Accounts, Cause, PasswordSetBy, PasswordStep, SecretString, SignIn, Source,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::{Error, ErrorKind, Portal, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const GIVEN: &str = "given out by staff";
const CHOSEN: &str = "chosen by themselves";

fn portal() -> Portal<Store> {
    let mut profile = presets::safe();
    profile.credentials.password_set_by = PasswordSetBy::StaffThenChange;
    let portal = Portal::new(Store::new(), profile).expect("it works");
    let founded = portal.operator("setup", NOW).found("Ada", "ada@p.example");
    drop(founded.expect("a new portal"));
    portal
}

fn add(portal: &Portal<Store>, name: &str, login: &str) -> Result<UserId, Error> {
    let given = portal.credentials().hash_password(&GIVEN.into());
    let given = given.expect("no fault").expect("it meets the policy");
    let login = NewLogin {
        name: name.to_owned(),
        login: login.to_owned(),
        email: None,
        rights: Vec::new(),
        password: FirstLogin::Password(given),
        expires_in_days: None,
    };
    let added = portal.operator("setup", NOW).add_staff(login, false)?;
    Ok(added.0)
}

fn enter(portal: &Portal<Store>, password: &str) -> SignIn {
    let (password, from) = (SecretString::from(password), Source::new("10.0.0.1"));
    let outcome = portal.sign_in("grace.hopper", &password, &from, NOW);
    outcome.expect("no fault")
}

#[test]
fn s17_a_user_is_made_with_user_name_password_first_and_last_name() {
    let portal = portal();
    let grace = add(&portal, "Grace Hopper", "Grace.Hopper").expect("an operator may");
    let (user, account) = portal
        .store()
        .read(|tx| Ok::<_, portcullis::ledger::StoreError>((tx.user(grace)?, tx.account(grace)?)))
        .expect("no fault");
    let (user, account) = (user.expect("she is there"), account.expect("with a login"));
    assert_eq!(
        (user.name.as_str(), account.name.shown()),
        ("Grace Hopper", "Grace.Hopper")
    );
    assert!(account.password.is_some());
    assert!(matches!(enter(&portal, GIVEN), SignIn::ChangePassword(_)));
    for login in ["", " ", "grace hopper", "GRACE.HOPPER"] {
        let error = add(&portal, "Grace Brewster Hopper", login).expect_err("no user name");
        assert_eq!(error.kind(), ErrorKind::Invalid, "{login:?}: {error}");
    }
}

#[test]
fn s54_with_a_pre_assigned_password_one_is_led_to_a_new_one() {
    let portal = portal();
    let grace = add(&portal, "Grace Hopper", "grace.hopper").expect("an operator may");
    for again in [false, true] {
        if again {
            let given = portal.credentials().hash_password(&GIVEN.into());
            let given = given.expect("no fault").expect("it meets the policy");
            let operator = portal.operator("setup", NOW);
            let assigned = operator.accounts().assign_password(grace, given);
            assigned.expect("an operator may");
        }
        let SignIn::ChangePassword(step) = enter(&portal, GIVEN) else {
            panic!("it leads somewhere else");
        };
        let (new, from) = (SecretString::from(CHOSEN), Source::new("10.0.0.1"));
        let outcome = portal.set_new_password(step, &new, &from, NOW);
        let PasswordStep::Onward(SignIn::Done(proof)) = outcome.expect("no fault") else {
            panic!("a new password leads in");
        };
        drop(portal.start_session(proof, NOW).expect("signed in"));
        let SignIn::Refused(refusal) = enter(&portal, GIVEN) else {
            panic!("the one that was given still leads somewhere");
        };
        assert_eq!(refusal.cause(), Cause::WrongPassword);
        assert!(matches!(enter(&portal, CHOSEN), SignIn::Done(_)));
    }
}
