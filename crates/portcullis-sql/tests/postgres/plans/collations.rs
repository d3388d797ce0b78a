//! Lists over tables of the host's own with text keys, of every collation that these can have: the
//! host's index serves, and so does ours.

use super::explain::{Asked, For, Plan, explain};
use super::filled;
use crate::lists::few;
use portcullis_access::{AccessProfile, AccessRules, Catalogue, Keyed, Kind};
use portcullis_conformance::{NOW, viewers};
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, Val, before, visible_to};
use std::fmt::Write as _;

/// A table each, and how its columns are declared. `alike` takes some keys for one.
const COLLATED: [(&str, &str); 5] = [
    ("plain", "TEXT"),
    ("german", "TEXT COLLATE german"),
    ("alike", "TEXT COLLATE alike"),
    ("bytes", "TEXT COLLATE \"C\""),
    ("short", "VARCHAR(40)"),
];

const TEXTS: &str = "CREATE COLLATION german (provider = icu, locale = 'de');
    CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
    UPDATE portcullis_item SET key_text = 'k' || CAST(key_uuid AS TEXT), key_uuid = NULL;
    UPDATE portcullis_client SET key_text = 'k' || key_int, key_int = NULL;
    ANALYZE portcullis_item, portcullis_client;";

#[test]
fn a_text_key_is_found_by_the_hosts_index_whatever_its_collation() {
    let Some(wrong) = all_wrong("") else { return };
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

/// The check above fails for a host that has an index of another collation than its column.
#[test]
fn an_index_of_another_collation_is_found_out() {
    let other = "DROP INDEX german_by_client; CREATE INDEX german_by_client \
        ON german (client_id COLLATE alike, created_at DESC, id DESC);";
    let Some(wrong) = all_wrong(other) else {
        return;
    };
    assert!(!wrong.is_empty());
    assert!(wrong.iter().all(|wrong| wrong.starts_with("german ")));
}

fn all_wrong(also: &str) -> Option<Vec<String>> {
    let database = filled()?;
    let mut script = TEXTS.to_owned();
    for (table, column) in COLLATED {
        let _ = write!(
            script,
            "CREATE TABLE {table} (id {column} PRIMARY KEY, client_id {column}, created_at BIGINT);
             INSERT INTO {table} SELECT 'k' || CAST(id AS TEXT), 'k' || client_id, created_at FROM documents;
             CREATE INDEX {table}_by_client ON {table} (client_id, created_at DESC, id DESC);
             CREATE INDEX {table}_by_time ON {table} (created_at DESC, id DESC);
             ANALYZE {table};"
        );
    }
    let asked = lists();
    assert!(asked.len() > 50, "{}", asked.len());
    let plans = explain(database, For::Values, &asked, &(script + also));
    Some(asked.iter().zip(&plans).filter_map(wrong).collect())
}

fn wrong((asked, plan): (&Asked, &Plan)) -> Option<String> {
    let name = asked.name.as_str();
    let table = name.split(' ').next()?;
    let index = match () {
        () if name.contains("of all") => format!("{table}_by_time"),
        // By our own lists: each row by its key.
        () if few(name) => format!("{table}_pkey"),
        // Without an owner column PostgreSQL may read the host's table beside our lists.
        () if !name.contains("owned") => return None,
        () if name.contains("of 1 ") || name.contains("of 3 ") => format!("{table}_by_client"),
        () => format!("{table}_by_time"),
    };
    // In the order of the list, up to the end of the page.
    let walk = format!(" using {table}_by_time on ");
    let whole = |scan: &&str| {
        scan.contains(" on portcullis_item ")
            || scan.contains(&format!(" on {table} "))
                && !(index.ends_with("time") && scan.contains(&walk))
    };
    let mut wrong: Vec<&str> = plan.scans().filter(whole).collect();
    let reads = plan.reads(&format!("{table} d"));
    let by = |read: &&str| read.contains(&index);
    if !(reads.iter().all(by) || plan.indexes().contains(index.as_str())) {
        wrong.push("not by the index");
    }
    (!wrong.is_empty()).then(|| format!("{name}: {index}: {wrong:?}; {plan:#?} {}", asked.sql))
}

/// First and later pages of every viewer over every table.
fn lists() -> Vec<Asked> {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::DOCUMENT, KeyType::Text)
        .expect("a known kind")
        .keyed_by(Keyed::Clients, KeyType::Text);
    let rules = AccessRules::new(AccessProfile::closed(), catalogue).expect("rules");
    let viewers = viewers(&rules);
    let mut lists = Vec::new();
    for (table, _) in COLLATED {
        let select = format!("SELECT d.id FROM {table} AS d");
        for (viewer_name, viewer) in &viewers {
            let list = visible_to(viewer, Kind::DOCUMENT, rules.catalogue(), NOW)
                .column("d.id")
                .on(Dialect::Postgres);
            for (columns, visible) in [
                ("by key", list.clone()),
                ("owned", list.owned_by("d.client_id")),
            ] {
                let visible = visible.sql().expect("a list");
                let end = [Val::from(15_000_i64), Val::from("k")];
                for (page, cursor) in [("first", None), ("behind", Some(end))] {
                    let keyset = before(["d.created_at", "d.id"], cursor).expect("a cursor");
                    let tail = format!("{} LIMIT 50", keyset.order());
                    let sql = visible.query(&select, keyset.text(), &tail);
                    lists.push(Asked {
                        name: format!("{table} {viewer_name} {columns} {page}"),
                        sql: sql.expect("a list"),
                        params: [visible.params(), keyset.params()].concat(),
                    });
                }
            }
        }
    }
    lists
}
