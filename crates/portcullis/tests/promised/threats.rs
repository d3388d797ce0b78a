//! Each threat of `docs/threats.md` names what stops it, a test that is there, and the host's part.

use crate::sources::{root, tests};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn each_threat_names_tests_that_are_there() {
    let page = fs::read_to_string(root().join("docs/threats.md")).unwrap();
    let tests = tests();
    let (mut listed, mut shown) = (0, BTreeSet::new());
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [who, stopped_by, shown_by, host] = cells[..] else {
            panic!("four cells: {line}");
        };
        if who == "Who tries what" {
            continue;
        }
        assert!(!stopped_by.is_empty() && !host.is_empty(), "{who}");
        let proofs: Vec<&str> = shown_by.split('`').skip(1).step_by(2).collect();
        assert!(!proofs.is_empty(), "nothing shows it: {who}");
        for name in proofs {
            assert!(tests.contains(name), "{who}: there is no test {name}");
            shown.insert(name);
        }
        listed += 1;
    }
    assert!(listed > 40, "{listed}");
    assert!(shown.len() > 50, "{}", shown.len());
}
