//! Lists over a table of the host's own, which has the indexes that the guide asks for.

use crate::explain::{Plan, migrated};
use portcullis_access::{AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind};
use portcullis_conformance::{NOW, viewers};
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, Val, before, visible_to};
use rusqlite::Connection;
use uuid::Uuid;

const TABLE: &str = "CREATE TABLE documents (
        id BLOB PRIMARY KEY, client_id INTEGER, project_id TEXT, created_at INTEGER NOT NULL
    ) STRICT;";
const BY_CLIENT: &str =
    "CREATE INDEX documents_by_client ON documents (client_id, created_at DESC, id DESC);";
const BY_TIME: &str = "CREATE INDEX documents_by_time ON documents (created_at DESC, id DESC);";

const ORDER: [&str; 2] = ["d.created_at", "d.id"];

#[test]
fn a_list_never_reads_the_hosts_table_whole() {
    let connection = migrated();
    for sql in [TABLE, BY_CLIENT, BY_TIME] {
        connection.execute_batch(sql).unwrap();
    }
    let lists = lists();
    assert!(lists.len() > 200, "{}", lists.len());
    let wrong = lists.iter().filter_map(|list| {
        let wrong = list.wrong(&connection);
        (!wrong.is_empty()).then(|| format!("{}: {wrong}", list.name))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

/// The check above fails when the host has not made the index.
#[test]
fn a_host_without_the_index_is_found_out() {
    let connection = migrated();
    connection.execute_batch(TABLE).unwrap();
    let owned = |list: &&List| list.name.contains("owned") && !few(&list.name);
    for list in lists().iter().filter(owned) {
        assert!(!list.wrong(&connection).is_empty(), "{}", list.name);
    }
}

struct List {
    name: String,
    sql: String,
}

impl List {
    fn wrong(&self, connection: &Connection) -> String {
        let plan = Plan::of(connection, &self.sql);
        let name = self.name.as_str();
        let few = few(name);
        let (index, in_order) = match () {
            () if name.contains("of all") => ("documents_by_time", true),
            // By our own lists.
            () if few || !name.contains("owned") => ("sqlite_autoindex_documents_1", false),
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
}

/// By our own lists, even with an owner column.
fn few(name: &str) -> bool {
    name.contains("by few grants") && !name.starts_with("staff")
}

/// First and later pages of every viewer, with every choice of columns.
fn lists() -> Vec<List> {
    let rules = rules();
    let select = "SELECT d.id FROM documents AS d";
    let mut lists = Vec::new();
    for (viewer_name, viewer) in viewers(&rules) {
        let list = || visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), NOW).column("d.id");
        let owned = || list().owned_by("d.client_id");
        for (columns, visible) in [
            ("by key", list()),
            ("by key in container", list().in_container("d.project_id")),
            ("owned", owned()),
            ("owned in container", owned().in_container("d.project_id")),
            (
                "owned in project",
                owned().in_container_of(ContainerKind::Project, "d.project_id"),
            ),
        ] {
            for (text, visible) in [
                ("for both", visible.clone()),
                ("for it alone", visible.on(Dialect::Sqlite)),
            ] {
                let visible = visible.sql().unwrap();
                let end = [Val::from(15_000_i64), Val::from(Uuid::max())];
                for (page, cursor) in [("first", None), ("behind", Some(end))] {
                    let keyset = before(ORDER, cursor).unwrap();
                    let tail = format!("{} LIMIT 50", keyset.order());
                    lists.push(List {
                        name: format!("{viewer_name} {columns} {page} {text}"),
                        sql: visible.query(select, keyset.text(), &tail).unwrap(),
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
