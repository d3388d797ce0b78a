use crate::world::{
    ALLOWED, BIRCH, BOB, CARL, GRANT, Person, WEBSITE, ada, at, bob, bond, elsewhere, hidden, of,
    seen,
};
use portcullis_access::{ContainerKinds, Gate, Grant, Kind, Verb};
use portcullis_id::UserId;
use portcullis_sharing::{Bond, Exposure, ItemFacts};

const APPROVER: Grant = Grant {
    approver: true,
    ..GRANT
};

#[test]
fn p19_nobody_approves_before_it_was_set_up() {
    for kind in [Kind::TIME, Kind::EXPENSE] {
        assert_eq!(bob().asks(Verb::Approve, &of(kind)), seen(Gate::SetUp));
        assert_eq!(approver().asks(Verb::Approve, &of(kind)), ALLOWED);
    }
}

#[test]
fn p20_the_set_up_gives_no_right() {
    let without = approver().holding(&["times.view", "expenses.view"]);
    assert_eq!(
        without.asks(Verb::Approve, &of(Kind::EXPENSE)),
        seen(Gate::Right)
    );
}

#[test]
fn p40_an_approver_of_one_project_approves_in_no_other() {
    let wide = approver().with(|bob| bob.subject.reach = ContainerKinds::ALL);
    let there = elsewhere(of(Kind::TIME));
    assert_eq!(wide.views(&there), ALLOWED);
    assert_eq!(wide.asks(Verb::Approve, &there), seen(Gate::SetUp));
}

#[test]
fn p40_the_set_up_travels_with_the_facts_of_many_grants() {
    let many = bob().with(|bob| bob.grants = None);
    let facts = ItemFacts {
        bond: Some(Bond {
            grant: Some(APPROVER),
            ..bond(BOB)
        }),
        ..of(Kind::TIME)
    };
    assert_eq!(many.asks(Verb::Approve, &facts), ALLOWED);
}

#[test]
fn choice20_a_client_user_edits_what_they_created_and_reviews_all_they_see() {
    let own = ItemFacts {
        author: Some(BOB),
        ..of(Kind::ISSUE)
    };
    let others = ItemFacts {
        author: Some(CARL),
        ..of(Kind::ISSUE)
    };
    for verb in [Verb::Edit, Verb::Delete] {
        assert_eq!(bob().asks(verb, &own), ALLOWED);
        assert_eq!(bob().asks(verb, &others), seen(Gate::SetUp));
        assert_eq!(bob().asks(verb, &of(Kind::ISSUE)), seen(Gate::SetUp));
        assert_eq!(ada().asks(verb, &others), ALLOWED);
    }
    assert_eq!(bob().views(&others), ALLOWED);
}

#[test]
fn choice09_staff_may_hide_an_item_from_its_author() {
    let own = ItemFacts {
        author: Some(BOB),
        exposure: Exposure::Hidden,
        ..of(Kind::ISSUE)
    };
    assert_eq!(bob().asks(Verb::Edit, &own), hidden(Gate::Exposure));
}

#[test]
fn p08_receiving_is_held_by_distribution_alone() {
    let sent = sent_to(BOB, of(Kind::INVOICE));
    assert_eq!(bob().asks(Verb::Receive, &sent), ALLOWED);
    let elsewhere = elsewhere(ItemFacts {
        exposure: Exposure::Hidden,
        ..sent
    });
    let no_rights = bob().holding(&[]);
    assert_eq!(no_rights.asks(Verb::Receive, &elsewhere), ALLOWED);
}

#[test]
fn p22_nothing_is_received_that_was_not_distributed_to_this_user() {
    let invoice = of(Kind::INVOICE);
    let with_right = bob().with(|bob| bob.subject.rights.push("invoices.receive".to_owned()));
    for facts in [
        invoice,
        sent_to(CARL, invoice),
        ItemFacts {
            bond: Some(Bond {
                grant: Some(GRANT),
                ..bond(BOB)
            }),
            ..invoice
        },
    ] {
        for person in [bob(), with_right.clone(), ada()] {
            assert_eq!(person.asks(Verb::Receive, &facts), hidden(Gate::SetUp));
        }
    }
}

#[test]
fn p09_receiving_opens_nothing_in_the_portal() {
    let sent = elsewhere(sent_to(BOB, of(Kind::REPORT)));
    assert_eq!(bob().asks(Verb::Receive, &sent), ALLOWED);
    assert_eq!(bob().views(&sent), hidden(Gate::Reach));
    assert_eq!(bob().asks(Verb::Download, &sent), hidden(Gate::Reach));
}

#[test]
fn p21_the_lock_holds_for_what_is_mailed() {
    let of_birch = bob().with(|bob| bob.at = vec![at(BIRCH)]);
    let sent = sent_to(BOB, of(Kind::INVOICE));
    assert_eq!(
        of_birch.asks(Verb::Receive, &sent),
        hidden(Gate::ClientLock)
    );
}

fn approver() -> Person {
    bob().with(|bob| bob.grants = Some(vec![(WEBSITE, APPROVER)]))
}

fn sent_to(user: UserId, facts: ItemFacts) -> ItemFacts {
    ItemFacts {
        bond: Some(Bond {
            receives: true,
            ..bond(user)
        }),
        ..facts
    }
}
