//! Gate 9: the item is exposed: its own switch, else the default recorded when it was made; below
//! a hidden parent or in a hidden container nothing is; a derived thing is as its children are
//! (V28 to V60, D46, V45 to V48). Staff see what is hidden.

use super::Ask;
use crate::{ItemFacts, Kin};
use portcullis_access::UserKind;

/// Whether the item is exposed to the asker.
#[inline]
pub fn passes(ask: &Ask<'_>) -> bool {
    let container = &ask.facts.container;
    ask.viewer.kind() == UserKind::Staff
        || (container.exposure.exposes(container.default) && item_exposed(ask.facts))
}

/// Whether the item itself is exposed, its container apart.
#[inline]
pub fn item_exposed(facts: &ItemFacts) -> bool {
    match facts.kin {
        Kin::Of { open_child } => open_child,
        Kin::Under { open: false } => false,
        Kin::Alone | Kin::Under { open: true } => facts.exposure.exposes(facts.default),
    }
}
