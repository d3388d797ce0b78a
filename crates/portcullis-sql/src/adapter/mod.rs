//! What every adapter does alike, and what is left for each to write.
//!
//! An adapter is a driver in our words. Of its own it has
//!
//! | it writes | as |
//! |---|---|
//! | a connection that runs statements and decodes rows | [`Exec`](crate::Exec), [`Row`](crate::Row), and its errors as [`StoreError`](portcullis_ledger::StoreError)s |
//! | a pool, and a transaction that it begins with [`Tables::begin`] and rolls back when dropped | [`Transaction`] |
//! | the same inside a transaction of the host's | [`Savepoints`] |
//! | how it is opened: a path, a URL, a pool of the host's | functions that end in [`configure`] and [`Tables::of`] |
//!
//! All else is here: what is migrated and what is not, the check of that before each use, the
//! settings and that they took, the savepoint around a joined call, the counters.
//!
//! ```
//! use portcullis_id::Timestamp;
//! use portcullis_ledger::{Mode, StoreError};
//! use portcullis_sql::adapter::{Tables, Transaction};
//! use portcullis_sql::migrate::Pending;
//! use portcullis_sql::{Dialect, Names, SqlStore, SqlTx};
//! # use portcullis_sql::{Exec, Row, Val};
//!
//! /// A transaction of Ada's driver.
//! pub struct Owned;
//! # impl Exec for Owned {
//! #     fn dialect(&self) -> Dialect { Dialect::Sqlite }
//! #     fn run(&mut self, _: &str, _: &[Val<'_>]) -> Result<u64, StoreError> { Ok(0) }
//! #     fn rows(&mut self, _: &str, _: &[Val<'_>], _: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>) -> Result<(), StoreError> { Ok(()) }
//! #     fn script(&mut self, _: &str) -> Result<(), StoreError> { Ok(()) }
//! # }
//! impl Transaction for Owned {
//!     fn commit(self) -> Result<(), StoreError> {
//!         Ok(()) // COMMIT
//!     }
//! }
//!
//! pub struct Store {
//!     tables: Tables,
//! }
//!
//! impl Store {
//!     fn begin(&self, mode: Mode) -> Result<Owned, StoreError> {
//!         let _text = self.tables.begin(mode); // on a connection of the pool
//!         Ok(Owned)
//!     }
//!
//!     pub fn pending(&self) -> Result<Pending, StoreError> {
//!         self.tables.pending(&mut self.begin(Mode::Read)?)
//!     }
//!
//!     pub fn migrate(&self, now: Timestamp) -> Result<(), StoreError> {
//!         self.tables.migrate(|| self.begin(Mode::Write), now)
//!     }
//! }
//!
//! impl SqlStore for Store {
//!     fn names(&self) -> &Names {
//!         self.tables.names()
//!     }
//!     fn dialect(&self) -> Dialect {
//!         self.tables.dialect()
//!     }
//! }
//!
//! impl portcullis_ledger::Store for Store {
//!     type Tx = SqlTx<Owned>;
//!
//!     fn with_tx(
//!         &self,
//!         mode: Mode,
//!         work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
//!     ) -> Result<(), StoreError> {
//!         self.tables.with_tx(mode, self.begin(mode)?, work)
//!     }
//! }
//! ```

mod counters;
mod joined;
mod settings;
mod tables;

pub use counters::{Counters, Counts};
pub use joined::{Savepoints, joinable, joined};
pub use settings::{configure, verify};
pub use tables::{Tables, Transaction};
