//! When an invitation is mailed, and what with it.

use crate::world::{CHOSEN, NOW, World, linking, login, mailing, world};
use portcullis::ErrorKind;
use portcullis::access::{Clients, Kind, UserKind, Users, Verb};
use portcullis::credentials::{
    Enclosed, InvitationTrigger, Mailing, PasswordSetBy, SecretString, SignIn,
};
use portcullis::desk::{FirstLogin, GuestEntry};
use portcullis::id::{ContainerId, UserId};
use portcullis::ledger::{Recipient, StoreExt};
use portcullis::sharing::{Exposure, Located};
use portcullis::{PortalBuilder, presets};
use portcullis_memory::Store as Memory;
use secrecy::ExposeSecret;

#[test]
fn s32_create_mails_user_name_and_password() {
    let world = world(mailing(
        InvitationTrigger::OnCreate,
        PasswordSetBy::StaffThenChange,
    ));
    let bob = world.bob(&world.desk(), FirstLogin::Password(world.chosen()));
    let letter = world.letter();
    assert_eq!(letter.mail.to, Recipient::User(bob));
    assert_eq!(letter.address, "bob@acme.example");
    let name = letter.login.as_ref().map(ToString::to_string);
    assert_eq!(name.as_deref(), Some("bob"));
    let Enclosed::Password(password) = &letter.enclosed else {
        panic!("no password");
    };
    assert_eq!(password.expose_secret(), CHOSEN);
    assert!(matches!(
        world.sign_in("bob", password),
        SignIn::ChangePassword(_)
    ));
    assert_eq!(world.follow(&letter).user(), bob);
}

#[test]
fn s32_c14_switched_off_for_a_user_nothing_goes_out_and_the_password_works() {
    let world = world(mailing(InvitationTrigger::OnCreate, PasswordSetBy::Staff));
    let quiet = world.desk().mailing(Mailing::Declined);
    let bob = world.bob(&quiet, FirstLogin::Password(world.chosen()));
    assert_eq!(world.waiting(), []);
    let me = world.enter("bob", &SecretString::from(CHOSEN));
    assert_eq!(me.user(), bob);
}

#[test]
fn p37_a_yes_to_the_prompt_mails_a_password_that_is_made_up() {
    let world = world(mailing(
        InvitationTrigger::PromptOnSave,
        PasswordSetBy::Generated,
    ));
    let yes = world.desk().mailing(Mailing::Wanted);
    let bob = world.bob(&yes, FirstLogin::Invited);
    let letter = world.letter();
    assert!(matches!(letter.enclosed, Enclosed::Password(_)));
    assert_eq!(world.follow(&letter).user(), bob);
}

#[test]
fn p38_a_no_makes_the_user_and_mails_nobody() {
    let world = world(mailing(
        InvitationTrigger::PromptOnSave,
        PasswordSetBy::Generated,
    ));
    for (name, said) in [("carl", Mailing::AsUsual), ("dora", Mailing::Declined)] {
        let desk = world.desk().mailing(said);
        let new = login(name, FirstLogin::Invited);
        let (user, link) = desk
            .add_user(UserKind::Client, world.acme, None, new)
            .expect("an operator may");
        assert!(link.is_some(), "for whoever delivers it otherwise");
        assert_eq!(named(&world, user), Some(name.to_owned()));
    }
    assert_eq!(world.waiting(), []);
}

#[test]
fn p39_with_what_the_mail_says_they_log_in_and_approve() {
    let world = world(mailing(
        InvitationTrigger::PromptOnSave,
        PasswordSetBy::Generated,
    ));
    let desk = world.desk();
    let website = desk.projects(world.acme).add("Website").expect("may");
    let shown = desk.projects(world.acme).share(website, Exposure::Shown);
    shown.expect("may");
    desk.place(Kind::TIME, "hours", website).expect("may");
    desk.share(Kind::TIME, "hours", Exposure::Shown)
        .expect("may");
    let bob = desk.contacts(world.acme).add("bob", "bob@acme.example");
    let bob = bob.expect("may");
    let mut new = login("bob", FirstLogin::Invited);
    new.rights = vec!["times.view".to_owned(), "times.approve".to_owned()];
    let yes = world.desk().mailing(Mailing::Wanted);
    let (user, link) = yes
        .add_user(UserKind::Client, world.acme, Some(bob), new)
        .expect("may");
    assert!(link.is_none(), "it is mailed");
    let letter = world.letter();
    desk.members(website).add(bob).map(drop).expect("may");
    desk.members(website).set_approver(user, true).expect("may");
    let me = world.follow(&letter);
    let hours = world.portal.find(&me, Kind::TIME, "hours");
    let hours = hours.expect("shared");
    assert!(me.may(Verb::Approve, Located::facts(&hours)).is_allow());
}

