//! This adapter, as the conformance suite sees it.

mod explain;
mod lists;
mod postgres;
mod sqlite;
mod watch;

pub(crate) use postgres::Postgres;
pub(crate) use sqlite::Sqlite;
