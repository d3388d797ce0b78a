//! Inviting by hand, and what becomes of a mail on its way.

use crate::world::{CHOSEN, NOW, OWN, linking, login, mailing, world};
use portcullis::ErrorKind;
use portcullis::access::UserKind;
use portcullis::credentials::{
    Enclosed, InvitationTrigger, NewPassword, PasswordSetBy, SecretString, SignIn, Source,
};
use portcullis::desk::FirstLogin;
use portcullis::ledger::{Recipient, StoreExt};
use secrecy::ExposeSecret;
use std::collections::HashSet;

#[test]
fn d39_d55_an_invitation_by_hand_carries_user_name_and_password() {
    let world = world(mailing(InvitationTrigger::Manual, PasswordSetBy::Staff));
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    assert_eq!(world.waiting(), [], "d36: by hand");
    let accounts = world.desk();
    let mailed = accounts.accounts().mail_password(bob, world.chosen());
    mailed.expect("an operator may");
    let letter = world.letter();
    let name = letter.login.as_ref().map(ToString::to_string);
    assert_eq!(name.as_deref(), Some("bob"));
    let Enclosed::Password(password) = &letter.enclosed else {
        panic!("no password");
    };
    assert_eq!(password.expose_secret(), CHOSEN);
    assert_eq!(world.enter("bob", password).user(), bob);
}

#[test]
fn choice15_a_repeated_invitation_carries_a_link_or_a_password_that_must_be_changed() {
    let world = world(mailing(InvitationTrigger::Manual, PasswordSetBy::Staff));
    let desk = world.desk();
    let bob = world.bob(&desk, FirstLogin::Password(world.chosen()));
    world.enter("bob", &SecretString::from(CHOSEN));
    desk.accounts().mail_invitation(bob).expect("may");
    let letter = world.letter();
    assert!(matches!(letter.enclosed, Enclosed::Invitation(_)));
    assert_eq!(world.follow(&letter).user(), bob);
    let mailed = desk.accounts().mail_password(bob, world.chosen());
    let letter = world.take(mailed.expect("may")).expect("to be sent");
    let Enclosed::Password(password) = &letter.enclosed else {
        panic!("no password");
    };
    assert!(matches!(
        world.sign_in("bob", password),
        SignIn::ChangePassword(_)
    ));
}

#[test]
fn d33_what_a_removed_user_was_sent_works_no_more_and_others_are_untouched() {
    let world = world(linking(InvitationTrigger::OnCreate));
    let desk = world.desk();
    let new = |name| {
        let login = login(name, FirstLogin::Invited);
        let added = desk.add_user(UserKind::Client, world.acme, None, login);
        let letter = world.letter();
        (added.expect("may").0, letter)
    };
    let ((bob, bobs), (carl, carls)) = (new("bob"), new("carl"));
    let ((dora, doras), (eve, eves)) = (new("dora"), new("eve"));
    let next = SecretString::from(OWN);
    for letter in [&carls, &doras] {
        drop(world.follow(letter));
    }
    let (carls, doras) = (world.begin("carl", &next), world.begin("dora", &next));
    desk.accounts().mail_invitation(bob).expect("may");
    desk.accounts().mail_invitation(eve).expect("may");
    for user in [bob, carl] {
        desk.remove_user(user).expect("may");
    }
    let Enclosed::Invitation(link) = &bobs.enclosed else {
        panic!("no link");
    };
    let from = Source::new("10.0.0.1");
    let late = world
        .portal
        .accept_invitation(&link.secret, &next, &from, NOW);
    assert!(matches!(late.expect("no fault"), NewPassword::Refused(_)));
    assert!(
        world.portal.session(&carls, NOW).is_err(),
        "still signed in"
    );
    assert!(matches!(world.sign_in("carl", &next), SignIn::Refused(_)));
    let sent: Vec<_> = world
        .waiting()
        .iter()
        .filter_map(|mail| world.take(mail.id))
        .collect();
    let to: HashSet<_> = sent.iter().map(|letter| letter.mail.to.clone()).collect();
    let left = [Recipient::User(dora), Recipient::User(eve)];
    assert_eq!(to, HashSet::from(left));
    let dropped = desk.audit(99).expect("may");
    let dropped = dropped.iter().filter(|entry| entry.action == "mail.drop");
    assert_eq!(
        dropped.count(),
        2,
        "Bob's invitation, and that Carl set a password"
    );
    let live = world.portal.session(&doras, NOW).expect("untouched");
    assert_eq!(live.user(), dora);
    assert!(matches!(eves.enclosed, Enclosed::Invitation(_)));
}

