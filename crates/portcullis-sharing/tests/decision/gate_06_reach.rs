use crate::world::{
    ALLOWED, BOB, CARL, EARLIER, GRANT, INTRANET, LATER, NOW, Person, ada, bob, bond, elsewhere,
    guest, hidden, staff_of_acme, task, website,
};
use portcullis_access::{ContainerKind, ContainerKinds, Gate, Grant, Verb};
use portcullis_sharing::{Bond, ContainerFacts, Decision, ItemFacts};

#[test]
fn v59_a_shared_item_stays_invisible_outside_ones_projects() {
    assert_eq!(bob().views(&elsewhere(task())), hidden(Gate::Reach));
}

#[test]
fn s48_nothing_granted_is_nothing_seen() {
    let lonely = bob().with(|bob| bob.grants = Some(Vec::new()));
    assert_eq!(lonely.views(&task()), hidden(Gate::Reach));
}

#[test]
fn b37_a_project_of_ones_own_client_needs_an_invitation() {
    assert_eq!(guest().views(&task()), ALLOWED);
    assert_eq!(guest().views(&elsewhere(task())), hidden(Gate::Reach));
}

#[test]
fn s44_reach_opens_all_of_a_kind_later_ones_too() {
    let wide = reaching(ContainerKind::Project);
    assert_eq!(wide.views(&task()), ALLOWED);
    assert_eq!(wide.views(&elsewhere(task())), ALLOWED);
}

#[test]
fn s58_all_or_listed_is_kept_for_each_kind_apart() {
    let wide = reaching(ContainerKind::Job);
    let in_job = in_kind(ContainerKind::Job);
    assert_eq!(wide.views(&in_job), ALLOWED);
    assert_eq!(wide.views(&task()), hidden(Gate::Reach));
    assert_eq!(
        wide.views(&in_kind(ContainerKind::Library)),
        hidden(Gate::Reach)
    );
}

#[test]
fn v69_membership_of_a_project_gives_none_of_its_tickets() {
    let ticket = in_kind(ContainerKind::Ticket);
    assert_eq!(bob().views(&elsewhere(ticket)), hidden(Gate::Reach));
}

#[test]
fn b34_a_grant_is_over_at_exactly_its_end() {
    for (end, expected) in [
        (EARLIER, hidden(Gate::Reach)),
        (NOW, hidden(Gate::Reach)),
        (LATER, ALLOWED),
    ] {
        let until = Grant {
            until: Some(end),
            ..GRANT
        };
        let carried = guest().with(|guest| guest.grants = Some(vec![(task().container.id, until)]));
        assert_eq!(carried.views(&task()), expected);
        assert_eq!(with_facts(BOB, until), expected);
    }
}

#[test]
fn v16_a_grant_that_travels_with_the_facts_opens_as_a_carried_one_does() {
    assert_eq!(with_facts(BOB, GRANT), ALLOWED);
    let none = bob().with(|bob| bob.grants = None);
    assert_eq!(none.views(&task()), hidden(Gate::Reach));
    let empty = ItemFacts {
        bond: Some(bond(BOB)),
        ..task()
    };
    assert_eq!(none.views(&empty), hidden(Gate::Reach));
}

#[test]
fn v65_a_bond_looked_up_for_somebody_else_is_worth_nothing() {
    assert_eq!(with_facts(CARL, GRANT), hidden(Gate::Reach));
}

#[test]
fn v16_a_viewer_who_carries_its_grants_takes_none_from_the_facts() {
    let facts = ItemFacts {
        bond: Some(Bond {
            grant: Some(GRANT),
            ..bond(BOB)
        }),
        ..elsewhere(task())
    };
    assert_eq!(bob().views(&facts), hidden(Gate::Reach));
}

#[test]
fn k11_staff_pass_through_their_own_reach() {
    assert_eq!(ada().views(&elsewhere(task())), ALLOWED);
    let listed = staff_of_acme().with(|staff| staff.subject.reach = ContainerKinds::NONE);
    assert_eq!(listed.views(&elsewhere(task())), hidden(Gate::Reach));
    let let_in = listed.with(|staff| staff.grants = Some(vec![(INTRANET, GRANT)]));
    assert_eq!(let_in.views(&elsewhere(task())), ALLOWED);
    assert_eq!(let_in.asks(Verb::Share, &elsewhere(task())), ALLOWED);
}

fn reaching(kind: ContainerKind) -> Person {
    bob().with(|bob| {
        bob.grants = Some(Vec::new());
        bob.subject.reach = ContainerKinds::NONE.with(kind);
    })
}

fn in_kind(kind: ContainerKind) -> ItemFacts {
    let container = ContainerFacts { kind, ..website() };
    ItemFacts {
        container,
        ..task()
    }
}

fn with_facts(user: portcullis_id::UserId, grant: Grant) -> Decision {
    let facts = ItemFacts {
        bond: Some(Bond {
            grant: Some(grant),
            ..bond(user)
        }),
        ..task()
    };
    bob().with(|bob| bob.grants = None).views(&facts)
}
