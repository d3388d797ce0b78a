//! The quickstart, run as a stranger would.
#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use examples::quickstart::run;
use portcullis::access::{ContainerKind, Kind, Users};
use portcullis::credentials::{PasswordStep, SecretString, SignIn, Source};
use portcullis::file::PortalFile;
use portcullis::id::Timestamp;
use portcullis::ledger::StoreExt;
use portcullis::rusqlite::Store;
use portcullis::sharing::Exposure;
use portcullis::{Portal, presets};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_773_651_600_000);

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("quickstart/portal.json")
}

fn document() -> PortalFile {
    PortalFile::from_json(&fs::read_to_string(shipped()).unwrap()).unwrap()
}

/// What it prints, or the one sentence.
fn quickstart<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Result<String, String> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    match run(args.into_iter().map(Into::into), &mut out, &mut err) {
        Ok(()) => Ok(String::from_utf8(out).unwrap()),
        Err(failure) => {
            assert_eq!(out, b"", "nothing is printed beside the sentence");
            Err(failure.to_string())
        }
    }
}

fn story(db: &Path) -> Result<String, String> {
    quickstart(["--db".into(), db.as_os_str().to_owned()])
}

fn report(file: &Path, db: &Path, more: &[&str]) -> Result<String, String> {
    let args = [file.into(), "--db".into(), db.into()];
    quickstart(args.into_iter().chain(more.iter().map(OsString::from)))
}

/// A folder with a database made from the shipped file.
fn made() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    report(&shipped(), &db, &[]).unwrap();
    (folder, db)
}

fn portal(db: &Path) -> Portal<Store> {
    Portal::new(Store::open(db).unwrap(), presets::safe()).unwrap()
}

/// The sentence, after which the folder is byte for byte what it was.
fn refused(folder: &Path, act: impl FnOnce() -> Result<String, String>) -> String {
    let before = contents(folder);
    let sentence = act().unwrap_err();
    assert_eq!(contents(folder), before, "{sentence}");
    assert!(
        !sentence.is_empty() && !sentence.contains('\n'),
        "{sentence}"
    );
    sentence
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect()
}

#[test]
fn the_shipped_portal_is_as_large_as_promised() {
    let file = document();
    assert!(file.clients.len() >= 12);
    assert!(file.users.len() >= 60);
    let containers = || file.clients.iter().flat_map(|client| &client.containers);
    let works =
        containers().filter(|at| matches!(at.kind, ContainerKind::Project | ContainerKind::Ticket));
    assert!(works.count() >= 40);
    let items: Vec<_> = containers().flat_map(|at| &at.items).collect();
    assert!(items.len() >= 1_500);
    let kinds: BTreeSet<_> = items.iter().map(|item| item.kind.as_str()).collect();
    assert_eq!(kinds.len(), 13, "{kinds:?}");
}

#[test]
fn the_shipped_portal_is_what_its_program_writes() {
    let python = |args: &[&str]| Command::new("python3").args(args).output();
    let there = python(&["-c", "import argon2"]);
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no python3 with argon2-cffi");
        return;
    }
    let program = shipped().with_file_name("make_portal.py");
    let written = python(&["-B", program.to_str().unwrap()]).unwrap();
    assert!(written.status.success());
    assert!(
        written.stdout == fs::read(shipped()).unwrap(),
        "run make_portal.py again"
    );
}

#[test]
fn a_second_run_carries_on_and_prints_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    let first = story(&db).unwrap();
    assert!(first.contains("locked until 2026-03-16T09:15"), "{first}");
    assert!(first.contains("account expired"), "{first}");
    assert!(first.contains("a change was due, and was made"), "{first}");
    assert_eq!(story(&db).unwrap(), first);
    assert_eq!(
        contents(folder.path()).len(),
        1,
        "nothing else is left in the folder"
    );
}

