//! "May this person do this for this client?", without any item.

use crate::world::{ACME, BIRCH, LATER, NOW, Person, ada, at, bob, no, texts};
use portcullis_access::{
    AccessProfile, Answer, Gate, Kind, Light, NamedRight, Right, UserKind, Verb, may,
};
use portcullis_id::{Standing, State};
use std::collections::BTreeMap;

const VIEW: Right = Right::On(Verb::View, Kind::DOCUMENT);

#[test]
fn b35_the_client_lock_comes_before_any_right() {
    let all = bob(&["documents.view", "users.manage"]);
    assert_eq!(all.may(VIEW, ACME), Answer::Allow);
    assert_eq!(all.may(VIEW, BIRCH), no(Gate::ClientLock));
    assert_eq!(
        all.may(NamedRight::MANAGE_USERS, BIRCH),
        no(Gate::ClientLock)
    );
    assert_eq!(bob(&[]).may(VIEW, BIRCH), no(Gate::ClientLock));
}

#[test]
fn b03_what_belongs_to_no_client_is_for_staff_of_every_client() {
    let asked = |person: Person| may(&person.viewer(), VIEW, None, NOW);
    assert_eq!(asked(bob(&["documents.view"])), no(Gate::ClientLock));
    assert_eq!(asked(ada(&["documents.view"])), Answer::Allow);
    assert_eq!(asked(ada(&[])), no(Gate::Right));
}

#[test]
fn v03_the_gates_of_the_portal_the_account_and_the_client_hold_here_too() {
    let off = bob(&["documents.view"]).with(|bob| bob.subject.portal.active = false);
    assert_eq!(off.may(VIEW, ACME), no(Gate::PortalActive));
    let staff = ada(&["documents.view"]).with(|ada| ada.subject.portal.active = false);
    assert_eq!(staff.may(VIEW, ACME), Answer::Allow);
    let due = bob(&["documents.view"]).with(|bob| {
        bob.standing = Standing::new(State::ChangeDue, None);
    });
    assert_eq!(due.may(VIEW, ACME), no(Gate::Standing));
    let inactive = bob(&["documents.view"]).with(|bob| {
        bob.access.inactive_denies = true;
        bob.at[0].light = Light::Inactive;
    });
    assert_eq!(inactive.may(VIEW, ACME), no(Gate::ClientUsable));
}

#[test]
fn l13_a_stale_viewer_may_nothing() {
    let until = bob(&["documents.view"]).with(|bob| bob.at[0].until = Some(LATER));
    let asked = |now| may(&until.viewer(), VIEW, Some(ACME), now);
    assert_eq!(asked(NOW), Answer::Allow);
    assert_eq!(asked(LATER), no(Gate::Stale));
}

#[test]
fn d42_all_eight_combinations_of_the_direct_rights_beside_a_role() {
    for bits in 0..8_u8 {
        let [view, status, pay] = [1, 2, 4].map(|bit| bits & bit != 0);
        let mut direct = Vec::new();
        direct.extend(view.then_some("documents.view"));
        direct.extend(status.then_some("status.view"));
        direct.extend(pay.then_some("payments.make"));
        for role in [false, true] {
            let person = with_bits(&direct, role);
            let when = |held: bool| if held { Answer::Allow } else { no(Gate::Right) };
            let on = |verb, kind| person.may(Right::On(verb, kind), ACME);
            assert_eq!(on(Verb::View, Kind::DOCUMENT), when(view), "{direct:?}");
            assert_eq!(
                on(Verb::View, Kind::REPORT),
                when(view && status),
                "{direct:?}"
            );
            assert_eq!(on(Verb::View, Kind::INVOICE), when(view), "{direct:?}");
            assert_eq!(
                on(Verb::Pay, Kind::INVOICE),
                when(view && pay),
                "{direct:?}"
            );
            assert_eq!(
                on(Verb::Pay, Kind::PROPOSAL),
                when(view && pay),
                "{direct:?}"
            );
            assert_eq!(on(Verb::View, Kind::TASK), when(view && role), "{direct:?}");
        }
    }
}

#[test]
fn d42_two_users_of_one_client_hold_their_own_bits() {
    let one = with_bits(&["documents.view", "status.view"], false);
    let other = with_bits(&["documents.view", "payments.make"], false);
    let report = Right::On(Verb::View, Kind::REPORT);
    assert_eq!(one.may(report, ACME), Answer::Allow);
    assert_eq!(other.may(report, ACME), no(Gate::Right));
}

#[test]
fn s11_rights_count_at_every_client_of_the_user() {
    let of_both = bob(&["documents.view"]).with(|bob| bob.at.push(at(BIRCH)));
    assert_eq!(of_both.may(VIEW, ACME), Answer::Allow);
    assert_eq!(of_both.may(VIEW, BIRCH), Answer::Allow);
}

/// Under the profile of rows D: every view needs `documents.view`, and invoices need no more. The
/// role is given at the client, the bits to the user.
fn with_bits(direct: &[&str], role: bool) -> Person {
    bob(direct).with(|bob| {
        if role {
            bob.at[0].rights = texts(&["tasks.view"]);
        }
        bob.access = AccessProfile {
            view_needs: Some("documents.view".to_owned()),
            base: BTreeMap::from([(UserKind::Client, texts(&["invoices.view"]))]),
            ..AccessProfile::closed()
        };
    })
}
