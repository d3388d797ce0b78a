use crate::world::{ALLOWED, ada, bob, hidden, of, staff_of_acme, task, website};
use portcullis_access::{Gate, Kind};
use portcullis_sharing::{ContainerFacts, DefaultExposure, Exposure, ItemFacts, Kin};

fn task_with(exposure: Exposure, default: DefaultExposure) -> ItemFacts {
    ItemFacts {
        exposure,
        default,
        ..task()
    }
}

#[test]
fn v28_switched_to_yes_is_shown_and_to_no_is_not_whatever_the_default() {
    for default in [
        DefaultExposure::Hidden,
        DefaultExposure::Shown,
        DefaultExposure::ByContainer,
    ] {
        assert_eq!(bob().views(&task_with(Exposure::Shown, default)), ALLOWED);
        assert_eq!(
            bob().views(&task_with(Exposure::Hidden, default)),
            hidden(Gate::Exposure)
        );
    }
}

#[test]
fn v39_untouched_is_private_where_the_default_was_hidden() {
    let untouched = task_with(Exposure::Inherit, DefaultExposure::Hidden);
    assert_eq!(bob().views(&untouched), hidden(Gate::Exposure));
}

#[test]
fn v08_untouched_is_shared_where_the_default_was_shown() {
    let untouched = task_with(Exposure::Inherit, DefaultExposure::Shown);
    assert_eq!(bob().views(&untouched), ALLOWED);
}

#[test]
fn b34_untouched_is_as_its_container_where_the_default_says_so() {
    let untouched = task_with(Exposure::Inherit, DefaultExposure::ByContainer);
    assert_eq!(bob().views(&untouched), ALLOWED);
}

#[test]
fn d46_in_a_hidden_project_nothing_is_there() {
    for container in [
        ContainerFacts {
            exposure: Exposure::Hidden,
            ..website()
        },
        ContainerFacts {
            default: DefaultExposure::Hidden,
            ..website()
        },
    ] {
        let facts = ItemFacts {
            container,
            ..task()
        };
        assert_eq!(bob().views(&facts), hidden(Gate::Exposure));
        assert_eq!(ada().views(&facts), ALLOWED);
    }
}

#[test]
fn v46_a_task_list_shows_exactly_when_one_of_its_tasks_does() {
    let list = |open_child| ItemFacts {
        judged_as: Kind::TASK,
        path: task().path,
        kin: Kin::Of { open_child },
        ..of(Kind::TASK_LIST)
    };
    assert_eq!(bob().views(&list(true)), ALLOWED);
    assert_eq!(bob().views(&list(false)), hidden(Gate::Exposure));
    assert_eq!(staff_of_acme().views(&list(false)), ALLOWED);
}

#[test]
fn v45_a_task_lists_own_switch_is_no_matter() {
    let list = ItemFacts {
        exposure: Exposure::Hidden,
        kin: Kin::Of { open_child: true },
        ..task()
    };
    assert_eq!(bob().views(&list), ALLOWED);
}

#[test]
fn k14_below_a_hidden_parent_nothing_is_shown() {
    let below = |open| ItemFacts {
        kin: Kin::Under { open },
        ..of(Kind::COMMENT)
    };
    assert_eq!(bob().views(&below(true)), ALLOWED);
    assert_eq!(bob().views(&below(false)), hidden(Gate::Exposure));
}

#[test]
fn k14_below_a_shown_parent_ones_own_switch_still_decides() {
    let below = ItemFacts {
        exposure: Exposure::Hidden,
        kin: Kin::Under { open: true },
        ..of(Kind::COMMENT)
    };
    assert_eq!(bob().views(&below), hidden(Gate::Exposure));
}

#[test]
fn v60_staff_see_what_is_hidden() {
    let untouched = task_with(Exposure::Hidden, DefaultExposure::Hidden);
    assert_eq!(ada().views(&untouched), ALLOWED);
    assert_eq!(staff_of_acme().views(&untouched), ALLOWED);
}

#[test]
fn v33_what_is_settled_is_the_items_own_side_without_its_container() {
    let hidden_project = ContainerFacts {
        exposure: Exposure::Hidden,
        ..website()
    };
    let shown = ItemFacts {
        container: hidden_project,
        ..task()
    };
    assert!(shown.item_side_open());
    assert!(!task_with(Exposure::Hidden, DefaultExposure::Shown).item_side_open());
}
