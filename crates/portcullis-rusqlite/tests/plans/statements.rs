//! The statements that are constant texts.

use crate::explain::{Plan, migrated};
use crate::whole::{constants, read_whole};

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
    for statement in constants() {
        let name = statement.name;
        let plan = Plan::of(&connection, statement.sql);
        let tables = plan.tables_read_whole().into_iter();
        whole.extend(tables.map(|table| (name, table.to_owned())));
        sorted.extend(plan.sorts().then_some(name));
    }
    whole.sort();
    assert_eq!(whole, read_whole());
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
        let statement = constants().find(|statement| statement.name == of);
        let plan = Plan::of(&connection, statement.unwrap().sql);
        (plan.scans().len(), plan.sorts())
    };
    assert_eq!(scans("credentials::sessions::END_SESSIONS"), (1, false));
    assert_eq!(scans("access::clients::CLIENTS"), (1, true));
}
