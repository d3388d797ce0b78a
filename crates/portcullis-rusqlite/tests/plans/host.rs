//! Lists over a table of the host's own, which has the indexes that the guide asks for.

use crate::explain::{Plan, migrated};
use portcullis_access::{AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind};
use portcullis_conformance::{NOW, viewers};
use portcullis_id::KeyType;
use portcullis_sql::visible_to;
use rusqlite::Connection;

const TABLE: &str = "CREATE TABLE documents (
        id BLOB PRIMARY KEY, client_id INTEGER, project_id TEXT, created_at INTEGER NOT NULL
    ) STRICT;";
const BY_CLIENT: &str =
    "CREATE INDEX documents_by_client ON documents (client_id, created_at DESC, id DESC);";
const BY_TIME: &str = "CREATE INDEX documents_by_time ON documents (created_at DESC, id DESC);";

const PAGE: &str = "ORDER BY d.created_at DESC, d.id DESC LIMIT 50";
const BEHIND: &str = "(d.created_at, d.id) < (?, ?)";

#[test]
fn a_list_never_reads_the_hosts_table_whole() {
    let connection = migrated();
    for sql in [TABLE, BY_CLIENT, BY_TIME] {
        connection.execute_batch(sql).unwrap();
    }
    let lists = lists();
    assert!(lists.len() > 60, "{}", lists.len());
    for list in lists {
        let wrong = list.wrong(&connection);
        assert!(wrong.is_empty(), "{}: {wrong}", list.name);
    }
}

/// The check above fails when the host has not made the index.
#[test]
fn a_host_without_the_index_is_found_out() {
    let connection = migrated();
    connection.execute_batch(TABLE).unwrap();
    for list in lists().iter().filter(|list| list.owner) {
        assert!(!list.wrong(&connection).is_empty(), "{}", list.name);
    }
}

struct List {
    name: String,
    owner: bool,
    /// The viewer sees every client.
    all: bool,
    /// The viewer has one client, whose range of the index is the list.
    one: bool,
    sql: String,
}

impl List {
    fn wrong(&self, connection: &Connection) -> String {
        let plan = Plan::of(connection, &self.sql);
        let behind = self.sql.contains(BEHIND);
        let mut wrong: Vec<String> = plan.scans().into_iter().map(str::to_owned).collect();
        if self.all && !behind {
            // In the order of the list, up to the end of the page.
            wrong.retain(|scan| {
                !scan.starts_with("SCAN d USING") || !scan.ends_with("documents_by_time")
            });
        }
        let found: Vec<&str> = plan
            .steps()
            .filter(|step| step.starts_with("SEARCH d ") || step.starts_with("SCAN d "))
            .collect();
        let index = if self.all {
            "documents_by_time"
        } else if self.owner {
            "documents_by_client"
        } else {
            "sqlite_autoindex_documents_1"
        };
        if found.len() != 1 || !found.iter().all(|step| step.contains(index)) {
            wrong.push(format!("{found:?} is not by {index}"));
        }
        if (self.all || self.owner && self.one) && plan.sorts() {
            wrong.push("sorts".to_owned());
        }
        if !wrong.is_empty() {
            wrong.push(format!("{plan:#?}"));
        }
        wrong.join("; ")
    }
}

/// First and later pages of every viewer, with every choice of columns.
fn lists() -> Vec<List> {
    let rules = rules();
    let mut lists = Vec::new();
    for (viewer_name, viewer) in viewers(&rules) {
        for owner in [false, true] {
            for container in ["", " in container", " in project"] {
                for also in ["", BEHIND] {
                    let mut visible =
                        visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), NOW).column("d.id");
                    if owner {
                        visible = visible.owned_by("d.client_id");
                    }
                    visible = match container {
                        "" => visible,
                        " in container" => visible.in_container("d.project_id"),
                        _ => visible.in_container_of(ContainerKind::Project, "d.project_id"),
                    };
                    let select = "SELECT d.id FROM documents AS d";
                    lists.push(List {
                        name: format!(
                            "{viewer_name} {}{container} {also}",
                            if owner { "owned" } else { "by key" }
                        ),
                        owner,
                        all: viewer.every_client(),
                        one: viewer_name.contains("of 1 ") || viewer_name.ends_with("of 1"),
                        sql: visible.sql().unwrap().query(select, also, PAGE).unwrap(),
                    });
                }
            }
        }
    }
    lists
}

fn rules() -> AccessRules {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Uuid)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Int);
    AccessRules::new(AccessProfile::closed(), catalogue).unwrap()
}
