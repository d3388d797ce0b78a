//! The lists over our own tables, one of each shape.

use super::explain::{Asked, For, Plan, explain};
use super::filled;
use portcullis_sql::{Dialect, statement};

/// The indexes that are the order of a list.
const ORDERS: [&str; 6] = [
    "portcullis_item_all",
    "portcullis_item_all_open",
    "portcullis_item_client",
    "portcullis_item_client_open",
    "portcullis_item_container",
    "portcullis_item_container_open",
];

#[test]
fn pitfall18_every_list_names_its_index_and_keeps_its_order() {
    let Some(wrong) = all_wrong("") else { return };
    assert_eq!(wrong, Vec::<String>::new());
}

/// The check above fails whichever of its indexes is gone.
#[test]
fn a_list_without_its_index_is_found_out() {
    for index in ORDERS {
        let Some(wrong) = all_wrong(&format!("DROP INDEX {index};")) else {
            return;
        };
        assert!(!wrong.is_empty(), "no list misses {index}");
    }
}

/// What the plans do that they must not.
fn all_wrong(before: &str) -> Option<Vec<String>> {
    let database = filled()?;
    let asked: Vec<Asked> = statement::shapes(Dialect::Postgres)
        .into_iter()
        .map(|shape| Asked {
            name: shape.name,
            sql: shape.sql,
            params: shape.params,
        })
        .collect();
    assert!(asked.len() > 140, "{}", asked.len());
    let plans = explain(database, For::Values, &asked, before);
    Some(asked.iter().zip(&plans).filter_map(wrong).collect())
}

fn wrong((asked, plan): (&Asked, &Plan)) -> Option<String> {
    // Of containers PostgreSQL may join as many as it likes.
    let whole = |scan: &&str| !scan.contains(" on portcullis_container");
    let mut wrong: Vec<String> = plan.scans().filter(whole).map(str::to_owned).collect();
    let used: Vec<&str> = plan
        .indexes()
        .into_iter()
        .filter(|index| ORDERS.contains(index))
        .collect();
    let expected = indexes(&asked.name);
    // A count has no order, and ends at its cap: any index of what is open, or of all, will do.
    let open = |indexes: &[&str]| indexes.iter().any(|index| index.ends_with("_open"));
    let count = asked.name.starts_with("count") && !used.is_empty();
    let fine = used == expected || count && open(&used) == open(&expected);
    if !fine {
        wrong.push(format!("{used:?} instead of {expected:?}"));
    }
    // One range of one index is in order as it stands.
    let in_order = asked.name.starts_with("page") && !asked.sql.contains(" AS k ");
    if in_order && plan.sorts() {
        wrong.push("sorts".to_owned());
    }
    (!wrong.is_empty()).then(|| format!("{}: {}; {plan:#?}", asked.name, wrong.join("; ")))
}

/// By which indexes a shape finds its items.
fn indexes(shape: &str) -> Vec<&'static str> {
    let has = |word: &str| shape.split(' ').any(|part| part == word);
    if has("united") {
        return ORDERS.into();
    }
    let [
        all,
        all_open,
        client,
        client_open,
        container,
        container_open,
    ] = ORDERS;
    let (open, every) = match () {
        // A client has one root.
        () if has("granted") || has("root") && !has("all") => (container_open, container),
        () if has("all") => (all_open, all),
        () => (client_open, client),
    };
    vec![if has("open") { open } else { every }]
}
