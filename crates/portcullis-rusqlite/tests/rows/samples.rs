//! Rows with something in every field.

#![expect(clippy::unwrap_used, reason = "support of tests, in a file of its own")]

use portcullis_access::{
    Client, Clients, Contact, Contacts, ContainerKind, ContainerKinds, Kind, KindSet, Light, Role,
    User, UserKind, Users,
};
use portcullis_id::{ClientId, ContactId, ContainerId, HostKey, ItemId, RoleId, Timestamp, UserId};
use portcullis_ledger::{StoreError, StoreExt};
use portcullis_rusqlite::Store;
use portcullis_sharing::{Container, Containers, DefaultExposure, Exposure, Item, Lifecycle};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub(crate) fn store() -> Store {
    let store = Store::in_memory().unwrap();
    store.migrate(NOW).unwrap();
    store
}

pub(crate) fn uuid(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number) << 100 | 7)
}

/// One key of each type, and none.
pub(crate) fn keys() -> [Option<HostKey>; 4] {
    [
        None,
        Some(HostKey::from(i64::MIN)),
        Some(HostKey::from(uuid(9))),
        Some(HostKey::from("it's ünique; --")),
    ]
}

pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(crate) fn client(number: u8, key: Option<HostKey>) -> Client {
    Client {
        id: ClientId::from_uuid(uuid(number)),
        key,
        name: format!(" ACME {number}"),
        light: Light::OnHold,
        closed: KindSet::of(Kind::REPORT),
        main_contact: Some(ContactId::from_uuid(uuid(1))),
        created_at: NOW,
    }
}

pub(crate) fn contact(number: u8, key: Option<HostKey>) -> Contact {
    Contact {
        id: ContactId::from_uuid(uuid(number)),
        client: ClientId::from_uuid(uuid(0)),
        key,
        name: format!("Bob {number}"),
        email: Some("bob@acme.example".into()),
        phone: None,
    }
}

pub(crate) fn user(number: u8, key: Option<HostKey>) -> User {
    User {
        id: UserId::from_uuid(uuid(number)),
        key,
        kind: UserKind::Client,
        name: "Bob".into(),
        email: None,
        contact: Some(ContactId::from_uuid(uuid(0))),
        every_client: true,
        reach: ContainerKinds::NONE.with(ContainerKind::Ticket),
        rights: names(&["documents.view", "no.such"]),
        removed: number == 0,
        created_at: NOW,
    }
}

pub(crate) fn role(number: u8, name: &str) -> Role {
    Role {
        id: RoleId::from_uuid(uuid(number)),
        name: name.into(),
        rights: names(&[name]),
    }
}

pub(crate) fn container(number: u8, key: Option<HostKey>) -> Container {
    Container {
        id: ContainerId::from_uuid(uuid(number)),
        kind: ContainerKind::Project,
        key,
        client: (number > 0).then(|| ClientId::from_uuid(uuid(0))),
        name: format!("Site {number}"),
        exposure: Exposure::Hidden,
        default: DefaultExposure::ByContainer,
        lifecycle: Lifecycle::Withdrawn,
        closed: KindSet::of(Kind::TASK),
        created_at: NOW,
        open: number == 2,
    }
}

pub(crate) fn item(number: u8, key: HostKey) -> Item {
    Item {
        id: ItemId::from_uuid(uuid(number)),
        // Nobody registered it; it is kept.
        kind: Kind::from_number(62).unwrap(),
        key,
        container: ContainerId::from_uuid(uuid(1)),
        client: Some(ClientId::from_uuid(uuid(0))),
        parent: (number > 1).then(|| ItemId::from_uuid(uuid(1))),
        path: KindSet::ALL,
        exposure: Exposure::Shown,
        default: DefaultExposure::Shown,
        older: true,
        lifecycle: Lifecycle::Draft,
        author: Some(UserId::from_uuid(uuid(0))),
        created_at: Timestamp::from_millis(-1),
        sort: -2,
        open: true,
    }
}

/// Clients 0 to 3, contacts, users and containers 0 to 3, each with another type of key.
pub(crate) fn filled() -> Store {
    let store = store();
    store
        .write(|tx| {
            for (number, key) in (0..).zip(keys()) {
                tx.put_client(&client(number, key.clone()))?;
            }
            for (number, key) in (0..).zip(keys()) {
                tx.put_contact(&contact(number, key.clone()))?;
                tx.put_user(&user(number, key.clone()))?;
                tx.put_container(&container(number, key))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store
}
