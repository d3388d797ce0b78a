//! Agreement (L3, L4): one rule decides, and list, count, page, open and find never disagree.

use super::over;
use crate::{Harness, NOW, Stage};
use portcullis::access::Verb;
use portcullis::id::HostKey;
use portcullis::ledger::StoreError;
use portcullis::sharing::{Keyed, decide_container};
use std::collections::BTreeSet;

/// What everybody sees is what requirements 7.2 say, read straight from the document.
pub fn decisions_follow_the_document<H: Harness>() {
    over::<H>(0..12, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        for part in &stage.world.file.users {
            let user = stage.user(&part.key);
            let viewer = stage.viewer(user.id);
            let expected: BTreeSet<_> = stage
                .world
                .places()
                .filter(|place| stage.world.sees(part, place))
                .map(|place| {
                    let kind = stage
                        .portal
                        .catalogue()
                        .kind_named(&place.item.kind)
                        .unwrap();
                    (kind.kind, place.item.key.clone())
                })
                .collect();
            let seen: BTreeSet<_> = stage.seen(&viewer).into_iter().collect();
            let (more, less): (Vec<_>, Vec<_>) = (
                seen.difference(&expected).collect(),
                expected.difference(&seen).collect(),
            );
            assert!(
                more.is_empty() && less.is_empty(),
                "{}: too much {more:?}, too little {less:?}",
                part.key
            );
        }
    });
}

/// Pages of every size, put together, are exactly what is allowed one by one, newest first; the
/// count is their length.
pub fn lists_are_what_decide_allows<H: Harness>() {
    over::<H>(0..8, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let items = stage.items();
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            for kind in stage.kinds() {
                let allowed: Vec<HostKey> = items
                    .iter()
                    .filter(|item| item.kind == kind)
                    .filter(|item| stage.portal.find_as(&viewer, kind, &item.key, NOW).is_ok())
                    .map(|item| item.key.clone())
                    .collect();
                for size in [1, 3, 500] {
                    let rows = stage.list(&viewer, kind, size, NOW);
                    let listed: Vec<_> = rows.iter().map(|row| row.key().clone()).collect();
                    assert_eq!(
                        listed, allowed,
                        "{:?} {kind:?} in pages of {size}",
                        user.key
                    );
                }
                let total = u32::try_from(allowed.len()).unwrap();
                for cap in [0, 2, 100_000] {
                    let count = stage.portal.count(&viewer, kind, cap, NOW).unwrap();
                    assert_eq!(count, total.min(cap), "{:?} {kind:?} up to {cap}", user.key);
                }
            }
        }
    });
}

/// `open` hands out exactly what `find` finds, and runs the host's loader for nothing else.
pub fn opening_is_finding<H: Harness>() {
    over::<H>(0..4, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let items = stage.items();
        for user in stage.users() {
            let Ok(me) = stage.portal.vouched(user.id, "the host", NOW) else {
                continue;
            };
            for item in &items {
                let found = stage.portal.find(&me, item.kind, &item.key);
                let mut loaded = false;
                let opened = stage.portal.open(&me, item.kind, &item.key, |_| {
                    loaded = true;
                    Ok::<_, StoreError>(Row(item.key.clone()))
                });
                assert_eq!(loaded, found.is_ok(), "the loader ran for a hidden item");
                match (found, opened) {
                    (Ok(found), Ok(opened)) => {
                        assert_eq!(opened.fields(), found.fields());
                        assert!(me.may(Verb::View, found.facts()).is_allow());
                    }
                    (Err(found), Err(opened)) => {
                        assert_eq!(opened.to_string(), found.to_string());
                        assert_eq!(opened.kind(), found.kind());
                    }
                    (found, opened) => panic!("found {found:?}, opened {:?}", opened.is_ok()),
                }
            }
        }
    });
}

/// The containers listed are those that may be entered, and every item seen is in one of them.
pub fn containers_are_entered_as_decided<H: Harness>() {
    over::<H>(0..8, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let clients = stage.read(|tx| tx.clients());
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            let mut entered = BTreeSet::new();
            for client in &clients {
                let listed = stage.portal.containers(&viewer, client.id, NOW).unwrap();
                entered.extend(listed.iter().map(|container| container.id));
                for container in stage.read(|tx| tx.containers_of(Some(client.id))) {
                    let granted = stage
                        .read(|tx| tx.membership(user.id, container.id))
                        .is_some_and(|membership| membership.grant.live_at(NOW));
                    let facts = container.facts();
                    let may = decide_container(&viewer, container.client, &facts, granted, NOW);
                    let told = listed.iter().any(|listed| listed.id == container.id);
                    assert_eq!(may.is_allow(), told, "{:?} {}", user.key, container.name);
                }
            }
            for (kind, key) in stage.seen(&viewer) {
                let found = stage.portal.find_as(&viewer, kind, &key, NOW).unwrap();
                let facts = found.facts();
                let inside = facts.client.is_none() || entered.contains(&facts.container.id);
                assert!(inside, "{:?} sees {key} and not its container", user.key);
            }
        }
    });
}

/// Who can see an item is exactly who sees it.
pub fn who_can_is_what_each_sees<H: Harness>() {
    over::<H>(0..3, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        for item in stage.items().iter().step_by(7) {
            let found = stage
                .operator()
                .who_can(Verb::View, item.kind, &item.key)
                .unwrap();
            assert_eq!(found.len(), stage.users().len());
            for witness in found {
                let viewer = stage.viewer(witness.user.id);
                let own = stage.portal.find_as(&viewer, item.kind, &item.key, NOW);
                let may = witness.explanation.decision.is_allow();
                assert_eq!(may, own.is_ok(), "{:?} {}", witness.user.key, item.key);
                let walked = witness.explanation.steps.iter().all(|step| step.passes);
                assert_eq!(
                    walked, may,
                    "the walk says otherwise: {}",
                    witness.explanation
                );
            }
        }
    });
}

/// A row of the host's.
struct Row(HostKey);

impl Keyed for Row {
    fn key(&self) -> HostKey {
        self.0.clone()
    }
}
