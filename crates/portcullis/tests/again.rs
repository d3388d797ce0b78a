//! A request whose viewer went out of date is read again, with nothing revived that has ended.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use portcullis::access::{ContainerKinds, Kind};
use portcullis::credentials::{
    Current, NewPassword, Reauthentication, SecretString, SessionSecret, SignIn, Source,
};
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::{ClientId, Standing, State, Timestamp, UserId};
use portcullis::sharing::Exposure;
use portcullis::{ErrorKind, Me, Portal, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const SOON: Timestamp = Timestamp::from_millis(1_790_000_060_000);
const SSO: &str = "the host's sign-on";
const PHRASE: &str = "bob has a phrase too";

/// Bob is at ACME and at Birch, and one task is shown at each.
struct Stage {
    portal: Portal<Store>,
    bob: UserId,
    birch: ClientId,
}

impl Stage {
    fn set() -> Self {
        let portal = Portal::new(Store::new(), presets::safe()).expect("safe works");
        let desk = portal.operator("setup", NOW);
        drop(desk.found("Ada", "ada@provider.example").expect("is new"));
        desk.settings().set_active(true).expect("an operator may");
        let clients = ["ACME", "Birch"].map(|name| {
            let client = desk.clients().add(name).expect("an operator may");
            let project = desk.projects(client).add("Website").expect("may");
            desk.projects(client)
                .share(project, Exposure::Shown)
                .expect("may");
            let key = format!("task of {name}");
            desk.place(Kind::TASK, key.as_str(), project).expect("may");
            desk.share(Kind::TASK, key.as_str(), Exposure::Shown)
                .expect("may");
            (client, project)
        });
        let [(acme, website), (birch, _)] = clients;
        let contact = desk.contacts(acme).add("Bob", "bob@acme.example");
        let added = desk.members(website).add(contact.expect("may"));
        let added = added.expect("may");
        desk.set_rights(added.user, &["tasks.view"]).expect("may");
        desk.set_reach(added.user, ContainerKinds::ALL)
            .expect("may");
        desk.affiliation(added.user, birch).add(None).expect("may");
        let secret = added.invitation.expect("bob had no login").secret;
        let new = SecretString::from(PHRASE);
        let set = portal
            .accept_invitation(&secret, &new, &Source::new("10.0.0.1"), NOW)
            .expect("no fault");
        assert!(matches!(set, NewPassword::Set(_)), "{set:?}");
        Self {
            bob: added.user,
            portal,
            birch,
        }
    }

    fn sign_in(&self) -> SessionSecret {
        let (name, source) = ("bob@acme.example", Source::new("10.0.0.1"));
        let password = SecretString::from(PHRASE);
        let SignIn::Done(proof) = self
            .portal
            .sign_in(name, &password, &source, NOW)
            .expect("no fault")
        else {
            panic!("bob does not get in");
        };
        self.portal.start_session(proof, NOW).expect("no fault")
    }

    fn session(&self) -> Me {
        self.portal
            .session(&self.sign_in(), NOW)
            .expect("signed in")
    }

    fn vouched(&self) -> Me {
        self.portal
            .vouched_as(self.bob, SSO, Standing::USABLE, NOW)
            .expect("bob is somebody")
    }

    fn sees(&self, me: &Me, now: Timestamp) -> usize {
        let page = self.portal.page(me, Kind::TASK, None, 50, now);
        page.expect("no fault").rows.len()
    }

    /// Something else changes, so that viewers read before are out of date.
    fn bump(&self) {
        let desk = self.portal.operator("somebody", NOW);
        let licensed = portcullis::access::ContainerKinds::ALL;
        desk.settings().set_licensed(licensed).expect("may");
    }
}

#[test]
fn s36_when_one_of_two_doors_closes_the_other_stays_open() {
    let stage = Stage::set();
    let desk = stage.portal.operator("setup", NOW);
    desk.affiliation(stage.bob, stage.birch)
        .set_end(Some(SOON))
        .expect("may");
    for me in [stage.session(), stage.vouched()] {
        assert_eq!(me.valid_until(), SOON);
        assert_eq!(stage.sees(&me, NOW), 2);
        assert_eq!(stage.sees(&me, SOON), 1);
        let clients = stage.portal.clients(&me, SOON).expect("no fault");
        assert_eq!(clients.len(), 1);
    }
}

#[test]
fn bug38_a_session_that_has_ended_is_not_revived_by_reading_again() {
    type End = fn(&Stage, &Me);
    let ends: [End; 3] = [
        |stage, me| {
            let (old, new) = (
                SecretString::from(PHRASE),
                SecretString::from("another phrase of bob"),
            );
            let source = Source::new("10.0.0.1");
            let confirmed = stage
                .portal
                .reauthenticate(me, Current::Password(&old), &source);
            let Ok(Reauthentication::Confirmed(fresh, _)) = confirmed else {
                panic!("{confirmed:?}");
            };
            let set = stage.portal.change_password(&fresh, &new, &source, NOW);
            assert!(matches!(set, Ok(NewPassword::Set(_))), "{set:?}");
        },
        |stage, _| {
            let desk = stage.portal.operator("somebody", NOW);
            assert!(desk.accounts().suspend(stage.bob).expect("may"));
            assert!(desk.accounts().resume(stage.bob).expect("may"));
        },
        |stage, me| {
            let live = me.session().expect("bob signed in");
            let ended = portcullis::ledger::StoreExt::write(stage.portal.store(), |tx| {
                portcullis::credentials::Sessions::end_session(tx, live.id())
            });
            assert!(ended.expect("no fault"));
        },
    ];
    for end in ends {
        let stage = Stage::set();
        let me = stage.session();
        assert_eq!(stage.sees(&me, NOW), 2);
        end(&stage, &me);
        stage.bump();
        let refused = stage
            .portal
            .page(&me, Kind::TASK, None, 50, NOW)
            .expect_err("the session has ended");
        assert_eq!(refused.kind(), ErrorKind::SignedOut);
    }
    let stage = Stage::set();
    let me = stage.session();
    stage.bump();
    assert_eq!(stage.sees(&me, NOW), 2);
}

#[test]
fn s24_a_suspension_here_ends_what_somebody_vouched_for_sees_and_does() {
    let stage = Stage::set();
    let (before, desk) = (stage.vouched(), stage.portal.operator("somebody", NOW));
    assert_eq!(stage.sees(&before, NOW), 2);
    assert!(desk.accounts().suspend(stage.bob).expect("may"));
    assert_eq!(stage.sees(&stage.vouched(), NOW), 0);
    stage.bump();
    assert_eq!(stage.sees(&before, NOW), 0);
    for me in [before, stage.vouched()] {
        let desk = stage.portal.acting(&me);
        let refused = desk
            .share(Kind::TASK, "task of ACME", Exposure::Hidden)
            .expect_err("suspended");
        assert_eq!(refused.gate(), Some(portcullis::access::Gate::Standing));
    }
}

#[test]
fn a_refusal_is_audited_with_what_it_was_about_and_so_is_a_name_that_is_taken() {
    let stage = Stage::set();
    let newest = || {
        let entries = stage.portal.operator("auditor", NOW).audit(1);
        entries.expect("may").remove(0)
    };
    let me = stage.vouched();
    let desk = stage.portal.acting(&me);
    for (key, gate) in [("task of ACME", "gate 8, right"), ("no task", "absent")] {
        let refused = desk.remove(Kind::TASK, key);
        assert!(refused.is_err());
        let entry = newest();
        assert_eq!(entry.action, "command.refused");
        assert_eq!(entry.target, format!("task:{key}"));
        assert_eq!(entry.detail, format!("item.remove: {gate}"));
    }
    let taken = NewLogin {
        name: "Robert".to_owned(),
        login: "BOB@acme.example".to_owned(),
        email: None,
        rights: vec![],
        password: FirstLogin::Invited,
        expires_in_days: None,
    };
    let operator = stage.portal.operator("somebody", NOW);
    let refused = operator.add_staff(taken, false).expect_err("bob has it");
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    let entry = newest();
    assert_eq!(entry.action, "command.refused");
    assert_eq!(entry.detail, "user.add: name taken");
}

#[test]
fn a_request_knows_whether_it_is_up_to_date() {
    let stage = Stage::set();
    let me = stage.vouched();
    assert!(stage.portal.fresh(&me).expect("no fault"));
    stage.bump();
    assert!(!stage.portal.fresh(&me).expect("no fault"));
    assert!(stage.portal.fresh(&stage.vouched()).expect("no fault"));
}

#[test]
fn s24_what_the_voucher_answers_counts_and_goes_on_counting() {
    let stage = Stage::set();
    let vouched = |standing| {
        let me = stage.portal.vouched_as(stage.bob, SSO, standing, NOW);
        me.expect("bob is somebody")
    };
    let suspended = vouched(Standing::new(State::Suspended, None));
    assert_eq!(stage.sees(&suspended, NOW), 0);
    let ending = vouched(Standing::new(State::Usable, Some(SOON)));
    assert_eq!(stage.sees(&ending, NOW), 2);
    assert_eq!(stage.sees(&ending, SOON), 0);
    stage.bump();
    assert_eq!(stage.sees(&suspended, NOW), 0);
    assert_eq!(stage.sees(&ending, NOW), 2);
}