#[test]
fn p53_what_was_declined_is_mailed_later_and_they_log_in_with_what_it_says() {
    for profile in [
        mailing(InvitationTrigger::PromptOnSave, PasswordSetBy::Generated),
        mailing(
            InvitationTrigger::PromptOnSave,
            PasswordSetBy::GeneratedThenChange,
        ),
        mailing(InvitationTrigger::Manual, PasswordSetBy::Staff),
        linking(InvitationTrigger::PromptOnSave),
    ] {
        let world = world(profile);
        let no = world.desk().mailing(Mailing::Declined);
        let bob = world.bob(&no, FirstLogin::Invited);
        assert_eq!(world.waiting(), []);
        let mailed = world.desk().accounts().mail_invitation(bob).expect("may");
        let letter = world.letter();
        assert_eq!(letter.mail.id, mailed);
        assert_eq!(world.follow(&letter).user(), bob);
    }
}

#[test]
fn v19_the_one_mail_to_a_newcomer_opens_the_account_and_the_project() {
    let world = world(presets::psa_switches());
    let desk = world.desk();
    let website = desk.projects(world.acme).add("Website").expect("may");
    let bob = desk.contacts(world.acme).add("Bob", "bob@acme.example");
    let added = desk.members(website).add(bob.expect("may")).expect("may");
    assert!(added.invitation.is_none());
    let letter = world.letter();
    assert_eq!(letter.mail.container, Some(ContainerId::from(website)));
    let me = world.follow(&letter);
    assert_eq!(me.user(), added.user);
    let entered = world.portal.containers(me.viewer(), world.acme, NOW);
    let names: Vec<_> = entered.expect("no fault");
    assert!(names.iter().any(|container| container.name == "Website"));
}

#[test]
fn choice22_where_the_link_is_in_hand_no_second_message_waits() {
    let world = world(linking(InvitationTrigger::Manual));
    let desk = world.desk();
    let website = desk.projects(world.acme).add("Website").expect("may");
    let bob = desk.contacts(world.acme).add("Bob", "bob@acme.example");
    let added = desk.members(website).add(bob.expect("may")).expect("may");
    assert!(added.invitation.is_some());
    assert_eq!(world.waiting(), []);
}

#[test]
fn b28_b29_b30_the_box_makes_the_client_a_guest_and_mails_them() {
    let world = world(linking(InvitationTrigger::CheckboxOnClientCreate));
    let entry = GuestEntry {
        email: "office@birch.example".to_owned(),
        login: None,
    };
    let added = world.desk().clients().add_as_guest("Birch", None, &entry);
    let added = added.expect("an operator may");
    assert!(added.invitation.is_none());
    let letter = world.letter();
    assert_eq!(letter.mail.to, Recipient::User(added.user));
    assert_eq!(
        (letter.address.as_str(), letter.name.as_str()),
        ("office@birch.example", "Birch")
    );
    let me = world.follow(&letter);
    assert_eq!((me.user(), me.kind()), (added.user, UserKind::Guest));
    let reached = world.portal.clients(me.viewer(), NOW).expect("no fault");
    let reached: Vec<_> = reached.iter().map(|client| client.id).collect();
    assert_eq!(reached, [added.client], "their own and no other");
}

