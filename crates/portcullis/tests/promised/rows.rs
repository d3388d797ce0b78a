//! Each row of the requirements has a test that bears its id, or is listed as still to come.

use crate::sources::{ids, tests};
use std::collections::BTreeSet;

const ROWS: &str = include_str!("rows.txt");
const STILL_TO_COME: &str = include_str!("still_to_come.txt");

/// The rows of the credentials, which are all there.
const CREDENTIALS: &str = "d07 d08 d09 d10 d11 d12 d13 d31 d33 d39 d55 s14 s17 s18 s19 s21 s22 s23 s24 s25 s26 s27 s28 \
     s29 s30 s31 s32 s42 s43 s52 s53 s54 s60 s61 p39 p53 v19 b30 choice10 choice11 choice15 \
     choice16 choice17 choice18 choice22 choice23";

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

#[test]
fn no_row_of_the_credentials_is_still_to_come() {
    let (to_come, rows) = (words(STILL_TO_COME), words(ROWS));
    let credentials = words(CREDENTIALS);
    assert!(credentials.is_subset(&rows));
    let missing: Vec<_> = credentials.intersection(&to_come).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The ids in a list, without its comments.
fn words(list: &str) -> BTreeSet<&str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
}
