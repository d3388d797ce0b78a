//! The walk in words, for staff and the audit.

use crate::world::{NOW, Person, WEBSITE, ada, bob, elsewhere, of, rights, task};
use portcullis_access::{Gate, Kind, Verb};
use portcullis_id::{Standing, State};
use portcullis_sharing::{Exposure, FieldRule, ItemFacts, SharingProfile, explain};
use std::collections::BTreeMap;

fn told(who: &Person, verb: Verb, facts: &ItemFacts) -> String {
    explain(&who.viewer(), verb, facts, &who.catalogue, NOW).to_string()
}

#[test]
fn v39_a_private_task_is_told_with_its_switch_and_its_default() {
    let private = ItemFacts {
        exposure: Exposure::Inherit,
        ..task()
    };
    assert_eq!(
        told(&bob(), Verb::View, &private),
        "refused at gate 9, exposure: own switch inherit, default hidden when it was made; V39, V53, D46, V46"
    );
}

#[test]
fn v59_a_project_one_is_no_member_of_is_told() {
    assert_eq!(
        told(&bob(), Verb::View, &elsewhere(task())),
        "refused at gate 6, reach: was not let into this project; V16, V59, S46, B37"
    );
    assert_eq!(
        told(&bob(), Verb::View, &task()),
        "allowed: every gate passes"
    );
}

#[test]
fn d20_the_verb_is_told_after_view_has_passed() {
    let reader = bob().holding(&["invoices.view"]);
    let invoice = of(Kind::INVOICE);
    let told = explain(
        &reader.viewer(),
        Verb::Pay,
        &invoice,
        &reader.catalogue,
        NOW,
    );
    let failing: Vec<_> = told.steps.iter().filter(|step| !step.passes).collect();
    assert_eq!(failing.len(), 1);
    assert_eq!(failing[0].gate, Gate::Right);
    assert_eq!(failing[0].because, "Pay on its own kind");
}

#[test]
fn l04_every_gate_is_told_past_the_first_refusal() {
    let private = ItemFacts {
        exposure: Exposure::Hidden,
        ..elsewhere(task())
    };
    let told = explain(&bob().viewer(), Verb::View, &private, &bob().catalogue, NOW);
    let failing: Vec<_> = told
        .steps
        .iter()
        .filter(|step| !step.passes)
        .map(|step| step.gate)
        .collect();
    assert_eq!(failing, [Gate::Reach, Gate::Exposure]);
    let gates: Vec<_> = told.steps.iter().map(|step| step.gate).collect();
    assert!(Gate::in_order(&gates));
}

#[test]
fn l01_a_kind_nobody_registered_is_told_by_its_number() {
    let unknown = of(Kind::host::<7>());
    assert_eq!(
        told(&ada(), Verb::View, &unknown),
        "refused at gate 8, right: on the path kind 23 that nobody registered; D18, D20, P36, B33"
    );
}

#[test]
fn choice24_a_preview_tells_the_standing_beside() {
    let suspended = bob().with(|bob| {
        bob.standing = Standing::new(State::Suspended, None);
        bob.preview = true;
        bob.grants = Some(vec![(WEBSITE, crate::world::GRANT)]);
    });
    let told = explain(
        &suspended.viewer(),
        Verb::View,
        &task(),
        &suspended.catalogue,
        NOW,
    );
    assert!(told.decision.is_allow());
    let step = told
        .steps
        .iter()
        .find(|step| step.gate == Gate::Standing)
        .unwrap();
    assert!(step.because.starts_with("counts as usable in a preview"));
}

#[test]
fn p23_the_mask_is_told_between_the_right_and_the_set_up() {
    let hides = FieldRule::AllBut(rights(&["margin"]));
    let bob = bob().with(|bob| {
        bob.sharing = SharingProfile {
            fields: BTreeMap::from([("invoice".to_owned(), hides)]),
            ..SharingProfile::closed()
        };
    });
    let steps = |who: &Person, verb, facts: &ItemFacts| {
        explain(&who.viewer(), verb, facts, &who.catalogue, NOW).steps
    };
    let paying = steps(&bob, Verb::Pay, &of(Kind::INVOICE));
    let last: Vec<_> = paying.iter().rev().take(3).map(|step| step.gate).collect();
    assert_eq!(last, [Gate::SetUp, Gate::Fields, Gate::Right]);
    let mask = paying.iter().find(|step| step.gate == Gate::Fields);
    let mask = mask.unwrap();
    assert_eq!((mask.passes, &*mask.because), (true, "masked: margin"));
    let seeing = steps(&ada(), Verb::View, &of(Kind::INVOICE));
    let mask = seeing.last().unwrap();
    assert_eq!(mask.gate, Gate::Fields);
    assert_eq!((mask.passes, &*mask.because), (true, "no field is masked"));
}
