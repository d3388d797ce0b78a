//! Gate 4: an inactive client's people may be shut out, where the profile says so; staff never
//! are (B9, choice 4).

use crate::{Held, UserKind, Viewer};

/// Whether `viewer` passes for a client at which they hold `held`.
#[inline]
pub fn passes(viewer: &Viewer, held: Option<&Held>) -> bool {
    viewer.kind() == UserKind::Staff || held.is_none_or(|held| held.usable)
}
