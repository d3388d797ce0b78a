//! Lists in the order of the host's own: where an item stands is copied, and changed by those who may
//! edit it.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis::access::{ContainerKind, Kind, Users};
use portcullis::file::PortalFile;
use portcullis::id::{HostKey, Timestamp};
use portcullis::ledger::{Ledger, StoreExt};
use portcullis::{ErrorKind, Me, Portal, presets};
use portcullis_rusqlite::Store;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

const PORTAL: &str = r#"{"portcullis":1,"profile":"safe",
"portal":{"active":true,"first_activated_at":5,"licensed":["root","project"]},
"clients":[
 {"key":"acme","name":"Acme","created_at":1,"contacts":[{"key":"bob","name":"Bob"}],"containers":[
  {"kind":"project","key":"site","name":"Site","exposure":"shown","created_at":6,
   "members":[{"user":"bob","source":"member","since":7}],
   "items":[
    {"kind":"document","key":"old","exposure":"shown","created_at":8},
    {"kind":"document","key":"first","exposure":"shown","created_at":9,"sort":-4},
    {"kind":"document","key":"costs","exposure":"hidden","created_at":10,"sort":12},
    {"kind":"task-list","key":"list","created_at":12},
    {"kind":"task","key":"call","parent":{"kind":"task-list","key":"list"},"exposure":"shown","created_at":13}]}]}],
"users":[
 {"key":"tom","kind":"staff","name":"Tom","reach":["root","project"],"created_at":1,
  "rights":["documents.view","documents.edit","documents.create","tasks.view","tasks.edit","audit.read"],
  "affiliations":[{"client":"acme"}]},
 {"key":"ann","kind":"staff","name":"Ann","reach":["root","project"],"created_at":1,
  "rights":["documents.view","documents.share","documents.delete"],"affiliations":[{"client":"acme"}]},
 {"key":"bob","kind":"client","name":"Bob","contact":"bob","created_at":1,
  "rights":["documents.view"],"affiliations":[{"client":"acme"}]}]}"#;

fn portal() -> Portal<Store> {
    let store = Store::in_memory().unwrap();
    store.migrate(NOW).unwrap();
    let portal = Portal::new(store, presets::safe()).unwrap();
    let file = PortalFile::from_json(PORTAL).unwrap();
    portal.operator("import", NOW).import(&file).unwrap();
    portal
}

fn me(portal: &Portal<Store>, who: &str) -> Me {
    let key = HostKey::from(who);
    let user = portal.store().read(|tx| tx.user_by_key(&key)).unwrap();
    portal.vouched(user.unwrap().id, "the test", NOW).unwrap()
}

fn listed(portal: &Portal<Store>, who: &str) -> Vec<String> {
    let me = me(portal, who);
    let page = portal.page(&me, Kind::DOCUMENT, None, 50, NOW).unwrap();
    let keys = page.rows.iter().map(|row| row.key().to_string());
    keys.collect()
}

#[test]
fn an_item_stands_where_the_host_says_and_by_the_moment_it_was_placed_where_nothing_is_said() {
    let portal = portal();
    assert_eq!(listed(&portal, "tom"), ["costs", "old", "first"]);
    assert_eq!(listed(&portal, "bob"), ["old", "first"]);
    let desk = portal.operator("test", NOW);
    let site = desk
        .lookup()
        .container(ContainerKind::Project, "site")
        .unwrap();
    let place = |key: &str, sort| desk.place_sorted(Kind::DOCUMENT, key, site, sort).unwrap();
    place("second", -3);
    // The greater id is the newer one.
    place("beside", 8);
    desk.place(Kind::DOCUMENT, "new", site).unwrap();
    let order = ["new", "costs", "beside", "old", "second", "first"];
    assert_eq!(listed(&portal, "tom"), order);
}

#[test]
fn whoever_may_edit_an_item_says_where_it_stands_and_it_is_audited() {
    let portal = portal();
    let audited = || portal.store().read(|tx| tx.audit(9)).unwrap().len();
    let before = audited();
    let sort = |who: &str, kind, key: &str, sort| {
        let me = me(&portal, who);
        portal.acting(&me).set_sort(kind, key, sort)
    };
    sort("tom", Kind::DOCUMENT, "first", 9).unwrap();
    assert_eq!(audited(), before + 1);
    assert_eq!(listed(&portal, "bob"), ["first", "old"]);
    sort("tom", Kind::DOCUMENT, "old", 10).unwrap();
    assert_eq!(listed(&portal, "bob"), ["old", "first"]);
    // What is derived from its children has a place of its own.
    sort("tom", Kind::TASK_LIST, "list", 1).unwrap();
    let kind = |outcome: Result<(), portcullis::Error>| outcome.unwrap_err().kind();
    for who in ["ann", "bob"] {
        let refused = sort(who, Kind::DOCUMENT, "old", 1);
        assert_eq!(kind(refused), ErrorKind::Refused, "{who}");
    }
    for (who, key) in [("bob", "costs"), ("bob", "never was"), ("tom", "never was")] {
        let hidden = sort(who, Kind::DOCUMENT, key, 1);
        assert_eq!(kind(hidden), ErrorKind::Hidden, "{who} {key}");
    }
    assert_eq!(listed(&portal, "tom"), ["costs", "old", "first"]);
}

#[test]
fn a_portal_file_keeps_where_an_item_stands() {
    let first = portal().operator("test", NOW).export().unwrap();
    let store = Store::in_memory().unwrap();
    store.migrate(NOW).unwrap();
    let copy = Portal::new(store, presets::safe()).unwrap();
    copy.operator("test", NOW).import(&first).unwrap();
    assert_eq!(listed(&copy, "tom"), ["costs", "old", "first"]);
    assert_eq!(copy.operator("test", NOW).export().unwrap(), first);
}
