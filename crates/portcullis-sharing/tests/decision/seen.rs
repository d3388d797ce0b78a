//! An answer for one item is worth nothing for another.

use crate::world::{ACME, NOW, WEBSITE, bob, elsewhere, task};
use portcullis_access::{Catalogue, Deny, Fields, Gate, Kind, KindSet};
use portcullis_id::HostKey;
use portcullis_ledger::Revision;
use portcullis_sharing::{
    DefaultExposure, Exposure, Item, ItemFacts, ItemRow, Keyed, Lifecycle, Located, Seen,
};

#[derive(Debug, PartialEq)]
struct Task {
    key: i64,
}

impl Keyed for Task {
    fn key(&self) -> HostKey {
        HostKey::from(self.key)
    }
}

fn located(key: i64, facts: ItemFacts) -> Located {
    let item = Item {
        id: facts.item,
        kind: Kind::TASK,
        key: HostKey::from(key),
        container: WEBSITE,
        client: Some(ACME),
        parent: None,
        path: KindSet::of(Kind::TASK),
        exposure: Exposure::Shown,
        default: DefaultExposure::Hidden,
        older: false,
        lifecycle: Lifecycle::Issued,
        author: None,
        created_at: NOW,
        sort: NOW.millis(),
        open: true,
    };
    let row = ItemRow {
        item,
        container: facts.container,
        parent: None,
        bond: facts.bond,
        revision: Revision::from_number(1),
    };
    row.located(&Catalogue::built_in())
}

#[test]
fn usage_wrong_use_02_an_answer_for_one_item_hands_out_no_other() {
    let viewer = bob().viewer();
    let seven = located(7, task());
    let other = Seen::admit(&viewer, &seven, Task { key: 8 }, NOW);
    assert_eq!(other, Err(Deny::hidden(Gate::ClientLock)));
    let own = Seen::admit(&viewer, &seven, Task { key: 7 }, NOW).unwrap();
    assert_eq!(own.key, 7);
    assert_eq!(own.fields(), Fields::ALL);
    assert_eq!(own.into_inner(), Task { key: 7 });
}

#[test]
fn usage_wrong_use_01_what_is_refused_is_not_handed_out() {
    let hidden = located(7, elsewhere(task()));
    let refused = Seen::admit(&bob().viewer(), &hidden, Task { key: 7 }, NOW);
    assert_eq!(refused, Err(Deny::hidden(Gate::Reach)));
    let refused = Seen::facts_of(&bob().viewer(), hidden, NOW);
    assert_eq!(refused, Err(Deny::hidden(Gate::Reach)));
}

#[test]
fn l05_a_key_of_another_type_is_another_key() {
    struct Texty;
    impl Keyed for Texty {
        fn key(&self) -> HostKey {
            HostKey::from("7")
        }
    }
    assert!(Seen::admit(&bob().viewer(), &located(7, task()), Texty, NOW).is_err());
}
