//! Lists over a host's own tables, in the host's own queries, on every database and driver.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod asynchronous;
mod collations;
#[path = "../../../portcullis-rusqlite/tests/sharing_world/host_rows.rs"]
mod host_rows;
mod keys;
mod keyset;
mod oracle;
mod paging;
mod places;
mod plans;
mod refused;
#[path = "../../../portcullis-rusqlite/tests/sharing_world/mod.rs"]
mod sharing_world;
mod sqlx_host;
mod stage;
mod texts;
mod tokio_host;
#[path = "../../../portcullis-rusqlite/tests/sharing_world/walks.rs"]
mod walks;
mod whole;
mod wrong_use;
