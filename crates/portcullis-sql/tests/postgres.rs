//! PostgreSQL prepares every statement there is, on the tables our own migrations made.

#[cfg(feature = "credentials")]
#[path = "postgres/attempts.rs"]
mod attempts;
#[cfg(feature = "sharing")]
#[path = "postgres/host_lists.rs"]
mod host_lists;
mod throwaway_pg;

use portcullis_sql::{Dialect, statement};
use throwaway_pg::{Server, migrations::migrations, prepare};

#[test]
fn every_statement_is_one_that_postgres_runs() {
    let Some(server) = Server::start() else {
        return;
    };
    assert_eq!(server.complaints(&migrations()), "");

    let mut script = String::new();
    let mut count = 0;
    for (name, sql) in statements() {
        script.push_str(&prepare(&name, &sql));
        count += 1;
    }
    assert!(count >= 8, "only {count} statements");
    assert_eq!(server.complaints(&script), "");
}

#[test]
fn a_statement_that_postgres_refuses_is_told() {
    let Some(server) = Server::start() else {
        return;
    };
    let complaints = server.complaints(&prepare("wrong", "SELECT ? FROM no_such_table"));
    assert!(complaints.contains("no_such_table"), "{complaints}");
}

/// Everything to prepare. Statements put together at run time join here, one for each shape.
fn statements() -> impl Iterator<Item = (String, String)> {
    statement::all()
        .map(|statement| (statement.name.to_owned(), statement.sql.to_owned()))
        .chain(statement::shapes(Dialect::Postgres))
}
