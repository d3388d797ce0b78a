//! What holds for everybody and everything (requirements 7.4), over random people and items.

use crate::random::{cases, facts, made_usable, person, question, verb, wild_facts};
use crate::reference::reference;
use crate::world::{BIRCH, NOW};
use portcullis_access::{Fields, Gate, UserKind, Verb};
use portcullis_id::Timestamp;
use portcullis_sharing::{Decision, ItemFacts, decide, explain};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn l03_allowed_exactly_when_every_gate_passes((who, verb, facts, now) in question()) {
        let decision = decide(&who.viewer(), verb, &facts, now);
        let expected = reference(&who, verb, &facts, now);
        prop_assert_eq!(decision.denied().map(|deny| deny.gate), expected);
        if let Some(deny) = decision.denied() {
            let after_view = !matches!(verb, Verb::View | Verb::Receive)
                && reference(&who, Verb::View, &facts, now).is_none();
            prop_assert_eq!(deny.exists, after_view);
        }
    }

    #[test]
    fn l03_the_mask_is_the_viewers_for_the_kind((who, verb, facts, now) in question()) {
        let viewer = who.viewer();
        if let Decision::Allow { fields } = decide(&viewer, verb, &facts, now) {
            let staff = who.subject.kind == UserKind::Staff;
            let expected = if staff { Fields::ALL } else { viewer.fields(facts.kind) };
            prop_assert_eq!(fields, expected);
        }
    }

    #[test]
    fn l03_total_and_deterministic(
        who in person(), verb in verb(), facts in wild_facts(), now in any::<i64>(),
    ) {
        let (viewer, now) = (who.viewer(), Timestamp::from_millis(now));
        let first = decide(&viewer, verb, &facts, now);
        prop_assert_eq!(decide(&viewer.clone(), verb, &facts.clone(), now), first);
    }

    #[test]
    fn l04_an_explanation_tells_the_walk_of_the_decision((who, verb, facts, now) in question()) {
        let viewer = who.viewer();
        let decision = decide(&viewer, verb, &facts, now);
        let told = explain(&viewer, verb, &facts, &who.catalogue, now);
        prop_assert_eq!(told.decision, decision);
        let first = told.steps.iter().find(|step| !step.passes).map(|step| step.gate);
        prop_assert_eq!(first, decision.denied().map(|deny| deny.gate));
    }

    #[test]
    fn l06_the_lock_wins(who in person(), verb in verb(), facts in facts()) {
        let locked = who.with(|who| {
            who.subject.every_client = false;
            who.at.retain(|at| at.client != BIRCH);
        });
        let of_birch = ItemFacts { client: Some(BIRCH), ..facts };
        prop_assert!(!locked.asks(verb, &of_birch).is_allow());
    }

    #[test]
    fn l10_a_preview_is_what_a_usable_person_sees(who in person(), verb in verb(), facts in facts()) {
        let preview = who.clone().with(|who| who.preview = true);
        prop_assert_eq!(preview.asks(verb, &facts), made_usable(who).asks(verb, &facts));
    }

    #[test]
    fn l05_what_ties_somebody_else_to_an_item_changes_nothing(
        (who, verb, facts, now) in question(),
    ) {
        let viewer = who.viewer();
        let bond = facts.bond.filter(|bond| bond.user == who.subject.user);
        let own = ItemFacts { bond, ..facts };
        prop_assert_eq!(decide(&viewer, verb, &facts, now), decide(&viewer, verb, &own, now));
    }

    #[test]
    fn v33_being_older_is_no_gate((who, verb, facts, now) in question()) {
        let viewer = who.viewer();
        let younger = ItemFacts { older: !facts.older, ..facts };
        prop_assert_eq!(decide(&viewer, verb, &facts, now), decide(&viewer, verb, &younger, now));
    }
}

#[test]
fn l03_the_random_questions_are_not_one_sided() {
    let mut runner = TestRunner::deterministic();
    let mut answers: BTreeMap<Option<Gate>, u32> = BTreeMap::new();
    let mut masked = 0;
    for _ in 0..3_000 {
        let (who, verb, facts, now) = question().new_tree(&mut runner).unwrap().current();
        let decision = decide(&who.viewer(), verb, &facts, now);
        let gate = decision.denied().map(|deny| deny.gate);
        *answers.entry(gate).or_default() += 1;
        masked +=
            u32::from(matches!(decision, Decision::Allow { fields } if fields != Fields::ALL));
    }
    let often = |gate| answers.get(&gate).copied().unwrap_or(0);
    assert!((300..1_800).contains(&often(None)), "{answers:?}");
    for gate in Gate::ALL.into_iter().filter(|gate| *gate != Gate::Fields) {
        assert!(often(Some(gate)) > 15, "{gate}: {answers:?}");
    }
    assert!(
        often(Some(Gate::Stale)) > 15 && masked > 15,
        "{masked} masked, {answers:?}"
    );
}

#[test]
fn l01_deny_by_default_without_an_affiliation_or_a_grant() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..500 {
        let (who, _, facts, _) = question().new_tree(&mut runner).unwrap().current();
        let client = who.with(|who| who.subject.kind = UserKind::Client);
        let stranger = client.clone().with(|who| who.at.clear());
        assert!(!stranger.views(&facts).is_allow());
        let nowhere = client.with(|who| {
            who.grants = Some(Vec::new());
            who.subject.reach = portcullis_access::ContainerKinds::NONE;
        });
        let viewer = nowhere.viewer();
        assert!(!decide(&viewer, Verb::View, &facts, NOW).is_allow());
    }
}