#[test]
fn choice15_of_two_senders_one_gets_a_mail_and_what_failed_is_put_back() {
    let world = world(mailing(
        InvitationTrigger::OnCreate,
        PasswordSetBy::Generated,
    ));
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    let first = world.letter();
    assert!(world.take(first.mail.id).is_none());
    assert_eq!(world.waiting(), []);
    world
        .desk()
        .mails()
        .put_back(first)
        .expect("an operator may");
    let again = world.letter();
    assert_eq!(world.follow(&again).user(), bob);
}

#[test]
fn choice15_nobody_but_an_operator_reads_or_takes_mails() {
    let world = world(mailing(
        InvitationTrigger::OnCreate,
        PasswordSetBy::Generated,
    ));
    let new = login("grace", FirstLogin::Invited);
    let mut new = new;
    new.rights = world
        .portal
        .catalogue()
        .describe(&portcullis::access::RightSet::ALL);
    world.desk().add_staff(new, true).expect("an operator may");
    let letter = world.letter();
    let grace = world.follow(&letter);
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    let waiting = world.waiting();
    let desk = world.portal.acting(&grace);
    let mail = waiting
        .iter()
        .find(|mail| mail.to == Recipient::User(bob))
        .expect("it waits");
    for refused in [
        desk.mails().waiting(9).map(drop),
        desk.mails().take(mail.id).map(drop),
        desk.mails().put_back(letter),
    ] {
        let error = refused.expect_err("an administrator is no operator");
        assert_eq!(error.kind(), ErrorKind::Refused);
    }
    assert_eq!(world.waiting(), waiting, "it is where it was");
    let audited = StoreExt::read(world.portal.store(), |tx| {
        portcullis::ledger::Ledger::audit(tx, 3)
    });
    let refusals = audited.expect("no fault");
    assert!(
        refusals
            .iter()
            .all(|entry| entry.action == "command.refused")
    );
}

#[test]
fn choice18_what_is_about_ones_own_security_is_told_from_what_can_be_switched_off() {
    let world = world(linking(InvitationTrigger::OnCreate));
    let desk = world.desk();
    let website = desk.projects(world.acme).add("Website").expect("may");
    let carl = desk.contacts(world.acme).add("carl", "carl@acme.example");
    let carl = carl.expect("may");
    let mut new = login("carl", FirstLogin::Invited);
    new.email = Some("carl@acme.example".to_owned());
    let added = desk.add_user(UserKind::Client, world.acme, Some(carl), new);
    added.map(drop).expect("may");
    let invitation = world.letter();
    assert!(!invitation.is_about_own_security());
    drop(world.follow(&invitation));
    desk.members(website).add(carl).map(drop).expect("may");
    let told: Vec<_> = world
        .waiting()
        .iter()
        .filter_map(|mail| world.take(mail.id))
        .map(|letter| {
            let event = letter.mail.event.clone();
            (event, letter.is_about_own_security())
        })
        .collect();
    let expected = [("password.set", true), ("membership.added", false)];
    assert_eq!(told, expected.map(|(event, own)| (event.to_owned(), own)));
}

#[test]
fn choice18_a_reset_that_one_asked_for_is_never_switched_off() {
    let mut profile = linking(InvitationTrigger::OnCreate);
    profile.credentials.base_address = Some("https://portal.example".to_owned());
    let world = world(profile);
    let bob = world.bob(&world.desk(), FirstLogin::Invited);
    drop(world.follow(&world.letter()));
    for mail in world.waiting() {
        drop(world.take(mail.id));
    }
    let from = Source::new("10.0.0.1");
    let asked = world.portal.request_reset("bob", &from, NOW);
    asked.expect("no fault").expect("not too often");
    let letter = world.letter();
    assert_eq!(letter.mail.to, Recipient::User(bob));
    assert!(letter.is_about_own_security());
    let Enclosed::Reset(link) = &letter.enclosed else {
        panic!("no link");
    };
    assert!(link.expose().starts_with("https://portal.example/"));
}

/// Plain text, as it was typed: whoever makes HTML of it escapes it.
#[test]
fn bug25_a_letter_hands_a_name_on_as_the_text_it_is() {
    let world = world(linking(InvitationTrigger::OnCreate));
    let name = "<a href=\"https://evil.example\">Reset & win</a>\u{202e}";
    let mut new = login("eve", FirstLogin::Invited);
    name.clone_into(&mut new.name);
    let desk = world.desk();
    let added = desk.add_user(UserKind::Client, world.acme, None, new);
    let (eve, _) = added.expect("an operator may");
    let letter = world.letter();
    assert_eq!(letter.mail.to, Recipient::User(eve));
    assert_eq!(letter.name, name, "neither escaped nor cut");
    assert_eq!(letter.address, "eve@acme.example");
    let mail = format!("{:?}{:?}", letter.mail, letter.enclosed);
    assert!(!mail.contains("href"), "and it is in nothing else: {mail}");
}
