use crate::world::{ALLOWED, ada, bob, hidden, of, website};
use portcullis_access::{Gate, Kind, Verb};
use portcullis_sharing::{ContainerFacts, DefaultExposure, Exposure, ItemFacts, Lifecycle};

#[test]
fn p49_a_draft_and_what_was_withdrawn_do_not_exist_for_clients() {
    for lifecycle in [Lifecycle::Draft, Lifecycle::Withdrawn] {
        let invoice = ItemFacts {
            lifecycle,
            ..of(Kind::INVOICE)
        };
        for verb in [Verb::View, Verb::Download, Verb::Pay, Verb::Receive] {
            assert_eq!(
                bob().asks(verb, &invoice),
                hidden(Gate::Lifecycle),
                "{verb:?}"
            );
        }
        assert!(!invoice.item_side_open());
    }
}

#[test]
fn p07_an_issued_invoice_can_be_viewed() {
    assert_eq!(bob().views(&of(Kind::INVOICE)), ALLOWED);
}

#[test]
fn p49_in_a_withdrawn_container_nothing_exists() {
    let container = ContainerFacts {
        lifecycle: Lifecycle::Withdrawn,
        ..website()
    };
    let facts = ItemFacts {
        container,
        ..of(Kind::TASK)
    };
    assert_eq!(bob().views(&facts), hidden(Gate::Lifecycle));
}

#[test]
fn v33_what_is_older_carries_the_hidden_default_and_can_be_shown_by_hand() {
    let older = ItemFacts {
        older: true,
        exposure: Exposure::Inherit,
        default: DefaultExposure::Hidden,
        ..of(Kind::MILESTONE)
    };
    assert_eq!(bob().views(&older), hidden(Gate::Exposure));
    let switched = ItemFacts {
        exposure: Exposure::Shown,
        ..older
    };
    assert_eq!(bob().views(&switched), ALLOWED);
}

#[test]
fn p49_staff_work_on_drafts() {
    let draft = ItemFacts {
        lifecycle: Lifecycle::Draft,
        ..of(Kind::INVOICE)
    };
    assert_eq!(ada().views(&draft), ALLOWED);
    assert_eq!(ada().asks(Verb::Share, &draft), ALLOWED);
}
