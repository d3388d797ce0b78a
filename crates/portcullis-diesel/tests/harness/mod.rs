//! This adapter, as the conformance suite sees it.

mod lists;
mod postgres;
mod sqlite;

pub(crate) use postgres::Postgres;
pub(crate) use sqlite::Sqlite;
