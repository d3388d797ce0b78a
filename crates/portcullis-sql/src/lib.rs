//! The one place where Portcullis writes SQL.
//!
//! Every statement is written once, with `?` for its parameters, in words that SQLite and
//! PostgreSQL both understand. An [`adapter`] brings an [`Exec`], four methods over its own
//! connection, and its transactions. [`SqlTx`] over that executor is then the unit of work, and
//! implements the port of every domain whose feature is on. No statement holds a rule: what SQL is asked for was computed
//! in Rust, and what it answers is judged there again.
//!
//! Tables come from [`migrate`], one set a domain, never silently.
//!
//! ```
//! use portcullis_ledger::{Ledger, Scope, StoreError};
//! use portcullis_sql::{Dialect, Exec, Row, SqlTx, Val};
//!
//! /// A driver that answers every query with one row holding 7.
//! struct Seven;
//! struct SevenRow;
//! impl Row for SevenRow {
//!     fn opt_int(&self, _: usize) -> Result<Option<i64>, StoreError> { Ok(Some(7)) }
//!     fn opt_id(&self, _: usize) -> Result<Option<uuid::Uuid>, StoreError> { Ok(None) }
//!     fn opt_text(&self, _: usize) -> Result<Option<&str>, StoreError> { Ok(None) }
//!     fn opt_bytes(&self, _: usize) -> Result<Option<&[u8]>, StoreError> { Ok(None) }
//! }
//! impl Exec for Seven {
//!     fn dialect(&self) -> Dialect { Dialect::Sqlite }
//!     fn run(&mut self, _: &str, _: &[Val<'_>]) -> Result<u64, StoreError> { Ok(1) }
//!     fn rows(
//!         &mut self,
//!         _: &str,
//!         _: &[Val<'_>],
//!         each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
//!     ) -> Result<(), StoreError> { each(&SevenRow) }
//!     fn script(&mut self, _: &str) -> Result<(), StoreError> { Ok(()) }
//! }
//!
//! let mut tx = SqlTx::new(Seven);
//! assert_eq!(tx.revision(Scope::Policy)?.number(), 7);
//! # Ok::<(), StoreError>(())
//! ```

#[cfg(feature = "access")]
mod access;
pub mod adapter;
#[cfg(feature = "credentials")]
mod credentials;
#[cfg(feature = "access")]
mod decode;
mod dialect;
mod exec;
#[cfg(feature = "access")]
mod key;
mod ledger;
pub mod migrate;
mod names;
mod pieces;
mod row;
mod session;
#[cfg(feature = "sharing")]
mod sharing;
pub mod statement;
mod turn;
mod tx;
mod val;

pub use dialect::Dialect;
pub use exec::{Exec, ExecExt};
pub use names::{Names, SqlStore};
pub use row::{Cells, Row};
#[cfg(feature = "sharing")]
pub use sharing::{
    CursorValue, Fragment, HostColumn, HostColumns, HostPage, HostPart, Keyset, PageEnd, PageToken,
    Piece, Template, VisibleTo, after, before, visible_to,
};
pub use tx::SqlTx;
pub use val::{Id, Val};
