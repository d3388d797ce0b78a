//! Changing the keys under which secrets lie in storage: everything that is sealed, sealed anew.

mod all;
mod hashes;
mod outcome;
mod secrets;

pub use outcome::{Resealed, SealedIn, Unopened};

/// How many rows one commit reads.
const PAGE: u32 = 100;
