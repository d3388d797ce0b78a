//! Every statement finds its rows by an index, and every list names which.

mod collations;
mod explain;
mod host;
mod pages;
mod shapes;
mod statements;

use crate::migrated;
use portcullis_conformance::postgres::Database;
use std::sync::OnceLock;

/// A database with what an office has in it, big enough that PostgreSQL has a choice, and the
/// host's table `documents` with the indexes that the guide asks for.
fn filled() -> Option<&'static Database> {
    static FILLED: OnceLock<Option<Database>> = OnceLock::new();
    let filled = FILLED.get_or_init(|| {
        let database = migrated()?;
        assert_eq!(
            database.complaints(include_str!("../../plans/filled.sql")),
            ""
        );
        Some(database)
    });
    filled.as_ref()
}
