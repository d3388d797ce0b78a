//! A list of the host's read page by page, while rows come and go.

#![expect(clippy::unwrap_used, reason = "support of tests, in a file of its own")]

use portcullis_sql::{Keyset, Val, after, before};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What a list is ordered by: its key; many rows alike, and the key; what can be NULL, and both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Number,
    Rank,
    Due,
}

pub(crate) const ORDERS: [Order; 3] = [Order::Number, Order::Rank, Order::Due];

/// A row of the host's table: the task it is of, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) number: i64,
    pub(crate) task: usize,
    pub(crate) rank: i64,
    pub(crate) due: Option<i64>,
}

/// What happens between two pages: the row that comes, and the place of the one that goes.
pub(crate) type Change = (Row, usize);

pub(crate) fn rows(tasks: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(tasks), 30..90)
}

pub(crate) fn changes(tasks: usize) -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((row(tasks), 0..200_usize), 0..12)
}

fn row(tasks: usize) -> impl Strategy<Value = Row> {
    let due = prop::option::weighted(0.6, -1..3_i64);
    (0..100_000_i64, 0..tasks, 0..4_i64, due).prop_map(|(number, task, rank, due)| Row {
        number,
        task,
        rank,
        due,
    })
}

/// The host and its driver.
pub(crate) trait Host {
    fn add(&mut self, row: &Row);
    fn remove(&mut self, number: i64);
    /// The numbers of the rows on the page.
    fn page(&mut self, keyset: &Keyset<Val<'static>>, limit: usize) -> Vec<i64>;
}

impl Order {
    fn place(self, row: &Row) -> Vec<i64> {
        match self {
            Self::Number => vec![row.number],
            Self::Rank => vec![row.rank, row.number],
            Self::Due => vec![row.due.unwrap_or(0), row.rank, row.number],
        }
    }

    fn keyset(self, ascending: bool, last: Option<&Row>) -> Keyset<Val<'static>> {
        let last = last.map(|row| self.place(row));
        match self {
            Self::Number => behind(["d.number"], ascending, last),
            Self::Rank => behind(["d.rank", "d.number"], ascending, last),
            Self::Due => behind(
                ["COALESCE(d.due, 0)", "d.rank", "d.number"],
                ascending,
                last,
            ),
        }
    }
}

fn behind<const N: usize>(
    columns: [&str; N],
    ascending: bool,
    last: Option<Vec<i64>>,
) -> Keyset<Val<'static>> {
    let cursor = last.map(|last| <[i64; N]>::try_from(last).unwrap().map(Val::from));
    let keyset = if ascending {
        after(columns, cursor)
    } else {
        before(columns, cursor)
    };
    keyset.unwrap()
}

/// Reads the list to its end, with a change behind each page, and says how many rows it had. Every page
/// is what the rule allows of the rows behind the last, so that what stays is on one page and no other.
pub(crate) fn walk(
    host: &mut impl Host,
    (order, ascending, limit): (Order, bool, usize),
    rows: &mut Vec<Row>,
    changes: &[Change],
    allowed: impl Fn(&Row) -> bool,
) -> usize {
    let mut used: BTreeSet<i64> = rows.iter().map(|row| row.number).collect();
    let mut stays: BTreeSet<i64> = used.clone();
    let mut seen: Vec<Row> = Vec::new();
    let mut changes = changes.iter();
    loop {
        let last = seen.last();
        let page = host.page(&order.keyset(ascending, last), limit);
        let mut expected: Vec<Row> = rows.iter().copied().filter(&allowed).collect();
        expected.sort_by_key(|row| order.place(row));
        if !ascending {
            expected.reverse();
        }
        expected.retain(|row| {
            last.is_none_or(|last| {
                let (place, last) = (order.place(row), order.place(last));
                if ascending {
                    place > last
                } else {
                    place < last
                }
            })
        });
        expected.truncate(limit);
        let numbers: Vec<i64> = expected.iter().map(|row| row.number).collect();
        assert_eq!(page, numbers, "{order:?} {ascending} behind {last:?}");
        if page.is_empty() {
            break;
        }
        seen.extend(expected);
        let Some((new, gone)) = changes.next() else {
            continue;
        };
        if used.insert(new.number) {
            host.add(new);
            rows.push(*new);
        }
        if !rows.is_empty() {
            let gone = rows.remove(gone % rows.len());
            host.remove(gone.number);
            stays.remove(&gone.number);
        }
    }
    let shown: BTreeSet<i64> = seen.iter().map(|row| row.number).collect();
    assert_eq!(shown.len(), seen.len(), "shown twice");
    let stayed = rows.iter().filter(|row| stays.contains(&row.number));
    for row in stayed.filter(|row| allowed(row)) {
        assert!(shown.contains(&row.number), "{row:?} was on no page");
    }
    seen.len()
}
