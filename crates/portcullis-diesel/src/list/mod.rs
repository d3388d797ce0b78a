//! Lists over the host's own tables, in the host's own queries.
//!
//! [`visible_to`](VisibleToDsl::visible_to) makes a condition of a column, and
//! [`rows`](VisibleTo::rows), [`page`](VisibleTo::page) and [`count`](VisibleTo::count) a query of the
//! condition; [`before`] turns the pages. The types behind them are here for whoever has to name one.

mod beside;
mod column;
mod count;
mod counted;
mod cursor;
mod database;
mod is_visible;
mod lens;
mod listed;
mod narrowed;
mod node;
mod page;
mod page_end;
mod parts;
mod place;
mod rows;
mod writes;

pub use beside::{Alone, BesideAList, Visible};
pub use column::{HostKeyType, NoColumn, OfATable};
pub use count::{CappedCount, capped_count};
pub use counted::Counted;
pub use cursor::{Cursor, Keyset, after, before};
pub use database::Lists;
pub use is_visible::IsVisible;
pub use lens::{Lens, Sees};
pub use listed::{InAList, Listed, listed};
pub use narrowed::Narrowed;
pub use node::{VisibleTo, VisibleToDsl};
pub use page::{OurId, Page, Placed};
pub use page_end::{End, PageEnd};
pub use parts::{Both, By, NoCondition, NoOrder, Tables};
pub use place::Condition;
pub use rows::Rows;
pub use writes::{Writes, WritesPart};
