//! Each row of the requirements has a test that bears its id, or is listed as still to come.

use crate::sources::{ids, tests};
use std::collections::BTreeSet;

const ROWS: &str = include_str!("rows.txt");
const STILL_TO_COME: &str = include_str!("still_to_come.txt");

#[test]
fn every_row_has_a_test_or_is_listed_as_still_to_come() {
    let (rows, to_come) = (words(ROWS), words(STILL_TO_COME));
    let tests = tests();
    let shown: BTreeSet<&str> = tests.iter().flat_map(|name| ids(name)).collect();
    assert_eq!(rows.len(), 276 + 24);
    let strangers: Vec<_> = to_come.difference(&rows).collect();
    assert!(strangers.is_empty(), "no rows: {strangers:?}");
    let neither = |row: &&&str| !shown.contains(**row) && !to_come.contains(**row);
    let neither: Vec<_> = rows.iter().filter(neither).collect();
    assert!(neither.is_empty(), "no test bears the id of {neither:?}");
    let both: Vec<_> = to_come.intersection(&shown).collect();
    assert!(
        both.is_empty(),
        "there: take them from still_to_come.txt: {both:?}"
    );
}

/// The ids in a list, without its comments.
fn words(list: &str) -> BTreeSet<&str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
}
