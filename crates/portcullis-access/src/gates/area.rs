//! Gate 7: every kind on the path is an open area of this client and of this container (P10, P15,
//! P16, P18). Staff work in areas that are closed to clients.

use crate::{Held, KindSet, UserKind, Viewer};

/// Whether `path` is open at the client (`held`) and in the container (`closed` are its closed
/// areas).
#[inline]
pub fn passes(viewer: &Viewer, held: Option<&Held>, closed: KindSet, path: KindSet) -> bool {
    viewer.kind() == UserKind::Staff
        || held.is_some_and(|held| !held.closed.union(closed).intersects(path))
}
