//! One's own account: what one changes oneself, and what nobody does (K28).

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use portcullis::access::{ContainerKinds, Gate, OwnField, User, UserKind};
use portcullis::credentials::{
    Current, NewPassword, Reauthentication, SecretString, SessionSecret, SignIn, Source,
};
use portcullis::desk::{Desk, FirstLogin, NewLogin, Own};
use portcullis::id::{ClientId, RoleId, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::{Error, ErrorKind, Me, Portal, PortalProfile, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const PHRASE: &str = "a long phrase that nobody guesses";
const NOBODY: &str =
    "nobody changes their own rights, roles, clients or address; ask another administrator";

/// Ada and Grace administer; Mia manages the users of ACME. Ada and Mia have the role `helpers`.
struct World {
    portal: Portal<Store>,
    acme: ClientId,
    ada: UserId,
    grace: UserId,
    mia: UserId,
    helpers: RoleId,
}

impl World {
    fn new() -> Self {
        let mut profile = presets::safe();
        profile.access.starts_active = true;
        Self::of(profile)
    }

    fn of(profile: PortalProfile) -> Self {
        let portal = Portal::new(Store::new(), profile).expect("it works");
        let desk = portal.operator("setup", NOW);
        drop(desk.found("Ada", "ada@p.example").expect("a new portal"));
        let ada = portal
            .store()
            .read(portcullis::access::Users::users)
            .expect("no fault")
            .first()
            .expect("founded")
            .id;
        let acme = desk.clients().add("ACME").expect("may");
        let all: Vec<String> = user(&portal, ada).rights;
        let staff = login("grace", &all);
        let grace = desk.add_staff(staff, true).expect("may").0;
        let manager = login("mia", &["users.manage".to_owned(), "users.view".to_owned()]);
        let mia = desk.add_user(UserKind::Client, acme, None, manager);
        let mia = mia.expect("may").0;
        let helpers = desk.roles().add("helpers", &["users.view"]).expect("may");
        for user in [ada, mia] {
            desk.roles().give(user, None, &[helpers]).expect("may");
        }
        drop(desk);
        Self {
            portal,
            acme,
            ada,
            grace,
            mia,
            helpers,
        }
    }

    fn me(&self, user: UserId) -> Me {
        self.portal.vouched(user, "the test", NOW).expect("a user")
    }

    fn acting(&self, user: UserId) -> Desk<'_, Own<'_, Store>> {
        self.portal.acting(&self.me(user))
    }

    fn user(&self, id: UserId) -> User {
        user(&self.portal, id)
    }

    /// What Mia's link gave her: a password and a session.
    fn signed_in(&self) -> SessionSecret {
        let invitation = self
            .portal
            .operator("setup", NOW)
            .accounts()
            .invite(self.mia);
        let (secret, from) = (invitation.expect("may").secret, Source::new("10.0.0.1"));
        let password = SecretString::from(PHRASE);
        let set = self
            .portal
            .accept_invitation(&secret, &password, &from, NOW);
        assert!(matches!(set, Ok(NewPassword::Set(_))), "{set:?}");
        match self.portal.sign_in("mia", &password, &from, NOW) {
            Ok(SignIn::Done(proof)) => self.portal.start_session(proof, NOW).expect("a session"),
            other => panic!("{other:?}"),
        }
    }
}

fn user(portal: &Portal<Store>, id: UserId) -> User {
    let read = |tx: &mut portcullis_memory::Tx| portcullis::access::Users::user(tx, id);
    portal.store().read(read).expect("no fault").expect("there")
}

fn login(name: &str, rights: &[String]) -> NewLogin {
    NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: Some(format!("{name}@p.example")),
        rights: rights.to_vec(),
        password: FirstLogin::Invited,
        expires_in_days: None,
    }
}

/// The one "no" there is.
fn the_same_no<T: std::fmt::Debug>(outcome: Result<T, Error>, route: &str) {
    let error = outcome.expect_err(route);
    assert_eq!(error.kind(), ErrorKind::Refused, "{route}: {error}");
    assert_eq!(error.gate(), Some(Gate::Right), "{route}");
    assert!(error.to_string().contains(NOBODY), "{route}: {error}");
}

#[test]
fn s14_one_opens_ones_own_account_and_changes_what_the_profile_lists() {
    let world = World::new();
    for id in [world.ada, world.mia] {
        let own = world.acting(id);
        let (account, fields) = own.own().account().expect("their own");
        assert_eq!(
            (account.id, fields),
            (id, vec![OwnField::Name, OwnField::Password])
        );
        own.own().set_name("  Another Name ").expect("listed");
        let after = world.user(id);
        assert_eq!(after.name, "Another Name");
        let before = User {
            name: after.name.clone(),
            ..account
        };
        assert_eq!(after, before, "nothing else has changed");
        let empty = own.own().set_name(" ").expect_err("no name");
        assert_eq!(empty.kind(), ErrorKind::Invalid);
    }
    let desk = world.portal.operator("setup", NOW);
    let nobodys = desk.own().account().expect_err("an operator has none");
    assert_eq!(nobodys.kind(), ErrorKind::Invalid);
}

#[test]
fn s14_what_the_profile_does_not_list_staff_changes() {
    let mut profile = presets::safe();
    profile.access.starts_active = true;
    profile.access.own_fields.clear();
    let world = World::of(profile);
    let before = world.user(world.mia);
    let refused = world.acting(world.mia).own().set_name("Other");
    assert_eq!(refused.expect_err("not listed").kind(), ErrorKind::Refused);
    assert_eq!(world.user(world.mia), before);
    let (session, from) = (world.signed_in(), Source::new("10.0.0.1"));
    let me = world.portal.session(&session, NOW).expect("signed in");
    let (old, new) = (
        SecretString::from(PHRASE),
        SecretString::from("another phrase"),
    );
    let confirmed = world
        .portal
        .reauthenticate(&me, Current::Password(&old), &from);
    let Ok(Reauthentication::Confirmed(fresh, _)) = confirmed else {
        panic!("{confirmed:?}");
    };
    let refused = world.portal.change_password(&fresh, &new, &from, NOW);
    assert_eq!(refused.expect_err("not listed").kind(), ErrorKind::Refused);
}

#[test]
fn s14_who_is_suspended_changes_nothing_of_their_own() {
    let world = World::new();
    let _session = world.signed_in();
    let desk = world.acting(world.mia);
    let operator = world.portal.operator("setup", NOW);
    assert!(operator.accounts().suspend(world.mia).expect("may"));
    let refused = desk.own().set_name("Other").expect_err("suspended");
    assert_eq!(refused.gate(), Some(Gate::Standing));
}

#[test]
fn s21_s23_nobody_changes_their_own_address_by_any_route() {
    let world = World::new();
    for id in [world.ada, world.mia] {
        let before = world.user(id);
        let desk = world.acting(id);
        the_same_no(desk.set_email(id, Some("other@p.example")), "an address");
        the_same_no(desk.set_email(id, None), "no address");
        the_same_no(desk.remove_user(id), "to be made anew");
        let file = world.portal.operator("setup", NOW).export().expect("may");
        let refused = desk.import(&file).expect_err("a file");
        assert_eq!(
            (refused.kind(), refused.gate()),
            (ErrorKind::Refused, Some(Gate::Right))
        );
        assert_eq!(world.user(id), before);
    }
}

#[test]
fn s22_choice17_an_administrator_changes_it_and_it_ends_the_users_sessions() {
    let world = World::new();
    let session = world.signed_in();
    let desk = world.acting(world.grace);
    let address = |email| desk.set_email(world.mia, Some(email)).expect("may");
    address("mia@p.example");
    assert!(world.portal.session(&session, NOW).is_ok(), "as it was");
    address("mia@acme.example");
    let email = world.user(world.mia).email;
    assert_eq!(email.as_deref(), Some("mia@acme.example"));
    let ended = world.portal.session(&session, NOW).expect_err("it ended");
    assert_eq!(ended.kind(), ErrorKind::SignedOut);
}

#[test]
fn s42_s43_nobody_changes_their_own_roles_or_rights_by_any_route() {
    let world = World::new();
    for id in [world.ada, world.mia] {
        let desk = world.acting(id);
        let before = world.user(id);
        for client in [None, Some(world.acme)] {
            the_same_no(desk.roles().give(id, client, &[]), "their roles");
            the_same_no(
                desk.roles().give(id, client, &[world.helpers]),
                "the same roles",
            );
        }
        the_same_no(desk.set_rights(id, &["users.view"]), "their rights");
        the_same_no(desk.set_reach(id, ContainerKinds::NONE), "their reach");
        let at = desk.affiliation(id, world.acme);
        the_same_no(at.add(None), "a client");
        assert_eq!(world.user(id), before);
    }
    let group = world
        .acting(world.ada)
        .roles()
        .set_rights(world.helpers, &[]);
    the_same_no(group, "a role that one has");
    let desk = world.acting(world.grace);
    desk.roles()
        .set_rights(world.helpers, &[])
        .expect("not her own");
}
