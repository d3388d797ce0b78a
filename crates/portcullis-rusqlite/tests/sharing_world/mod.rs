//! A small portal with random containers, items, grants and affiliations of one user.

#![expect(clippy::unwrap_used, reason = "support of tests, in a file of its own")]

use portcullis_access::{
    Affiliation, Client, ContainerKind, ContainerKinds, Grant, Kind, KindSet, Light, User, UserKind,
};
use portcullis_id::{ClientId, ContainerId, HostKey, ItemId, Timestamp, UserId};
use portcullis_ledger::{Scope, StoreError, StoreExt};
use portcullis_rusqlite::Store;
use portcullis_sharing::{
    Bond, Container, DefaultExposure, Exposure, Item, ItemRow, Lifecycle, Membership, ParentFacts,
    SharingTx, Source,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_000);
const KINDS: [Kind; 2] = [Kind::TASK, Kind::DOCUMENT];

/// Everything that bears on a list, as numbers that shrink well.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    containers: Vec<(u8, u8, bool, u8)>,
    items: Vec<(u8, u8, u8, bool, i64)>,
    grants: Vec<(u8, u8)>,
    affiliations: Vec<(u8, u8)>,
}

pub(crate) fn raw() -> impl Strategy<Value = Raw> {
    let container = (0..6_u8, 0..5_u8, prop::bool::weighted(0.8), 0..8_u8);
    let item = (
        0..12_u8,
        0..2_u8,
        0..8_u8,
        prop::bool::weighted(0.8),
        0..9_i64,
    );
    (
        prop::collection::vec(container, 6..12),
        prop::collection::vec(item, 0..60),
        prop::collection::vec((0..12_u8, 0..4_u8), 0..9),
        prop::collection::vec((0..5_u8, 0..6_u8), 0..8),
    )
        .prop_map(|(containers, items, grants, affiliations)| Raw {
            containers,
            items,
            grants,
            affiliations,
        })
}

/// What a store was filled with.
pub(crate) struct World {
    /// Every item as the user sees it, with its container.
    pub(crate) rows: Vec<(ItemRow, Container)>,
    pub(crate) affiliated: Vec<ClientId>,
}

impl World {
    /// Fills `store` from `raw`.
    pub(crate) fn new(store: &Store, raw: &Raw) -> Self {
        store.migrate(NOW).unwrap();
        store.write(|tx| Self::fill(tx, raw)).unwrap()
    }

    /// Fills what `tx` writes to.
    pub(crate) fn fill(tx: &mut impl SharingTx, raw: &Raw) -> Result<Self, StoreError> {
        people(tx)?;
        let affiliated = affiliations(tx, raw)?;
        let containers = containers(tx, raw)?;
        let grants = grants(tx, raw, &containers)?;
        let rows = items(tx, raw, &containers, &grants)?;
        Ok(Self { rows, affiliated })
    }
}

pub(crate) fn client(number: u8) -> ClientId {
    ClientId::from_uuid(id(1, number))
}

/// The host's key of a client; the last has none.
pub(crate) fn client_key(number: u8) -> Option<HostKey> {
    (number < 4).then(|| HostKey::Int(i64::from(number)))
}

pub(crate) fn user() -> UserId {
    UserId::from_uuid(id(2, 0))
}

fn id(noun: u8, number: u8) -> Uuid {
    Uuid::from_u128((u128::from(noun) << 64) | (u128::from(number) * 0x9e37_79b9_7f4a % 251))
}

/// Not there, over, live for now, live for ever.
fn grant(state: u8) -> Option<Grant> {
    let until = match state {
        0 => return None,
        1 => Some(NOW),
        2 => Some(Timestamp::from_millis(1_001)),
        _ => None,
    };
    let approver = state == 2;
    Some(Grant { until, approver })
}

fn people(tx: &mut impl SharingTx) -> Result<(), StoreError> {
    for number in 0..5 {
        tx.put_client(&Client {
            id: client(number),
            key: client_key(number),
            name: format!("client {number}"),
            light: Light::Active,
            closed: KindSet::NONE,
            main_contact: None,
            created_at: NOW,
        })?;
    }
    for number in 0..2 {
        tx.put_user(&User {
            id: UserId::from_uuid(id(2, number)),
            key: None,
            kind: UserKind::Client,
            name: "Bob".into(),
            email: None,
            contact: None,
            every_client: false,
            reach: ContainerKinds::NONE,
            rights: vec![],
            removed: false,
            created_at: NOW,
        })?;
    }
    Ok(())
}

