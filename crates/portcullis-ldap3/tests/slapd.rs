//! Against a real OpenLDAP: started on a free port, with a certificate made for the occasion, its
//! password policy on, and binds without a password allowed on purpose.
//!
//! Without `slapd` and `openssl` on the machine a test says `skipped`; where `CI` is set, it fails.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, says when it was skipped, and waits for a server"
)]

#[path = "slapd/answers.rs"]
mod answers;
#[path = "slapd/connection.rs"]
mod connection;
mod harness;
#[path = "slapd/lockout.rs"]
mod lockout;
#[path = "slapd/names.rs"]
mod names;
#[path = "slapd/server.rs"]
mod server;
