//! Portcullis on Diesel: kept in SQLite or PostgreSQL, inside the host's own transaction, and in the
//! host's own queries.
//!
//! Ada's service has a `documents` table and Diesel. She opens a store over the pool she has, brings
//! our tables once, and from then on three things are hers: a portal whose rows lie beside her own,
//! her insert and our "place it in this project" in one transaction ([`joined`]), and her own list
//! with one filter more ([`VisibleToDsl::visible_to`]).
//!
//! ```
//! use diesel::SqliteConnection;
//! use portcullis_diesel::Store;
//! use portcullis_id::Timestamp;
//! use portcullis_ledger::{Ledger, Scope, StoreError, StoreExt};
//!
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("host.db");
//! # let url = file.to_str().ok_or("a path in UTF-8")?;
//! let store = Store::<SqliteConnection>::open_with_host_tables(url)?; // or a PgConnection and its URL
//! assert_eq!(store.pending()?.is_empty(), false); // says what it lacks, and brings nothing by itself
//! store.migrate(Timestamp::from_millis(1_700_000_000_000))?;
//! let revision = store.write(|tx| tx.bump(Scope::Policy))?;
//! assert_eq!(store.read(|tx| tx.revision(Scope::Policy))?, revision);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The statements are those of [`portcullis_sql`], written once; here is one executor for every
//! connection of Diesel's. Turn on `sqlite` or `postgres`, or both. What is set on a connection and
//! why, who waits for whom, and what a list costs is said in `docs/storage.md` of the repository.

mod connection;
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
pub use joined::{Joined, joined, joined_named};
#[cfg(feature = "sharing")]
pub use list::{
    CappedCount, Counted, Cursor, End, HostKeyType, IsVisible, Keyset, Lens, Listed, Narrowed,
    Page, PageEnd, Placed, Rows, Sees, VisibleTo, VisibleToDsl, after, before, capped_count,
    listed,
};
pub use options::StoreOptions;
pub use owned::Owned;
pub use portcullis_sql::adapter::Counts;
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
