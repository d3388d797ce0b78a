//! A statement, and what it is asked of.

use crate::Case;
use portcullis_sql::{Dialect, Fragment, Val};
use uuid::Uuid;

/// A statement with a `?` for each value.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Val<'static>>,
}

/// Who asks, as queries by hand name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker {
    pub(crate) user: Uuid,
    pub(crate) client: i64,
    pub(crate) client_id: Uuid,
    pub(crate) kind: i64,
    pub(crate) now: i64,
}

/// A connection that answers lists.
pub(crate) trait Database {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Which it is.
    fn dialect(&self) -> Dialect;

    /// The ids of the documents, each row read whole.
    fn rows(&mut self, statement: &Statement) -> Vec<i64>;

    /// The same of a statement that is sent by Diesel.
    fn rows_by_diesel(&mut self, statement: &Statement) -> Vec<i64>;

    /// The first page of Diesel's node, put together and sent.
    fn page_of_node(&mut self, case: &Case) -> Vec<i64>;

    /// The number that is the only row.
    fn number(&mut self, statement: &Statement) -> i64;

    /// How long it takes inside the server, in microseconds, where there is one.
    fn inside(&mut self, statement: &Statement) -> Option<f64>;

    /// The plan, a step a line.
    fn plan(&mut self, statement: &Statement) -> String;
}

impl Statement {
    pub(crate) fn ours(text: String, visible: &Fragment) -> Self {
        Self {
            text,
            values: visible.params().to_vec(),
        }
    }

    /// A query by hand, with `:name` for each value.
    pub(crate) fn by_hand(sql: &str, asker: &Asker) -> Self {
        let comment = sql
            .lines()
            .take_while(|line| line.starts_with("--"))
            .count();
        let sql = sql.lines().skip(comment).collect::<Vec<_>>().join("\n");
        let mut parts = sql.split(':');
        let mut text = parts.next().unwrap_or_default().to_owned();
        let mut values = Vec::new();
        for part in parts {
            let end = part
                .find(|c: char| !c.is_ascii_alphabetic() && c != '_')
                .unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            values.push(match name {
                "user" => Val::Id(Some(asker.user)),
                "client_id" => Val::Id(Some(asker.client_id)),
                "client" => Val::Int(Some(asker.client)),
                "kind" => Val::Int(Some(asker.kind)),
                "now" => Val::Int(Some(asker.now)),
                other => panic!("a query by hand asks for :{other}"),
            });
            text.push('?');
            text.push_str(rest);
        }
        Self { text, values }
    }

    /// The page as a count of at most `cap`; `None` where it is more than one list read in order.
    pub(crate) fn counted(&self, cap: u32) -> Option<Self> {
        let rows = self.text.strip_prefix("SELECT d.* ")?;
        let rows = rows
            .trim_end()
            .strip_suffix("ORDER BY d.created_at DESC, d.id DESC LIMIT 50")?;
        Some(Self {
            text: format!("SELECT COUNT(*) FROM (SELECT 1 {rows} LIMIT {cap}) AS n"),
            values: self.values.clone(),
        })
    }
}
