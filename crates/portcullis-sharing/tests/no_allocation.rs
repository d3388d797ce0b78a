//! A decision allocates nothing, whatever it answers. In a binary of its own, because counting
//! replaces the allocator.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is wrong, in its helpers too"
)]

use allocation_counter::measure;
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, ContainerKinds, Gate, Grant, Kind,
    KindSet, Light, PortalState, Right, Subject, SubjectAffiliation, UserKind, Verb, Viewer, may,
};
use portcullis_id::{ClientId, ContainerId, ItemId, Standing, Timestamp, UserId};
use portcullis_ledger::Revision;
use portcullis_sharing::{
    ContainerFacts, Decision, DefaultExposure, Exposure, ItemFacts, Kin, Lifecycle, decide,
    decide_container,
};
use std::hint::black_box;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(0);
const PROJECT: ContainerId = ContainerId::from_uuid(Uuid::from_u128(1));

#[test]
fn promise08_a_decision_allocates_nothing() {
    let (viewer, facts) = (viewer(), facts());
    let mut answers = Vec::with_capacity(1_000);
    let counted = measure(|| {
        for item in &facts {
            for (verb, _) in Verb::ON_KINDS {
                answers.push(decide(black_box(&viewer), verb, item, NOW));
            }
            let container = decide_container(&viewer, item.client, &item.container, true, NOW);
            answers.push(container);
            let right = Right::On(Verb::View, item.kind);
            black_box(may(&viewer, right, item.client, NOW).is_allow());
        }
    });
    assert_eq!(counted.count_total, 0);
    assert!(answers.iter().any(|answer| answer.is_allow()));
    for gate in [
        Gate::ClientLock,
        Gate::Reach,
        Gate::Right,
        Gate::Exposure,
        Gate::SetUp,
    ] {
        let refused = |answer: &Decision| answer.denied().is_some_and(|deny| deny.gate == gate);
        assert!(answers.iter().any(refused), "{gate}");
    }
}

#[test]
fn promise08_the_counter_counts() {
    let counted = measure(|| drop(black_box(vec![1_u8])));
    assert_eq!(counted.count_total, 1);
}

/// A client user of three hundred clients, who was let into one project of each.
fn viewer() -> Viewer {
    let subject = Subject {
        user: UserId::from_uuid(Uuid::from_u128(2)),
        kind: UserKind::Client,
        removed: false,
        every_client: false,
        reach: ContainerKinds::NONE,
        rights: vec!["tasks.view".to_owned(), "tasks.edit".to_owned()],
        portal: PortalState {
            active: true,
            first_activated_at: None,
            licensed: ContainerKinds::ALL,
        },
        revision: Revision::default(),
    };
    let affiliations = (0..300).map(|n| SubjectAffiliation {
        client: client(n),
        light: Light::Active,
        closed: KindSet::NONE,
        paused: false,
        until: None,
        rights: Vec::new(),
    });
    let rules = AccessRules::new(AccessProfile::closed(), Catalogue::built_in()).unwrap();
    let grant = Grant {
        until: None,
        approver: false,
    };
    Viewer::fold(&subject, affiliations, Standing::USABLE, &rules, NOW)
        .with_grants(Some(vec![(PROJECT, grant)]), NOW)
}

fn client(n: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(n))
}

/// One item that is shown, and others each with one thing off.
fn facts() -> Vec<ItemFacts> {
    let shown = ItemFacts {
        item: ItemId::from_uuid(Uuid::from_u128(3)),
        kind: Kind::TASK,
        judged_as: Kind::TASK,
        path: KindSet::of(Kind::TASK),
        client: Some(client(7)),
        container: ContainerFacts {
            id: PROJECT,
            kind: ContainerKind::Project,
            exposure: Exposure::Shown,
            default: DefaultExposure::Hidden,
            lifecycle: Lifecycle::Issued,
            closed: KindSet::NONE,
        },
        exposure: Exposure::Shown,
        default: DefaultExposure::Hidden,
        older: false,
        lifecycle: Lifecycle::Issued,
        kin: Kin::Alone,
        author: None,
        bond: None,
    };
    let elsewhere = ContainerFacts {
        id: ContainerId::from_uuid(Uuid::from_u128(4)),
        ..shown.container
    };
    vec![
        shown,
        ItemFacts {
            client: Some(client(300)),
            ..shown
        },
        ItemFacts {
            container: elsewhere,
            ..shown
        },
        ItemFacts {
            path: KindSet::of(Kind::INVOICE),
            ..shown
        },
        ItemFacts {
            exposure: Exposure::Hidden,
            ..shown
        },
    ]
}
