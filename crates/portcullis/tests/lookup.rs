//! The host's keys turned into our ids for those who may know of them, and a survey of who sees
//! what that never says anything else than the one rule.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis::access::{ContainerKind, Users, Verb, Viewer};
use portcullis::desk::Finding;
use portcullis::file::PortalFile;
use portcullis::id::{HostKey, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::sharing::Decision;
use portcullis::{ErrorKind, Me, Portal, presets};
use portcullis_rusqlite::Store;
use std::collections::{BTreeMap, BTreeSet};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

const PORTAL: &str = r#"{"portcullis":1,"profile":"safe",
"portal":{"active":true,"first_activated_at":5,"licensed":["root","project"]},
"clients":[
 {"key":"acme","name":"Acme","created_at":1,"contacts":[{"key":"bob","name":"Bob"}],"containers":[
  {"kind":"project","key":"site","name":"Site","exposure":"shown","created_at":6,
   "members":[{"user":"bob","source":"member","since":7}],
   "items":[
    {"kind":"document","key":"plan","exposure":"shown","created_at":8},
    {"kind":"comment","key":"note","parent":{"kind":"document","key":"plan"},"exposure":"shown","created_at":9},
    {"kind":"document","key":"costs","exposure":"hidden","created_at":10},
    {"kind":"comment","key":"doubt","parent":{"kind":"document","key":"costs"},"exposure":"shown","created_at":11},
    {"kind":"task-list","key":"list","created_at":12},
    {"kind":"task","key":"call","parent":{"kind":"task-list","key":"list"},"exposure":"shown","created_at":13}]}]},
 {"key":"borealis","name":"Borealis","created_at":2,"contacts":[{"key":"dave","name":"Dave"}],"containers":[
  {"kind":"project","key":"tents","name":"Tents","exposure":"shown","created_at":6,
   "items":[{"kind":"document","key":"manual","exposure":"shown","created_at":14}]}]}],
"users":[
 {"key":"ada","kind":"staff","name":"Ada","every_client":true,"reach":["root","project"],"created_at":1,
  "rights":["documents.view","tasks.view","comments.view","users.view","audit.read"],
  "account":{"login":"ada","password":{"hash":"HASH"},"created_at":1}},
 {"key":"tom","kind":"staff","name":"Tom","reach":["root","project"],"created_at":1,
  "rights":["documents.view","users.view"],"affiliations":[{"client":"acme"}],
  "account":{"login":"tom","password":{"hash":"HASH"},"created_at":1}},
 {"key":"bob","kind":"client","name":"Bob","contact":"bob","created_at":1,
  "rights":["documents.view","comments.view","tasks.view"],"affiliations":[{"client":"acme"}],
  "account":{"login":"bob","password":{"hash":"HASH"},"created_at":1}},
 {"key":"dave","kind":"client","name":"Dave","contact":"dave","created_at":1,
  "rights":["documents.view"],"reach":["project"],"affiliations":[{"client":"borealis"}],
  "account":{"login":"dave","password":{"hash":"HASH"},"created_at":1}},
 {"key":"gone","kind":"client","name":"Gone","removed":true,"created_at":1}]}"#;

/// Nobody's password; nobody signs in here.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn document() -> PortalFile {
    PortalFile::from_json(&PORTAL.replace("HASH", HASH)).unwrap()
}

fn portal() -> Portal<Store> {
    opened(&document())
}

fn opened(file: &PortalFile) -> Portal<Store> {
    let store = Store::in_memory().unwrap();
    store.migrate(NOW).unwrap();
    let portal = Portal::new(store, presets::safe()).unwrap();
    portal.operator("import", NOW).import(file).unwrap();
    portal
}

fn me(portal: &Portal<Store>, who: &str) -> Me {
    let key = HostKey::from(who);
    let user = portal.store().read(|tx| tx.user_by_key(&key)).unwrap();
    portal.vouched(user.unwrap().id, "the test", NOW).unwrap()
}

#[test]
fn an_operator_finds_everything_by_the_hosts_key() {
    let portal = portal();
    let operator = portal.operator("test", NOW);
    let lookup = operator.lookup();
    assert!(lookup.client("borealis").is_ok());
    assert!(lookup.contact("dave").is_ok());
    assert!(lookup.container(ContainerKind::Project, "tents").is_ok());
    assert_eq!(lookup.user("dave").unwrap(), me(&portal, "dave").user());
    assert!(lookup.user("gone").is_err());
    let wrong = lookup.client(4711).unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Invalid, "{wrong}");
}

