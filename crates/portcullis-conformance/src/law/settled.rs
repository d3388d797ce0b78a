//! Settled = derived: the stored verdicts are those of the raw facts after every write.

use super::over;
use crate::moves::{self, Roster};
use crate::{Draws, Harness, Stage};
use portcullis::ErrorKind;

/// After every command of a random sequence `verify` finds no drift, and no list disagrees with
/// the rule.
pub fn verdicts_are_settled_after_every_write<H: Harness>() {
    over::<H>(0..6, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        assert_eq!(stage.operator().verify().unwrap(), [], "after the import");
        let draws = Draws::seeded(seed + 1_000);
        let mut roster = Roster::of(&stage);
        let mut done = 0;
        for n in 0..60 {
            let (what, outcome) = moves::one(&stage.operator(), &draws, &roster);
            match outcome {
                Ok(()) => done += 1,
                Err(error) => assert_ne!(error.kind(), ErrorKind::Fault, "{what}: {error}"),
            }
            assert_eq!(stage.operator().verify().unwrap(), [], "after {what}");
            if n % 10 == 9 {
                roster = Roster::of(&stage);
                for user in roster.users.iter().step_by(4) {
                    stage.seen(&stage.viewer(user.id));
                }
            }
        }
        assert!(done > 20, "only {done} commands did anything");
    });
}
