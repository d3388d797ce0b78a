//! What every change leaves behind, and the unit of work it is made in.
//!
//! When staff shares a task, three things must be true together or not at all: the task is shared,
//! the audit tells who did it, and the mail about it waits in the outbox. So each domain's port is
//! implemented on an adapter's **unit of work** ([`Store::Tx`]), and a unit of work is also a
//! [`Ledger`]: it [bumps](Ledger::bump) a revision, [records](Ledger::record) an audit entry and
//! [posts](Ledger::post) a mail, in the same transaction as the change itself.
//!
//! ```
//! use portcullis_ledger::{Store, StoreExt, Ledger, Scope, Revision, StoreError};
//!
//! fn switch_something<S>(store: &S) -> Result<Revision, StoreError>
//! where
//!     S: Store,
//!     S::Tx: Ledger,
//! {
//!     store.write(|tx| {
//!         // .. the change ..
//!         tx.bump(Scope::Policy)
//!     })
//! }
//! ```

mod audit;
mod error;
mod mail;
mod port;
mod revision;
mod store;

pub use audit::{Actor, AuditEntry};
pub use error::{StoreError, StoreErrorKind};
pub use mail::{Mail, Recipient, SealedText};
pub use port::Ledger;
pub use revision::{Revision, Scope};
pub use store::{Mode, Store, StoreExt};
