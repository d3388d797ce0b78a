//! What was promised, and the test that shows it: each row of the requirements, each of the
//! forty bugs others had, each line of `docs/threats.md`.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod bugs;
mod rows;
mod sources;
mod threats;
