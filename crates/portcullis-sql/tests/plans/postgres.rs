//! What PostgreSQL does for a statement.

use portcullis_conformance::postgres::Database;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Which plan is asked for.
#[derive(Clone, Copy)]
pub(crate) enum For {
    /// That for the values at hand, as a store's own connections have it.
    Values,
    /// That which serves every value.
    Any,
}

#[derive(Debug)]
pub(crate) struct Plan {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    head: String,
    /// Its index is asked for something, and not read whole.
    sought: bool,
}

/// The plan of each text with `$n`, given its values as literals, in order. None may read a table
/// whole as long as there is any other way, so that it does not hang on how small the tables of a
/// test are.
pub(crate) fn explain(
    database: &Database,
    plan: For,
    texts: &[(String, Vec<String>)],
    before: &str,
) -> Vec<Plan> {
    let mode = match plan {
        For::Values => "force_custom_plan",
        For::Any => "force_generic_plan",
    };
    let mut script = format!(
        "SET plan_cache_mode = {mode}; SET max_parallel_workers_per_gather = 0; \
         SET enable_seqscan = off; SET jit = off;\nBEGIN;\n{before}\n"
    );
    for (sql, literals) in texts {
        let arguments = match literals.as_slice() {
            [] => String::new(),
            some => format!("({})", some.join(", ")),
        };
        let _ = write!(
            script,
            "PREPARE it AS {sql};\n\\echo ##\nEXPLAIN (COSTS OFF) EXECUTE it{arguments};\n\
             DEALLOCATE it;\n"
        );
    }
    let answer = database.answer(&(script + "ROLLBACK;\n"));
    let plans: Vec<Plan> = answer.split("##\n").skip(1).map(Plan::read).collect();
    assert_eq!(plans.len(), texts.len());
    plans
}

impl Plan {
    fn read(text: &str) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        for line in text.lines() {
            let inner = line.trim_start();
            match (inner.strip_prefix("->  "), nodes.last_mut()) {
                (Some(head), _) => nodes.push(Node::new(head)),
                (None, None) => nodes.push(Node::new(inner)),
                (None, Some(node)) => node.sought |= inner.starts_with("Index Cond:"),
            }
        }
        Self { nodes }
    }

    /// The tables that are read from the first row to the last, through an index or not.
    pub(crate) fn scans(&self) -> impl Iterator<Item = &str> {
        let whole = self.nodes.iter().filter(|node| !node.sought);
        whole.map(|node| node.head.as_str()).filter(|head| {
            head.contains("Seq Scan on ")
                || head.contains("Index Scan") && !head.contains("Bitmap Heap")
                || head.contains("Index Only Scan")
        })
    }

    /// The tables of such steps; but of roles a portal has a few, which may be joined as they stand.
    pub(crate) fn tables_read_whole(&self) -> Vec<&str> {
        let tables = self.scans().filter_map(|scan| scan.split_once(" on "));
        tables
            .filter(|(_, table)| !table.starts_with("portcullis_role "))
            .filter_map(|(_, table)| table.split(' ').next())
            .collect()
    }

    /// Whether rows are sorted after they were found.
    pub(crate) fn sorts(&self) -> bool {
        self.nodes.iter().any(|node| node.head.contains("Sort"))
    }

    /// The indexes by which rows are found.
    pub(crate) fn indexes(&self) -> BTreeSet<&str> {
        let sought = self.nodes.iter().filter(|node| node.sought);
        sought.filter_map(|node| index(&node.head)).collect()
    }

    /// How the rows of a table are found: the head of each node that reads it, under `alias`.
    pub(crate) fn reads(&self, alias: &str) -> Vec<&str> {
        let heads = self.nodes.iter().map(|node| node.head.as_str());
        heads.filter(|head| head.ends_with(alias)).collect()
    }
}

impl Node {
    fn new(head: &str) -> Self {
        Self {
            head: head.to_owned(),
            sought: false,
        }
    }
}

/// `Index Scan using <index> on <table>` or `Bitmap Index Scan on <index>`.
fn index(head: &str) -> Option<&str> {
    let (_, rest) = head
        .split_once(" using ")
        .or_else(|| head.split_once("Bitmap Index Scan on "))?;
    rest.split(' ').next()
}
