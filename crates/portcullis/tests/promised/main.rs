//! What was promised, and the test that shows it: each row of the requirements, and
//! each line of `docs/threats.md`.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is wrong, in its helpers too"
)]

mod rows;
mod sources;
mod threats;
