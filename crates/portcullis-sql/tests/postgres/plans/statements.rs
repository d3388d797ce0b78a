//! The statements that are constant texts.

use super::explain::{Asked, For, Plan, explain};
use super::filled;
use portcullis_sql::{Val, statement};

/// Those that read a whole table, because all of it is asked for, and the two that clean up, now
/// and then.
const WHOLE: [(&str, &str); 10] = [
    ("ledger::NEWEST_AUDIT", "portcullis_audit"),
    ("ledger::OLDEST_MAIL", "portcullis_outbox"),
    ("migrate::history::APPLIED", "portcullis_migration"),
    ("access::clients::CLIENTS", "portcullis_client"),
    ("access::portals::KIND_NAMES", "portcullis_kind"),
    ("access::roles::ROLES", "portcullis_role"),
    ("access::users::USERS", "portcullis_user"),
    ("credentials::sessions::DROP_SESSIONS", "portcullis_session"),
    ("credentials::tokens::DROP_TOKENS", "portcullis_token"),
    ("sharing::defaults::SET_DEFAULTS", "portcullis_default"),
];

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let Some(found) = whole("") else { return };
    let expected: Vec<_> = WHOLE
        .iter()
        .map(|(name, table)| ((*name).to_owned(), (*table).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

/// The check above fails when an index is gone.
#[test]
fn a_statement_without_its_index_is_found_out() {
    let Some(found) = whole("DROP INDEX portcullis_session_user;") else {
        return;
    };
    for name in ["END_OTHER_SESSIONS", "END_SESSIONS", "SESSIONS_OF"] {
        let session = format!("credentials::sessions::{name}");
        assert!(found.contains(&(session, "portcullis_session".to_owned())));
    }
    assert_eq!(found.len(), WHOLE.len() + 3);
}

/// Which statement reads which table whole, after `before`.
fn whole(before: &str) -> Option<Vec<(String, String)>> {
    let database = filled()?;
    let asked: Vec<Asked> = statement::all()
        .map(|statement| Asked {
            name: statement.name.replace("portcullis_sql::", ""),
            sql: statement.sql.to_owned(),
            params: vec![Val::Int(None); statement.sql.matches('?').count()],
        })
        .collect();
    let plans = explain(database, For::Any, &asked, before);
    let scans = |(asked, plan): (&Asked, &Plan)| -> Vec<(String, String)> {
        let tables = plan.scans().filter_map(|scan| scan.split_once(" on "));
        tables
            // Of roles a portal has a few; they may be joined as they stand.
            .filter(|(_, table)| !table.starts_with("portcullis_role "))
            .map(|(_, table)| (asked.name.clone(), table.to_owned()))
            .collect()
    };
    Some(asked.iter().zip(&plans).flat_map(scans).collect())
}
