//! Rows to start from: everything plain, told apart by a number.

use portcullis_access::{
    Affiliation, Client, Contact, ContainerKind, ContainerKinds, Grant, Kind, KindSet, Light, Role,
    User, UserKind,
};
use portcullis_credentials::{Account, LoginName, PasswordHash, Tries};
use portcullis_id::{
    ClientId, ContactId, ContainerId, Epoch, HostKey, ItemId, RoleId, Timestamp, UserId,
};
use portcullis_ledger::{StoreError, StoreErrorKind, StoreExt};
use portcullis_memory::{Store, Tx};
use portcullis_sharing::{
    Container, DefaultExposure, Exposure, Item, Lifecycle, Membership, Source,
};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub(crate) fn client_id(n: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn user_id(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn container_id(n: u128) -> ContainerId {
    ContainerId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn item_id(n: u128) -> ItemId {
    ItemId::from_uuid(Uuid::from_u128(n))
}

pub(crate) fn client(n: u128, name: &str) -> Client {
    Client {
        id: client_id(n),
        key: None,
        name: name.to_owned(),
        light: Light::Active,
        closed: KindSet::NONE,
        main_contact: None,
        created_at: NOW,
    }
}

pub(crate) fn contact(n: u128, client: u128, name: &str) -> Contact {
    Contact {
        id: ContactId::from_uuid(Uuid::from_u128(n)),
        client: client_id(client),
        key: None,
        name: name.to_owned(),
        email: None,
        phone: None,
    }
}

pub(crate) fn user(n: u128) -> User {
    User {
        id: user_id(n),
        key: None,
        kind: UserKind::Client,
        name: format!("user {n}"),
        email: None,
        contact: None,
        every_client: false,
        reach: ContainerKinds::NONE,
        rights: Vec::new(),
        removed: false,
        created_at: NOW,
    }
}

pub(crate) fn affiliation(user: u128, client: u128) -> Affiliation {
    Affiliation {
        user: user_id(user),
        client: client_id(client),
        rights: Vec::new(),
        paused: false,
        until: None,
    }
}

pub(crate) fn role(n: u128, name: &str, rights: &[&str]) -> Role {
    Role {
        id: RoleId::from_uuid(Uuid::from_u128(n)),
        name: name.to_owned(),
        rights: rights.iter().map(|right| (*right).to_owned()).collect(),
    }
}

pub(crate) fn container(n: u128, kind: ContainerKind, client: Option<u128>) -> Container {
    Container {
        id: container_id(n),
        kind,
        key: None,
        client: client.map(client_id),
        name: format!("container {n}"),
        exposure: Exposure::Shown,
        default: DefaultExposure::Hidden,
        lifecycle: Lifecycle::Issued,
        closed: KindSet::NONE,
        created_at: NOW,
        open: true,
    }
}

pub(crate) fn item(n: u128, kind: Kind, container: &Container) -> Item {
    Item {
        id: item_id(n),
        kind,
        key: HostKey::Text(format!("item {n}")),
        container: container.id,
        client: container.client,
        parent: None,
        path: KindSet::of(kind),
        exposure: Exposure::Shown,
        default: DefaultExposure::Hidden,
        older: false,
        lifecycle: Lifecycle::Issued,
        author: None,
        created_at: NOW,
        sort: NOW.millis(),
        open: true,
    }
}

pub(crate) fn membership(user: u128, container: u128) -> Membership {
    Membership {
        user: user_id(user),
        container: container_id(container),
        source: Source::Member,
        grant: Grant {
            until: None,
            approver: false,
        },
        since: NOW,
    }
}

pub(crate) fn account(n: u128, name: &str) -> Account {
    Account {
        user: user_id(n),
        name: LoginName::parse(name).unwrap(),
        password: Some(PasswordHash::from_phc("$none$")),
        directory: false,
        change_due: false,
        suspended_at: None,
        disabled_at: None,
        expiry: None,
        epoch: Epoch::FIRST,
        tries: Tries::default(),
        created_at: NOW,
    }
}

/// Runs `work` as one change that must be kept.
pub(crate) fn write<R>(store: &Store, work: impl FnOnce(&mut Tx) -> Result<R, StoreError>) -> R {
    store.write(work).unwrap()
}

/// Asks on one snapshot.
pub(crate) fn read<R>(store: &Store, work: impl FnOnce(&mut Tx) -> Result<R, StoreError>) -> R {
    store.read(work).unwrap()
}

/// Runs `work`, which must be a conflict.
#[track_caller]
pub(crate) fn conflict<R>(store: &Store, work: impl FnOnce(&mut Tx) -> Result<R, StoreError>) {
    match store.write(work) {
        Ok(_) => panic!("this was kept, and is a conflict"),
        Err(error) => assert_eq!(error.kind(), StoreErrorKind::Conflict, "{error}"),
    }
}
