//! The ports of the sharing core, one a file.

mod containers;
mod defaults;
mod items;
mod list;
mod memberships;

use crate::statement::Statement;

pub(crate) use list::shapes;
pub use list::{
    CursorValue, Fragment, HostColumn, HostColumns, HostPage, HostPart, Keyset, PageEnd, Piece,
    Template, VisibleTo, after, before, visible_to,
};
/// For adapters, which stand on this crate alone.
pub use portcullis_sharing::PageToken;

/// The statements of all of them, but for those put together at run time.
pub(crate) const ALL: [&[Statement]; 5] = [
    containers::ALL,
    defaults::ALL,
    items::ALL,
    list::ALL,
    memberships::ALL,
];
