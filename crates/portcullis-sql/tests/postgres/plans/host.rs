//! Lists over a table of the host's own.

use super::explain::{Asked, For, Plan, explain};
use super::filled;
use portcullis_access::{AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind};
use portcullis_conformance::{NOW, viewers};
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, Val, before, visible_to};
use uuid::Uuid;

const ORDER: [&str; 2] = ["d.created_at", "d.id"];

#[test]
fn a_list_never_reads_the_hosts_table_whole() {
    let Some(wrong) = all_wrong("") else { return };
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

/// The check above fails when the host has not made the index.
#[test]
fn a_host_without_the_index_is_found_out() {
    let Some(wrong) = all_wrong("DROP INDEX documents_by_client;") else {
        return;
    };
    assert!(!wrong.is_empty());
}

fn all_wrong(before: &str) -> Option<Vec<String>> {
    let database = filled()?;
    let asked = lists();
    assert!(asked.len() > 200, "{}", asked.len());
    let plans = explain(database, For::Values, &asked, before);
    Some(asked.iter().zip(&plans).filter_map(wrong).collect())
}

fn wrong((asked, plan): (&Asked, &Plan)) -> Option<String> {
    let name = asked.name.as_str();
    let few = name.contains("by few grants") && !name.starts_with("staff");
    let (index, in_order) = match () {
        () if name.contains("of all") => ("documents_by_time", true),
        // Without an owner column PostgreSQL may read the host's table beside our lists.
        () if !name.contains("owned") => ("", false),
        // By our own lists: each row by its key, with its owner or without.
        () if few => ("documents_", false),
        () if name.contains("of 1 ") || name.contains("of 3 ") => ("documents_by_client", false),
        () => ("documents_by_time", true),
    };
    let whole = |scan: &&str| {
        // Of containers and clients PostgreSQL may join as many as it likes.
        let ours = scan.contains(" on portcullis_item ");
        // In the order of the list, up to the end of the page.
        let walk = index.is_empty() || in_order && scan.contains("using documents_by_time");
        ours || scan.contains(" on documents ") && !walk
    };
    let mut wrong: Vec<String> = plan.scans().filter(whole).map(str::to_owned).collect();
    let reads = plan.reads("documents d");
    let by = |read: &&str| read.contains(index);
    if !(reads.iter().all(by) || plan.indexes().contains(index)) {
        wrong.push(format!("{reads:?} is not by {index}"));
    }
    if in_order && plan.sorts() {
        wrong.push("sorts".to_owned());
    }
    (!wrong.is_empty()).then(|| format!("{name}: {}; {plan:#?} {}", wrong.join("; "), asked.sql))
}

/// First and later pages of every viewer, with every choice of columns.
fn lists() -> Vec<Asked> {
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
                ("for it alone", visible.on(Dialect::Postgres)),
            ] {
                let visible = visible.sql().expect("a list");
                let end = [Val::from(15_000_i64), Val::from(Uuid::max())];
                for (page, cursor) in [("first", None), ("behind", Some(end))] {
                    let keyset = before(ORDER, cursor).expect("a cursor");
                    let tail = format!("{} LIMIT 50", keyset.order());
                    let sql = visible.query(select, keyset.text(), &tail);
                    lists.push(Asked {
                        name: format!("{viewer_name} {columns} {page} {text}"),
                        sql: sql.expect("a list"),
                        params: [visible.params(), keyset.params()].concat(),
                    });
                }
            }
        }
    }
    lists
}

pub(super) fn rules() -> AccessRules {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Uuid)
        .expect("a known kind")
        .keyed_by(Keyed::Clients, KeyType::Int);
    AccessRules::new(AccessProfile::closed(), catalogue).expect("rules")
}
