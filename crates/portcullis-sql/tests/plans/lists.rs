//! Lists over the table `documents` of a host's own: first and later pages of every viewer, with
//! every choice of columns.

use portcullis_access::{AccessProfile, AccessRules, Catalogue, ContainerKind, Keyed, Kind};
use portcullis_conformance::{NOW, viewers};
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, Val, before, visible_to};
use uuid::Uuid;

/// A statement and what it is bound to.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) sql: String,
    pub(crate) params: Vec<Val<'static>>,
}

const ORDER: [&str; 2] = ["d.created_at", "d.id"];

/// In the text for both databases, and in that for `dialect` alone.
pub(crate) fn lists(dialect: Dialect) -> Vec<Asked> {
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
                ("for it alone", visible.on(dialect)),
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

/// What asks for no order: counts up to a cap, and all rows.
pub(crate) fn unordered(dialect: Dialect) -> Vec<Asked> {
    let rules = rules();
    let mut asked = Vec::new();
    for (viewer_name, viewer) in viewers(&rules) {
        let list = || visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), NOW).column("d.id");
        for (columns, list) in [
            ("by key", list()),
            ("owned", list().owned_by("d.client_id")),
            (
                "owned in container",
                list().owned_by("d.client_id").in_container("d.project_id"),
            ),
        ] {
            let counted = list.clone().counted(dialect).sql().expect("a list");
            let all = list.on(dialect).unordered().sql().expect("a list");
            let count = counted.capped_count("documents AS d", "", 1_001);
            let rows = all.query("SELECT d.id FROM documents AS d", "", "");
            for (what, sql, visible) in [("count", count, counted), ("rows", rows, all)] {
                asked.push(Asked {
                    name: format!("{viewer_name} {columns} {what}"),
                    sql: sql.expect("a list"),
                    params: visible.params().to_vec(),
                });
            }
        }
    }
    asked
}

/// Of more clients than a list names: the host's table is walked, up to the cap.
pub(crate) fn walked(name: &str) -> bool {
    ["of all", "of 100 ", "of 1500 "]
        .iter()
        .any(|many| name.contains(many))
}

/// Read by our own lists, even with an owner column.
pub(crate) fn few(name: &str) -> bool {
    name.contains("by few grants") && !name.contains("staff")
}

/// Documents keyed by UUID, clients by a number.
pub(crate) fn rules() -> AccessRules {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Uuid)
        .expect("a known kind")
        .keyed_by(Keyed::Clients, KeyType::Int);
    AccessRules::new(AccessProfile::closed(), catalogue).expect("rules")
}
