//! The preset `psa-switches` against the rows of its document (requirements part 4), through the
//! facade.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use portcullis::access::{Gate, Kind, Viewer};
use portcullis::desk::{Desk, Own};
use portcullis::id::{
    ClientId, ContactId, ContainerId, HostKey, ItemId, ProjectId, Timestamp, UserId,
};
use portcullis::ledger::Recipient;
use portcullis::sharing::{DefaultExposure, DefaultOf, Exposure, Located};
use portcullis::{ErrorKind, Portal, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const SWITCHED: [Kind; 5] = [
    Kind::MILESTONE,
    Kind::TASK,
    Kind::UPDATE,
    Kind::DOCUMENT,
    Kind::COMMENT,
];

/// A company with one project and one contact who is no member yet.
struct World {
    portal: Portal<Store>,
    acme: ClientId,
    bob: ContactId,
    website: ProjectId,
}

type Staff<'w> = Desk<'w, Own<'w, Store>>;

impl World {
    fn inactive() -> Self {
        let portal = Portal::new(Store::new(), presets::psa_switches()).expect("it works");
        let desk = portal.operator("setup", NOW);
        drop(
            desk.found("Ada", "ada@provider.example")
                .expect("a new portal"),
        );
        let acme = desk.clients().add("ACME").expect("an operator may");
        let bob = desk
            .contacts(acme)
            .add("Bob", "bob@acme.example")
            .expect("an operator may");
        let website = desk.projects(acme).add("Website").expect("an operator may");
        Self {
            portal,
            acme,
            bob,
            website,
        }
    }

    fn active() -> Self {
        let world = Self::inactive();
        world
            .desk()
            .settings()
            .set_active(true)
            .expect("an operator may");
        world
    }

    fn desk(&self) -> Staff<'_> {
        self.portal.operator("setup", NOW)
    }

    fn member(&self) -> UserId {
        let added = self.desk().members(self.website).add(self.bob);
        added.expect("an operator may").user
    }

    fn place(&self, kind: Kind, key: &str) -> ItemId {
        self.desk()
            .place(kind, key, self.website)
            .expect("an operator may")
    }

    fn share(&self, kind: Kind, key: &str, exposure: Exposure) {
        self.desk()
            .share(kind, key, exposure)
            .expect("an operator may");
    }

    /// What the contact's portal shows of a kind.
    fn shown(&self, contact: ContactId, kind: Kind) -> Vec<HostKey> {
        let sight: Viewer = self.desk().preview(contact).expect("an operator may");
        let page = self
            .portal
            .page(&sight, kind, None, 50, NOW)
            .expect("no fault");
        let mut keys: Vec<_> = page
            .rows
            .iter()
            .map(|row| Located::key(row).clone())
            .collect();
        keys.sort();
        keys
    }

    fn gate(&self, contact: ContactId, kind: Kind, key: &str) -> Option<Gate> {
        let sight = self.desk().preview(contact).expect("an operator may");
        match self.portal.find_as(&sight, kind, key, NOW) {
            Ok(_) => None,
            Err(error) => error.gate(),
        }
    }
}

fn keys(all: &[&str]) -> Vec<HostKey> {
    all.iter().map(|key| HostKey::from(*key)).collect()
}

#[test]
fn v02_nothing_is_available_before_the_portal_was_activated() {
    let world = World::inactive();
    world.member();
    world.place(Kind::TASK, "a");
    world.share(Kind::TASK, "a", Exposure::Shown);
    assert_eq!(
        world.gate(world.bob, Kind::TASK, "a"),
        Some(Gate::PortalActive)
    );
}

#[test]
fn v03_switching_off_stops_clients_and_keeps_the_choices() {
    let world = World::active();
    world.member();
    world.place(Kind::TASK, "a");
    world.share(Kind::TASK, "a", Exposure::Shown);
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&["a"]));
    world
        .desk()
        .settings()
        .set_active(false)
        .expect("an operator may");
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&[]));
    world
        .desk()
        .settings()
        .set_active(true)
        .expect("an operator may");
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&["a"]));
}

