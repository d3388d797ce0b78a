//! Gate 1: nothing is available to a client while the portal is off; staff work on (V2, V3, V27).

use crate::{UserKind, Viewer};

/// Whether `viewer` passes.
#[inline]
pub fn passes(viewer: &Viewer) -> bool {
    viewer.portal_active() || viewer.kind() == UserKind::Staff
}
