//! Random people and items around Bob and the website project: mostly fine, each thing sometimes
//! off, so that every gate has its turn.

use crate::world::{
    ACME, BIRCH, BOB, CARL, EARLIER, GRANT, INTRANET, LATER, NOW, Person, WEBSITE, ada, at, bob,
    of, rights, website,
};
use portcullis_access::{
    ContainerKind, ContainerKinds, Grant, Kind, KindSet, Light, NamedRight, RoleMode,
    SubjectAffiliation, UserKind, Verb,
};
use portcullis_id::{ClientId, Standing, State, Timestamp};
use portcullis_sharing::{
    Bond, ContainerFacts, DefaultExposure, Exposure, FieldRule, ItemFacts, Kin, Lifecycle,
};
use proptest::bool::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use std::collections::BTreeMap;

const BEFORE_LATER: Timestamp = Timestamp::from_millis(LATER.millis() - 1);

const POOL: [&str; 12] = [
    "tasks.view",
    "tasks.edit",
    "tasks.approve",
    "documents.view",
    "documents.download",
    "comments.view",
    "comments.create",
    "invoices.view",
    "payments.make",
    "users.view",
    "milestones.delete",
    "no.such",
];

/// So many cases, and no file left behind by a failing one: the seed is in its message.
pub(crate) fn cases(cases: u32) -> Config {
    Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    }
}

/// Anybody, with the verb and the moment of their question (folded at [`NOW`]).
pub(crate) fn question() -> impl Strategy<Value = (Person, Verb, ItemFacts, Timestamp)> {
    let moment = prop_oneof![5 => Just(NOW), 2 => Just(LATER), 1 => Just(BEFORE_LATER)];
    (person(), verb(), facts(), moment)
}

