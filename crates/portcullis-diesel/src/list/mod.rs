//! Lists over the host's own tables, in the host's own queries.
//!
//! [`visible_to`](VisibleToDsl::visible_to) makes a condition of a column; [`before`] turns the
//! pages and [`capped_count`] counts. The types behind them are here for whoever has to name one.

mod beside;
mod column;
mod count;
mod cursor;
mod database;
mod lens;
mod listed;
mod narrowed;
mod node;

pub use beside::{Alone, BesideAList, Visible};
pub use column::{HostKeyType, NoColumn, OfATable};
pub use count::{CappedCount, capped_count};
pub use cursor::{Cursor, Keyset, after, before};
pub use database::Lists;
pub use lens::{Lens, Sees};
pub use listed::{InAList, Listed, listed};
pub use narrowed::Narrowed;
pub use node::{VisibleTo, VisibleToDsl};
