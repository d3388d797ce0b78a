//! The statements that are constant texts.

use crate::explain::{Plan, migrated};
use portcullis_sql::statement;

/// Those that read a whole table, in its order, because all of it is asked for; and the two that
/// clean up, now and then.
const WHOLE: [(&str, &str); 10] = [
    ("ledger::NEWEST_AUDIT", "SCAN portcullis_audit"),
    ("ledger::OLDEST_MAIL", "SCAN portcullis_outbox"),
    (
        "migrate::history::APPLIED",
        "SCAN portcullis_migration USING INDEX sqlite_autoindex_portcullis_migration_1",
    ),
    (
        "access::clients::CLIENTS",
        "SCAN portcullis_client USING INDEX portcullis_client_order",
    ),
    ("access::portals::KIND_NAMES", "SCAN portcullis_kind"),
    (
        "access::roles::ROLES",
        "SCAN portcullis_role USING INDEX sqlite_autoindex_portcullis_role_2",
    ),
    (
        "access::users::USERS",
        "SCAN portcullis_user USING INDEX sqlite_autoindex_portcullis_user_1",
    ),
    (
        "credentials::sessions::DROP_SESSIONS",
        "SCAN portcullis_session",
    ),
    ("credentials::tokens::DROP_TOKENS", "SCAN portcullis_token"),
    (
        "sharing::defaults::SET_DEFAULTS",
        "SCAN portcullis_default USING INDEX sqlite_autoindex_portcullis_default_1",
    ),
];

/// Those that sort what they found: the roles of one user, the users of one contact, the
/// sessions of one user, and the ten former passwords that one may have.
const SORTED: [&str; 7] = [
    "access::roles::ROLES_AT",
    "access::roles::ROLES_EVERYWHERE",
    "access::subjects::SUBJECT",
    "access::users::USER_OF_CONTACT",
    "credentials::former::DROP_FORMER_PASSWORDS",
    "credentials::former::FORMER_PASSWORDS",
    "credentials::sessions::SESSIONS_OF",
];

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let connection = migrated();
    let (mut whole, mut sorted) = (Vec::new(), Vec::new());
    for statement in statement::all() {
        let name = short(statement.name);
        let plan = Plan::of(&connection, statement.sql);
        let scans = plan.scans();
        whole.extend(scans.into_iter().map(|scan| (name, scan.to_owned())));
        sorted.extend(plan.sorts().then_some(name));
    }
    let whole: Vec<_> = whole.iter().map(|(n, scan)| (*n, scan.as_str())).collect();
    assert_eq!(whole, WHOLE);
    sorted.sort_unstable();
    assert_eq!(sorted, SORTED);
}

/// The check above fails when an index is gone.
#[test]
fn a_statement_without_its_index_is_found_out() {
    let connection = migrated();
    connection
        .execute_batch("DROP INDEX portcullis_session_user; DROP INDEX portcullis_client_order")
        .unwrap();
    let scans = |of: &str| {
        let statement = statement::all().find(|statement| short(statement.name) == of);
        let plan = Plan::of(&connection, statement.unwrap().sql);
        (plan.scans().len(), plan.sorts())
    };
    assert_eq!(scans("credentials::sessions::END_SESSIONS"), (1, false));
    assert_eq!(scans("access::clients::CLIENTS"), (1, true));
}

/// Whether the statement with this text may do that.
pub(crate) fn may_scan(sql: &str, scan: &str) -> bool {
    statement::all()
        .filter(|statement| statement.sql == sql)
        .any(|statement| WHOLE.contains(&(short(statement.name), scan)))
}

fn short(name: &str) -> &str {
    name.strip_prefix("portcullis_sql::").unwrap_or(name)
}
