//! Gate 5, the client lock: only data of a client with which the user has an affiliation is ever
//! reachable, whatever else was granted (B35, B36, P42, V24, L6).

use crate::Held;

/// Whether there is an affiliation with the owner client.
#[inline]
pub const fn passes(held: Option<&Held>) -> bool {
    held.is_some()
}