#[test]
fn a_run_that_was_stopped_half_way_changes_nothing_of_the_next() {
    let (_folder, db) = made();
    let told = story(&db).unwrap();
    let portal = portal(&db);
    let operator = portal.operator("test", NOW);
    let lookup = operator.lookup();
    let website = lookup
        .container(ContainerKind::Project, "prj:acme-website")
        .unwrap();
    operator
        .members(website)
        .remove(lookup.user("user:bob").unwrap())
        .unwrap();
    let checklist = "task-acme-website-launch-checklist";
    operator
        .share(Kind::TASK, checklist, Exposure::Shown)
        .unwrap();
    let (old, new) = ("change me before Tuesday", "changed it on a Monday");
    let (old, new) = (SecretString::from(old), SecretString::from(new));
    let here = Source::new("test");
    let Ok(SignIn::ChangePassword(step)) = portal.sign_in("lena@elder.example", &old, &here, NOW)
    else {
        panic!("Lena must set a new password");
    };
    let set = portal.set_new_password(step, &new, &here, NOW).unwrap();
    assert!(matches!(set, PasswordStep::Onward(SignIn::Done(_))));
    drop(portal);
    assert_eq!(story(&db).unwrap(), told);
}

#[test]
fn a_given_file_is_reported_on_and_the_second_run_prints_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (file, db) = (shipped(), folder.path().join("mine.db"));
    let first = report(&file, &db, &["--items"]).unwrap();
    assert_eq!(report(&file, &db, &["--items"]).unwrap(), first);
    assert!(first.starts_with(&report(&file, &db, &[]).unwrap()));
    for user in document().users {
        let client_user = user.kind != portcullis::access::UserKind::Staff && !user.removed;
        let listed = first.contains(&format!("\n{} sees:\n", user.key));
        assert_eq!(listed, client_user, "{}", user.key);
    }
}

#[test]
fn every_item_is_either_seen_or_refused_and_the_lists_say_the_same() {
    let (_folder, db) = made();
    let told = report(&shipped(), &db, &["--items"]).unwrap();
    let counts = |table: usize, user: &str, column: usize| -> usize {
        let rows = told.split("\n\n").nth(table).unwrap();
        let row = rows
            .lines()
            .find(|row| row.trim_start().starts_with(user))
            .unwrap();
        let cell = row.split_whitespace().nth(column).unwrap();
        if cell == "." {
            0
        } else {
            cell.parse().unwrap()
        }
    };
    let portal = portal(&db);
    let users = portal.store().read(Users::users).unwrap();
    for who in [
        "user:bob",
        "user:carol",
        "user:gus",
        "user:nora",
        "user:rosa",
        "user:yuki",
    ] {
        let user = users
            .iter()
            .find(|user| user.key == Some(who.into()))
            .unwrap();
        let me = portal.vouched(user.id, "test", NOW).unwrap();
        let mut listed = Vec::new();
        for entry in portal.catalogue().kinds() {
            let page = portal.page(&me, entry.kind, None, 500, NOW).unwrap();
            assert!(page.next.is_none());
            let mut keys: Vec<_> = page.rows.iter().map(|row| row.key().to_string()).collect();
            keys.sort();
            listed.extend(
                keys.into_iter()
                    .map(|key| format!("  {} {key}", entry.name)),
            );
        }
        let block = told.split(&format!("\n{who} sees:\n")).nth(1).unwrap();
        let told: Vec<_> = block
            .split("\n\n")
            .next()
            .unwrap()
            .trim_end()
            .lines()
            .collect();
        assert_eq!(told, listed, "{who}");
        assert_eq!(counts(2, who, 2), listed.len(), "{who}");
        assert_eq!(counts(2, who, 2) + counts(4, who, 1), 2374, "{who}");
    }
}

#[test]
fn a_user_without_items_to_see_is_reported_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.json");
    fs::write(
        &file,
        r#"{"portcullis":1,"profile":"psa-switches","portal":{"active":false,"licensed":[]},
            "users":[{"key":"user:one","kind":"client","name":"One","created_at":0}]}"#,
    )
    .unwrap();
    let told = report(&file, &folder.path().join("small.db"), &["--items"]).unwrap();
    assert!(told.contains("user:one sees:\n  nothing"), "{told}");
}

