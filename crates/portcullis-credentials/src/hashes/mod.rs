//! Hashes of passwords: the function that makes them and how many run at once, those that come from
//! other programs, and the ring of keys under which they lie.

mod argon2id;
mod budget;
mod hasher;
mod import;
mod kdf;
mod key_ring;
mod phc;
mod rehash;
mod sealed;

pub use argon2id::Argon2id;
pub use budget::HashBudget;
pub use import::Importing;
pub use kdf::{Kdf, KdfError, PasswordHash};
pub use key_ring::{KeyRing, KeyRingError, Sealed};

pub(crate) use hasher::{Hasher, Run};
pub(crate) use rehash::Rehash;
