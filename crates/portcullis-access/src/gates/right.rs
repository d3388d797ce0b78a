//! Gate 8: the right is held: roles and direct rights together, cut by the ceiling of the kind of
//! user (D17 to D20, S40, P34 to P36, B33). View needs it on every kind on the path.

use crate::{Held, KindSet, Right, Verb};

/// Whether `verb` is held on every kind of `path`.
#[inline]
pub fn passes(held: Option<&Held>, verb: Verb, path: KindSet) -> bool {
    held.is_some_and(|held| held.rights.allows(verb, path))
}

/// Whether one right is held: the form that [`may`](crate::may) asks.
#[inline]
pub fn holds(held: Option<&Held>, right: Right) -> bool {
    held.is_some_and(|held| held.rights.contains(right))
}
