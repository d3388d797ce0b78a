//! Gate 10: the item and its container are issued: drafts and what was withdrawn do not exist for
//! clients (P7, P49). What is older than the first activation carries the default Hidden, so gate
//! 9 has answered for it already (V33, V42, V56). Staff work on drafts.

use super::Ask;
use portcullis_access::UserKind;

/// Whether the item is issued, as far as the asker is concerned.
#[inline]
pub fn passes(ask: &Ask<'_>) -> bool {
    ask.viewer.kind() == UserKind::Staff
        || (ask.facts.lifecycle.is_issued() && ask.facts.container.lifecycle.is_issued())
}
