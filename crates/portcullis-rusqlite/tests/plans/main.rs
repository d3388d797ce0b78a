//! Every statement finds its rows by an index, and every list names which.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "support of tests stands beside them"
)]

mod explain;
mod host;
mod shapes;
mod statements;
mod suite;