#[test]
fn b29_ticking_the_box_takes_the_right_to_manage_users() {
    let world = world(linking(InvitationTrigger::CheckboxOnClientCreate));
    let mut new = login("grace", FirstLogin::Invited);
    new.rights = vec!["clients.manage".to_owned()];
    let (grace, link) = world.desk().add_staff(new, true).expect("may");
    assert!(link.is_some(), "in hand");
    let mailed = world.desk().accounts().mail_invitation(grace);
    mailed.expect("an operator may");
    let grace = world.follow(&world.letter());
    let desk = world.portal.acting(&grace);
    let entry = GuestEntry {
        email: "office@birch.example".to_owned(),
        login: None,
    };
    let (people, clients) = (people(&world), clients(&world));
    let refused = desk.clients().add_as_guest("Birch", None, &entry);
    let refused = refused.expect_err("she makes no users");
    assert_eq!(refused.kind(), ErrorKind::Refused, "{refused:?}");
    assert_eq!(
        (self::people(&world), self::clients(&world)),
        (people, clients)
    );
    desk.clients().add("Birch").expect("she may");
    assert_eq!(self::clients(&world), clients + 1);
}

#[test]
fn b31_without_the_box_there_is_neither_user_nor_mail() {
    let world = world(linking(InvitationTrigger::CheckboxOnClientCreate));
    let before = people(&world);
    world.desk().clients().add("Birch").expect("may");
    assert_eq!(people(&world), before);
    assert_eq!(world.waiting(), []);
}

#[test]
fn k07_users_made_otherwise_are_not_mailed_by_that_trigger() {
    for trigger in [
        InvitationTrigger::Manual,
        InvitationTrigger::OnMembership,
        InvitationTrigger::CheckboxOnClientCreate,
        InvitationTrigger::PromptOnSave,
    ] {
        let world = world(linking(trigger));
        world.bob(&world.desk(), FirstLogin::Invited);
        assert_eq!(world.waiting(), [], "{trigger:?}");
    }
}

#[test]
fn k07_user_account_and_mail_come_together_or_not_at_all() {
    let world = world(mailing(
        InvitationTrigger::OnCreate,
        PasswordSetBy::Generated,
    ));
    world.bob(&world.desk(), FirstLogin::Invited);
    drop(world.letter());
    let before = (people(&world), audited(&world));
    let taken = login("bob", FirstLogin::Invited);
    let mut nowhere = login("carl", FirstLogin::Invited);
    nowhere.email = None;
    for new in [taken, nowhere] {
        let refused = world
            .desk()
            .add_user(UserKind::Client, world.acme, None, new)
            .expect_err("it cannot be mailed");
        assert_eq!(refused.kind(), ErrorKind::Invalid, "{refused}");
    }
    let entry = GuestEntry {
        email: "office@birch.example".to_owned(),
        login: Some("bob".to_owned()),
    };
    let refused = world.desk().clients().add_as_guest("Birch", None, &entry);
    assert_eq!(refused.expect_err("taken").kind(), ErrorKind::Invalid);
    assert_eq!(clients(&world), 1, "no client either");
    assert_eq!(world.waiting(), []);
    let refusals = 2;
    assert_eq!((people(&world), audited(&world) - refusals), before);
}

#[test]
fn choice15_a_profile_that_mails_passwords_needs_a_key_ring() {
    let profile = mailing(InvitationTrigger::OnCreate, PasswordSetBy::Staff);
    let error = PortalBuilder::new(profile)
        .open(Memory::new())
        .expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("key ring"), "{error}");
    assert!(
        PortalBuilder::new(presets::safe())
            .open(Memory::new())
            .is_ok()
    );
}

fn named(world: &World<Memory>, user: UserId) -> Option<String> {
    let found = StoreExt::read(world.portal.store(), |tx| tx.user(user));
    found.expect("no fault").map(|user| user.name)
}

fn people(world: &World<Memory>) -> usize {
    let users = StoreExt::read(world.portal.store(), Users::users);
    users.expect("no fault").len()
}

fn clients(world: &World<Memory>) -> usize {
    let clients = StoreExt::read(world.portal.store(), Clients::clients);
    clients.expect("no fault").len()
}

fn audited(world: &World<Memory>) -> usize {
    let entries = world.desk().audit(9999).expect("an operator may");
    entries.len()
}
