use portcullis_id::Timestamp;
use portcullis_rusqlite::{Joined, configure};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use rusqlite::Connection;

/// A database with our tables in it, empty: a plan hangs on what it holds only once ANALYZE has told.
pub(crate) fn migrated() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let mut joined = Joined::new(&transaction).unwrap();
    Migrator::new(sets(), Tenancy::Shared)
        .migrate(&mut joined, Timestamp::from_millis(0))
        .unwrap();
    transaction.commit().unwrap();
    connection
}

/// What SQLite does for a statement, step by step.
#[derive(Debug)]
pub(crate) struct Plan {
    sql: String,
    steps: Vec<String>,
}

impl Plan {
    pub(crate) fn of(connection: &Connection, sql: &str) -> Self {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
        let mut rows = statement.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get(3).unwrap());
        }
        drop(rows);
        drop(statement);
        Self {
            sql: sql.to_owned(),
            steps,
        }
    }

    /// The steps that read a table from its first row to its last, or build an index for it first.
    ///
    /// What the statement itself makes has no index and is not meant; an alias that stands for a
    /// table as well is counted.
    pub(crate) fn scans(&self) -> Vec<&str> {
        let mut derived: Vec<&str> = Vec::new();
        let mut scans = Vec::new();
        for step in self.steps() {
            let Some(of) = step.strip_prefix("SCAN ") else {
                scans.extend(step.contains("AUTOMATIC").then_some(step));
                continue;
            };
            let alias = of.split(' ').next().unwrap_or_default();
            let before = derived.iter().filter(|name| **name == alias).count();
            if before < self.made(alias) {
                derived.push(alias);
            } else if of != "CONSTANT ROW" && !of.starts_with("(subquery") {
                scans.push(step);
            }
        }
        scans
    }

    /// The tables of such steps.
    pub(crate) fn tables_read_whole(&self) -> Vec<&str> {
        let scans = self.scans().into_iter();
        scans.filter_map(|scan| scan.split(' ').nth(1)).collect()
    }

    /// Whether rows are sorted after they were found.
    pub(crate) fn sorts(&self) -> bool {
        self.steps().any(|step| step.starts_with("USE TEMP B-TREE"))
    }

    /// The indexes by which rows are found.
    pub(crate) fn indexes(&self) -> Vec<&str> {
        let named = |step: &'_ str| -> Option<usize> { step.find("INDEX ").map(|at| at + 6) };
        self.steps()
            .filter(|step| step.starts_with("SEARCH "))
            .filter_map(|step| step.get(named(step)?..)?.split(' ').next())
            .collect()
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(String::as_str)
    }

    /// How many things the statement makes and calls `alias`.
    fn made(&self, alias: &str) -> usize {
        [") AS ", "heads AS "]
            .iter()
            .map(|made| {
                let made = format!("{made}{alias}");
                self.sql
                    .split(&made)
                    .skip(1)
                    .filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                    .count()
            })
            .sum()
    }
}

/// A scan by an alias that a derived table has too is told apart.
#[test]
fn a_scan_is_a_scan_whatever_its_alias() {
    let connection = migrated();
    let scans = |sql: &str| Plan::of(&connection, sql).scans().len();
    let made = "SELECT k.n FROM (SELECT DISTINCT kind AS n FROM portcullis_item LIMIT 5) AS k";
    assert_eq!(
        scans("SELECT * FROM portcullis_item AS k WHERE path = ?"),
        1
    );
    assert_eq!(scans(made), 1, "of the table, not of what is made");
    let both = format!("{made} CROSS JOIN portcullis_item AS t ON t.path = k.n");
    assert_eq!(scans(&both), 2);
    assert_eq!(scans("SELECT * FROM portcullis_item WHERE id = ?"), 0);
    let plan = Plan::of(
        &connection,
        "SELECT * FROM portcullis_item WHERE parent_id = ?",
    );
    assert_eq!(plan.indexes(), ["portcullis_item_parent"]);
}
