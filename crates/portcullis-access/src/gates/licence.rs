//! Gate 2: what is not licensed is not offered, and no grant in it takes effect (S57).

use crate::{ContainerKind, Viewer};

/// Whether containers of this kind are licensed.
#[inline]
pub fn passes(viewer: &Viewer, container: ContainerKind) -> bool {
    viewer.licensed().contains(container)
}
