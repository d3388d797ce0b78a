//! Portcullis kept in memory: for tests and small tools.
//!
//! The same contract as the adapters over a database, without one: a unit of work sees a snapshot,
//! one writer at a time, Ok keeps what was done, Err and panic leave no trace. There is nothing to
//! migrate, and nothing is left when the [`Store`] is dropped.
//!
//! ```
//! use portcullis_ledger::{Ledger, Scope, StoreError, StoreExt};
//! use portcullis_memory::Store;
//!
//! let store = Store::new();
//! let given_up = store.write(|tx| {
//!     tx.bump(Scope::Policy)?;
//!     Err::<(), _>(StoreError::corrupt("changed my mind"))
//! });
//! assert!(given_up.is_err());
//! assert_eq!(store.read(|tx| tx.revision(Scope::Policy))?.number(), 0);
//! # Ok::<(), StoreError>(())
//! ```

mod joined;
mod ledger;
mod store;
mod tx;

pub use joined::joined;
pub use store::Store;
pub use tx::Tx;
