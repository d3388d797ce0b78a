//! PostgreSQL prepares every statement there is, on the tables our own migrations made.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "support of tests stands beside them"
)]

#[cfg(feature = "credentials")]
#[path = "postgres/attempts.rs"]
mod attempts;
#[cfg(feature = "sharing")]
#[path = "postgres/host_lists.rs"]
mod host_lists;
#[cfg(feature = "sharing")]
#[path = "plans/lists.rs"]
mod lists;
#[path = "postgres/migrations.rs"]
mod migrations;
#[path = "postgres/names.rs"]
mod names;
#[cfg(feature = "sharing")]
#[path = "plans/postgres.rs"]
mod plan;
#[cfg(feature = "sharing")]
#[path = "postgres/plans/mod.rs"]
mod plans;
#[path = "postgres/psql.rs"]
mod psql;
#[cfg(feature = "sharing")]
#[path = "plans/whole.rs"]
mod whole;

use migrations::migrations;
use portcullis_conformance::postgres::{Database, Server};
use portcullis_sql::{Dialect, Names, statement};

#[test]
fn every_statement_is_one_that_postgres_runs() {
    let Some(database) = migrated() else { return };
    let mut script = String::new();
    let mut count = 0;
    for (name, sql) in statements() {
        script.push_str(&prepare(&name, &sql));
        count += 1;
    }
    assert!(count >= 8, "only {count} statements");
    assert_eq!(database.complaints(&script), "");
}

#[test]
fn a_statement_that_postgres_refuses_is_told() {
    let Some(database) = migrated() else { return };
    let complaints = database.complaints(&prepare("wrong", "SELECT ? FROM no_such_table"));
    assert!(complaints.contains("no_such_table"), "{complaints}");
}

/// A database of the test's own with our tables.
fn migrated() -> Option<Database> {
    let database = Server::shared()?.database();
    assert_eq!(database.complaints(&migrations(&Names::default())), "");
    Some(database)
}

/// `sql` as a statement for psql to prepare under `name`.
fn prepare(name: &str, sql: &str) -> String {
    format!("PREPARE \"{name}\" AS {};\n", statement::numbered(sql, 1))
}

/// Everything to prepare. Statements put together at run time join here, one for each shape.
fn statements() -> impl Iterator<Item = (String, String)> {
    let shapes = statement::shapes(Dialect::Postgres).into_iter();
    statement::all()
        .map(|statement| (statement.name.to_owned(), statement.sql.to_owned()))
        .chain(shapes.map(|shape| (shape.name, shape.sql)))
}
