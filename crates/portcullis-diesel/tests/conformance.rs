//! The suite that every adapter runs, on both databases; and how they read for what it runs.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong"
)]

mod harness;
#[expect(dead_code, reason = "the other tests of plans ask for more of one")]
#[path = "../../portcullis-sql/tests/plans/postgres.rs"]
mod plan;
#[expect(dead_code, reason = "the other tests of plans ask for more of one")]
#[path = "../../portcullis-rusqlite/tests/plans/explain.rs"]
mod sqlite_plan;
#[path = "../../portcullis-sql/tests/plans/whole.rs"]
mod whole;

mod sqlite {
    portcullis_conformance::suite!(crate::harness::Sqlite);
}

mod postgres {
    portcullis_conformance::suite!(crate::harness::Postgres);
}
