//! Host keys in the host's own types: BIGINT clients, UUID documents and text users in one portal.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use portcullis::access::{Catalogue, ContainerKind, Keyed, Kind, Users};
use portcullis::id::{HostKey, KeyType, Timestamp, UserId};
use portcullis::ledger::StoreExt;
use portcullis::sharing::Located;
use portcullis::{ErrorKind, Portal, PortalBuilder, presets};
use portcullis_rusqlite::Store;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const DRAWING: Kind = Kind::host::<0>();

fn catalogue() -> Catalogue {
    Catalogue::built_in()
        .keyed_by(Keyed::Clients, KeyType::Int)
        .keyed_by(Keyed::Containers(ContainerKind::Project), KeyType::Int)
        .with_keys(Kind::DOCUMENT, KeyType::Uuid)
        .and_then(|catalogue| catalogue.with_kind(DRAWING, "drawing", "drawings", KeyType::Int))
        .expect("nothing collides")
}

fn portal() -> Portal<Store> {
    let store = Store::in_memory().expect("memory is there");
    store.migrate(NOW).expect("a new store");
    PortalBuilder::new(presets::safe())
        .catalogue(catalogue())
        .open(store)
        .expect("it works")
}

fn first_user(portal: &Portal<Store>) -> UserId {
    let users = portal.store().read(Users::users).expect("no fault");
    users.first().expect("one was founded").id
}

#[test]
fn bigint_clients_and_uuid_documents_live_in_one_portal() {
    let portal = portal();
    let desk = portal.operator("setup", NOW);
    drop(
        desk.found("Ada", "ada@provider.example")
            .expect("a new portal"),
    );
    let acme = desk
        .clients()
        .add_with_key("ACME", 4711)
        .expect("an operator may");
    let site = desk
        .projects(acme)
        .add_with_key("Website", 1)
        .expect("an operator may");
    let plan = Uuid::from_u128(0xfeed);
    desk.place(Kind::DOCUMENT, plan, site)
        .expect("an operator may");
    desk.place(DRAWING, 1, site).expect("an operator may");

    let ada = first_user(&portal);
    let ada = portal.vouched(ada, "the test", NOW).expect("ada is staff");
    let page = portal
        .page(&ada, Kind::DOCUMENT, None, 10, NOW)
        .expect("no fault");
    let keys: Vec<_> = page
        .rows
        .iter()
        .map(|row| Located::key(row).clone())
        .collect();
    assert_eq!(keys, [HostKey::from(plan)]);
    assert!(portal.find_as(&ada, DRAWING, 1, NOW).is_ok());

    // The same text as another type is another key, and refused with both types.
    let wrong = portal
        .find_as(&ada, Kind::DOCUMENT, plan.to_string(), NOW)
        .expect_err("text");
    assert_eq!(wrong.kind(), ErrorKind::Invalid);
    assert!(
        wrong
            .to_string()
            .contains("declared as UUID and this one is text"),
        "{wrong}"
    );
    let wrong = desk
        .clients()
        .add_with_key("Birch", "4712")
        .expect_err("text");
    assert!(wrong.to_string().contains("declared as integer"), "{wrong}");

    // One key, one thing: within a kind it is taken, in another kind it is free.
    let taken = desk.place(DRAWING, 1, site).expect_err("taken");
    assert_eq!(taken.kind(), ErrorKind::Invalid);
    desk.place(DRAWING, 2, site).expect("free");
}

#[test]
fn a_kind_under_another_number_than_the_store_knows_is_refused_at_start_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.db");
    let open = |catalogue: Catalogue| {
        let store = Store::open(&file).expect("a file");
        store.migrate(NOW).expect("a store of ours");
        PortalBuilder::new(presets::safe())
            .catalogue(catalogue)
            .open(store)
    };
    drop(open(catalogue()).expect("it works"));
    let other = Catalogue::built_in()
        .with_kind(Kind::host::<1>(), "drawing", "drawings", KeyType::Int)
        .expect("nothing collides");
    let refused = open(other).expect_err("drawing was number 16");
    assert!(
        refused
            .to_string()
            .contains("register it under the number and name"),
        "{refused}"
    );
    assert!(open(catalogue()).is_ok());
    // A host that no longer registers it keeps what is stored.
    assert!(open(Catalogue::built_in()).is_ok());
}
