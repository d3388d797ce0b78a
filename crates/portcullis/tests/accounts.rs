//! What administrators do to accounts, through the facade.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use portcullis::access::{NamedRight, Users};
use portcullis::credentials::{
    Accounts, Directory, DirectoryAnswer, DirectoryError, DirectoryPassword, DirectoryRefusal,
    HashedPassword, LoginName, PasswordSetBy, SecretString, SignIn, Source,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{Timestamp, UserId, days};
use portcullis::ledger::StoreExt;
use portcullis::{ErrorKind, Me, Portal, PortalBuilder, presets};
use portcullis_memory::Store;
use std::num::NonZeroU32;
use std::sync::Arc;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const PASSWORD: &str = "a long enough phrase";

fn portal() -> (Portal<Store>, UserId) {
    let mut profile = presets::safe();
    profile.credentials.password_set_by = PasswordSetBy::StaffThenChange;
    let portal = Portal::new(Store::new(), profile).expect("it works");
    drop(
        portal
            .operator("setup", NOW)
            .found("Ada", "ada@provider.example")
            .expect("a new portal"),
    );
    let users = portal.store().read(Users::users).expect("no fault");
    let ada = users.first().expect("one was founded").id;
    (portal, ada)
}

fn hashed(portal: &Portal<Store>, password: &str) -> HashedPassword {
    let hashed = portal
        .credentials()
        .hash_password(&SecretString::from(password));
    hashed.expect("no fault").expect("it meets the policy")
}

fn staff(portal: &Portal<Store>, name: &str, rights: &[&str]) -> UserId {
    let login = NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: None,
        rights: rights.iter().map(|right| (*right).to_owned()).collect(),
        password: FirstLogin::Password(hashed(portal, PASSWORD)),
        expires_in_days: None,
    };
    let added = portal.operator("setup", NOW).add_staff(login, true);
    added.expect("an operator may").0
}

fn enter(portal: &Portal<Store>, name: &str, now: Timestamp) -> SignIn {
    let password = SecretString::from(PASSWORD);
    portal
        .sign_in(name, &password, &Source::new("10.0.0.1"), now)
        .expect("no fault")
}

fn administrators(portal: &Portal<Store>) -> (Me, UserId) {
    let everything = portal
        .catalogue()
        .describe(&portcullis::access::RightSet::ALL);
    let everything: Vec<&str> = everything.iter().map(String::as_str).collect();
    let carl = staff(portal, "carl", &everything);
    let dora = staff(portal, "dora", &everything);
    let SignIn::ChangePassword(step) = enter(portal, "carl", NOW) else {
        panic!("s52: a first sign-in asks for a new password");
    };
    let new = SecretString::from("another long phrase");
    let onward = portal
        .set_new_password(step, &new, &Source::new("10.0.0.1"), NOW)
        .expect("no fault");
    let portcullis::credentials::PasswordStep::Onward(SignIn::Done(proof)) = onward else {
        panic!("the step was answered");
    };
    let cookie = portal.start_session(proof, NOW).expect("no fault");
    let me = portal.session(&cookie, NOW).expect("signed in");
    assert_eq!(me.user(), carl);
    (me, dora)
}

#[test]
fn s53_s60_a_password_given_out_ends_sessions_and_must_be_changed() {
    let (portal, _) = portal();
    let (carl, dora) = administrators(&portal);
    let desk = portal.acting(&carl);
    desk.accounts()
        .assign_password(dora, hashed(&portal, PASSWORD))
        .expect("an administrator may");
    assert!(matches!(
        enter(&portal, "dora", NOW),
        SignIn::ChangePassword(_)
    ));
}

#[test]
fn s27_an_account_expires_to_the_tick_and_the_last_lasting_administrator_does_not() {
    let (portal, ada) = portal();
    let (carl, dora) = administrators(&portal);
    let desk = portal.acting(&carl);
    desk.accounts().disable(ada).expect("two are left");
    let seven = NonZeroU32::new(7);
    desk.accounts().expire_in(dora, seven).expect("carl stays");
    let last = NOW.after(days(7));
    assert!(matches!(enter(&portal, "dora", last), SignIn::Refused(_)));
    let before = Timestamp::from_millis(last.millis() - 1);
    assert!(matches!(
        enter(&portal, "dora", before),
        SignIn::ChangePassword(_)
    ));

    // Carl himself is the only one without an end; another administrator with one cannot end him.
    let everything = portal
        .catalogue()
        .describe(&portcullis::access::RightSet::ALL);
    let rights: Vec<&str> = everything.iter().map(String::as_str).collect();
    let eve = staff(&portal, "eve", &rights);
    portal
        .operator("setup", NOW)
        .accounts()
        .expire_in(eve, seven)
        .expect("an operator may");
    let eve = portal.vouched(eve, "the test", NOW).expect("a user");
    assert!(
        portal
            .may(&eve, NamedRight::MANAGE_USERS, None, NOW)
            .is_allow()
    );
    let refused = portal
        .acting(&eve)
        .accounts()
        .expire_in(carl.user(), seven)
        .expect_err("the last");
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert!(
        refused.to_string().contains("without an administrator"),
        "{refused}"
    );
}

/// Takes one password from everybody it is asked about.
struct OneForAll;

impl Directory for OneForAll {
    fn verify(
        &self,
        _: &LoginName,
        password: &DirectoryPassword<'_>,
    ) -> Result<DirectoryAnswer, DirectoryError> {
        Ok(if password.expose() == "as it is there" {
            DirectoryAnswer::Accepted
        } else {
            DirectoryAnswer::Refused(DirectoryRefusal::Wrong)
        })
    }
}

#[test]
fn s30_staff_makes_a_user_of_the_directory_and_a_file_keeps_them_one() {
    let portal = || {
        let builder = PortalBuilder::new(presets::safe()).directory(Arc::new(OneForAll));
        builder.open(Store::new()).expect("it works")
    };
    let first = portal();
    let founded = first.operator("setup", NOW).found("Ada", "ada@p.example");
    drop(founded.expect("a new portal"));
    let login = NewLogin {
        name: "Grace".to_owned(),
        login: "grace".to_owned(),
        email: None,
        rights: Vec::new(),
        password: FirstLogin::Directory,
        expires_in_days: None,
    };
    let (grace, invitation) = first
        .operator("setup", NOW)
        .add_staff(login, false)
        .expect("an operator may");
    assert!(invitation.is_none(), "there is nothing to set here");
    let desk = first.operator("setup", NOW);
    assert!(desk.accounts().invite(grace).is_err(), "s31");

    let file = first.operator("setup", NOW).export().expect("exported");
    let second = portal();
    second
        .operator("setup", NOW)
        .import(&file)
        .expect("imported");
    for portal in [&first, &second] {
        let enter = |password| {
            let password = SecretString::from(password);
            portal
                .sign_in("Grace", &password, &Source::new("10.0.0.1"), NOW)
                .expect("no fault")
        };
        assert!(matches!(enter("as it is there"), SignIn::Done(_)));
        assert!(matches!(enter(PASSWORD), SignIn::Refused(_)));
    }
    let grace = second.store().read(|tx| tx.account_named("grace"));
    let grace = grace.expect("no fault").expect("an account").user;
    let accounts = second.operator("setup", NOW);
    assert!(
        accounts
            .accounts()
            .set_directory(grace, false)
            .expect("done")
    );
    assert!(accounts.accounts().invite(grace).is_ok());
}
