use crate::world::{ACME, ALLOWED, BIRCH, EARLIER, NOW, ada, at, bob, hidden, staff_of_acme, task};
use portcullis_access::{ContainerKinds, Gate, Verb};
use portcullis_sharing::ItemFacts;

#[test]
fn b36_the_lock_wins_over_an_invitation() {
    let of_birch = bob().with(|bob| bob.at = vec![at(BIRCH)]);
    assert_eq!(of_birch.views(&task()), hidden(Gate::ClientLock));
}

#[test]
fn p42_the_lock_wins_over_reach_and_distribution_for_every_verb() {
    let facts = ItemFacts {
        client: Some(BIRCH),
        ..task()
    };
    let wide = bob().with(|bob| bob.subject.reach = ContainerKinds::ALL);
    let verbs = Verb::ON_KINDS.iter().map(|(verb, _)| *verb);
    for verb in verbs {
        assert_eq!(
            wide.asks(verb, &facts),
            hidden(Gate::ClientLock),
            "{verb:?}"
        );
    }
}

#[test]
fn b35_two_affiliations_open_two_clients_and_no_third() {
    let of_both = bob().with(|bob| bob.at.push(at(BIRCH)));
    for client in [ACME, BIRCH] {
        let facts = ItemFacts {
            client: Some(client),
            ..task()
        };
        assert_eq!(of_both.views(&facts), ALLOWED);
    }
}

#[test]
fn s37_a_paused_or_ended_affiliation_is_none() {
    let paused = bob().with(|bob| bob.at.iter_mut().for_each(|at| at.paused = true));
    assert_eq!(paused.views(&task()), hidden(Gate::ClientLock));
    for end in [EARLIER, NOW] {
        let ended = bob().with(|bob| bob.at.iter_mut().for_each(|at| at.until = Some(end)));
        assert_eq!(ended.views(&task()), hidden(Gate::ClientLock));
    }
}

#[test]
fn b03_what_belongs_to_no_client_is_for_staff_of_all_clients_alone() {
    let unowned = ItemFacts {
        client: None,
        ..task()
    };
    assert_eq!(bob().views(&unowned), hidden(Gate::ClientLock));
    assert_eq!(staff_of_acme().views(&unowned), hidden(Gate::ClientLock));
    assert_eq!(ada().views(&unowned), ALLOWED);
}

#[test]
fn k11_staff_of_listed_clients_are_locked_to_them() {
    let of_birch = ItemFacts {
        client: Some(BIRCH),
        ..task()
    };
    assert_eq!(staff_of_acme().views(&task()), ALLOWED);
    assert_eq!(staff_of_acme().views(&of_birch), hidden(Gate::ClientLock));
    assert_eq!(ada().views(&of_birch), ALLOWED);
}

#[test]
fn l06_every_client_on_a_client_user_opens_none() {
    let odd = bob().with(|bob| {
        bob.subject.every_client = true;
        bob.at = vec![at(BIRCH)];
    });
    assert_eq!(odd.views(&task()), hidden(Gate::ClientLock));
}
