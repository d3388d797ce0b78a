//! One suite that every adapter runs, a host's own too.
//!
//! Ada keeps her portal in a store that Portcullis has no adapter for, so she writes one: the
//! ports, statement by statement. Whether hers keeps the promises is not for her to guess. Her
//! `tests/conformance.rs` is this, and each law is a test with a name of its own:
//!
//! ```
//! use portcullis_conformance::Harness;
//! # use portcullis_memory as adas;
//!
//! struct Ada;
//!
//! impl Harness for Ada {
//!     type Store = adas::Store;
//!     fn fresh() -> adas::Store {
//!         adas::Store::new()
//!     }
//! }
//!
//! portcullis_conformance::suite!(Ada);
//! # fn main() {}
//! ```
//!
//! The laws are properties over random [`World`]s, each a whole portal made from a seed. A law that
//! does not hold says which seed it failed on; `PORTCULLIS_SEED=17 cargo test two_worlds` runs that
//! one again. A host that keeps accounts alone runs [`credentials_suite!`].

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a law that does not hold ends its test; every function here runs in one"
)]

mod draws;
mod harness;
mod kdf;
mod moves;
mod patient;
mod stage;
mod suite;
mod told;
mod viewers;
mod world;

pub mod law;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod processes;

pub use draws::Draws;
pub use harness::{CredentialHarness, Harness, HostList, HostRow};
pub use kdf::CountingKdf;
pub use stage::Stage;
pub use suite::LAWS;
pub use viewers::viewers;
pub use world::{DRAWING, NOW, Place, World};