#[test]
fn a_missing_or_broken_file_is_one_sentence_and_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    let file = folder.path().join("mine.json");
    let says = |part: &str| {
        let sentence = refused(folder.path(), || report(&file, &db, &[]));
        assert!(
            sentence.contains("mine.json") && sentence.contains(part),
            "{sentence}"
        );
    };
    says("cannot be read");
    let text = fs::read_to_string(shipped()).unwrap();
    let broken: [(&str, String); 7] = [
        ("`users[61]`: EOF", text[..text.len() - 9].to_owned()),
        ("the portal file: EOF", "{\"portcullis\":1".to_owned()),
        (
            "`clients[0].light`",
            text.replacen("\"main_contact\"", "\"light\":7,\"main_contact\"", 1),
        ),
        (
            "unknown field `colour`",
            text.replacen("\"main_contact\"", "\"colour\":1,\"main_contact\"", 1),
        ),
        (
            "invoicx",
            text.replacen("\"invoice\",\"key\"", "\"invoicx\",\"key\"", 1),
        ),
        ("tasks.veiw", text.replacen("tasks.view", "tasks.veiw", 1)),
        ("presets", text.replacen("\"safe\"", "\"unsafe\"", 1)),
    ];
    for (part, text) in broken {
        fs::write(&file, text).unwrap();
        says(part);
    }
    fs::write(&file, [0xff, 0xfe, 0]).unwrap();
    says("binary");
}

#[test]
fn a_database_made_from_another_file_is_one_sentence_and_stays_as_it_was() {
    let (folder, db) = made();
    let other = folder.path().join("other.json");
    let text = fs::read_to_string(shipped()).unwrap();
    fs::write(&other, text.replacen("Acme Instruments", "Acme & Co", 1)).unwrap();
    let sentence = refused(folder.path(), || report(&other, &db, &[]));
    assert!(sentence.contains("another portal file"), "{sentence}");
}

#[test]
fn a_portal_that_this_program_did_not_make_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    let store = Store::open(&db).unwrap();
    store.migrate(NOW).unwrap();
    drop(store);
    let sentence = refused(folder.path(), || story(&db));
    assert!(sentence.contains("did not make"), "{sentence}");
}

#[test]
fn what_is_no_portals_database_is_one_sentence_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    let foreign = rusqlite::Connection::open(&db).unwrap();
    foreign
        .execute_batch("CREATE TABLE recipe (title TEXT)")
        .unwrap();
    drop(foreign);
    for content in [
        None,
        Some(""),
        Some("not a database at all, just some text"),
    ] {
        if let Some(content) = content {
            fs::write(&db, content).unwrap();
        }
        let sentence = refused(folder.path(), || story(&db));
        assert!(sentence.contains("no portal's database"), "{sentence}");
    }
    fs::remove_file(&db).unwrap();
    fs::create_dir(&db).unwrap();
    assert!(!story(&db).unwrap_err().contains('\n'));
}

#[test]
fn a_newer_database_is_one_sentence_and_stays_as_it_was() {
    let (folder, db) = made();
    let later = rusqlite::Connection::open(&db).unwrap();
    let known = "SELECT set_name, 99, name, checksum, 0 FROM portcullis_migration LIMIT 1";
    for version in 2..=99 {
        let row = known.replace("99", &version.to_string());
        let sql = format!("INSERT OR IGNORE INTO portcullis_migration {row}");
        later.execute(&sql, []).unwrap();
    }
    drop(later);
    let sentence = refused(folder.path(), || story(&db));
    assert!(sentence.contains("newer version"), "{sentence}");
}

#[test]
fn a_locked_database_is_one_sentence_and_stays_as_it_was() {
    let (folder, db) = made();
    let writer = rusqlite::Connection::open(&db).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = fs::read(&db).unwrap();
    let sentence = story(&db).unwrap_err();
    assert!(sentence.contains("another writer"), "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence}");
    assert!(fs::read(&db).unwrap() == before);
    writer.execute_batch("ROLLBACK").unwrap();
    drop((writer, folder));
}

#[test]
fn a_log_without_its_database_is_not_taken_into_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("portal.db");
    fs::write(folder.path().join("portal.db-wal"), "left over").unwrap();
    let sentence = refused(folder.path(), || story(&db));
    assert!(sentence.contains("left over"), "{sentence}");
}

#[test]
fn the_export_of_the_import_says_what_the_file_says() {
    let (_folder, db) = made();
    let exported = portal(&db).operator("test", NOW).export().unwrap();
    let told = |file: &PortalFile| in_order(serde_json::to_value(file).unwrap());
    assert!(told(&exported) == told(&document()));
}

/// The same document with every list in order of its text.
fn in_order(value: Value) -> Value {
    match value {
        Value::Array(list) => {
            let mut list: Vec<_> = list.into_iter().map(in_order).collect();
            list.sort_by_cached_key(Value::to_string);
            Value::Array(list)
        }
        Value::Object(map) => {
            let map = map.into_iter().map(|(name, value)| (name, in_order(value)));
            Value::Object(map.collect())
        }
        other => other,
    }
}
