use crate::world::{ALLOWED, Person, ada, bob, hidden, of, staff_of_acme, website};
use portcullis_access::{Gate, Kind, KindSet};
use portcullis_sharing::{ContainerFacts, ItemFacts, Kin};

const FOUR: KindSet = KindSet::of(Kind::ISSUE)
    .with(Kind::INVOICE)
    .with(Kind::DASHBOARD)
    .with(Kind::DOCUMENT);

#[test]
fn p10_one_client_can_lack_an_area_that_another_has() {
    let without = closed_at_client(bob(), KindSet::of(Kind::INVOICE));
    assert_eq!(without.views(&of(Kind::INVOICE)), hidden(Gate::Area));
    assert_eq!(without.views(&of(Kind::DOCUMENT)), ALLOWED);
    assert_eq!(bob().views(&of(Kind::INVOICE)), ALLOWED);
}

#[test]
fn p16_a_closed_workspace_governs_the_four_areas() {
    for kind in FOUR.iter() {
        assert_eq!(bob().views(&in_closed(of(kind), FOUR)), hidden(Gate::Area));
    }
    assert_eq!(bob().views(&in_closed(of(Kind::TASK), FOUR)), ALLOWED);
}

#[test]
fn p18_dashboards_can_be_missing_while_the_other_areas_stay() {
    let closed = KindSet::of(Kind::DASHBOARD);
    assert_eq!(
        bob().views(&in_closed(of(Kind::DASHBOARD), closed)),
        hidden(Gate::Area)
    );
    assert_eq!(bob().views(&in_closed(of(Kind::ISSUE), closed)), ALLOWED);
}

#[test]
fn p10_a_comment_on_an_invoice_is_hidden_with_the_area_of_invoices() {
    let comment = ItemFacts {
        path: KindSet::of(Kind::COMMENT).with(Kind::INVOICE),
        kin: Kin::Under { open: true },
        ..of(Kind::COMMENT)
    };
    assert_eq!(bob().views(&comment), ALLOWED);
    let without = closed_at_client(bob(), KindSet::of(Kind::INVOICE));
    assert_eq!(without.views(&comment), hidden(Gate::Area));
    assert_eq!(
        bob().views(&in_closed(comment, KindSet::of(Kind::INVOICE))),
        hidden(Gate::Area)
    );
}

#[test]
fn k14_a_task_list_is_judged_by_the_area_of_tasks() {
    let list = ItemFacts {
        judged_as: Kind::TASK,
        path: KindSet::of(Kind::TASK),
        kin: Kin::Of { open_child: true },
        ..of(Kind::TASK_LIST)
    };
    let without_tasks = closed_at_client(bob(), KindSet::of(Kind::TASK));
    assert_eq!(without_tasks.views(&list), hidden(Gate::Area));
    let without_lists = closed_at_client(bob(), KindSet::of(Kind::TASK_LIST));
    assert_eq!(without_lists.views(&list), ALLOWED);
}

#[test]
fn k16_staff_work_in_areas_that_are_closed_to_clients() {
    let staff = closed_at_client(staff_of_acme(), KindSet::ALL);
    assert_eq!(staff.views(&of(Kind::INVOICE)), ALLOWED);
    assert_eq!(
        ada().views(&in_closed(of(Kind::INVOICE), KindSet::ALL)),
        ALLOWED
    );
}

fn closed_at_client(person: Person, closed: KindSet) -> Person {
    person.with(|person| person.at.iter_mut().for_each(|at| at.closed = closed))
}

fn in_closed(facts: ItemFacts, closed: KindSet) -> ItemFacts {
    let container = ContainerFacts {
        closed,
        ..website()
    };
    ItemFacts { container, ..facts }
}
