//! Entering a container: the same gates, asked of the container itself.

use crate::world::{
    ACME, ALLOWED, BIRCH, LATER, NOW, Person, ada, bob, hidden, staff_of_acme, website,
};
use portcullis_access::{ContainerKind, ContainerKinds, Gate, Kind, KindSet, Light};
use portcullis_id::{ClientId, Standing, State};
use portcullis_sharing::{
    ContainerFacts, Decision, DefaultExposure, Exposure, Lifecycle, decide_container,
};

fn enters_at(person: &Person, client: Option<ClientId>, project: &ContainerFacts) -> Decision {
    decide_container(&person.viewer(), client, project, true, NOW)
}

fn enters(person: &Person, project: &ContainerFacts) -> Decision {
    enters_at(person, Some(ACME), project)
}

#[test]
fn v16_a_project_is_entered_by_its_members_alone() {
    let at = |granted| {
        let viewer = bob().viewer();
        decide_container(&viewer, Some(ACME), &website(), granted, NOW)
    };
    assert_eq!(at(true), ALLOWED);
    assert_eq!(at(false), hidden(Gate::Reach));
    let wide = bob().with(|bob| bob.subject.reach = ContainerKinds::ALL);
    let wide = decide_container(&wide.viewer(), Some(ACME), &website(), false, NOW);
    assert_eq!(wide, ALLOWED);
}

#[test]
fn l03_each_gate_refuses_a_container_too() {
    let off = bob().with(|bob| bob.subject.portal.active = false);
    assert_eq!(enters(&off, &website()), hidden(Gate::PortalActive));
    let unlicensed = bob().with(|bob| {
        bob.subject.portal.licensed = ContainerKinds::ALL.without(ContainerKind::Project);
    });
    assert_eq!(enters(&unlicensed, &website()), hidden(Gate::Licence));
    let suspended = bob().with(|bob| bob.standing = Standing::new(State::Suspended, None));
    assert_eq!(enters(&suspended, &website()), hidden(Gate::Standing));
    let inactive = bob().with(|bob| {
        bob.access.inactive_denies = true;
        bob.at.iter_mut().for_each(|at| at.light = Light::Inactive);
    });
    assert_eq!(enters(&inactive, &website()), hidden(Gate::ClientUsable));
    assert_eq!(
        enters_at(&bob(), Some(BIRCH), &website()),
        hidden(Gate::ClientLock)
    );
    assert_eq!(
        enters_at(&bob(), None, &website()),
        hidden(Gate::ClientLock)
    );
    let stale = decide_container(
        &bob()
            .with(|bob| bob.at.iter_mut().for_each(|at| at.until = Some(LATER)))
            .viewer(),
        Some(ACME),
        &website(),
        true,
        LATER,
    );
    assert_eq!(stale, hidden(Gate::Stale));
}

#[test]
fn p15_a_container_in_which_nothing_could_be_viewed_is_not_entered() {
    let closed = ContainerFacts {
        closed: KindSet::ALL,
        ..website()
    };
    assert_eq!(enters(&bob(), &closed), hidden(Gate::Area));
    assert_eq!(enters(&bob().holding(&[]), &website()), hidden(Gate::Right));
    let only_invoices = ContainerFacts {
        closed: KindSet::of(Kind::INVOICE).complement(),
        ..website()
    };
    let no_invoices = bob().holding(&["tasks.view"]);
    assert_eq!(enters(&no_invoices, &only_invoices), hidden(Gate::Right));
    assert_eq!(enters(&bob(), &only_invoices), ALLOWED);
}

#[test]
fn d46_a_hidden_or_withdrawn_project_is_absent_and_staff_work_in_it() {
    for (project, gate) in [
        (
            ContainerFacts {
                exposure: Exposure::Hidden,
                ..website()
            },
            Gate::Exposure,
        ),
        (
            ContainerFacts {
                default: DefaultExposure::Hidden,
                ..website()
            },
            Gate::Exposure,
        ),
        (
            ContainerFacts {
                lifecycle: Lifecycle::Withdrawn,
                ..website()
            },
            Gate::Lifecycle,
        ),
    ] {
        assert_eq!(enters(&bob(), &project), hidden(gate));
        assert_eq!(enters(&ada(), &project), ALLOWED);
        assert_eq!(enters(&staff_of_acme(), &project), ALLOWED);
    }
}

#[test]
fn d45_a_project_is_shown_by_default_where_the_profile_says_so() {
    let shown = ContainerFacts {
        default: DefaultExposure::Shown,
        ..website()
    };
    assert_eq!(enters(&bob(), &shown), ALLOWED);
}
