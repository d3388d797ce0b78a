//! The statements that are constant texts.

use super::explain::{Asked, For, Plan, explain};
use super::filled;
use crate::whole::{constants, read_whole};
use portcullis_sql::Val;

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let Some(found) = whole("") else { return };
    assert_eq!(found, read_whole());
}

/// The check above fails when an index is gone.
#[test]
fn a_statement_without_its_index_is_found_out() {
    let Some(found) = whole("DROP INDEX portcullis_session_user;") else {
        return;
    };
    for name in ["END_OTHER_SESSIONS", "END_SESSIONS", "SESSIONS_OF"] {
        let session = format!("credentials::sessions::{name}");
        assert!(found.contains(&(&session, "portcullis_session".to_owned())));
    }
    assert_eq!(found.len(), read_whole().len() + 3);
}

/// Which statement reads which table whole, after `before`.
fn whole(before: &str) -> Option<Vec<(&'static str, String)>> {
    let database = filled()?;
    let asked: Vec<Asked> = constants()
        .map(|statement| Asked {
            name: statement.name.to_owned(),
            sql: statement.sql.to_owned(),
            params: vec![Val::Int(None); statement.sql.matches('?').count()],
        })
        .collect();
    let plans = explain(database, For::Any, &asked, before);
    let scans = |(statement, plan): (_, &Plan)| -> Vec<(&str, String)> {
        let tables = plan.tables_read_whole().into_iter();
        tables.map(|table| (statement, table.to_owned())).collect()
    };
    let names = constants().map(|statement| statement.name);
    let mut found: Vec<_> = names.zip(&plans).flat_map(scans).collect();
    found.sort();
    Some(found)
}
