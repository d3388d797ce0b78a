//! How each database reads for a text, on one beside the suite's, to which nothing is written.

use super::postgres;
use crate::plan::{self, For};
use crate::sqlite_plan;
use portcullis_conformance::postgres::Database;
use portcullis_sql::Dialect;
use rusqlite::Connection;
use std::fmt::Debug;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What is done for a text, whatever its values.
pub(super) struct Read {
    /// The tables that are read from the first row to the last.
    pub(super) whole: Vec<String>,
    /// All of it, to be told.
    pub(super) plan: String,
}

impl Read {
    fn of(whole: &[&str], plan: &impl Debug) -> Self {
        Self {
            whole: whole.iter().map(|table| (*table).to_owned()).collect(),
            plan: format!("{plan:#?}"),
        }
    }
}

pub(super) fn explain(dialect: Dialect, texts: &[String]) -> Vec<Read> {
    match dialect {
        Dialect::Sqlite => in_a_file(texts),
        Dialect::Postgres => on_a_server(texts),
    }
}

fn in_a_file(texts: &[String]) -> Vec<Read> {
    static BESIDE: OnceLock<Mutex<Connection>> = OnceLock::new();
    const DOCUMENTS: &str = "CREATE TABLE documents
            (id BLOB PRIMARY KEY, client_id INTEGER, created_at INTEGER NOT NULL) STRICT;
        CREATE INDEX documents_by_client ON documents (client_id, created_at DESC, id DESC);
        CREATE INDEX documents_by_time ON documents (created_at DESC, id DESC);";
    let beside = BESIDE.get_or_init(|| {
        let connection = sqlite_plan::migrated();
        connection.execute_batch(DOCUMENTS).unwrap();
        Mutex::new(connection)
    });
    let connection = beside.lock().unwrap_or_else(PoisonError::into_inner);
    let plans = texts
        .iter()
        .map(|sql| sqlite_plan::Plan::of(&connection, sql));
    plans
        .map(|plan| Read::of(&plan.tables_read_whole(), &plan))
        .collect()
}

fn on_a_server(texts: &[String]) -> Vec<Read> {
    static BESIDE: OnceLock<Database> = OnceLock::new();
    const FILLED: &str = include_str!("../../../portcullis-sql/tests/plans/filled.sql");
    let beside = BESIDE.get_or_init(|| {
        let database = postgres::migrated();
        assert_eq!(database.complaints(FILLED), "");
        database
    });
    let texts: Vec<_> = texts
        .iter()
        .map(|sql| (sql.clone(), vec!["NULL".to_owned(); parameters(sql)]))
        .collect();
    let plans = plan::explain(beside, For::Any, &texts, "");
    plans
        .iter()
        .map(|plan| Read::of(&plan.tables_read_whole(), plan))
        .collect()
}

fn parameters(sql: &str) -> usize {
    (1..=sql.len())
        .take_while(|n| sql.contains(&format!("${n}")))
        .count()
}
