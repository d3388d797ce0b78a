//! What a client's own administrator may do, and may not: promise 5, through the facade.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use portcullis::access::{ContainerKind, ContainerKinds, Kind, UserKind};
use portcullis::credentials::PasswordSetBy;
use portcullis::desk::{Desk, FirstLogin, NewLogin, Own};
use portcullis::id::{ClientId, ContainerId, ProjectId, Timestamp, UserId};
use portcullis::sharing::{Exposure, Lifecycle};
use portcullis::{Error, ErrorKind, Me, Portal, presets};
use portcullis_memory::Store;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// ACME, whose Mia manages its users without holding `invoices.view`, and Bob, who holds it.
struct World {
    portal: Portal<Store>,
    acme: ClientId,
    project: ProjectId,
    mia: UserId,
    bob: UserId,
    ada: UserId,
}

impl World {
    fn new() -> Self {
        let mut profile = presets::safe();
        profile.access.starts_active = true;
        profile.credentials.password_set_by = PasswordSetBy::Staff;
        let portal = Portal::new(Store::new(), profile).expect("it works");
        let desk = portal.operator("setup", NOW);
        drop(
            desk.found("Ada", "ada@provider.example")
                .expect("a new portal"),
        );
        let ada =
            portcullis::ledger::StoreExt::read(portal.store(), portcullis::access::Users::users)
                .expect("no fault")
                .first()
                .expect("one was founded")
                .id;
        let acme = desk.clients().add("ACME").expect("an operator may");
        let project = desk.projects(acme).add("Website").expect("an operator may");
        desk.projects(acme)
            .share(project, Exposure::Shown)
            .expect("an operator may");
        let add = |name: &str, rights: &[&str]| {
            let added = desk.add_user(UserKind::Client, acme, None, login(name, rights));
            added.expect("an operator may").0
        };
        let mia = add(
            "mia",
            &["users.manage", "users.view", "members.manage", "tasks.view"],
        );
        let bob = add("bob", &["tasks.view", "invoices.view"]);
        drop(desk);
        Self {
            portal,
            acme,
            project,
            mia,
            bob,
            ada,
        }
    }

    fn me(&self, user: UserId) -> Me {
        self.portal.vouched(user, "the test", NOW).expect("a user")
    }

    fn acting<'w>(&'w self, me: &Me) -> Desk<'w, Own<'w, Store>> {
        self.portal.acting(me)
    }

    fn operator(&self) -> Desk<'_, Own<'_, Store>> {
        self.portal.operator("setup", NOW)
    }
}

fn login(name: &str, rights: &[&str]) -> NewLogin {
    NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: None,
        rights: rights.iter().map(|right| (*right).to_owned()).collect(),
        password: FirstLogin::Invited,
        expires_in_days: None,
    }
}

fn refused<T>(outcome: Result<T, Error>) -> Error {
    match outcome {
        Ok(_) => panic!("it was allowed"),
        Err(error) => error,
    }
}

#[test]
fn nobody_takes_over_an_account_that_holds_more() {
    let world = World::new();
    let mia = world.me(world.mia);
    let desk = world.acting(&mia);
    assert_eq!(
        refused(desk.accounts().invite(world.bob)).kind(),
        ErrorKind::Refused
    );
    assert_eq!(
        refused(desk.accounts().mail_invitation(world.bob)).kind(),
        ErrorKind::Refused
    );
    assert_eq!(
        refused(desk.set_email(world.bob, Some("mia@acme.example"))).kind(),
        ErrorKind::Refused
    );
    let carl = desk
        .add_user(
            UserKind::Client,
            world.acme,
            None,
            login("carl", &["tasks.view"]),
        )
        .expect("she holds what he gets");
    drop(
        desk.accounts()
            .invite(carl.0)
            .expect("he holds no more than she does"),
    );
}

#[test]
fn what_comes_with_a_kind_is_handed_out_too() {
    let world = World::new();
    let mia = world.me(world.mia);
    let guest = world
        .acting(&mia)
        .add_user(UserKind::Guest, world.acme, None, login("guest", &[]));
    assert_eq!(refused(guest).kind(), ErrorKind::Refused);
}

#[test]
fn reach_is_handed_out_too() {
    let world = World::new();
    let desk = world.operator();
    let everything: Vec<String> = world
        .portal
        .catalogue()
        .describe(&portcullis::access::RightSet::ALL);
    let everything: Vec<&str> = everything.iter().map(String::as_str).collect();
    let (limited, _) = desk
        .add_staff(login("limited", &everything), true)
        .expect("an operator may");
    let projects = ContainerKinds::NONE.with(ContainerKind::Project);
    desk.set_reach(limited, projects).expect("an operator may");
    let limited = world.me(limited);
    let (made, _) = world
        .acting(&limited)
        .add_staff(login("made", &[]), true)
        .expect("she holds what he gets");
    assert_eq!(world.me(made).reach(), projects);

    // Into a second client only with reach one has there oneself.
    let birch = desk.clients().add("Birch").expect("an operator may");
    desk.set_reach(world.bob, ContainerKinds::ALL)
        .expect("an operator may");
    let let_in = world
        .acting(&limited)
        .affiliation(world.bob, birch)
        .add(None);
    assert_eq!(refused(let_in).kind(), ErrorKind::Refused);
}

