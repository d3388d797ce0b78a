//! Lists over the host's own tables, in the host's own queries.
//!
//! [`visible_to`](VisibleToDsl::visible_to) makes a condition of a column; [`before`] turns the
//! pages and [`capped_count`] counts. The types behind them are here for whoever has to name one.

mod also;
mod behind;
mod column;
mod count;
mod cursor;
mod lens;
mod listed;
mod node;

pub use also::{Also, also};
pub use behind::{BehindAList, Narrowing, NothingBehind, StillNarrowing, StillVisible, Visible};
pub use column::{HostKeyType, NoColumn, OfATable};
pub use count::{CappedCount, capped_count};
pub use cursor::{Cursor, Keyset, after, before};
pub use lens::{Lens, Sees};
pub use listed::{Listed, listed};
pub use node::{VisibleTo, VisibleToDsl};
