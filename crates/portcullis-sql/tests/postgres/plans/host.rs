//! Lists over a table of the host's own.

use super::explain::{Asked, For, Plan, explain};
use super::filled;
use crate::lists::{few, lists, unordered, walked};
use portcullis_sql::Dialect;

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

#[test]
fn what_asks_for_no_order_reads_the_hosts_table_whole_for_many_clients_alone() {
    let Some(database) = filled() else { return };
    let asked = unordered(Dialect::Postgres);
    assert!(asked.len() > 60, "{}", asked.len());
    let plans = explain(database, For::Values, &asked, "");
    for (asked, plan) in asked.iter().zip(&plans) {
        let whole = plan.scans().any(|scan| scan.contains(" on documents "));
        // Without an owner column as below.
        let may = walked(&asked.name) || !asked.name.contains("owned");
        assert!(!whole || may, "{}: {plan:#?}", asked.name);
    }
}

fn all_wrong(before: &str) -> Option<Vec<String>> {
    let database = filled()?;
    let asked = lists(Dialect::Postgres);
    assert!(asked.len() > 200, "{}", asked.len());
    let plans = explain(database, For::Values, &asked, before);
    Some(asked.iter().zip(&plans).filter_map(wrong).collect())
}

fn wrong((asked, plan): (&Asked, &Plan)) -> Option<String> {
    let name = asked.name.as_str();
    let (index, in_order) = match () {
        () if name.contains("of all") => ("documents_by_time", true),
        // Without an owner column PostgreSQL may read the host's table beside our lists.
        () if !name.contains("owned") => ("", false),
        // By our own lists: each row by its key, with its owner or without.
        () if few(name) => ("documents_", false),
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
