//! The credential rules over a host's own store, by rows and bugs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod accounts;
mod directory;
mod lockout;
mod lockout_model;
mod passwords;
mod rehash;
mod sessions;
mod sign_in;
mod store;
mod tokens;
mod world;
