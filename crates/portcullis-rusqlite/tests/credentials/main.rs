//! The credential rules over SQLite: what must hold whoever else has the file open.
#![cfg(all(feature = "access", feature = "credentials"))]
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "support of tests stands beside them"
)]

mod alike;
mod alone;
mod counting;
mod factors;
mod model;
mod rows;
mod sessions;
mod world;
