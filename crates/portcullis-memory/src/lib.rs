//! Portcullis kept in memory: for tests and small tools.
//!
//! The same contract as the adapters over a database, without one: a unit of work sees a snapshot,
//! one writer at a time, Ok keeps what was done, Err and panic leave no trace. There is nothing to
//! migrate, and nothing is left when the [`Store`] is dropped.
//!
//! Ada founds a portal on her own machine, adds a client and reads it back:
//!
//! ```
//! use portcullis_access::command::{client, portal};
//! use portcullis_access::{AccessProfile, AccessRules, Act, Catalogue, Clients, Error, Principal};
//! use portcullis_id::{Entropy, EntropyError, Standing, Timestamp};
//! use portcullis_ledger::{Ledger, StoreExt};
//! use portcullis_memory::Store;
//!
//! struct System;
//! impl Entropy for System {
//!     fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
//!         getrandom::fill(bytes).map_err(EntropyError::new)
//!     }
//! }
//!
//! let store = Store::new();
//! let rules = AccessRules::new(AccessProfile::closed(), Catalogue::built_in())?;
//! let ada = Principal::operator("ada");
//! let now = Timestamp::from_millis(1_700_000_000_000);
//!
//! let acme = store.write(|tx| {
//!     let act = Act::begin(tx, &ada, Standing::USABLE, &rules, now, &System)?;
//!     portal::found(tx, &act)?;
//!     let new = client::NewClient { name: "Acme".to_owned(), key: Some("A-17".into()) };
//!     client::add(tx, &act, new)
//! })?;
//!
//! let found = store.read(|tx| tx.client_by_key(&"A-17".into()))?;
//! assert_eq!(found.map(|client| (client.id, client.name)), Some((acme, "Acme".to_owned())));
//! let newest = store.read(|tx| tx.audit(1))?;
//! assert_eq!(newest.first().map(|entry| entry.action.as_str()), Some("client.add"));
//! # Ok::<(), Error>(())
//! ```
//!
//! # What it is not for
//!
//! It is cheap enough for tests and small tools, and for no more. Beginning a unit of work copies
//! a few pointers; its first write to a domain copies that domain's maps of pointers, so a write
//! costs what is kept, not what is changed. A row is found by its id or its key through a tree; a
//! page or a count walks every item. A portal that people work with belongs in a database.
//!
//! It also keeps what a database's foreign keys keep: a row that refers to one that is not there is
//! a [`Conflict`](portcullis_ledger::StoreErrorKind::Conflict), as is a unique key that is taken.
//! Accounts stand alone and ask for no [`User`](portcullis_access::User), so that the credentials
//! can be used without the rest.

mod access;
mod conflict;
mod credentials;
mod joined;
mod ledger;
mod sharing;
mod store;
mod table;
mod tx;

pub use joined::joined;
pub use store::Store;
pub use tx::Tx;
