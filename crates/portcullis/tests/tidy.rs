//! House rules that a compiler cannot check, over every source file of the workspace.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

const MOST_LINES: usize = 500;

struct Source {
    /// From the root of the workspace.
    path: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for folder in ["crates", "examples", "benches"] {
        gather(&root, &root.join(folder), &mut found);
    }
    assert!(found.len() > 100, "found {} files only", found.len());
    found
}

fn gather(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path: PathBuf = entry.expect("a readable entry").path();
        if path.is_dir() {
            gather(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a readable file");
            let path = path.strip_prefix(root).expect("below the root");
            let path = path.to_string_lossy().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

#[test]
fn no_file_is_longer_than_one_can_read() {
    for Source { path, text } in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= MOST_LINES,
            "{path} has {lines} lines; split it by what it is about"
        );
    }
}

#[test]
fn no_module_is_called_after_nothing() {
    for Source { path, .. } in sources() {
        for name in ["util", "utils", "helpers", "misc", "common"] {
            let named =
                path.ends_with(&format!("/{name}.rs")) || path.contains(&format!("/{name}/"));
            assert!(!named, "{path}: name the module after what is in it");
        }
    }
}

#[test]
fn no_path_of_one_machine_is_in_a_source() {
    let of_a_machine = ["home", "Users", "work", "root"].map(|folder| format!("\"/{folder}/"));
    for Source { path, text } in sources() {
        for start in &of_a_machine {
            assert!(
                !text.contains(start.as_str()),
                "{path} holds a path that starts with {start}"
            );
        }
    }
}

#[test]
fn promise05_the_entrance_alone_vouches_for_a_sign_in() {
    let call = concat!("vouched_by", "_sign_in");
    let callers: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains(call))
        .map(|source| source.path)
        .collect();
    assert_eq!(
        callers
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>(),
        [
            "crates/portcullis-access/src/principal.rs".to_owned(),
            "crates/portcullis/src/entrance.rs".to_owned(),
        ]
        .into(),
        "a principal of a sign-in is made where the proof is, by nobody else"
    );
}