#[test]
fn people_of_a_client_do_nothing_to_the_providers_staff() {
    let world = World::new();
    let desk = world.operator();
    let (staff, _) = desk
        .add_staff(login("sam", &["tasks.view"]), false)
        .expect("an operator may");
    desk.affiliation(staff, world.acme)
        .add(None)
        .expect("an operator may");
    let mia = world.me(world.mia);
    let acting = world.acting(&mia);
    let door = acting.affiliation(staff, world.acme);
    assert_eq!(refused(door.remove()).kind(), ErrorKind::Hidden);
    assert_eq!(refused(door.set_rights(&[])).kind(), ErrorKind::Hidden);
    assert_eq!(refused(door.set_end(Some(NOW))).kind(), ErrorKind::Hidden);
    let roles = acting.roles().give(staff, Some(world.acme), &[]);
    assert_eq!(refused(roles).kind(), ErrorKind::Hidden);
}

#[test]
fn a_container_one_does_not_enter_is_like_none() {
    let world = World::new();
    let desk = world.operator();
    let draft = desk
        .projects(world.acme)
        .add("Draft")
        .expect("an operator may");
    desk.projects(world.acme)
        .share(draft, Exposure::Shown)
        .expect("an operator may");
    desk.projects(world.acme)
        .set_lifecycle(draft, Lifecycle::Draft)
        .expect("an operator may");
    let unowned = desk
        .projects(None)
        .add("Nobody's")
        .expect("an operator may");
    let absent = ProjectId::from_uuid(Uuid::from_u128(7));
    let mia = world.me(world.mia);
    let acting = world.acting(&mia);
    let tell = |container: ProjectId| {
        let error = refused(acting.members(container).remove(world.bob));
        (error.kind(), error.to_string())
    };
    let nothing = tell(absent);
    assert_eq!(nothing.0, ErrorKind::Hidden);
    // Shown, of her own client, and she was not let in.
    for container in [world.project, draft, unowned] {
        assert_eq!(tell(container), nothing, "{container}");
    }
    let bob = world.me(world.bob);
    let error = refused(world.acting(&bob).members(draft).remove(world.mia));
    assert_eq!((error.kind(), error.to_string()), nothing);
}

#[test]
fn a_door_that_was_closed_brings_no_grants_back() {
    let world = World::new();
    let desk = world.operator();
    let contact = desk
        .contacts(world.acme)
        .add("Carl", "carl@acme.example")
        .expect("an operator may");
    let carl = desk
        .members(world.project)
        .add(contact)
        .expect("an operator may")
        .user;
    desk.set_rights(carl, &["tasks.view"])
        .expect("an operator may");
    desk.affiliation(carl, world.acme)
        .remove()
        .expect("an operator may");
    desk.affiliation(carl, world.acme)
        .add(None)
        .expect("an operator may");
    desk.place(Kind::TASK, "a", world.project)
        .expect("an operator may");
    desk.share(Kind::TASK, "a", Exposure::Shown)
        .expect("an operator may");
    assert!(world.portal.find(&world.me(carl), Kind::TASK, "a").is_err());
    let _: ContainerId = world.project.into();
    assert!(
        world
            .portal
            .find(&world.me(world.ada), Kind::TASK, "a")
            .is_ok()
    );
}

#[test]
fn an_author_cannot_tell_whether_something_hidden_hangs_on_their_item() {
    let world = World::new();
    let desk = world.operator();
    desk.set_reach(world.bob, ContainerKinds::ALL)
        .expect("an operator may");
    desk.set_rights(
        world.bob,
        &[
            "issues.view",
            "issues.create",
            "comments.view",
            "comments.create",
            "comments.delete",
        ],
    )
    .expect("an operator may");
    let issue = desk
        .place(Kind::ISSUE, "i", world.project)
        .expect("an operator may");
    desk.share(Kind::ISSUE, "i", Exposure::Shown)
        .expect("an operator may");
    let bob = world.me(world.bob);
    let acting = world.acting(&bob);
    let outcomes = ["alone", "answered"].map(|key| {
        let comment = acting
            .place_under(Kind::COMMENT, key, issue)
            .expect("he may comment");
        if key == "answered" {
            desk.place_under(Kind::COMMENT, "hidden", comment)
                .expect("an operator may");
        }
        let removed = acting.remove(Kind::COMMENT, key);
        let gone = world.portal.find(&bob, Kind::COMMENT, key).is_err();
        (removed.map_err(|error| error.to_string()), gone)
    });
    assert_eq!(outcomes[0], (Ok(()), true));
    assert_eq!(outcomes[1], outcomes[0]);
    assert!(desk.verify().expect("an operator may").is_empty());
}

#[test]
fn a_container_is_named_like_everything_else() {
    let world = World::new();
    let desk = world.operator();
    for name in ["", "  ", "a\nb"] {
        let error = refused(desk.projects(world.acme).add(name));
        assert_eq!(error.kind(), ErrorKind::Invalid, "{name:?}");
    }
}
