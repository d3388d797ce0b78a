//! The main job from an empty store, as an embedding developer types it, on the memory adapter.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use portcullis::access::{Gate, Kind, UserKind, Verb};
use portcullis::credentials::{NewPassword, SecretString, SignIn, Source};
use portcullis::id::{HostKey, Timestamp, days};
use portcullis::sharing::{Exposure, Located};
use portcullis::{ErrorKind, Me, Portal, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn portal() -> Portal<Store> {
    Portal::new(Store::new(), presets::safe()).expect("safe works")
}

fn accept(portal: &Portal<Store>, secret: &portcullis::credentials::TokenSecret, password: &str) {
    let source = Source::new("10.0.0.1");
    let new = SecretString::from(password);
    let set = portal
        .accept_invitation(secret, &new, &source, NOW)
        .expect("no fault");
    assert!(matches!(set, NewPassword::Set(_)), "{set:?}");
}

fn enter(portal: &Portal<Store>, name: &str, password: &str) -> Me {
    let source = Source::new("10.0.0.1");
    let outcome = portal
        .sign_in(name, &SecretString::from(password), &source, NOW)
        .expect("no fault");
    let SignIn::Done(proof) = outcome else {
        panic!("{name} does not get in: {outcome:?}");
    };
    let secret = portal.start_session(proof, NOW).expect("no fault");
    portal.session(&secret, NOW).expect("signed in")
}

#[test]
fn from_nothing_to_people_seeing_exactly_what_was_shared_with_each() {
    let portal = portal();
    let invitation = portal
        .operator("setup", NOW)
        .found("Ada", "ada@provider.example")
        .expect("a new portal");
    accept(&portal, &invitation.secret, "a long enough phrase");
    let ada = enter(&portal, "ada@provider.example", "a long enough phrase");
    let desk = portal.acting(&ada);
    desk.settings().set_active(true).expect("ada may");

    let acme = desk.clients().add("ACME").expect("ada may");
    let birch = desk.clients().add("Birch").expect("ada may");
    let bob = desk
        .contacts(acme)
        .add("Bob", "bob@acme.example")
        .expect("ada may");
    let dora = desk
        .contacts(birch)
        .add("Dora", "dora@birch.example")
        .expect("ada may");
    let website = desk.projects(acme).add("Website").expect("ada may");
    desk.projects(acme)
        .share(website, Exposure::Shown)
        .expect("ada may");
    let added = desk.members(website).add(bob).expect("ada may");
    accept(
        &portal,
        &added.invitation.expect("bob had no login").secret,
        "bob has a phrase too",
    );
    let viewing = desk
        .roles()
        .add("Reader", &["tasks.view"])
        .expect("ada may");
    desk.roles()
        .give(added.user, None, &[viewing])
        .expect("ada may");

    desk.place(Kind::TASK, "task-1", website).expect("ada may");
    desk.place(Kind::TASK, "task-2", website).expect("ada may");
    desk.share(Kind::TASK, "task-1", Exposure::Shown)
        .expect("ada may");

    let bob_now = enter(&portal, "bob@acme.example", "bob has a phrase too");
    let page = portal
        .page(&bob_now, Kind::TASK, None, 50, NOW)
        .expect("no fault");
    let keys: Vec<_> = page
        .rows
        .iter()
        .map(|row| Located::key(row).clone())
        .collect();
    assert_eq!(keys, [HostKey::from("task-1")]);

    // Hidden and absent are one answer.
    let hidden = portal
        .find(&bob_now, Kind::TASK, "task-2")
        .expect_err("hidden");
    let absent = portal
        .find(&bob_now, Kind::TASK, "task-9")
        .expect_err("absent");
    assert_eq!(hidden.kind(), ErrorKind::Hidden);
    assert_eq!(hidden.to_string(), absent.to_string());
    assert_eq!(hidden.gate(), Some(Gate::Exposure));

    // Another client's contact cannot be let in, by any route.
    let refused = desk.members(website).add(dora).expect_err("v24");
    assert_eq!(refused.kind(), ErrorKind::Hidden);

    // What is taken away is gone at the next request.
    desk.members(website).remove(added.user).expect("ada may");
    let bob_later = enter(&portal, "bob@acme.example", "bob has a phrase too");
    assert_eq!(
        portal
            .count(&bob_later, Kind::TASK, 10, NOW)
            .expect("no fault"),
        0
    );

    // And the program says which rule said no.
    let told = desk
        .who_can(Verb::View, Kind::TASK, "task-1")
        .expect("ada may");
    let bob_told = told
        .iter()
        .find(|witness| witness.user.kind == UserKind::Client)
        .expect("bob is asked about");
    assert!(
        bob_told
            .explanation
            .to_string()
            .starts_with("refused at gate 6, reach"),
        "{}",
        bob_told.explanation
    );
    assert!(desk.verify().expect("ada may").is_empty());

    // A viewer is worth nothing past its end.
    desk.affiliation(added.user, acme)
        .set_end(Some(NOW.after(days(1))))
        .expect("ada may");
    let bob_ending = enter(&portal, "bob@acme.example", "bob has a phrase too");
    assert_eq!(bob_ending.valid_until(), NOW.after(days(1)));
}

#[test]
fn an_export_of_an_import_equals_it() {
    let first = portal();
    let operator = first.operator("setup", NOW);
    let invitation = operator
        .found("Ada", "ada@provider.example")
        .expect("a new portal");
    accept(&first, &invitation.secret, "a long enough phrase");
    let acme = operator.clients().add("ACME").expect("an operator may");
    operator
        .contacts(acme)
        .add("Bob", "bob@acme.example")
        .expect("an operator may");
    let project = operator
        .projects(acme)
        .add("Website")
        .expect("an operator may");
    let document = operator
        .place(Kind::DOCUMENT, "plan", project)
        .expect("an operator may");
    operator
        .place_under(Kind::COMMENT, "c1", document)
        .expect("an operator may");
    let file = operator.export().expect("an operator may");

    let second = portal();
    let text = file.to_json().expect("it is a document");
    let read = portcullis::file::PortalFile::from_json(&text).expect("it was written by us");
    second
        .operator("setup", NOW)
        .import(&read)
        .expect("an empty portal");
    assert_eq!(
        second
            .operator("setup", NOW)
            .export()
            .expect("an operator may"),
        file
    );
    let again = second
        .operator("setup", NOW)
        .import(&read)
        .expect_err("in use");
    assert_eq!(again.kind(), ErrorKind::Invalid);
}