#[test]
fn v04_v16_v59_a_shared_item_is_invisible_to_whoever_is_no_member() {
    let world = World::active();
    let other = world
        .desk()
        .projects(world.acme)
        .add("Other")
        .expect("an operator may");
    drop(
        world
            .desk()
            .members(other)
            .add(world.bob)
            .expect("an operator may"),
    );
    world.place(Kind::TASK, "a");
    world.share(Kind::TASK, "a", Exposure::Shown);
    assert_eq!(world.gate(world.bob, Kind::TASK, "a"), Some(Gate::Reach));
    world.member();
    assert_eq!(world.gate(world.bob, Kind::TASK, "a"), None);
}

#[test]
fn v05_v30_v39_v53_all_five_kinds_are_private_until_switched() {
    let world = World::active();
    world.member();
    for kind in SWITCHED {
        world.place(kind, "a");
        assert_eq!(
            world.gate(world.bob, kind, "a"),
            Some(Gate::Exposure),
            "{kind:?}"
        );
        world.share(kind, "a", Exposure::Shown);
        assert_eq!(world.gate(world.bob, kind, "a"), None, "{kind:?}");
    }
}

#[test]
fn v08_v09_v31_v40_v54_a_default_acts_on_new_items_only() {
    let world = World::active();
    world.member();
    for kind in SWITCHED {
        world.place(kind, "before");
        let settings = world.desk();
        let set = settings
            .settings()
            .set_default(DefaultOf::Items(kind), DefaultExposure::Shown);
        set.expect("an operator may");
        world.place(kind, "after");
        assert_eq!(world.shown(world.bob, kind), keys(&["after"]), "{kind:?}");
        world.share(kind, "after", Exposure::Hidden);
        assert_eq!(world.shown(world.bob, kind), keys(&[]), "{kind:?}");
    }
}

#[test]
fn v18_v19_v20_choice22_a_newcomer_gets_one_mail_that_says_both_and_others_one_of_each_membership()
{
    let world = World::active();
    let desk = world.desk();
    let first = desk.members(world.website).add(world.bob);
    let first = first.expect("an operator may");
    assert!(first.invitation.is_none(), "it is mailed");
    let second = desk.projects(world.acme).add("Second");
    let second = second.expect("an operator may");
    let again = desk.members(second).add(world.bob).expect("may");
    assert!(again.invitation.is_none());
    assert_eq!(again.user, first.user);
    let mails = desk.mails().waiting(10).expect("an operator may");
    let told: Vec<_> = mails
        .iter()
        .map(|mail| (mail.event.as_str(), mail.container, &mail.to))
        .collect();
    let bob = Recipient::User(first.user);
    let website = ContainerId::from(world.website);
    let second = ContainerId::from(second);
    assert_eq!(
        told,
        [
            ("account.invite", Some(website), &bob),
            ("membership.added", Some(second), &bob)
        ]
    );
}

#[test]
fn v23_v24_v25_members_come_only_from_the_contacts_of_the_company() {
    let world = World::active();
    let birch = world
        .desk()
        .clients()
        .add("Birch")
        .expect("an operator may");
    let dora = world
        .desk()
        .contacts(birch)
        .add("Dora", "dora@birch.example")
        .expect("an operator may");
    let foreign = world
        .desk()
        .members(world.website)
        .add(dora)
        .expect_err("another company's");
    assert_eq!(foreign.kind(), ErrorKind::Hidden);
    let unowned = world
        .desk()
        .projects(None)
        .add("Nobody's")
        .expect("an operator may");
    let nobody = world
        .desk()
        .members(unowned)
        .add(world.bob)
        .expect_err("no company");
    assert_eq!(nobody.kind(), ErrorKind::Hidden);
}

