//! What may read a table whole, on every database.

use portcullis_sql::statement::{self, Statement};

const WHOLE: [(&str, &str); 10] = [
    // All of it is asked for, and all of it is the portal's own.
    ("access::clients::CLIENTS", "portcullis_client"),
    ("access::portals::KIND_NAMES", "portcullis_kind"),
    ("access::roles::ROLES", "portcullis_role"),
    ("access::users::USERS", "portcullis_user"),
    ("migrate::history::APPLIED", "portcullis_migration"),
    ("sharing::defaults::SET_DEFAULTS", "portcullis_default"),
    // From one end of the table, in its order, to a limit.
    ("ledger::NEWEST_AUDIT", "portcullis_audit"),
    ("ledger::OLDEST_MAIL", "portcullis_outbox"),
    // They clean up, now and then.
    ("credentials::sessions::DROP_SESSIONS", "portcullis_session"),
    ("credentials::tokens::DROP_TOKENS", "portcullis_token"),
];

/// Which statement may read which table from the first row to the last.
pub(crate) fn read_whole() -> Vec<(&'static str, String)> {
    let mut whole = WHOLE.map(|(name, table)| (name, table.to_owned()));
    whole.sort();
    whole.into()
}

/// Every constant statement, by its name within portcullis-sql.
pub(crate) fn constants() -> impl Iterator<Item = Statement> {
    let short = |name: &'static str| name.strip_prefix("portcullis_sql::").unwrap_or(name);
    statement::all().map(move |statement| Statement {
        name: short(statement.name),
        ..statement
    })
}
