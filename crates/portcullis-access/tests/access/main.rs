//! Who may do what for which client, by rows and choices: the access core alone.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod clients;
mod may;
mod names;
mod profile;
mod roles;
mod viewer;
mod world;
