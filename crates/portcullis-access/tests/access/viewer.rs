//! Folding: what a person amounts to, and until when that holds.

use crate::world::{ACME, BIRCH, EARLIER, LATER, NOW, ada, at, bob, no};
use portcullis_access::{
    Answer, Fields, Gate, Grant, Granted, Kind, Right, UserKind, Verb, Viewer, may,
};
use portcullis_id::{ContainerId, Standing, State, Timestamp};
use std::sync::Arc;
use uuid::Uuid;

const WEBSITE: ContainerId = ContainerId::from_uuid(Uuid::from_u128(1));

fn until(end: Option<Timestamp>) -> Grant {
    Grant {
        until: end,
        approver: false,
    }
}

#[test]
fn choice10_at_exactly_its_end_an_account_has_expired() {
    let ending = |end| bob(&[]).with(|bob| bob.standing = Standing::new(State::Usable, Some(end)));
    assert_eq!(ending(NOW).viewer().state(), State::Expired);
    assert_eq!(ending(LATER).viewer().state(), State::Usable);
    assert_eq!(ending(LATER).viewer().valid_until(), LATER);
}

#[test]
fn d33_a_removed_user_is_nobody() {
    let removed = bob(&[]).with(|bob| bob.subject.removed = true);
    assert_eq!(removed.viewer().state(), State::Absent);
}

#[test]
fn s37_affiliations_that_are_paused_or_over_are_left_out() {
    let mut paused = at(BIRCH);
    paused.paused = true;
    let mut over = at(BIRCH);
    over.until = Some(NOW);
    let mut live = at(BIRCH);
    live.until = Some(LATER);
    for (door, opens) in [(paused, false), (over, false), (live, true)] {
        let viewer = bob(&[]).with(|bob| bob.at.push(door)).viewer();
        assert_eq!(viewer.held_at(Some(BIRCH)).is_some(), opens);
        let end = if opens { LATER } else { Timestamp::MAX };
        assert_eq!(viewer.valid_until(), end);
    }
}

#[test]
fn promise04_a_viewer_ends_at_the_earliest_of_all_ends() {
    let viewer = bob(&[])
        .with(|bob| {
            bob.standing = Standing::new(State::Usable, Some(Timestamp::from_millis(3_000_000)));
            bob.at[0].until = Some(Timestamp::from_millis(2_000_000));
        })
        .viewer();
    assert_eq!(viewer.valid_until().millis(), 2_000_000);
    let sooner = viewer.with_grants(Some(vec![(WEBSITE, until(Some(LATER)))]), NOW);
    assert_eq!(sooner.valid_until(), LATER);
    assert!(!sooner.fresh_at(LATER));
    assert!(sooner.fresh_at(NOW));
}

#[test]
fn b34_grants_that_are_over_are_not_carried_and_end_nothing() {
    let viewer = bob(&[])
        .viewer()
        .with_grants(Some(vec![(WEBSITE, until(Some(EARLIER)))]), NOW);
    assert_eq!(viewer.granted(WEBSITE), Granted::No);
    assert_eq!(viewer.valid_until(), Timestamp::MAX);
}

#[test]
fn promise08_a_viewer_with_too_many_grants_carries_none_of_them() {
    let viewer = bob(&[]).viewer().with_grants(None, NOW);
    assert_eq!(viewer.granted(WEBSITE), Granted::AskFacts);
    assert!(viewer.granted_containers().is_none());
    let few = bob(&[])
        .viewer()
        .with_grants(Some(vec![(WEBSITE, until(None))]), NOW);
    assert_eq!(few.granted(WEBSITE), Granted::Yes(until(None)));
    assert_eq!(
        few.granted_containers().unwrap().collect::<Vec<_>>(),
        [WEBSITE]
    );
}

#[test]
fn k11_every_client_is_for_staff_alone() {
    assert!(ada(&[]).viewer().every_client());
    for kind in [UserKind::Client, UserKind::Guest] {
        let odd = ada(&[]).with(|odd| odd.subject.kind = kind).viewer();
        assert!(!odd.every_client());
        assert!(odd.held_at(Some(ACME)).is_none());
    }
}

#[test]
fn p23_a_viewer_without_a_mask_sees_no_field_and_staff_see_all() {
    assert_eq!(bob(&[]).viewer().fields(Kind::TASK), Fields::NONE);
    assert_eq!(ada(&[]).viewer().fields(Kind::TASK), Fields::ALL);
    let masks: Arc<[Fields]> = Arc::from([Fields::NONE, Fields::NONE.with(3)]);
    let masked = bob(&[]).viewer().with_fields(masks);
    assert!(masked.fields(Kind::TASK).contains(3));
    assert!(!masked.fields(Kind::TASK).contains(2));
    assert_eq!(masked.fields(Kind::EXPENSE), Fields::NONE);
}

#[test]
fn choice24_a_preview_counts_as_usable_and_changes_nothing_else() {
    let suspended =
        bob(&["tasks.view"]).with(|bob| bob.standing = Standing::new(State::Suspended, None));
    let tasks = Right::On(Verb::View, Kind::TASK);
    assert_eq!(suspended.may(tasks, ACME), no(Gate::Standing));
    let preview: Viewer = suspended.viewer().as_preview();
    assert!(preview.is_preview());
    assert_eq!(may(&preview, tasks, Some(ACME), NOW), Answer::Allow);
    assert_eq!(may(&preview, tasks, Some(BIRCH), NOW), no(Gate::ClientLock));
    assert_eq!(preview.user(), suspended.viewer().user());
    assert_eq!(preview.revision(), suspended.viewer().revision());
}

#[test]
fn s11_many_clients_with_different_rights_are_told_apart() {
    let viewer = bob(&["tasks.view"])
        .with(|bob| {
            bob.at.push(at(BIRCH));
            bob.at[1].rights = vec!["documents.view".to_owned()];
        })
        .viewer();
    assert_eq!(viewer.clients().count(), 2);
    assert_ne!(viewer.held_at(Some(ACME)), viewer.held_at(Some(BIRCH)));
}
