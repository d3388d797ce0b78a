//! What a request costs: statements and rows, counted on a client user with 20,000 grants.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use portcullis::access::{ContainerKind, Grant, Kind, KindSet, UserKind, Verb};
use portcullis::credentials::{SecretString, SignIn, Source};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{ContainerId, ProjectId, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::sharing::{
    Container, Containers, DefaultExposure, Exposure, Lifecycle, Membership, Memberships,
    Source as From,
};
use portcullis::{OsEntropy, Portal, presets};
use portcullis_rusqlite::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const GRANTS: usize = 20_000;

fn portal() -> Portal<Store> {
    let store = Store::in_memory().expect("memory is there");
    store.migrate(NOW).expect("a new store");
    let mut profile = presets::safe();
    profile.access.starts_active = true;
    profile.credentials.password_set_by = portcullis::credentials::PasswordSetBy::Staff;
    Portal::new(store, profile).expect("it works")
}

/// Lets a user into many containers of their client, past the commands, which audit each.
fn let_into_many(portal: &Portal<Store>, user: UserId, client: portcullis::id::ClientId) {
    portal
        .store()
        .write(|tx| {
            for n in 0..GRANTS {
                let id = ContainerId::new(NOW, &OsEntropy).expect("the system has entropy");
                tx.put_container(&Container {
                    id,
                    kind: ContainerKind::Project,
                    key: None,
                    client: Some(client),
                    name: format!("project {n}"),
                    exposure: Exposure::Shown,
                    default: DefaultExposure::Hidden,
                    lifecycle: Lifecycle::Issued,
                    closed: KindSet::NONE,
                    created_at: NOW,
                    open: true,
                })?;
                tx.put_membership(&Membership {
                    user,
                    container: id,
                    source: From::Member,
                    grant: Grant {
                        until: None,
                        approver: false,
                    },
                    since: NOW,
                })?;
            }
            Ok::<_, portcullis::ledger::StoreError>(())
        })
        .expect("a writable store");
}

#[test]
fn a_request_is_four_statements_and_two_hundred_rows_for_a_user_with_twenty_thousand_grants() {
    let portal = portal();
    let desk = portal.operator("setup", NOW);
    drop(
        desk.found("Ada", "ada@provider.example")
            .expect("a new portal"),
    );
    let acme = desk.clients().add("ACME").expect("an operator may");
    let password = SecretString::from("a long enough phrase");
    let hashed = portal
        .credentials()
        .hash_password(&password)
        .expect("no fault")
        .expect("it meets the policy");
    let login = NewLogin {
        name: "Bob".into(),
        login: "bob".into(),
        email: None,
        rights: vec!["tasks.view".into()],
        password: FirstLogin::Password(hashed),
        expires_in_days: None,
    };
    let (bob, _) = desk
        .add_user(UserKind::Client, acme, None, login)
        .expect("an operator may");
    let website: ProjectId = desk.projects(acme).add("Website").expect("an operator may");
    desk.place(Kind::TASK, "task-1", website)
        .expect("an operator may");
    desk.share(Kind::TASK, "task-1", Exposure::Shown)
        .expect("an operator may");
    desk.projects(acme)
        .share(website, Exposure::Shown)
        .expect("an operator may");
    let_into_many(&portal, bob, acme);
    portal
        .store()
        .write(|tx| {
            tx.put_membership(&Membership {
                user: bob,
                container: website.into(),
                source: From::Member,
                grant: Grant {
                    until: None,
                    approver: false,
                },
                since: NOW,
            })
        })
        .expect("a writable store");

    let source = Source::new("10.0.0.1");
    let SignIn::Done(proof) = portal
        .sign_in("bob", &password, &source, NOW)
        .expect("no fault")
    else {
        panic!("bob does not get in");
    };
    let cookie = portal.start_session(proof, NOW).expect("no fault");

    let before = portal.store().counters();
    let me = portal.session(&cookie, NOW).expect("signed in");
    let task = portal.find(&me, Kind::TASK, "task-1").expect("his task");
    let spent = portal.store().counters() - before;

    assert!(me.may(Verb::View, task.facts()).is_allow());
    assert!(me.granted_containers().is_none(), "too many to carry");
    // Each of the two snapshots is opened and closed; those are no statements of ours.
    assert!(spent.statements <= 4, "{spent:?}");
    assert!(spent.rows <= 200, "{spent:?}");

    // Hidden and absent cost the same statements.
    let cost = |key: &str| {
        let before = portal.store().counters();
        assert!(portal.find(&me, Kind::TASK, key).is_err());
        (portal.store().counters() - before).statements
    };
    desk.share(Kind::TASK, "task-1", Exposure::Hidden)
        .expect("an operator may");
    assert_eq!(cost("task-1"), cost("task-9"));
}
