use crate::world::{ACME, ALLOWED, BIRCH, ada, at, bob, guest, hidden, of, rights, seen, task};
use portcullis_access::{Gate, Kind, KindSet, RoleMode, UserKind, Verb};
use portcullis_sharing::{ItemFacts, Kin};
use std::collections::BTreeMap;

#[test]
fn d18_without_the_right_a_kind_is_absent() {
    let reader = bob().holding(&["tasks.view"]);
    assert_eq!(reader.views(&task()), ALLOWED);
    assert_eq!(reader.views(&of(Kind::REPORT)), hidden(Gate::Right));
}

#[test]
fn d17_status_view_opens_the_reports() {
    let reader = bob().holding(&["status.view"]);
    assert_eq!(reader.views(&of(Kind::REPORT)), ALLOWED);
}

#[test]
fn d20_seeing_is_another_matter_than_paying() {
    let reader = bob().holding(&["invoices.view", "proposals.view"]);
    let payer = bob().holding(&["invoices.view", "proposals.view", "payments.make"]);
    for kind in [Kind::INVOICE, Kind::PROPOSAL] {
        assert_eq!(reader.asks(Verb::Pay, &of(kind)), seen(Gate::Right));
        assert_eq!(payer.asks(Verb::Pay, &of(kind)), ALLOWED);
    }
}

#[test]
fn s40_rights_of_roles_and_direct_ones_are_united() {
    let both = bob().holding(&["tasks.view"]).with(|bob| {
        bob.at
            .iter_mut()
            .for_each(|at| at.rights = rights(&["documents.view"]));
    });
    assert_eq!(both.views(&task()), ALLOWED);
    assert_eq!(both.views(&of(Kind::DOCUMENT)), ALLOWED);
}

#[test]
fn s36_what_is_given_at_one_client_counts_at_no_other() {
    let of_both = bob().holding(&[]).with(|bob| {
        bob.at = vec![at(ACME), at(BIRCH)];
        bob.at[1].rights = rights(&["tasks.view"]);
    });
    let at_birch = ItemFacts {
        client: Some(BIRCH),
        ..task()
    };
    assert_eq!(of_both.views(&at_birch), ALLOWED);
    assert_eq!(of_both.views(&task()), hidden(Gate::Right));
}

#[test]
fn p36_rights_never_exceed_the_ceiling() {
    let cut = bob().with(|bob| {
        bob.access.ceilings = BTreeMap::from([(UserKind::Client, rights(&["tasks.view"]))]);
    });
    assert_eq!(cut.views(&task()), ALLOWED);
    assert_eq!(cut.asks(Verb::Edit, &task()), seen(Gate::Right));
    assert_eq!(cut.views(&of(Kind::INVOICE)), hidden(Gate::Right));
}

#[test]
fn b33_a_guest_is_read_only_whatever_they_were_given() {
    let fixed = guest().with(|guest| {
        guest.access.roles = RoleMode::Fixed;
        guest.access.base = BTreeMap::from([(UserKind::Guest, rights(&["tasks.view"]))]);
    });
    assert_eq!(fixed.views(&task()), ALLOWED);
    for verb in [
        Verb::Create,
        Verb::Edit,
        Verb::Delete,
        Verb::Approve,
        Verb::Pay,
    ] {
        assert_eq!(fixed.asks(verb, &task()), seen(Gate::Right), "{verb:?}");
    }
}

#[test]
fn l01_view_needs_the_right_on_every_kind_of_the_path() {
    let comment = ItemFacts {
        path: KindSet::of(Kind::COMMENT).with(Kind::DOCUMENT),
        kin: Kin::Under { open: true },
        ..of(Kind::COMMENT)
    };
    let narrow = bob().holding(&["comments.view"]);
    assert_eq!(narrow.views(&comment), hidden(Gate::Right));
    let both = bob().holding(&["comments.view", "documents.view"]);
    assert_eq!(both.views(&comment), ALLOWED);
}

#[test]
fn l01_any_other_verb_needs_the_right_on_its_own_kind_alone() {
    let comment = ItemFacts {
        path: KindSet::of(Kind::COMMENT).with(Kind::DOCUMENT),
        kin: Kin::Under { open: true },
        ..of(Kind::COMMENT)
    };
    let writer = bob().holding(&["comments.view", "documents.view", "comments.download"]);
    assert_eq!(writer.asks(Verb::Download, &comment), ALLOWED);
}

#[test]
fn k14_a_task_list_is_judged_by_the_right_on_tasks() {
    let list = ItemFacts {
        judged_as: Kind::TASK,
        path: KindSet::of(Kind::TASK),
        kin: Kin::Of { open_child: true },
        ..of(Kind::TASK_LIST)
    };
    assert_eq!(bob().holding(&["tasks.view"]).views(&list), ALLOWED);
    let lists = bob().holding(&["task-lists.view"]);
    assert_eq!(lists.views(&list), hidden(Gate::Right));
}

#[test]
fn l01_a_kind_nobody_registered_is_denied_to_everybody_with_named_rights() {
    let unknown = of(Kind::host::<7>());
    assert_eq!(bob().views(&unknown), hidden(Gate::Right));
    assert_eq!(ada().views(&unknown), hidden(Gate::Right));
}

#[test]
fn l01_a_right_nobody_registered_is_worth_nothing() {
    let odd = bob().holding(&["tasks.view", "everything.view", "tasks.*", ""]);
    assert_eq!(odd.views(&task()), ALLOWED);
    assert_eq!(odd.views(&of(Kind::INVOICE)), hidden(Gate::Right));
}

#[test]
fn k10_staff_need_their_own_rights_too() {
    let reader = ada().holding(&["tasks.view"]);
    assert_eq!(reader.views(&task()), ALLOWED);
    assert_eq!(reader.views(&of(Kind::INVOICE)), hidden(Gate::Right));
    assert_eq!(reader.asks(Verb::Share, &task()), seen(Gate::Right));
}
