//! A new password by mail, from the form to the next sign-in.

use crate::world::{NOW, OWN, linking, login, world};
use portcullis::credentials::{
    Cause, Enclosed, InvitationTrigger, NewPassword, SecretString, SignIn, Source, TokenSecret,
};
use portcullis::desk::FirstLogin;
use portcullis::id::minutes;
use portcullis::{ErrorKind, PortalProfile};

fn profile() -> PortalProfile {
    let mut profile = linking(InvitationTrigger::OnCreate);
    profile.credentials.base_address = Some("https://portal.example/acme".to_owned());
    profile
}

#[test]
fn bug22_bug24_a_reset_goes_from_the_form_to_the_stored_address_and_back() {
    let world = world(profile());
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    let letter = world.letter();
    let Enclosed::Invitation(invitation) = &letter.enclosed else {
        panic!("no link");
    };
    let link = world
        .portal
        .invitation_link(invitation)
        .expect("an address");
    assert!(
        link.expose()
            .starts_with("https://portal.example/acme/invitation/")
    );
    let session = world.follow(&letter);
    let from = Source::new("10.0.0.1");
    for typed in ["bob", "nobody", "bob@acme.example", "bob@evil.example"] {
        let asked = world.portal.request_reset(typed, &from, NOW);
        assert_eq!(asked.expect("no fault"), Ok(()), "{typed}");
    }
    let waiting = world.waiting();
    let mail = waiting.iter().find(|mail| mail.event == "password.reset");
    let letter = world.take(mail.expect("one mail").id).expect("to be sent");
    assert_eq!(letter.address, "bob@acme.example");
    assert!(
        letter.is_about_own_security(),
        "choice 18: no switch stops it"
    );
    let Enclosed::Reset(link) = &letter.enclosed else {
        panic!("no link");
    };
    let tail = link
        .expose()
        .strip_prefix("https://portal.example/acme/reset/");
    let secret = TokenSecret::from(tail.expect("on the configured address"));
    assert!(!format!("{letter:?}").contains(secret.expose()));
    let next = SecretString::from("n3w0n3quitelong");
    let set = world.portal.finish_reset(&secret, &next, &from, NOW);
    assert!(matches!(set.expect("no fault"), NewPassword::Set(user) if user == bob));
    let cookie = session.session().is_some();
    assert!(cookie, "who was signed in");
    let old = SecretString::from(OWN);
    assert!(matches!(world.sign_in("bob", &old), SignIn::Refused(_)));
    let me = world.enter("bob", &next);
    assert_eq!(me.user(), bob);
    let left = world.waiting();
    assert!(left.iter().all(|mail| mail.event != "password.reset"));
    assert!(left.iter().any(|mail| mail.event == "password.set"));
}

#[test]
fn bug26_a_new_address_kills_the_link_that_the_one_before_got() {
    let world = world(profile());
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    drop(world.follow(&world.letter()));
    let from = Source::new("10.0.0.1");
    let asked = world.portal.request_reset("bob", &from, NOW);
    assert_eq!(asked.expect("no fault"), Ok(()));
    let waiting = world.waiting();
    let mail = waiting.iter().find(|mail| mail.event == "password.reset");
    let letter = world.take(mail.expect("one mail").id).expect("to be sent");
    let Enclosed::Reset(link) = &letter.enclosed else {
        panic!("no link");
    };
    let moved = world.desk().set_email(bob, Some("robert@acme.example"));
    moved.expect("an operator may");
    let tail = link.expose().rsplit('/').next().unwrap_or_default();
    let (secret, next) = (
        TokenSecret::from(tail),
        SecretString::from("n3w0n3quitelong"),
    );
    let set = world.portal.finish_reset(&secret, &next, &from, NOW);
    let NewPassword::Refused(refusal) = set.expect("no fault") else {
        panic!("it still works");
    };
    assert_eq!(refusal.cause(), Cause::Superseded);
}

#[test]
fn bug24_without_an_address_of_its_own_a_portal_makes_no_link() {
    let world = world(linking(InvitationTrigger::OnCreate));
    let asked = world
        .portal
        .request_reset("bob", &Source::new("10.0.0.1"), NOW);
    let error = asked.expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::Fault);
    assert!(
        !error.to_string().contains("base_address"),
        "for the log alone"
    );
    assert!(format!("{error:?}").contains("NoBaseAddress"));
}

/// An administrator who tries out names finds out about sixty, then one a minute, and the answer
/// for a free name is the same.
#[test]
fn choice16_taken_names_are_asked_for_so_often_and_no_more() {
    let world = world(profile());
    let desk = world.desk();
    let everything = world
        .portal
        .catalogue()
        .describe(&portcullis::access::RightSet::ALL);
    let mut dora = login("dora", FirstLogin::Invited);
    dora.rights = everything;
    let (dora, _) = desk.add_staff(dora, true).expect("an operator may");
    let ask = |name: &str, now| {
        let me = world.portal.vouched(dora, "the test", now).expect("a user");
        let new = login(name, FirstLogin::Invited);
        let added = world.portal.acting(&me).add_staff(new, false);
        added
            .map(drop)
            .map_err(|error| (error.kind(), error.to_string()))
    };
    let taken = "this user name cannot be used; choose another one";
    let taken = Err((ErrorKind::Invalid, taken.to_owned()));
    for _ in 0..59 {
        assert_eq!(ask("dora", NOW), taken);
    }
    assert_eq!(ask("free", NOW), Ok(()), "what is made counts too");
    let later = "too many users were added in a short time; try again in a few minutes";
    let later = Err((ErrorKind::Busy, later.to_owned()));
    for name in ["dora", "as-free-as-can-be"] {
        assert_eq!(ask(name, NOW), later, "{name}");
    }
    let next = NOW.after(minutes(1));
    assert_eq!(ask("dora", next), taken);
    assert_eq!(ask("as-free-as-can-be", next), later);
    for number in 0..70 {
        let new = login(&format!("guest{number}"), FirstLogin::Invited);
        desk.add_staff(new, false)
            .expect("an operator may, as often as they like");
    }
}
