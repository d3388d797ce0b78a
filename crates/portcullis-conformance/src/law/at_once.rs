//! At once (promise 4): what takes away counts at the next decision, and no viewer outlives what
//! it was made from.

use super::over;
use crate::{Harness, NOW, Stage};
use portcullis::access::{Gate, UserKind, Verb};
use portcullis::id::{Timestamp, days};
use portcullis::sharing::{Decision, Exposure, Lifecycle};

/// Whatever hides an item from somebody has hidden it when the call returns; undone, it is back.
pub fn a_change_counts_at_the_next_decision<H: Harness>() {
    over::<H>(0..8, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let operator = stage.operator();
        for user in stage.users() {
            if user.kind == UserKind::Staff {
                continue;
            }
            let sees = |kind, key: &_| {
                let viewer = stage.viewer(user.id);
                stage.portal.find_as(&viewer, kind, key, NOW).is_ok()
            };
            let shown = stage.seen(&stage.viewer(user.id));
            for (kind, key) in shown.iter().step_by(9) {
                let before = stage.items();
                let item = before
                    .iter()
                    .find(|item| item.kind == *kind && item.key == *key);
                let item = item.unwrap();
                if *kind != portcullis::access::Kind::TASK_LIST {
                    operator.share(*kind, key, Exposure::Hidden).unwrap();
                    assert!(!sees(*kind, key), "{key} is hidden and seen");
                    operator.share(*kind, key, item.exposure).unwrap();
                    assert!(sees(*kind, key));
                    operator
                        .set_lifecycle(*kind, key, Lifecycle::Withdrawn)
                        .unwrap();
                    assert!(!sees(*kind, key), "{key} is withdrawn and seen");
                    operator.set_lifecycle(*kind, key, item.lifecycle).unwrap();
                }
                let grant = stage.read(|tx| tx.membership(user.id, item.container));
                if grant.is_some()
                    && !stage
                        .viewer(user.id)
                        .reach()
                        .contains(container_kind(&stage, item))
                {
                    operator.members(item.container).remove(user.id).unwrap();
                    assert!(!sees(*kind, key), "a member who was taken out sees {key}");
                    stage.write(|tx| tx.put_membership(&grant.unwrap()));
                }
                assert!(sees(*kind, key));
            }
            if let Some((kind, key)) = shown.first() {
                operator.settings().set_active(false).unwrap();
                assert!(!sees(*kind, key), "the portal is off and {key} is seen");
                operator.settings().set_active(true).unwrap();
                operator.remove_user(user.id).unwrap();
                assert!(!sees(*kind, key), "the user is removed and sees {key}");
            }
        }
    });
}

/// From the earliest end in it on, a viewer sees nothing, and cannot tell it from absence.
pub fn a_viewer_past_its_end_sees_nothing<H: Harness>() {
    over::<H>(0..8, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            let end = viewer.valid_until();
            assert!(end > NOW, "a viewer is dead when it is made");
            if end == Timestamp::MAX {
                continue;
            }
            assert_eq!(stage.seen_at(&viewer, end), []);
            assert!(stage.portal.clients(&viewer, end).unwrap().is_empty());
            for item in stage.items().iter().step_by(11) {
                let row = stage.read(|tx| tx.row_by_id(item.id, user.id));
                let facts = row.unwrap().facts(stage.portal.catalogue());
                match portcullis::sharing::decide(&viewer, Verb::Edit, &facts, end) {
                    Decision::Deny(deny) => {
                        assert_eq!((deny.gate, deny.exists), (Gate::Stale, false));
                    }
                    allowed @ Decision::Allow { .. } => panic!("{allowed:?}"),
                }
            }
        }
    });
}

/// Until then it answers as one that is read anew at every tick would.
pub fn a_viewer_within_its_end_sees_what_a_fresh_one_does<H: Harness>() {
    over::<H>(0..8, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        for user in stage.users() {
            let cached = stage.viewer(user.id);
            let last = cached.valid_until().millis().saturating_sub(1);
            // Ends in these worlds lie whole days ahead, the last of them in 20.
            let moments = [1, 4, 8, 12, 16, 20].map(|n| NOW.after(days(n)));
            for at in [Timestamp::from_millis(last)].into_iter().chain(moments) {
                if !cached.fresh_at(at) || at > NOW.after(days(30)) {
                    continue;
                }
                let fresh = stage.viewer_at(user.id, at);
                let (old, new) = (stage.seen_at(&cached, at), stage.seen_at(&fresh, at));
                assert_eq!(old, new, "{:?} at {at}", user.key);
            }
        }
    });
}

fn container_kind<S>(
    stage: &Stage<S>,
    item: &portcullis::sharing::Item,
) -> portcullis::access::ContainerKind
where
    S: portcullis::ledger::Store,
    S::Tx: portcullis::PortalTx,
{
    let container = stage.read(|tx| tx.container(item.container));
    container.unwrap().kind
}
