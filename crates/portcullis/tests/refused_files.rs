//! Files that say what no command would ever make are refused, with the path of the flaw.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis::file::PortalFile;
use portcullis::id::Timestamp;
use portcullis::{ErrorKind, Portal, presets};
use portcullis_memory::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const ID: &str = "id:0190a000-0000-7000-8000-00000000000a";
const SHOUTED: &str = "id:0190A000-0000-7000-8000-00000000000A";

const PORTAL: &str = r#"{"portcullis":1,"profile":"safe",
"portal":{"active":true,"first_activated_at":5,"licensed":["root","project","ticket"]},
"roles":[{"name":"reader","rights":["documents.view"]}],
"clients":[
 {"key":"acme","name":"Acme","created_at":1,
  "contacts":[{"key":"c-bob","name":"Robert"},{"key":"c-gus","name":"Gustav"}],
  "containers":[
  {"kind":"project","key":"site","name":"Site","created_at":6,
   "members":[{"user":"bob","source":"member","since":7},
    {"user":"gus","source":"guest","since":7},{"user":"tom","source":"staff","since":7}],
   "items":[{"kind":"document","key":"plan","created_at":8,"sent_to":["bob"]}]},
  {"kind":"ticket","key":"fault","name":"Fault","created_at":6}]}],
"unowned":[
 {"kind":"project","key":"ours","name":"Ours","created_at":6,
  "members":[{"user":"tom","source":"staff","since":7}],
  "items":[{"kind":"document","key":"memo","created_at":8,"sent_to":[]}]}],
"users":[
 {"key":"tom","kind":"staff","name":"Thomas","every_client":true,"created_at":1},
 {"key":"bob","kind":"client","name":"Bob","contact":"c-bob","created_at":1,"affiliations":[{"client":"acme"}]},
 {"key":"gus","kind":"guest","name":"Gus","contact":"c-gus","created_at":1,"affiliations":[{"client":"acme"}]},
 {"key":"old","kind":"client","name":"Old","contact":"c-bob","removed":true,"created_at":1}]}"#;

/// What an import says of the portal in which `what` is written as `instead`.
fn import(what: &str, instead: &str) -> Result<(), String> {
    assert!(PORTAL.contains(what), "{what} is not there to be replaced");
    let file = PortalFile::from_json(&PORTAL.replacen(what, instead, 1)).unwrap();
    let portal = Portal::new(Store::new(), presets::safe()).unwrap();
    let imported = portal.operator("test", NOW).import(&file);
    imported.map_err(|error| {
        assert_eq!(error.kind(), ErrorKind::Invalid);
        error.to_string()
    })
}

fn refused(what: &str, instead: &str, at: &str) {
    let told = import(what, instead).unwrap_err();
    assert!(told.contains(&format!("`{at}`")), "{told}");
}

#[test]
fn the_file_itself_is_taken() {
    assert_eq!(import("Acme", "Acme"), Ok(()));
}

#[test]
fn one_id_is_one_thing_however_it_is_written() {
    let both =
        |first: &str, second: &str| format!("{first}\",\"name\":\"X\"}},{{\"key\":\"{second}");
    refused(
        "c-bob\",\"name\":\"Robert\"},{\"key\":\"c-gus",
        &both(ID, SHOUTED),
        "clients[0].contacts[1].key",
    );
    let project = r#""key":"ours""#;
    let named = |key: &str| format!(r#""key":"{key}""#);
    assert_eq!(import(project, &named(ID)), Ok(()));
    let told = |key: &str| {
        let file = PORTAL.replace(r#""key":"fault""#, &named(ID));
        let file = PortalFile::from_json(&file.replace(project, &named(key))).unwrap();
        let portal = Portal::new(Store::new(), presets::safe()).unwrap();
        let error = portal.operator("test", NOW).import(&file).unwrap_err();
        error.to_string()
    };
    for key in [ID, SHOUTED] {
        let told = told(key);
        assert!(
            told.contains("`unowned[0].key`: another container"),
            "{told}"
        );
    }
    refused(project, r#""key":"id:7""#, "unowned[0].key");
    // Host keys are told apart by the kind of container.
    assert_eq!(import(r#""key":"fault""#, r#""key":"site""#), Ok(()));
    refused(project, r#""key":"site""#, "unowned[0].key");
    refused(
        r#""key":"plan""#,
        &named(ID),
        "clients[0].containers[0].items[0].key",
    );
}

#[test]
fn v25_members_are_let_in_as_what_they_are() {
    let at = |n| format!("clients[0].containers[0].members[{n}].source");
    refused(
        r#""bob","source":"member""#,
        r#""bob","source":"guest""#,
        &at(0),
    );
    refused(
        r#""bob","source":"member""#,
        r#""bob","source":"staff""#,
        &at(0),
    );
    refused(
        r#""gus","source":"guest""#,
        r#""gus","source":"staff""#,
        &at(1),
    );
    refused(
        r#""tom","source":"staff""#,
        r#""tom","source":"member""#,
        &at(2),
    );
    assert_eq!(
        import(r#""gus","source":"guest""#, r#""gus","source":"member""#),
        Ok(())
    );
    refused(
        r#""members":[{"user":"tom","source":"staff""#,
        r#""members":[{"user":"bob","source":"member""#,
        "unowned[0].members[0].user",
    );
    refused(
        r#""sent_to":[]"#,
        r#""sent_to":["tom"]"#,
        "unowned[0].items[0].sent_to[0]",
    );
}

#[test]
fn d32_whoever_was_removed_has_no_account_and_no_contact_has_two_logins() {
    let account =
        r#""removed":true,"account":{"login":"old","password":"to-be-set","created_at":1}"#;
    refused(r#""removed":true"#, account, "users[3].account");
    refused(
        r#""removed":true"#,
        r#""removed":false"#,
        "users[3].contact",
    );
}

#[test]
fn everything_with_a_name_has_one_that_can_be_read() {
    let names = [
        ("reader", "roles[0].name"),
        ("Acme", "clients[0].name"),
        ("Robert", "clients[0].contacts[0].name"),
        ("Site", "clients[0].containers[0].name"),
        ("Ours", "unowned[0].name"),
        ("Thomas", "users[0].name"),
    ];
    for (name, at) in names {
        for flawed in ["", "  ", "a\\u0007b"] {
            refused(
                &format!(r#""name":"{name}""#),
                &format!(r#""name":"{flawed}""#),
                at,
            );
        }
    }
}
