//! Gate 3: the user is usable: not suspended, disabled, expired, removed, still invited, nor due
//! a forced change of password (S27, S52, D33). A lock from wrong passwords is no matter here, and
//! a preview counts as usable (choice 24).

use crate::Viewer;
use portcullis_id::State;

/// Whether `viewer` passes.
#[inline]
pub fn passes(viewer: &Viewer) -> bool {
    viewer.state() == State::Usable || viewer.is_preview()
}
