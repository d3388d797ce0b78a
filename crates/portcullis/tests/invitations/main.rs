//! Invitations through the facade (K07): who is mailed what and when, and what then works.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod by_mail;
mod files;
mod keys;
mod names;
mod resets;
mod triggers;
mod world;
