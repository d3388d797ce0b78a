//! The suite that every adapter runs, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod harness;

mod sqlite {
    portcullis_conformance::suite!(crate::harness::Sqlite);
}

mod postgres {
    portcullis_conformance::suite!(crate::harness::Postgres);
}