#[test]
fn staff_find_what_is_of_their_own_clients() {
    let portal = portal();
    let tom = me(&portal, "tom");
    let desk = portal.acting(&tom);
    let lookup = desk.lookup();
    assert!(lookup.client("acme").is_ok());
    assert!(lookup.contact("bob").is_ok());
    assert!(lookup.container(ContainerKind::Project, "site").is_ok());
    assert!(lookup.user("bob").is_ok());
    let absent = lookup.client("never was").unwrap_err();
    let others = [
        lookup.client("borealis").unwrap_err(),
        lookup.contact("dave").unwrap_err(),
        lookup
            .container(ContainerKind::Project, "tents")
            .unwrap_err(),
        lookup.user("dave").unwrap_err(),
        lookup.user("ada").unwrap_err(),
    ];
    for other in others {
        assert_eq!(other.kind(), ErrorKind::Hidden);
        assert_eq!(other.to_string(), absent.to_string());
        assert_eq!(other.gate(), absent.gate());
    }
}

#[test]
fn client_users_look_nothing_up() {
    let portal = portal();
    let bob = me(&portal, "bob");
    let desk = portal.acting(&bob);
    let lookup = desk.lookup();
    let answers = [
        lookup.client("acme").map(drop),
        lookup.client("never was").map(drop),
        lookup.contact("bob").map(drop),
        lookup.container(ContainerKind::Project, "site").map(drop),
        lookup.user("bob").map(drop),
    ];
    for answer in answers {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Refused);
    }
}

#[test]
fn l03_a_survey_says_what_the_one_rule_says() {
    let portal = portal();
    let operator = portal.operator("test", NOW);
    let mut told: BTreeMap<(UserId, HostKey), Decision> = BTreeMap::new();
    let mut items = BTreeSet::new();
    operator
        .survey(&mut |finding| {
            items.insert((finding.kind, finding.key.clone()));
            told.insert((finding.user.id, finding.key.clone()), finding.decision);
        })
        .unwrap();
    assert_eq!((items.len(), told.len()), (7, 4 * 7), "all but the removed");
    for (kind, key) in items {
        for witness in operator.who_can(Verb::View, kind, &key).unwrap() {
            let surveyed = told.get(&(witness.user.id, key.clone()));
            let decided = (!witness.user.removed).then_some(&witness.explanation.decision);
            assert_eq!(surveyed, decided, "{} {key}", witness.user.name);
        }
    }
    let bob = me(&portal, "bob").user();
    let seen = told
        .iter()
        .filter(|((user, _), decision)| *user == bob && decision.is_allow())
        .map(|((_, key), _)| key.to_string());
    assert_eq!(seen.collect::<Vec<_>>(), ["call", "list", "note", "plan"]);
}

#[test]
fn a_survey_knows_grants_that_are_too_many_to_carry() {
    let mut file = document();
    let acme = file.clients.first_mut().unwrap();
    let site = acme.containers.first().unwrap().clone();
    for n in 0..Viewer::CARRIED_GRANTS {
        let mut more = site.clone();
        more.key = format!("site {n}").into();
        more.items.truncate(1);
        for item in &mut more.items {
            item.key = format!("plan {n}").into();
        }
        acme.containers.push(more);
    }
    let portal = opened(&file);
    let mut seen = 0;
    let mut survey = |finding: Finding<'_>| {
        if finding.user.key == Some("bob".into()) && finding.decision.is_allow() {
            seen += 1;
        }
    };
    portal.operator("test", NOW).survey(&mut survey).unwrap();
    assert_eq!(seen, 4 + Viewer::CARRIED_GRANTS);
}

#[test]
fn a_survey_is_for_those_who_may_read_the_audit() {
    let portal = portal();
    let outcomes: Vec<_> = ["ada", "tom", "bob"]
        .into_iter()
        .map(|who| {
            let mut asked = 0;
            let outcome = portal.acting(&me(&portal, who)).survey(&mut |_| asked += 1);
            (outcome.map_err(|error| error.kind()), asked)
        })
        .collect();
    assert!(
        matches!(
            outcomes.as_slice(),
            [
                (Ok(()), 28),
                (Err(ErrorKind::Refused), 0),
                (Err(ErrorKind::Refused), 0)
            ]
        ),
        "{outcomes:?}"
    );
}
