//! Every statement finds its rows by an index, and every list names which.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "support of tests stands beside them"
)]

mod analyzed;
mod explain;
mod host;
#[expect(dead_code, reason = "SQLite plans without the values")]
#[path = "../../../portcullis-sql/tests/plans/lists.rs"]
mod lists;
mod shapes;
mod statements;
#[path = "../../../portcullis-sql/tests/plans/whole.rs"]
mod whole;