#[test]
fn v33_v42_v56_what_is_older_than_the_activation_stays_hidden_whatever_the_default() {
    let world = World::inactive();
    world.member();
    for kind in SWITCHED {
        let desk = world.desk();
        let set = desk
            .settings()
            .set_default(DefaultOf::Items(kind), DefaultExposure::Shown);
        set.expect("an operator may");
        world.place(kind, "older");
    }
    world
        .desk()
        .settings()
        .set_active(true)
        .expect("an operator may");
    for kind in SWITCHED {
        assert_eq!(
            world.gate(world.bob, kind, "older"),
            Some(Gate::Exposure),
            "{kind:?}"
        );
        world.share(kind, "older", Exposure::Shown);
        assert_eq!(world.gate(world.bob, kind, "older"), None, "{kind:?}");
    }
}

#[test]
fn choice21_the_second_activation_hides_nothing_anew() {
    let world = World::active();
    world.member();
    let desk = world.desk();
    let set = desk
        .settings()
        .set_default(DefaultOf::Items(Kind::TASK), DefaultExposure::Shown);
    set.expect("an operator may");
    world.place(Kind::TASK, "a");
    for active in [false, true] {
        world
            .desk()
            .settings()
            .set_active(active)
            .expect("an operator may");
    }
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&["a"]));
}

#[test]
fn v45_v46_v47_v48_a_task_list_is_there_while_one_of_its_tasks_is() {
    let world = World::active();
    world.member();
    let list = world.place(Kind::TASK_LIST, "list");
    for task in ["a", "b"] {
        world
            .desk()
            .place_under(Kind::TASK, task, list)
            .expect("an operator may");
    }
    assert_eq!(world.shown(world.bob, Kind::TASK_LIST), keys(&[]));
    world.share(Kind::TASK, "a", Exposure::Shown);
    assert_eq!(world.shown(world.bob, Kind::TASK_LIST), keys(&["list"]));
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&["a"]));
    world.share(Kind::TASK, "a", Exposure::Hidden);
    assert_eq!(world.shown(world.bob, Kind::TASK_LIST), keys(&[]));
    let switched = world.desk().share(Kind::TASK_LIST, "list", Exposure::Shown);
    assert_eq!(
        switched.expect_err("it has no switch").kind(),
        ErrorKind::Invalid
    );
}

#[test]
fn v60_a_member_of_a_project_whose_items_are_private_enters_and_sees_none() {
    let world = World::active();
    world.member();
    world.place(Kind::MILESTONE, "a");
    let sight = world.desk().preview(world.bob).expect("an operator may");
    let entered = world
        .portal
        .containers(&sight, world.acme, NOW)
        .expect("no fault");
    let names: Vec<_> = entered
        .iter()
        .map(|container| container.name.as_str())
        .collect();
    assert_eq!(names, ["Website"]);
    assert_eq!(world.shown(world.bob, Kind::MILESTONE), keys(&[]));
}

#[test]
fn v65_v66_a_preview_is_one_persons_and_shows_nothing_to_a_member_of_nothing() {
    let world = World::active();
    let user = world.member();
    world.place(Kind::TASK, "a");
    world.share(Kind::TASK, "a", Exposure::Shown);
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&["a"]));
    world
        .desk()
        .members(world.website)
        .remove(user)
        .expect("an operator may");
    assert_eq!(world.shown(world.bob, Kind::TASK), keys(&[]));
}

#[test]
fn v69_membership_of_a_project_gives_none_of_its_tickets() {
    let world = World::active();
    world.member();
    let ticket = world
        .desk()
        .tickets(world.acme)
        .add("Printer")
        .expect("an operator may");
    world
        .desk()
        .place(Kind::UPDATE, "a", ticket)
        .expect("an operator may");
    world.share(Kind::UPDATE, "a", Exposure::Shown);
    assert_eq!(world.gate(world.bob, Kind::UPDATE, "a"), Some(Gate::Reach));
}
