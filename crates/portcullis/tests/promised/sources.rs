//! The tests of the whole workspace, by their names, read from its text.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().unwrap()
}

/// Every test and every law of the conformance suite.
pub(crate) fn tests() -> BTreeSet<String> {
    let mut tests = laws();
    for file in rust_files() {
        tests.extend(marked(&fs::read_to_string(file).unwrap()));
    }
    tests
}

/// The laws that an adapter's suite is made of.
pub(crate) fn laws() -> BTreeSet<String> {
    let suites = root().join("crates/portcullis-conformance/src");
    let suites = ["suite.rs", "processes.rs"].map(|file| suites.join(file));
    let suites = suites
        .map(|file| fs::read_to_string(file).unwrap())
        .concat();
    let listed = suites.lines().filter_map(|line| {
        let law = line.trim().rsplit("::").next()?;
        let name = law.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        (name && law.contains('_')).then(|| law.to_owned())
    });
    listed.collect()
}

/// The ids that a name begins with: `s24` and `bug01` of `s24_bug01_five_wrong_ones_lock`.
pub(crate) fn ids(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').take_while(|word| is_id(word))
}

fn is_id(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let kind = &word[..word.len() - digits.len()];
    let kinds = [
        "b", "bug", "choice", "d", "k", "l", "p", "promise", "s", "v",
    ];
    digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_digit()) && kinds.contains(&kind)
}

/// The functions marked as tests in a file.
fn marked(text: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("fn ") {
            if marked {
                tests.extend(rest.split(['(', '<']).next().map(str::to_owned));
            }
            marked = false;
        } else if line == "#[test]" {
            marked = true;
        }
    }
    tests
}

fn rust_files() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["benches", "crates", "examples"]
        .map(|f| root().join(f))
        .into();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn names_and_ids_are_read() {
    let text = "#[test]\n#[ignore]\nfn s24_bug01_x() {}\nfn s25_y() {}\n  #[test]\n fn k_z<T>() {}";
    assert_eq!(marked(text), ["s24_bug01_x", "k_z"]);
    assert_eq!(ids("s24_bug01_x_s25").collect::<Vec<_>>(), ["s24", "bug01"]);
    assert_eq!(ids("v2_of_it").count() + ids("d100_x").count(), 0);
    let tests = tests();
    assert!(tests.contains("names_and_ids_are_read"));
    assert!(laws().contains("nobody_raises_anybody") && tests.len() > 600);
}