pub(crate) fn person() -> impl Strategy<Value = Person> {
    let profile = (weighted(0.5), weighted(0.15), weighted(0.2), weighted(0.2));
    let doors = (door(ACME), door(BIRCH), weighted(0.92), weighted(0.25));
    let account = (standing(), weighted(0.03), weighted(0.94), weighted(0.1));
    let given = (subsequence(POOL.to_vec(), 7..=12), grants());
    let role = select(vec![0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
    let reach = (weighted(0.3), weighted(0.96));
    (role, profile, doors, account, given, reach).prop_map(
        |(role, profile, doors, account, (names, grants), (wide, licensed))| {
            let mut person = if role == 0 { ada() } else { bob() };
            person.subject.kind = match role {
                0 | 3 => UserKind::Staff,
                1 => UserKind::Client,
                _ => UserKind::Guest,
            };
            let (acme, birch, at_acme, at_birch) = doors;
            person.at = Vec::new();
            person.at.extend(at_acme.then_some(acme));
            person.at.extend(at_birch.then_some(birch));
            (person.standing, person.subject.removed) = (account.0, account.1);
            (person.subject.portal.active, person.preview) = (account.2, account.3);
            person.subject.rights = rights(&names);
            person.grants = grants;
            if wide {
                person.subject.reach = ContainerKinds::NONE.with(ContainerKind::Project);
            }
            if !licensed {
                person.subject.portal.licensed = ContainerKinds::NONE;
            }
            set_profile(&mut person, profile);
            person
        },
    )
}

fn set_profile(person: &mut Person, (denies, fixed, needs, cut): (bool, bool, bool, bool)) {
    person.access.inactive_denies = denies;
    person.access.base = BTreeMap::from([(person.subject.kind, rights(&["tasks.view"]))]);
    if fixed {
        person.access.roles = RoleMode::Fixed;
    }
    if needs {
        person.access.view_needs = Some("documents.view".to_owned());
    }
    if cut {
        let below = rights(&[
            "tasks.view",
            "tasks.edit",
            "documents.view",
            "invoices.view",
        ]);
        person.access.ceilings = BTreeMap::from([(person.subject.kind, below)]);
    }
    if denies {
        person.sharing.other_fields = FieldRule::AllBut(rights(&["estimate", "margin"]));
    }
}

fn standing() -> impl Strategy<Value = Standing> {
    let states = select(vec![
        State::Invited,
        State::ChangeDue,
        State::Suspended,
        State::Absent,
    ]);
    let state = prop_oneof![16 => Just(State::Usable), 1 => states];
    (state, rarely_an_end()).prop_map(|(state, end)| Standing::new(state, end))
}

fn rarely_an_end() -> impl Strategy<Value = Option<Timestamp>> {
    let end = select(vec![EARLIER, NOW, LATER]);
    prop_oneof![19 => Just(None), 1 => end.prop_map(Some)]
}

fn door(client: ClientId) -> impl Strategy<Value = SubjectAffiliation> {
    let light = select(vec![
        Light::Active,
        Light::Active,
        Light::OnHold,
        Light::Inactive,
    ]);
    let own = subsequence(POOL.to_vec(), 0..=4);
    let paused = weighted(0.05);
    (light, own, paused, rarely_an_end(), areas()).prop_map(
        move |(light, own, paused, until, closed)| SubjectAffiliation {
            light,
            closed,
            paused,
            until,
            rights: rights(&own),
            ..at(client)
        },
    )
}

fn areas() -> impl Strategy<Value = KindSet> {
    let some = select(vec![
        KindSet::of(Kind::INVOICE),
        KindSet::of(Kind::TASK),
        KindSet::of(Kind::DOCUMENT).with(Kind::COMMENT),
        KindSet::ALL,
    ]);
    prop_oneof![8 => Just(KindSet::NONE), 1 => some]
}

fn grant() -> impl Strategy<Value = Grant> {
    (rarely_an_end(), weighted(0.4)).prop_map(|(until, approver)| Grant { until, approver })
}

fn grants() -> impl Strategy<Value = Option<Vec<(portcullis_id::ContainerId, Grant)>>> {
    let carried = (grant(), grant(), weighted(0.85), weighted(0.2));
    let carried = carried.prop_map(|(one, other, website, intranet)| {
        let mut all = Vec::new();
        all.extend(website.then_some((WEBSITE, one)));
        all.extend(intranet.then_some((INTRANET, other)));
        all
    });
    prop_oneof![3 => carried.prop_map(Some), 1 => Just(None)]
}

pub(crate) fn verb() -> impl Strategy<Value = Verb> {
    let others: Vec<_> = Verb::ON_KINDS.iter().map(|(verb, _)| *verb).collect();
    let named = Just(Verb::Use(NamedRight::VIEW_USERS));
    prop_oneof![6 => Just(Verb::View), 9 => select(others), 1 => named]
}

pub(crate) fn facts() -> impl Strategy<Value = ItemFacts> {
    let owner = prop_oneof![
        18 => Just(Some(ACME)),
        2 => Just(Some(BIRCH)),
        1 => Just(None),
    ];
    let bond = prop_oneof![1 => Just(None), 3 => bond().prop_map(Some)];
    let author = select(vec![None, Some(BOB), Some(BOB), Some(CARL)]);
    let state = (exposure(), default(), lifecycle(), any::<bool>());
    (
        kind(),
        owner,
        container(),
        state,
        weighted(0.85),
        author,
        bond,
    )
        .prop_map(|(kind, client, container, state, kin_open, author, bond)| {
            let facts = ItemFacts {
                client,
                container,
                author,
                bond,
                exposure: state.0,
                default: state.1,
                lifecycle: state.2,
                older: state.3,
                ..of(kind)
            };
            hung_on(facts, kin_open)
        })
}

/// A comment hangs on a document, and a task list is judged as its tasks.
fn hung_on(facts: ItemFacts, open: bool) -> ItemFacts {
    match facts.kind {
        Kind::COMMENT => ItemFacts {
            path: facts.path.with(Kind::DOCUMENT),
            kin: Kin::Under { open },
            ..facts
        },
        Kind::TASK_LIST => ItemFacts {
            judged_as: Kind::TASK,
            path: KindSet::of(Kind::TASK),
            kin: Kin::Of { open_child: open },
            ..facts
        },
        _ => facts,
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    let common = select(vec![
        Kind::TASK,
        Kind::TASK,
        Kind::DOCUMENT,
        Kind::COMMENT,
        Kind::INVOICE,
        Kind::TASK_LIST,
    ]);
    prop_oneof![15 => common, 1 => Just(Kind::host::<7>())]
}

fn container() -> impl Strategy<Value = ContainerFacts> {
    let id = prop_oneof![9 => Just(WEBSITE), 1 => Just(INTRANET)];
    let kind = prop_oneof![9 => Just(ContainerKind::Project), 1 => Just(ContainerKind::Ticket)];
    let own = prop_oneof![
        9 => Just((Exposure::Inherit, DefaultExposure::ByContainer)),
        2 => (exposure(), default()),
    ];
    (id, kind, own, lifecycle(), areas())
        .prop_map(|(id, kind, own, lifecycle, closed)| ContainerFacts {
            id,
            kind,
            exposure: own.0,
            default: own.1,
            lifecycle,
            closed,
        })
        .boxed()
        .prop_union(Just(website()).boxed())
}

fn exposure() -> impl Strategy<Value = Exposure> {
    select(vec![
        Exposure::Shown,
        Exposure::Shown,
        Exposure::Inherit,
        Exposure::Hidden,
    ])
}

fn default() -> impl Strategy<Value = DefaultExposure> {
    select(vec![
        DefaultExposure::Hidden,
        DefaultExposure::Shown,
        DefaultExposure::ByContainer,
    ])
}

fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    prop_oneof![
        12 => Just(Lifecycle::Issued),
        1 => Just(Lifecycle::Draft),
        1 => Just(Lifecycle::Withdrawn),
    ]
}

fn bond() -> impl Strategy<Value = Bond> {
    let user = prop_oneof![4 => Just(BOB), 1 => Just(CARL)];
    let grant = prop_oneof![1 => Just(None), 3 => grant().prop_map(Some)];
    (user, grant, weighted(0.5)).prop_map(|(user, grant, receives)| Bond {
        user,
        grant,
        receives,
    })
}

/// Facts with nothing sensible about them: every set and number there can be.
pub(crate) fn wild_facts() -> impl Strategy<Value = ItemFacts> {
    let sets = (any::<i64>(), any::<i64>(), 0..Kind::LIMIT, 0..Kind::LIMIT);
    (facts(), sets).prop_map(|(facts, (path, closed, kind, judged_as))| ItemFacts {
        kind: Kind::from_number(kind).unwrap(),
        judged_as: Kind::from_number(judged_as).unwrap(),
        path: KindSet::from_bits(path),
        container: ContainerFacts {
            closed: KindSet::from_bits(closed),
            ..facts.container
        },
        ..facts
    })
}

/// The standing alone can be made fine again, to compare with a preview.
pub(crate) fn made_usable(person: Person) -> Person {
    person.with(|person| {
        let end = person.standing.until().filter(|end| NOW < *end);
        person.standing = Standing::new(State::Usable, end);
        person.subject.removed = false;
        person.preview = false;
    })
}

/// A grant without an end, for the laws that add one.
pub(crate) const ANOTHER: (portcullis_id::ContainerId, Grant) = (WEBSITE, GRANT);