fn affiliations(tx: &mut impl SharingTx, raw: &Raw) -> Result<Vec<ClientId>, StoreError> {
    let mut live = Vec::new();
    let states: BTreeMap<u8, u8> = raw.affiliations.iter().copied().collect();
    for (at, state) in states {
        let Some(grant) = grant(state) else { continue };
        let affiliation = Affiliation {
            user: user(),
            client: client(at),
            rights: vec![],
            paused: at == 3,
            until: grant.until,
        };
        tx.put_affiliation(&affiliation)?;
        if affiliation.live_at(NOW) {
            live.push(affiliation.client);
        }
    }
    Ok(live)
}

fn containers(tx: &mut impl SharingTx, raw: &Raw) -> Result<Vec<Container>, StoreError> {
    let mut made: Vec<Container> = Vec::new();
    for (number, (kind, owner, open, closed)) in (0..).zip(raw.containers.iter().copied()) {
        let owner = (owner < 4).then(|| client(owner));
        let mut kind = ContainerKind::from_number(i64::from(kind)).unwrap();
        let rooted = made
            .iter()
            .any(|other| other.kind == ContainerKind::Root && other.client == owner);
        if kind == ContainerKind::Root && rooted {
            kind = ContainerKind::Project;
        }
        let keyed = kind != ContainerKind::Root && number % 4 != 3;
        let container = Container {
            id: ContainerId::from_uuid(id(3, number)),
            kind,
            key: keyed.then(|| HostKey::Text(format!("c{number}"))),
            client: owner,
            name: format!("container {number}"),
            exposure: if open {
                Exposure::Shown
            } else {
                Exposure::Hidden
            },
            default: DefaultExposure::Hidden,
            lifecycle: Lifecycle::Issued,
            closed: KindSet::from_bits(i64::from(closed & 6)),
            created_at: NOW,
            open,
        };
        tx.put_container(&container)?;
        made.push(container);
    }
    Ok(made)
}

fn grants(
    tx: &mut impl SharingTx,
    raw: &Raw,
    containers: &[Container],
) -> Result<BTreeMap<ContainerId, Grant>, StoreError> {
    let mut granted = BTreeMap::new();
    let somebody_else = UserId::from_uuid(id(2, 1));
    for (number, state) in raw.grants.iter().copied() {
        let place = usize::from(number) % containers.len();
        let container = containers.get(place).unwrap().id;
        let Some(own) = grant(state) else { continue };
        let other = Grant {
            until: None,
            approver: true,
        };
        for (user, grant) in [(user(), own), (somebody_else, other)] {
            tx.put_membership(&Membership {
                user,
                container,
                source: Source::Guest,
                grant,
                since: NOW,
            })?;
        }
        granted.insert(container, own);
    }
    Ok(granted)
}

fn items(
    tx: &mut impl SharingTx,
    raw: &Raw,
    containers: &[Container],
    grants: &BTreeMap<ContainerId, Grant>,
) -> Result<Vec<(ItemRow, Container)>, StoreError> {
    let revision = tx.bump(Scope::Policy)?;
    let mut rows: Vec<(ItemRow, Container)> = Vec::new();
    for (number, (place, kind, path, open, at)) in (0..).zip(raw.items.iter().copied()) {
        let place = usize::from(place) % containers.len();
        let container = containers.get(place).unwrap();
        let kind = *KINDS.get(usize::from(kind)).unwrap();
        let parent = rows
            .last()
            .filter(|(row, _)| number % 3 == 2 && row.item.open)
            .map(|(row, _)| row.item.clone());
        let item = Item {
            id: ItemId::from_uuid(id(4, number)),
            kind,
            key: HostKey::Int(i64::from(number)),
            container: container.id,
            client: container.client,
            parent: parent.as_ref().map(|parent| parent.id),
            path: KindSet::from_bits(i64::from(path)).with(kind),
            exposure: if open {
                Exposure::Shown
            } else {
                Exposure::Hidden
            },
            default: DefaultExposure::Shown,
            older: number % 2 == 0,
            lifecycle: Lifecycle::Issued,
            author: (number % 5 == 0).then(user),
            // Nearly the other way round.
            created_at: Timestamp::from_millis(-at),
            sort: at,
            open,
        };
        tx.put_item(&item)?;
        let receives = number % 4 == 0;
        tx.set_distributed(item.id, user(), receives)?;
        let row = ItemRow {
            bond: Some(Bond {
                user: user(),
                grant: grants.get(&container.id).copied(),
                receives,
            }),
            container: container.facts(),
            parent: parent.map(|parent| ParentFacts {
                kind: parent.kind,
                open: parent.open,
            }),
            revision,
            item,
        };
        rows.push((row, container.clone()));
    }
    Ok(rows)
}
