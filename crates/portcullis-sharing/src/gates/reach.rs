//! Gate 6: a grant reaches the container: all of its kind, or this one (V16, V59, V69, S44 to S48,
//! B34, B37). It never reaches past the client lock.

use super::Ask;
use portcullis_access::{Grant, Granted};

/// Whether the asker reaches the container.
#[inline]
pub fn passes(ask: &Ask<'_>) -> bool {
    ask.viewer.reach().contains(ask.facts.container.kind) || grant(ask).is_some()
}

/// The live grant of the container, if there is one: the viewer's own, or the one that travels
/// with the facts, if it was looked up for this viewer.
#[inline]
pub fn grant(ask: &Ask<'_>) -> Option<Grant> {
    let found = match ask.viewer.granted(ask.facts.container.id) {
        Granted::Yes(grant) => Some(grant),
        Granted::No => None,
        Granted::AskFacts => ask
            .facts
            .bond_of(ask.viewer.user())
            .and_then(|bond| bond.grant),
    };
    found.filter(|grant| grant.live_at(ask.now))
}
