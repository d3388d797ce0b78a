//! A viewer dies at the earliest expiry in it, and past its end hides everything (L13).

use crate::world::{
    ACME, ALLOWED, BIRCH, GRANT, INTRANET, LATER, NOW, Person, WEBSITE, ada, at, bob, hidden, task,
};
use portcullis_access::{Gate, Grant, Verb};
use portcullis_id::{Standing, State, Timestamp};
use portcullis_sharing::{Decision, decide};

const LATER_STILL: Timestamp = Timestamp::from_millis(1_200_000);

fn asked_at(person: &Person, now: Timestamp) -> Decision {
    decide(&person.viewer(), Verb::View, &task(), now)
}

fn until(end: Timestamp) -> Grant {
    Grant {
        until: Some(end),
        ..GRANT
    }
}

#[test]
fn l13_the_earliest_expiry_in_it_is_a_viewers_end() {
    let ends = |standing, affiliation, grant| {
        bob().with(|bob| {
            bob.standing = Standing::new(State::Usable, standing);
            bob.at = vec![at(ACME), at(BIRCH)];
            bob.at[1].until = affiliation;
            bob.grants = Some(vec![
                (WEBSITE, GRANT),
                (
                    INTRANET,
                    Grant {
                        until: grant,
                        ..GRANT
                    },
                ),
            ]);
        })
    };
    let (soon, late) = (Some(LATER), Some(LATER_STILL));
    for person in [
        ends(soon, late, late),
        ends(late, soon, late),
        ends(late, late, soon),
    ] {
        assert_eq!(person.viewer().valid_until(), LATER);
        let last = Timestamp::from_millis(LATER.millis() - 1);
        assert_eq!(asked_at(&person, last), ALLOWED);
        assert_eq!(asked_at(&person, LATER), hidden(Gate::Stale));
    }
}

#[test]
fn l13_without_an_end_a_viewer_holds() {
    assert_eq!(bob().viewer().valid_until(), Timestamp::MAX);
    assert_eq!(asked_at(&bob(), LATER_STILL), ALLOWED);
}

#[test]
fn l13_what_has_ended_already_does_not_end_the_viewer() {
    let ended = bob().with(|bob| {
        bob.at.push(at(BIRCH));
        bob.at[1].until = Some(NOW);
        bob.grants = Some(vec![(WEBSITE, GRANT), (INTRANET, until(NOW))]);
    });
    assert_eq!(ended.viewer().valid_until(), Timestamp::MAX);
    assert_eq!(asked_at(&ended, LATER), ALLOWED);
}

#[test]
fn l13_a_stale_viewer_hides_everything_from_staff_too() {
    let ada = ada().with(|ada| ada.standing = Standing::new(State::Usable, Some(LATER)));
    for (verb, _) in Verb::ON_KINDS {
        let answer = decide(&ada.viewer(), verb, &task(), LATER);
        assert_eq!(answer, hidden(Gate::Stale), "{verb:?}");
    }
}

#[test]
fn l13_grants_that_travel_with_the_facts_end_by_themselves() {
    let many = bob().with(|bob| bob.grants = None);
    assert_eq!(many.viewer().valid_until(), Timestamp::MAX);
}
