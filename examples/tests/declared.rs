//! Every program in this package is declared in its manifest, or `cargo run --example` would not
//! find it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_program_is_declared() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: BTreeSet<String> = fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "rs"))
        .collect();
    let manifest = fs::read_to_string(here.join("Cargo.toml")).unwrap();
    let declared: BTreeSet<String> = manifest
        .split("[[example]]")
        .skip(1)
        .filter_map(|part| part.lines().find_map(|line| line.strip_prefix("path = ")))
        .map(|path| path.trim_matches('"').to_owned())
        .collect();
    assert!(files.contains("quickstart.rs"));
    assert_eq!(files, declared);
}
