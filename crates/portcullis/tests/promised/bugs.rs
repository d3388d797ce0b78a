//! Each of the forty bugs that others had has a test that bears its number; where storage has a
//! part in it, a law that every adapter keeps.

use crate::sources::{ids, laws, tests};
use std::collections::BTreeSet;

const BUGS: &str = include_str!("bugs.txt");

/// A line of the list.
struct Bug {
    id: String,
    shown_by: ShownBy,
}

#[derive(PartialEq, Eq)]
enum ShownBy {
    /// A law, run by every adapter.
    Law,
    /// A law run by several processes on one database too.
    Processes,
    /// A test.
    Test,
    /// None, for the reason that the list gives.
    None,
}

#[test]
fn each_of_the_forty_bugs_has_its_test() {
    let bugs = bugs();
    assert_eq!(bugs.len(), 40);
    let (laws, tests) = (laws(), tests());
    let of = |names: &BTreeSet<String>, id: &str, processes: bool| {
        let names = names
            .iter()
            .filter(|name| !processes || name.contains("process"));
        names.flat_map(|name| ids(name)).any(|one| one == id)
    };
    let elsewhere = bugs.iter().filter(|bug| {
        let id = bug.id.as_str();
        let shown = match bug.shown_by {
            ShownBy::Law => of(&laws, id, false),
            ShownBy::Processes => of(&laws, id, false) && of(&laws, id, true),
            ShownBy::Test => of(&tests, id, false),
            ShownBy::None => !of(&tests, id, false),
        };
        !shown
    });
    let elsewhere: Vec<&str> = elsewhere.map(|bug| bug.id.as_str()).collect();
    assert!(
        elsewhere.is_empty(),
        "not shown where the list has it: {elsewhere:?}"
    );
}

fn bugs() -> Vec<Bug> {
    let lines = BUGS.lines().filter(|line| !line.starts_with('#'));
    let bugs = lines.map(|line| {
        let (id, rest) = line.split_once(' ').unwrap();
        let (how, what) = rest.split_once(": ").unwrap();
        assert!(!what.is_empty());
        let shown_by = match how {
            "law" => ShownBy::Law,
            "law, processes" => ShownBy::Processes,
            "test" => ShownBy::Test,
            "none" => ShownBy::None,
            other => panic!("{id}: {other}"),
        };
        Bug {
            id: id.to_owned(),
            shown_by,
        }
    });
    bugs.collect()
}
