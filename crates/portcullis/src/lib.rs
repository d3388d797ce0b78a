#![doc = include_str!("../README.md")]
//!
//! # Wrong uses that do not compile
//!
//! An item that was not checked is not rendered, because rendering takes a
//! [`Seen`](sharing::Seen):
//!
//! ```compile_fail,E0308
//! use portcullis::sharing::Seen;
//! struct Invoice { total: u64 }
//! fn render(invoice: &Seen<Invoice>) -> u64 { invoice.total }
//! render(&Invoice { total: 7 });
//! ```
//!
//! A preview is a [`Viewer`](access::Viewer), and a desk is made from a [`Me`]:
//!
//! ```compile_fail,E0308
//! use portcullis::{Portal, access::Viewer};
//! fn wrong(portal: &Portal<portcullis_memory::Store>, preview: &Viewer) {
//!     portal.acting(preview);
//! }
//! ```
//!
//! A session starts from a completed sign-in, never from an open step:
//!
//! ```compile_fail,E0308
//! use portcullis::{Portal, credentials::{ChangePassword, Step}, id::Timestamp};
//! fn wrong(portal: &Portal<portcullis_memory::Store>, step: Step<ChangePassword>, now: Timestamp) {
//!     let _ = portal.start_session(step, now);
//! }
//! ```
//!
//! A list needs a viewer, and an answer must be looked at:
//!
//! ```compile_fail,E0061
//! use portcullis::{Portal, access::Kind, id::Timestamp};
//! fn wrong(portal: &Portal<portcullis_memory::Store>, now: Timestamp) {
//!     let _ = portal.page(Kind::TASK, None, 50, now);
//! }
//! ```
//!
//! ```compile_fail
//! #![deny(unused_must_use)]
//! use portcullis::{Me, access::Verb, sharing::ItemFacts};
//! fn wrong(me: &Me, facts: &ItemFacts) {
//!     me.may(Verb::Pay, facts);
//! }
//! ```
//!
//! A project is no ticket:
//!
//! ```compile_fail,E0308
//! use portcullis::desk::{Desk, Run};
//! use portcullis::{id::{ClientId, ProjectId}, sharing::Exposure};
//! fn wrong<R: Run>(desk: &Desk<'_, R>, acme: ClientId, project: ProjectId) {
//!     let _ = desk.tickets(acme).share(project, Exposure::Shown);
//! }
//! ```
//!
//! A secret does not print, and a sign-in takes the store, never a caller's transaction:
//!
//! ```compile_fail,E0277
//! fn wrong(secret: &portcullis::credentials::SessionSecret) {
//!     println!("{secret}");
//! }
//! ```
//!
//! ```compile_fail,E0277
//! use portcullis::credentials::{Credentials, SecretString, Source};
//! use portcullis::id::Timestamp;
//! fn wrong(
//!     credentials: &Credentials, transaction: &portcullis_memory::Tx,
//!     password: &SecretString, source: &Source, now: Timestamp,
//! ) {
//!     let _ = credentials.sign_in(transaction, "ada", password, source, now);
//! }
//! ```

mod administrators;
mod entrance;
mod entropy;
mod error;
#[cfg(feature = "sql")]
mod joined;
mod me;
mod own_sessions;
mod portal;
mod profile;
mod reading;
mod reset;
mod second_factor;
mod sight;
mod tx;

pub mod desk;
pub mod file;
pub mod presets;

pub use entropy::OsEntropy;
pub use error::{Error, ErrorKind};
pub use me::Me;
pub use portal::{Portal, PortalBuilder};
pub use profile::PortalProfile;
pub use sight::Sight;
pub use tx::PortalTx;

pub use portcullis_access as access;
pub use portcullis_credentials as credentials;
#[cfg(feature = "diesel")]
pub use portcullis_diesel as diesel;
pub use portcullis_id as id;
pub use portcullis_ledger as ledger;
#[cfg(feature = "memory")]
pub use portcullis_memory as memory;
#[cfg(feature = "rusqlite")]
pub use portcullis_rusqlite as rusqlite;
pub use portcullis_sharing as sharing;

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
