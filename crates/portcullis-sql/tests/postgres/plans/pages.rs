//! Pages of a host's table in our own order.

use super::explain::{Asked, For, explain};
use super::filled;
use crate::lists::rules;
use crate::prepare;
use crate::psql::literal;
use portcullis_access::Kind;
use portcullis_conformance::postgres::Database;
use portcullis_conformance::{NOW, viewers};
use portcullis_id::ItemId;
use portcullis_sharing::PageToken;
use portcullis_sql::{Val, visible_to};
use uuid::Uuid;

/// Pages, each with the same without our order as a reference.
fn pages() -> Vec<(Asked, Asked)> {
    let rules = rules();
    let mut pages = Vec::new();
    for (name, viewer) in viewers(&rules) {
        let list = || {
            let list = visible_to(&viewer, Kind::DOCUMENT, rules.catalogue(), NOW);
            list.column("d.id").owned_by("d.client_id")
        };
        let token = PageToken {
            sort: 15_000,
            item: ItemId::from_uuid(Uuid::from_u128(15_000)),
        };
        for (which, after) in [("first", None), ("behind", Some(token))] {
            let page = list().page(after, 50).expect("a page");
            let visible = list().sql().expect("a list");
            let behind = after.map_or(i64::MAX, |token| token.sort);
            let reference = visible.query(
                "SELECT d.id FROM documents AS d \
                 JOIN portcullis_item AS i ON i.kind = 4 AND i.key_uuid = d.id",
                "i.sort < ?",
                "ORDER BY i.sort DESC, i.id DESC LIMIT 50",
            );
            let asked = |sql, params| Asked {
                name: format!("{name} {which}"),
                sql,
                params,
            };
            pages.push((
                asked(
                    page.query("d.id", "documents AS d").expect("a page"),
                    page.condition().params().to_vec(),
                ),
                asked(
                    reference.expect("a list"),
                    [visible.params(), &[Val::Int(Some(behind))]].concat(),
                ),
            ));
        }
    }
    pages
}

/// The first column of its rows.
fn ids(database: &Database, Asked { sql, params, .. }: &Asked) -> Vec<String> {
    let literals: Vec<String> = params.iter().map(literal).collect();
    let arguments = match literals.as_slice() {
        [] => String::new(),
        some => format!("({})", some.join(", ")),
    };
    let answer = database.answer(&format!("{}EXECUTE it{arguments};\n", prepare("it", sql)));
    let ids = answer.lines().filter_map(|line| line.get(..36));
    ids.filter(|id| Uuid::parse_str(id).is_ok())
        .map(str::to_owned)
        .collect()
}

#[test]
fn l04_a_page_in_our_order_is_the_first_of_the_whole_list() {
    let Some(database) = filled() else { return };
    let mut full = 0;
    for (page, reference) in pages() {
        let (page, name) = (ids(database, &page), page.name);
        assert_eq!(page, ids(database, &reference), "{name}");
        full += usize::from(page.len() == 50);
    }
    assert!(full > 5, "only {full} whole pages");
}

#[test]
fn a_page_in_our_order_reads_the_hosts_rows_by_their_keys() {
    let Some(database) = filled() else { return };
    let asked: Vec<Asked> = pages().into_iter().map(|(page, _)| page).collect();
    let plans = explain(database, For::Values, &asked, "");
    for (Asked { name, sql, .. }, plan) in asked.iter().zip(&plans) {
        let read = plan.reads("documents d");
        let by_key = |read: &&str| read.contains("using documents_pkey");
        assert!(read.iter().all(by_key), "{name}: {plan:#?} {sql}");
        let whole =
            |scan: &&str| scan.contains(" on documents ") || scan.contains(" on portcullis_item ");
        let scans: Vec<&str> = plan.scans().filter(whole).collect();
        assert!(scans.is_empty(), "{name}: {scans:?} {plan:#?}");
    }
}
