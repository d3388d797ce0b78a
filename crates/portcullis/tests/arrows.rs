//! The arrows between the crates, from what Cargo itself says: rules know no storage, adapters
//! point inwards, and a database driver is in one adapter alone.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What each crate depends on among ours, exactly. What only its tests need is not in here.
const ARROWS: [(&str, &[&str]); 12] = [
    ("portcullis-id", &[]),
    ("portcullis-ledger", &["id"]),
    ("portcullis-access", &["id", "ledger"]),
    ("portcullis-sharing", &["access", "id", "ledger"]),
    ("portcullis-credentials", &["id", "ledger"]),
    (
        "portcullis-sql",
        &["access", "credentials", "id", "ledger", "sharing"],
    ),
    (
        "portcullis-memory",
        &["access", "credentials", "id", "ledger", "sharing"],
    ),
    ("portcullis-rusqlite", &["id", "ledger", "sql"]),
    ("portcullis-diesel", &["access", "id", "ledger", "sql"]),
    ("portcullis-ldap3", &["credentials"]),
    (
        "portcullis",
        &[
            "access",
            "credentials",
            "diesel",
            "id",
            "ledger",
            "memory",
            "rusqlite",
            "sharing",
            "sql",
        ],
    ),
    ("portcullis-conformance", &["portcullis"]),
];

/// The crates that hold rules, ports and statements: whoever takes them takes no driver along.
const WITHOUT_A_DRIVER: [&str; 7] = [
    "portcullis-id",
    "portcullis-ledger",
    "portcullis-access",
    "portcullis-sharing",
    "portcullis-credentials",
    "portcullis-sql",
    "portcullis-memory",
];

const DRIVERS: [&str; 7] = [
    "rusqlite",
    "libsqlite3-sys",
    "diesel",
    "pq-sys",
    "sqlx",
    "postgres",
    "ldap3",
];

static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    MetadataCommand::new()
        .exec()
        .expect("cargo knows the workspace")
});

fn package(name: &str) -> &'static Package {
    METADATA
        .workspace_packages()
        .into_iter()
        .find(|package| package.name.as_str() == name)
        .expect("a crate of ours")
}

/// The direct dependencies of a package of ours, of one sort.
fn direct(package: &Package, kind: DependencyKind) -> BTreeSet<&str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == kind)
        .map(|dependency| dependency.name.as_str())
        .collect()
}

fn ours<'a>(names: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    names
        .iter()
        .filter(|name| name.starts_with("portcullis"))
        .map(|name| name.strip_prefix("portcullis-").unwrap_or(name))
        .collect()
}

/// Everything that comes along with a crate of ours, tests apart.
fn comes_along(name: &str) -> BTreeSet<&'static str> {
    let resolved = METADATA.resolve.as_ref().expect("cargo resolved");
    let nodes: BTreeMap<&PackageId, _> =
        resolved.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut open = vec![&package(name).id];
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        for dependency in &nodes[id].deps {
            let with_code = dependency
                .dep_kinds
                .iter()
                .any(|kind| kind.kind != DependencyKind::Development);
            if with_code && found.insert(&dependency.pkg) {
                open.push(&dependency.pkg);
            }
        }
    }
    found
        .into_iter()
        .map(|id| METADATA[id].name.as_str())
        .collect()
}

#[test]
fn design04_every_arrow_is_drawn_here_and_no_other() {
    let drawn: BTreeSet<_> = ARROWS.iter().map(|(name, _)| *name).collect();
    let there: BTreeSet<_> = METADATA
        .workspace_packages()
        .into_iter()
        .map(|package| package.name.as_str())
        .filter(|name| name.starts_with("portcullis"))
        .collect();
    assert_eq!(drawn, there);
    for (name, arrows) in ARROWS {
        let found = direct(package(name), DependencyKind::Normal);
        assert_eq!(ours(&found), arrows.iter().copied().collect(), "of {name}");
    }
}

#[test]
fn design04_what_holds_rules_is_tested_without_the_crates_above_it() {
    for name in ["id", "ledger", "access", "sharing", "credentials"] {
        let name = format!("portcullis-{name}");
        let found = direct(package(&name), DependencyKind::Development);
        assert!(ours(&found).is_empty(), "{name} is tested with {found:?}");
    }
}

#[test]
fn design04_no_driver_comes_along_with_a_rule() {
    for name in WITHOUT_A_DRIVER {
        let along = comes_along(name);
        let drivers: Vec<_> = DRIVERS
            .iter()
            .filter(|driver| along.contains(**driver))
            .collect();
        assert!(drivers.is_empty(), "{name} brings {drivers:?} along");
    }
    assert!(comes_along("portcullis-rusqlite").contains("libsqlite3-sys"));
}

#[test]
fn design04_credentials_and_access_know_neither_each_other_nor_sharing() {
    for (name, strangers) in [
        (
            "portcullis-access",
            ["portcullis-credentials", "portcullis-sharing"],
        ),
        (
            "portcullis-credentials",
            ["portcullis-access", "portcullis-sharing"],
        ),
    ] {
        let along = comes_along(name);
        for stranger in strangers {
            assert!(!along.contains(stranger), "{name} knows {stranger}");
        }
    }
}

#[test]
fn design04_the_driver_is_in_one_adapter() {
    for package in METADATA.workspace_packages() {
        let normal = direct(package, DependencyKind::Normal);
        for driver in DRIVERS.iter().filter(|driver| normal.contains(**driver)) {
            match package.name.as_str() {
                "portcullis-rusqlite" => assert_eq!(*driver, "rusqlite"),
                "portcullis-diesel" => assert_eq!(*driver, "diesel"),
                "portcullis-ldap3" => assert_eq!(*driver, "ldap3"),
                // The facade lends a host's transaction, where the host asks for that adapter.
                "portcullis" => assert!(is_optional(package, driver)),
                other => assert!(!other.starts_with("portcullis"), "{other} takes {driver}"),
            }
        }
    }
}

fn is_optional(package: &Package, name: &str) -> bool {
    let mut found = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.name == name);
    found.all(|dependency| dependency.optional || dependency.kind != DependencyKind::Normal)
}
