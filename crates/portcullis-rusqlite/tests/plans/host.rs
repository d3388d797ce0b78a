//! Lists over a table of the host's own, which has the indexes that the guide asks for.

use crate::explain::{Plan, migrated};
use crate::lists::{Asked, few, lists, unordered, walked};
use portcullis_sql::Dialect;
use rusqlite::Connection;

const TABLE: &str = "CREATE TABLE documents (
        id BLOB PRIMARY KEY, client_id INTEGER, project_id TEXT, created_at INTEGER NOT NULL
    ) STRICT;";
const BY_CLIENT: &str =
    "CREATE INDEX documents_by_client ON documents (client_id, created_at DESC, id DESC);";
const BY_TIME: &str = "CREATE INDEX documents_by_time ON documents (created_at DESC, id DESC);";

#[test]
fn a_list_never_reads_the_hosts_table_whole() {
    let connection = migrated();
    with_host_table(&connection);
    let lists = lists(Dialect::Sqlite);
    assert!(lists.len() > 200, "{}", lists.len());
    let wrong = lists.iter().filter_map(|list| {
        let wrong = wrong(list, &connection);
        (!wrong.is_empty()).then(|| format!("{}: {wrong}", list.name))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_asks_for_no_order_reads_the_hosts_table_whole_for_many_clients_alone() {
    let connection = migrated();
    with_host_table(&connection);
    let asked = unordered(Dialect::Sqlite);
    assert!(asked.len() > 60, "{}", asked.len());
    for asked in asked {
        let plan = Plan::of(&connection, &asked.sql);
        let whole = plan.scans().iter().any(|scan| scan.starts_with("SCAN d"));
        assert!(!whole || walked(&asked.name), "{}: {plan:#?}", asked.name);
    }
}

/// The host's table, with the indexes that the guide asks for.
pub(crate) fn with_host_table(connection: &Connection) {
    for sql in [TABLE, BY_CLIENT, BY_TIME] {
        connection.execute_batch(sql).unwrap();
    }
}

/// The check above fails when the host has not made the index.
#[test]
fn a_host_without_the_index_is_found_out() {
    let connection = migrated();
    connection.execute_batch(TABLE).unwrap();
    let owned = |list: &&Asked| list.name.contains("owned") && !few(&list.name);
    for list in lists(Dialect::Sqlite).iter().filter(owned) {
        assert!(!wrong(list, &connection).is_empty(), "{}", list.name);
    }
}

/// What a plan does that it must not; empty when it is as it should be.
fn wrong(list: &Asked, connection: &Connection) -> String {
    let plan = Plan::of(connection, &list.sql);
    let name = list.name.as_str();
    let (index, in_order) = match () {
        () if name.contains("of all") => ("documents_by_time", true),
        // By our own lists.
        () if few(name) || !name.contains("owned") => ("sqlite_autoindex_documents_1", false),
        () if name.contains("of 1 ") => ("documents_by_client", true),
        () if name.contains("of 3 ") => ("documents_by_client", false),
        () => ("documents_by_time", true),
    };
    let mut wrong: Vec<String> = plan.scans().into_iter().map(str::to_owned).collect();
    if !name.contains("behind") {
        // In the order of the list, up to the end of the page.
        wrong.retain(|scan| {
            !scan.starts_with("SCAN d USING") || !scan.ends_with("documents_by_time")
        });
    }
    let found: Vec<&str> = plan
        .steps()
        .filter(|step| step.starts_with("SEARCH d ") || step.starts_with("SCAN d "))
        .collect();
    if found.len() != 1 || !found.iter().all(|step| step.contains(index)) {
        wrong.push(format!("{found:?} is not by {index}"));
    }
    if in_order && plan.sorts() {
        wrong.push("sorts".to_owned());
    }
    if !wrong.is_empty() {
        wrong.push(format!("{plan:#?}"));
    }
    wrong.join("; ")
}
