//! Pages while others write: none skipped, none twice.

use super::over;
use crate::{Draws, Harness, NOW, Stage};
use portcullis::access::Kind;
use portcullis::id::{HostKey, Timestamp, days};
use portcullis::sharing::Exposure;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// What is there from the first page to the last is listed once, in order, whatever is placed,
/// moved or hidden between two pages.
pub fn pages_under_inserts_neither_skip_nor_repeat<H: Harness>() {
    over::<H>(0..6, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let draws = Draws::seeded(seed + 77);
        for user in stage.users() {
            let viewer = stage.viewer(user.id);
            let kind = Kind::DOCUMENT;
            let before = keys(&stage.list(&viewer, kind, 500, NOW));
            let (mut listed, mut gone) = (Vec::new(), BTreeSet::new());
            let mut after = None;
            // Others stop writing after a while: older rows would be a list without an end.
            for n in 0.. {
                let page = stage.portal.page(&viewer, kind, after, 2, NOW).unwrap();
                listed.extend(keys(&page.rows));
                after = page.next;
                if after.is_none() {
                    break;
                }
                if n > 5 {
                    continue;
                }
                // Newer, older, and of the very moment of what was just listed.
                let last = page.rows.last().unwrap();
                let container = last.facts().container.id;
                for at in [
                    NOW,
                    Timestamp::from_millis(last.sort()),
                    NOW.before(days(1 + 30 * (u32::try_from(seed % 9).unwrap()))),
                ] {
                    let key = uuid::Uuid::from_u128(u128::from(draws.next()));
                    let operator = stage.operator_at(at);
                    operator.place(kind, key, container).unwrap();
                    operator.share(kind, key, Exposure::Shown).unwrap();
                }
                // Exactly where the last one stands; and one that is yet to come moves away.
                let key = uuid::Uuid::from_u128(u128::from(draws.next()));
                let operator = stage.operator();
                let placed = operator.place_sorted(kind, key, container, last.sort());
                placed.unwrap();
                operator.share(kind, key, Exposure::Shown).unwrap();
                let other = draws.pick(&before).clone();
                if draws.percent(30) && !listed.contains(&other) && gone.insert(other.clone()) {
                    let sort = draws.pick(&[0, last.sort(), NOW.millis()]).to_owned();
                    operator.set_sort(kind, &other, sort).unwrap();
                }
                let other = draws.pick(&before).clone();
                if draws.percent(30) && gone.insert(other.clone()) {
                    stage
                        .operator()
                        .share(kind, &other, Exposure::Hidden)
                        .unwrap();
                }
            }
            let order: Vec<_> = stage.list(&viewer, kind, 500, NOW);
            let order: Vec<_> = order.iter().map(|row| Reverse(row.token().sort)).collect();
            assert!(order.is_sorted(), "{order:?}");
            let once: BTreeSet<_> = listed.iter().collect();
            assert_eq!(once.len(), listed.len(), "something was listed twice");
            let stayed = |key: &&HostKey| !gone.contains(*key);
            let expected: Vec<_> = before.iter().filter(stayed).collect();
            let met: Vec<_> = listed
                .iter()
                .filter(|key| before.contains(key))
                .filter(stayed)
                .collect();
            assert_eq!(met, expected, "{:?}", user.key);
        }
    });
}

fn keys(rows: &[portcullis::sharing::Seen<portcullis::sharing::Located>]) -> Vec<HostKey> {
    rows.iter().map(|row| row.key().clone()).collect()
}
