//! The lists over our own tables, one of each shape.

use crate::explain::{Plan, migrated};
use portcullis_sql::Dialect;
use portcullis_sql::statement::{self, Shape};
use rusqlite::Connection;
use std::collections::BTreeSet;

#[test]
fn pitfall18_every_list_names_its_index_and_keeps_its_order() {
    let connection = migrated();
    let shapes = statement::shapes(Dialect::Sqlite);
    assert!(shapes.len() > 140, "{}", shapes.len());
    for shape in shapes {
        let wrong = wrong(&connection, &shape);
        assert!(wrong.is_empty(), "{}: {wrong}", shape.name);
    }
}

/// The texts for PostgreSQL, which SQLite understands as well.
#[test]
fn a_list_in_the_words_of_postgres_reads_no_table_whole_either() {
    let connection = migrated();
    for shape in statement::shapes(Dialect::Postgres) {
        let plan = Plan::of(&connection, &shape.sql);
        assert!(plan.scans().is_empty(), "{}: {plan:#?}", shape.name);
    }
}

/// The check above fails whichever of its indexes is gone.
#[test]
fn a_list_without_its_index_is_found_out() {
    for index in ORDERS.iter().chain(&OTHERS) {
        let connection = migrated();
        connection
            .execute_batch(&format!("DROP INDEX {index}"))
            .unwrap();
        let shapes = statement::shapes(Dialect::Sqlite);
        let mut shapes = shapes.iter();
        let found = shapes.any(|shape| breaks(&connection, shape));
        assert!(found, "no list misses {index}");
    }
}

/// A statement that is told to take an index fails without it.
fn breaks(connection: &Connection, shape: &Shape) -> bool {
    connection.prepare(&shape.sql).is_err() || !wrong(connection, shape).is_empty()
}

/// The indexes that are the order of a list.
const ORDERS: [&str; 6] = [
    "portcullis_item_all",
    "portcullis_item_all_open",
    "portcullis_item_client",
    "portcullis_item_client_open",
    "portcullis_item_container",
    "portcullis_item_container_open",
];

/// What finds the containers of a list, where it is driven by them.
const OTHERS: [&str; 2] = ["portcullis_container_order", "portcullis_membership_live"];

/// What a plan does that it must not; empty when it is as it should be.
fn wrong(connection: &Connection, shape: &Shape) -> String {
    let plan = Plan::of(connection, &shape.sql);
    let mut wrong: Vec<String> = plan.scans().into_iter().map(str::to_owned).collect();
    let used: BTreeSet<&str> = plan
        .indexes()
        .into_iter()
        .filter(|index| ORDERS.contains(index) || OTHERS.contains(index))
        .collect();
    let expected: BTreeSet<&str> = indexes(&shape.name).into_iter().collect();
    if used != expected {
        wrong.push(format!("{used:?} instead of {expected:?}"));
    }
    let page = shape.name.starts_with("page");
    // One range of one index; everything else is put in order from the heads of many.
    let in_order = !shape.sql.contains(" AS k ");
    if page && plan.sorts() == in_order {
        wrong.push(format!("sorts: {}", plan.sorts()));
    }
    // The page before ends in the index, not in rows read and thrown away.
    let seeks = plan.steps().any(|step| step.contains("(sort,id)<(?,?)"));
    if page && !seeks {
        wrong.push("does not seek the end of the page before".to_owned());
    }
    if !wrong.is_empty() {
        wrong.push(format!("{plan:#?}"));
    }
    wrong.join("; ")
}

/// By which indexes a shape finds its items.
fn indexes(shape: &str) -> Vec<&'static str> {
    let [
        all,
        all_open,
        client,
        client_open,
        container,
        container_open,
    ] = ORDERS;
    let [containers, grants] = OTHERS;
    let has = |word: &str| shape.split(' ').any(|part| part == word);
    let choose = |open, every| if has("open") { open } else { every };
    if has("united") {
        return ORDERS.into_iter().chain(OTHERS).collect();
    }
    match () {
        () if has("granted") => vec![grants, choose(container_open, container)],
        () if has("all") => vec![choose(all_open, all)],
        // A client has one root.
        () if has("root") => vec![containers, choose(container_open, container)],
        () => vec![choose(client_open, client)],
    }
}
