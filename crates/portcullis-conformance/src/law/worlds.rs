//! The worlds themselves: laws that hold because nothing happens are worth nothing.

use super::every;
use crate::{Harness, Stage};
use portcullis::access::{Deny, Fields, Gate, UserKind, Verb};
use portcullis::sharing::{Decision, decide};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// At least 3 clients, 8 users and 40 items in each world; over all of them 15 to 60 % of what
/// could be asked is allowed, every gate but the set-up refuses some of it, and the mask hides
/// fields.
pub fn worlds_are_not_degenerate<H: Harness>() {
    let tally = RefCell::new(BTreeMap::<Option<Gate>, usize>::new());
    let masked = RefCell::new(0);
    // All of them, whatever the harness takes: it is the worlds that are tried here.
    every(1, 0..16, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let file = &stage.world.file;
        assert!(file.clients.len() >= 3);
        assert!(file.users.len() >= 8);
        let items = stage.items();
        assert!(items.len() >= 40);
        for user in stage.users() {
            if user.kind == UserKind::Staff {
                continue;
            }
            let viewer = stage.viewer(user.id);
            for item in &items {
                let facts = stage.read(|tx| {
                    let row = tx.row_by_id(item.id, user.id)?.unwrap();
                    Ok(row.facts(stage.portal.catalogue()))
                });
                let refused = match decide(&viewer, Verb::View, &facts, crate::NOW) {
                    Decision::Deny(Deny { gate, .. }) => Some(gate),
                    Decision::Allow { fields } => {
                        *masked.borrow_mut() += usize::from(fields != Fields::ALL);
                        None
                    }
                };
                *tally.borrow_mut().entry(refused).or_default() += 1;
            }
        }
    });
    let tally = tally.into_inner();
    let all: usize = tally.values().sum();
    let allowed = tally.get(&None).copied().unwrap_or_default();
    if std::env::var("PORTCULLIS_SEED").is_ok() {
        return;
    }
    assert!(
        (15..=60).contains(&(100 * allowed / all)),
        "{allowed} of {all} allowed: {tally:?}"
    );
    for gate in Gate::ALL {
        let refuses = !matches!(gate, Gate::Fields | Gate::SetUp);
        assert_eq!(
            tally.contains_key(&Some(gate)),
            refuses,
            "{gate}: {tally:?}"
        );
    }
    assert!(masked.into_inner() * 100 > all, "the mask hides too little");
}
