//! The nouns of the sharing core, one a file, as plain data.

mod container;
mod exposure;
mod item;
mod lifecycle;
mod membership;

pub use container::Container;
pub use exposure::{DefaultExposure, Exposure};
pub use item::Item;
pub use lifecycle::Lifecycle;
pub use membership::{Membership, Source};
