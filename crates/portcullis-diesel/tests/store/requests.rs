//! What a request costs on a server: one statement is one round trip, once it is prepared.

use portcullis::access::{Kind, UserKind};
use portcullis::credentials::{PasswordSetBy, SecretString, SessionSecret, SignIn, Source};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::ProjectId;
use portcullis::sharing::Exposure;
use portcullis::{Portal, presets};
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::Server;
use portcullis_diesel::Store;

use crate::wire::{Trip, Wire};

#[test]
fn a_session_its_viewer_and_a_page_are_four_statements() {
    let Some(server) = Server::shared() else {
        return;
    };
    let (portal, cookie) = with_tasks(server.database().url());
    let mut token = None;
    for page in 0..2 {
        let before = portal.store().counters();
        let me = portal.session(&cookie, NOW).unwrap();
        let found = portal.page(&me, Kind::TASK, token, 50, NOW).unwrap();
        let spent = portal.store().counters() - before;
        assert_eq!(found.rows.len(), 50);
        assert!(spent.statements <= 4, "page {page}: {spent:?}");
        token = found.next;
    }
}

/// What the counters call a statement, seen where it crosses to the server.
#[test]
fn a_request_is_four_round_trips_on_the_wire_once_its_statements_are_prepared() {
    let Some(server) = Server::shared() else {
        return;
    };
    let wire = Wire::to(server.database().url());
    let (portal, cookie) = with_tasks(wire.url());
    let mut token = None;
    let mut warm = 0;
    for request in 0..6 {
        wire.forget();
        let before = portal.store().counters();
        let me = portal.session(&cookie, NOW).unwrap();
        let found = portal.page(&me, Kind::TASK, token, 50, NOW).unwrap();
        assert_eq!(found.rows.len(), 50);
        let spent = portal.store().counters() - before;
        let trips = wire.trips();
        let brackets = trips.iter().filter(|trip| trip.brackets()).count();
        let others = trips.len() - brackets;
        assert!(brackets >= 2, "{trips:#?}");
        assert_eq!(
            u64::try_from(others - preparing(&trips)).unwrap(),
            spent.statements
        );
        // The first pages are the first use of each text: with a cursor, and without.
        if request >= 2 {
            assert_eq!(preparing(&trips), 0, "{trips:#?}");
            assert!(others <= 4, "request {request}: {trips:#?}");
            warm += 1;
        }
        token = if request % 2 == 0 { found.next } else { None };
    }
    assert_eq!(warm, 4);
}

fn preparing(trips: &[Trip]) -> usize {
    trips.iter().filter(|trip| trip.prepares()).count()
}

/// A portal with 120 tasks that bob may see, and bob's cookie.
fn with_tasks(url: &str) -> (Portal<Store<diesel::PgConnection>>, SessionSecret) {
    let store = Store::<diesel::PgConnection>::open(url).unwrap();
    store.migrate(NOW).unwrap();
    let mut profile = presets::safe();
    profile.access.starts_active = true;
    profile.credentials.password_set_by = PasswordSetBy::Staff;
    let portal = Portal::new(store, profile).unwrap();
    let desk = portal.operator("setup", NOW);
    drop(desk.found("Ada", "ada@provider.example").unwrap());
    let acme = desk.clients().add("ACME").unwrap();
    let password = SecretString::from("a long enough phrase");
    let hashed = portal.credentials().hash_password(&password);
    let login = NewLogin {
        name: "Bob".into(),
        login: "bob".into(),
        email: None,
        rights: vec!["tasks.view".into()],
        password: FirstLogin::Password(hashed.unwrap().unwrap()),
        expires_in_days: None,
    };
    let bob = desk.contacts(acme).add("Bob", "bob@acme.example").unwrap();
    desk.add_user(UserKind::Client, acme, Some(bob), login)
        .unwrap();
    let mut websites: Vec<ProjectId> = Vec::new();
    for number in 0..5 {
        let project = desk
            .projects(acme)
            .add(&format!("Website {number}"))
            .unwrap();
        desk.projects(acme).share(project, Exposure::Shown).unwrap();
        drop(desk.members(project).add(bob).unwrap());
        websites.push(project);
    }
    for number in 0..120_i64 {
        let place = usize::try_from(number % 5).unwrap();
        let project = *websites.get(place).unwrap();
        let key = format!("task-{number}");
        desk.place(Kind::TASK, key.as_str(), project).unwrap();
        desk.share(Kind::TASK, key.as_str(), Exposure::Shown)
            .unwrap();
    }
    let source = Source::new("10.0.0.1");
    let SignIn::Done(proof) = portal.sign_in("bob", &password, &source, NOW).unwrap() else {
        panic!("bob does not get in");
    };
    let cookie = portal.start_session(proof, NOW).unwrap();
    (portal, cookie)
}
