//! The golden access matrix: who may do what with which item, as text, in `matrix.txt`.
//!
//! A change of the rule shows up there as a change of a line. When it is meant, write the file
//! anew with `PORTCULLIS_BLESS=1 cargo test -p portcullis-sharing matrix` and read the diff.

mod items;
mod people;

use crate::world::{NOW, Person};
use items::{Named, items};
use people::people;
use portcullis_access::{Catalogue, Fields, Gate, NamedRight, Verb};
use portcullis_id::Timestamp;
use portcullis_sharing::{Decision, ItemFacts, decide};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::{env, fs};

const FILE: &str = "tests/decision/matrix.txt";

const LEGEND: &str = "\
yes   allowed
yes*  allowed, and the mask of gate 11 hides a field
-N    refused by gate N, and looks as if it were not there
!N    refused by gate N, to somebody who sees the item
Gates: 0 stale viewer, 1 portal active, 2 licence, 3 standing, 4 client usable, 5 client lock,
6 reach, 7 area, 8 right, 9 exposure, 10 lifecycle, 11 fields, 12 set-up.
";

fn verbs() -> Vec<(Verb, &'static str)> {
    let named = (Verb::Use(NamedRight::VIEW_USERS), "use");
    Verb::ON_KINDS.into_iter().chain([named]).collect()
}

fn matrix() -> String {
    let mut text = LEGEND.to_owned();
    for (name, person, now) in people() {
        write!(text, "\n{name}\n  {:38}", "").unwrap();
        for (_, verb) in verbs() {
            write!(text, "{verb:>9}").unwrap();
        }
        text.push('\n');
        for Named(item, facts) in items() {
            write!(text, "  {item:38}").unwrap();
            for (verb, _) in verbs() {
                write!(text, "{:>9}", cell(&person, verb, &facts, now)).unwrap();
            }
            text.push('\n');
        }
    }
    text
}

fn cell(person: &Person, verb: Verb, facts: &ItemFacts, now: Timestamp) -> String {
    match decide(&person.viewer_at(NOW), verb, facts, now) {
        Decision::Allow { fields } if fields == Fields::ALL => "yes".to_owned(),
        Decision::Allow { .. } => "yes*".to_owned(),
        Decision::Deny(deny) if deny.exists => format!("!{}", deny.gate.number()),
        Decision::Deny(deny) => format!("-{}", deny.gate.number()),
    }
}

#[test]
fn l03_the_matrix_is_as_it_was_read() {
    let now = matrix();
    if env::var_os("PORTCULLIS_BLESS").is_some() {
        assert!(
            env::var_os("CI").is_none(),
            "the matrix is written by whoever reads it, never by CI; unset PORTCULLIS_BLESS"
        );
        fs::write(FILE, &now).unwrap();
    }
    let read = fs::read_to_string(FILE).unwrap_or_default();
    let differing: Vec<_> = now
        .lines()
        .zip(read.lines().chain(std::iter::repeat("")))
        .filter(|(now, read)| now != read)
        .map(|(now, read)| format!("was {read}\nis  {now}"))
        .take(10)
        .collect();
    assert!(
        now == read,
        "{FILE} differs:\n{}\nif that is meant, write it anew with PORTCULLIS_BLESS=1",
        differing.join("\n")
    );
}

#[test]
fn l03_every_gate_verb_and_kind_occurs_in_the_matrix() {
    let (mut gates, mut allowed) = (BTreeSet::new(), BTreeSet::new());
    for (_, person, now) in people() {
        for Named(_, facts) in items() {
            for (verb, name) in verbs() {
                match decide(&person.viewer_at(NOW), verb, &facts, now) {
                    Decision::Allow { fields } => {
                        allowed.insert(name);
                        gates.extend((fields != Fields::ALL).then_some(Gate::Fields));
                    }
                    Decision::Deny(deny) => drop(gates.insert(deny.gate)),
                }
            }
        }
    }
    let every_gate: BTreeSet<_> = Gate::ALL.into_iter().chain([Gate::Stale]).collect();
    assert_eq!(gates, every_gate);
    let every_verb: BTreeSet<_> = verbs().into_iter().map(|(_, name)| name).collect();
    assert_eq!(allowed, every_verb, "each verb is allowed to somebody");
    let kinds: BTreeSet<_> = items()
        .into_iter()
        .map(|Named(_, facts)| facts.kind)
        .collect();
    for entry in Catalogue::built_in().kinds() {
        assert!(
            kinds.contains(&entry.kind),
            "no {} in the matrix",
            entry.name
        );
    }
}
