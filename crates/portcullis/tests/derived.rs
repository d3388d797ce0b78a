//! A task list is as its tasks are, and no task is as its list is.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis::access::{ContainerKind, Gate, Kind, Users, Verb};
use portcullis::file::PortalFile;
use portcullis::id::{HostKey, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::sharing::Exposure;
use portcullis::{Portal, presets};
use portcullis_rusqlite::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

const PORTAL: &str = r#"{"portcullis":1,"profile":"safe",
"portal":{"active":true,"first_activated_at":5,"licensed":["root","project"]},
"clients":[
 {"key":"acme","name":"Acme","created_at":1,"containers":[
  {"kind":"project","key":"site","name":"Site","exposure":"shown","created_at":6,
   "items":[
    {"kind":"task-list","key":"list","created_at":12},
    {"kind":"task","key":"call","parent":{"kind":"task-list","key":"list"},"exposure":"hidden","created_at":13},
    {"kind":"task","key":"draft","parent":{"kind":"task-list","key":"list"},"exposure":"shown","lifecycle":"draft","created_at":14}]}]}],
"users":[
 {"key":"bob","kind":"client","name":"Bob","reach":["project"],"created_at":1,
  "rights":["tasks.view","tasks.create","task-lists.create"],"affiliations":[{"client":"acme"}],
  "account":{"login":"bob","password":{"hash":"HASH"},"created_at":1}}]}"#;

/// Nobody's password; nobody signs in here.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn portal(file: &PortalFile) -> Portal<Store> {
    let store = Store::in_memory().unwrap();
    store.migrate(NOW).unwrap();
    let mut profile = presets::safe();
    // So that clients may make tasks and lists of them.
    profile.access.ceilings.clear();
    let portal = Portal::new(store, profile).unwrap();
    portal.operator("import", NOW).import(file).unwrap();
    portal
}

fn document() -> PortalFile {
    PortalFile::from_json(&PORTAL.replace("HASH", HASH)).unwrap()
}

fn bob(portal: &Portal<Store>) -> UserId {
    let key = HostKey::from("bob");
    let user = portal.store().read(|tx| tx.user_by_key(&key));
    user.unwrap().unwrap().id
}

fn told(portal: &Portal<Store>, task: &str) -> (Option<Gate>, String) {
    let desk = portal.operator("test", NOW);
    let mut witnesses = desk.who_can(Verb::View, Kind::TASK, task).unwrap();
    let told = witnesses.pop().unwrap().explanation;
    let mut surveyed = Vec::new();
    let mut survey = |finding: portcullis::desk::Finding<'_>| {
        if *finding.key == HostKey::from(task) {
            surveyed.push(finding.decision);
        }
    };
    desk.survey(&mut survey).unwrap();
    assert_eq!(surveyed, [told.decision]);
    (
        told.decision.denied().map(|deny| deny.gate),
        told.to_string(),
    )
}

#[test]
fn v45_v46_a_task_is_refused_by_its_own_switch_and_never_by_its_list() {
    let portal = portal(&document());
    let (gate, why) = told(&portal, "call");
    assert_eq!(gate, Some(Gate::Exposure));
    assert!(why.contains("own switch hidden"), "{why}");
    let (gate, why) = told(&portal, "draft");
    assert_eq!(gate, Some(Gate::Lifecycle));
    assert!(why.contains("draft"), "{why}");
    assert_eq!(portal.operator("test", NOW).verify().unwrap(), []);
}

#[test]
fn choice09_a_list_a_client_makes_has_no_switch_and_moves_with_the_portal() {
    let first = portal(&document());
    let me = first.vouched(bob(&first), "the test", NOW).unwrap();
    let desk = first.operator("test", NOW);
    let site = desk.lookup().container(ContainerKind::Project, "site");
    let site = site.unwrap();
    let mine = first.acting(&me);
    mine.place(Kind::TASK_LIST, "mine", site).unwrap();
    mine.place(Kind::TASK, "wish", site).unwrap();
    let file = desk.export().unwrap();
    let items = file.clients.iter().flat_map(|client| &client.containers);
    let switch = |key: &str| {
        let mut all = items.clone().flat_map(|container| &container.items);
        let found = all.find(|item| item.key == HostKey::from(key)).unwrap();
        found.exposure
    };
    assert_eq!(switch("mine"), Exposure::Inherit);
    assert_eq!(switch("wish"), Exposure::Shown);
    assert_eq!(portal(&file).operator("test", NOW).export().unwrap(), file);
}
