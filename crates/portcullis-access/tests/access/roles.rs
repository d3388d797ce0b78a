//! What roles and direct rights add up to, and what cuts them.

use crate::world::{ACME, BIRCH, Person, ada, at, bob, no, texts};
use portcullis_access::{
    AccessProfile, AccessRules, Answer, Catalogue, Gate, Kind, NamedRight, Right, RightSet,
    RoleMode, UserKind, Verb,
};
use proptest::prelude::*;
use proptest::sample::subsequence;
use std::collections::BTreeMap;

const TASKS: Right = Right::On(Verb::View, Kind::TASK);
const PAY: Right = Right::On(Verb::Pay, Kind::INVOICE);

#[test]
fn s40_the_rights_of_several_roles_are_united() {
    let both = bob(&["tasks.view"]).with(|bob| bob.at[0].rights = texts(&["payments.make"]));
    assert_eq!(both.may(TASKS, ACME), Answer::Allow);
    assert_eq!(both.may(PAY, ACME), Answer::Allow);
}

#[test]
fn s35_what_is_given_at_one_client_counts_there_alone() {
    let bob = bob(&[]).with(|bob| {
        bob.at.push(at(BIRCH));
        bob.at[1].rights = texts(&["tasks.view"]);
    });
    assert_eq!(bob.may(TASKS, BIRCH), Answer::Allow);
    assert_eq!(bob.may(TASKS, ACME), no(Gate::Right));
}

#[test]
fn p36_rights_never_exceed_the_ceiling_of_the_kind() {
    let all = ["tasks.view", "payments.make", "users.manage"];
    let cut = |person: Person| {
        person.with(|person| {
            let below = BTreeMap::from([(UserKind::Client, texts(&["tasks.view"]))]);
            person.access.ceilings = below;
            person.at.iter_mut().for_each(|at| at.rights = texts(&all));
        })
    };
    let client = cut(bob(&all));
    assert_eq!(client.may(TASKS, ACME), Answer::Allow);
    assert_eq!(client.may(PAY, ACME), no(Gate::Right));
    assert_eq!(client.may(NamedRight::MANAGE_USERS, ACME), no(Gate::Right));
    assert_eq!(cut(ada(&all)).may(PAY, ACME), Answer::Allow);
}

#[test]
fn p34_under_fixed_roles_nothing_given_to_a_client_user_counts() {
    let fixed = |person: Person| {
        person.with(|person| {
            person.access.roles = RoleMode::Fixed;
            person.access.base = BTreeMap::from([(UserKind::Client, texts(&["tasks.view"]))]);
        })
    };
    let client = fixed(bob(&["payments.make"]));
    assert_eq!(client.may(TASKS, ACME), Answer::Allow);
    assert_eq!(client.may(PAY, ACME), no(Gate::Right));
    assert_eq!(fixed(ada(&["payments.make"])).may(PAY, ACME), Answer::Allow);
}

#[test]
fn p35_nor_does_what_is_given_at_the_client() {
    let client = bob(&[]).with(|bob| {
        bob.access.roles = RoleMode::Fixed;
        bob.at[0].rights = texts(&["payments.make"]);
    });
    assert_eq!(client.may(PAY, ACME), no(Gate::Right));
}

#[test]
fn b33_a_fixed_guest_is_read_only() {
    let guest = bob(&["tasks.edit", "payments.make"]).with(|guest| {
        guest.subject.kind = UserKind::Guest;
        guest.access.roles = RoleMode::Fixed;
        guest.access.base = BTreeMap::from([(UserKind::Guest, texts(&["tasks.view"]))]);
    });
    assert_eq!(guest.may(TASKS, ACME), Answer::Allow);
    for (verb, _) in Verb::ON_KINDS
        .into_iter()
        .filter(|(verb, _)| *verb != Verb::View)
    {
        assert_eq!(
            guest.may(Right::On(verb, Kind::TASK), ACME),
            no(Gate::Right)
        );
    }
}

fn named() -> impl Strategy<Value = Vec<String>> {
    let pool = vec![
        "tasks.view",
        "tasks.edit",
        "documents.view",
        "payments.make",
        "users.manage",
        "no.such",
    ];
    subsequence(pool, 0..=6).prop_map(|names| texts(&names))
}

fn resolve(names: &[String]) -> RightSet {
    Catalogue::built_in()
        .resolve(names.iter().map(String::as_str))
        .rights
}

proptest! {
    #[test]
    fn s40_a_union_holds_what_either_holds(one in named(), other in named()) {
        let together: Vec<_> = one.iter().chain(&other).cloned().collect();
        prop_assert_eq!(resolve(&together), resolve(&one).union(resolve(&other)));
    }

    #[test]
    fn p36_held_is_below_the_ceiling_and_grows_with_what_is_given(
        below in named(), given in named(), more in named(), fixed in any::<bool>(),
    ) {
        let below: Vec<_> = below.into_iter().filter(|name| name != "no.such").collect();
        let profile = AccessProfile {
            roles: if fixed { RoleMode::Fixed } else { RoleMode::Assignable },
            ceilings: BTreeMap::from([(UserKind::Client, below.clone())]),
            ..AccessProfile::closed()
        };
        let rules = AccessRules::new(profile, Catalogue::built_in()).unwrap();
        let held = rules.held(UserKind::Client, resolve(&given));
        prop_assert!(resolve(&below).contains_all(&held));
        prop_assert!(!fixed || held.is_empty());
        let with_more = resolve(&given).union(resolve(&more));
        prop_assert!(rules.held(UserKind::Client, with_more).contains_all(&held));
    }
}
