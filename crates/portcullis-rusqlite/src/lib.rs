//! Portcullis kept in SQLite through `rusqlite`: the embedded default.
//!
//! A [`Store`] is a file (or memory) of its own, or one that the host's tables share. It is opened
//! with settings that are read back, says which migrations it lacks and never runs them by itself.
//! Units of work are closures: Ok commits, Err and panic leave no trace.
//!
//! ```
//! use portcullis_id::Timestamp;
//! use portcullis_ledger::{Ledger, Scope, StoreError, StoreExt};
//! use portcullis_rusqlite::Store;
//!
//! let store = Store::in_memory()?;
//! assert!(store.pending()?.to_string().starts_with("needs migration"));
//! store.migrate(Timestamp::from_millis(1_700_000_000_000))?;
//!
//! let revision = store.write(|tx| tx.bump(Scope::Policy))?;
//! assert_eq!(store.read(|tx| tx.revision(Scope::Policy))?, revision);
//! # Ok::<(), StoreError>(())
//! ```
//!
//! A host that has a transaction open makes the same calls inside it, each in a savepoint, so that
//! its rows and ours are kept or lost together: see [`joined`]. Tables of other names than
//! `portcullis_..` are for [`Store::options`].

mod error;
mod exec;
#[cfg(feature = "sharing")]
mod fragment;
mod joined;
mod options;
mod owned;
mod pool;
mod settings;
mod store;

#[cfg(feature = "sharing")]
pub use fragment::{value, values};
pub use joined::{Joined, joined, joined_named};
pub use options::StoreOptions;
pub use owned::Owned;
pub use portcullis_sql::adapter::Counts;
pub use portcullis_sql::{Names, SqlStore};
pub use settings::configure;
pub use store::Store;
