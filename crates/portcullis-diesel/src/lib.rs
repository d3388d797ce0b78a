//! Portcullis on Diesel, for hosts that already are: kept in SQLite or PostgreSQL, inside the host's
//! own transaction, and in the host's own queries.

mod connection;
mod counters;
mod error;
mod joined;
#[cfg(feature = "sharing")]
pub mod list;
mod multi;
mod options;
mod owned;
mod pool;
mod row;
mod settings;
pub mod sql_types;
mod statement;
mod store;

pub use connection::{HostConnection, Speaks};
pub use counters::Counts;
pub use joined::{Joined, joined, joined_named};
#[cfg(feature = "sharing")]
pub use list::{
    Also, CappedCount, Cursor, HostKeyType, Keyset, Lens, Listed, Sees, VisibleTo, VisibleToDsl,
    after, also, before, capped_count, listed,
};
pub use options::StoreOptions;
pub use owned::Owned;
pub use portcullis_sql::{Names, SqlStore};
pub use settings::{Configure, configure};
pub use store::Store;

/// What [`multi_connection!`] names in the host's crate.
#[doc(hidden)]
pub mod reexported {
    pub use diesel;
    pub use portcullis_sql::Dialect;
    pub use uuid::Uuid;
}
