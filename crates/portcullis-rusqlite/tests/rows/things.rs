//! The rows of the sharing core.

use crate::samples::{NOW, container, filled, item, keys, uuid};
use portcullis_access::{ContainerKind, Grant, Kind};
use portcullis_id::{ClientId, ContainerId, HostKey, ItemId, UserId};
use portcullis_ledger::{StoreError, StoreErrorKind, StoreExt};
use portcullis_sharing::{
    Container, Containers, DefaultExposure, DefaultOf, Defaults, Item, Items, Membership,
    Memberships, Source,
};

#[test]
fn things_are_read_back_by_id_and_by_key() {
    let store = filled();
    store
        .write(|tx| {
            for (number, key) in (0..).zip(keys()) {
                let container = container(number, key.clone());
                assert_eq!(tx.container(container.id)?.as_ref(), Some(&container));
                if let Some(key) = &key {
                    let item = item(number, key.clone());
                    tx.put_item(&item)?;
                    assert_eq!(tx.item(item.id)?.as_ref(), Some(&item));
                    assert_eq!(tx.item_by_key(item.kind, key)?, Some(item));
                    assert_eq!(tx.item_by_key(Kind::TASK, key)?, None);
                    assert_eq!(
                        tx.container_by_key(ContainerKind::Project, key)?,
                        Some(container)
                    );
                    assert_eq!(tx.container_by_key(ContainerKind::Ticket, key)?, None);
                }
            }
            assert_eq!(tx.containers_of(None)?.len(), 1);
            assert_eq!(
                tx.containers_of(Some(ClientId::from_uuid(uuid(0))))?.len(),
                3
            );
            let ids: Vec<_> = tx
                .items_after(None, 2)?
                .iter()
                .map(|item| item.id)
                .collect();
            assert_eq!(ids, [1, 2].map(|number| ItemId::from_uuid(uuid(number))));
            let rest = tx.items_after(ids.last().copied(), 9)?;
            assert_eq!(rest.len(), 1);
            assert_eq!(tx.children_of(ItemId::from_uuid(uuid(1)))?.len(), 2);
            tx.remove_item(ItemId::from_uuid(uuid(2)))?;
            tx.remove_item(ItemId::from_uuid(uuid(2)))?;
            assert_eq!(tx.children_of(ItemId::from_uuid(uuid(1)))?.len(), 1);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let mut moved = container(1, keys()[1].clone());
    store.write(|tx| tx.put_container(&moved)).unwrap();
    moved.client = None;
    let kept = store.write(|tx| tx.put_container(&moved)).unwrap_err();
    assert_eq!(kept.kind(), StoreErrorKind::Conflict, "a container moved");
    let stray = Item {
        client: Some(ClientId::from_uuid(uuid(3))),
        ..item(9, HostKey::from(9))
    };
    let kept = store.write(|tx| tx.put_item(&stray)).unwrap_err();
    assert_eq!(
        kept.kind(),
        StoreErrorKind::Conflict,
        "another client than its container's"
    );
    let parent = store
        .write(|tx| tx.remove_item(ItemId::from_uuid(uuid(1))))
        .unwrap_err();
    assert_eq!(
        parent.kind(),
        StoreErrorKind::Conflict,
        "something hangs on it"
    );
}

#[test]
fn a_client_has_one_root_and_so_have_the_things_of_none() {
    let store = filled();
    for owner in [None, Some(ClientId::from_uuid(uuid(0)))] {
        let root = |number| Container {
            kind: ContainerKind::Root,
            client: owner,
            ..container(number, None)
        };
        let first = 10 + u8::from(owner.is_some());
        store.write(|tx| tx.put_container(&root(first))).unwrap();
        assert_eq!(
            store.read(|tx| tx.root_of(owner)).unwrap(),
            Some(root(first))
        );
        let second = store.write(|tx| tx.put_container(&root(20))).unwrap_err();
        assert_eq!(second.kind(), StoreErrorKind::Conflict);
    }
}

#[test]
fn grants_distribution_and_defaults_are_read_back() {
    let store = filled();
    let membership = |number, container, until| Membership {
        user: UserId::from_uuid(uuid(number)),
        container: ContainerId::from_uuid(uuid(container)),
        source: Source::Staff,
        grant: Grant {
            until,
            approver: until.is_some(),
        },
        since: NOW,
    };
    store
        .write(|tx| {
            let grants = [(1, 2, Some(NOW)), (1, 1, None), (2, 1, None)]
                .map(|(user, container, until)| membership(user, container, until));
            grants
                .iter()
                .try_for_each(|grant| tx.put_membership(grant))?;
            let [second, first, other] = grants;
            let (bob, site) = (first.user, first.container);
            assert_eq!(tx.memberships_of(bob, 9)?, [first, second]);
            assert_eq!(tx.memberships_of(bob, 1)?, [first]);
            assert_eq!(tx.members_of(site)?, [first, other]);
            tx.remove_membership(bob, site)?;
            tx.remove_membership(bob, site)?;
            assert_eq!(tx.membership(bob, site)?, None);

            let paper = item(1, HostKey::from(1));
            tx.put_item(&paper)?;
            for on in [true, true] {
                tx.set_distributed(paper.id, other.user, on)?;
                tx.set_distributed(paper.id, bob, on)?;
            }
            assert_eq!(tx.distribution_of(paper.id)?, [bob, other.user]);
            tx.set_distributed(paper.id, bob, false)?;
            assert_eq!(tx.distribution_of(paper.id)?, [other.user]);
            tx.remove_item(paper.id)?;

            let set = [
                (
                    DefaultOf::Containers(ContainerKind::Job),
                    DefaultExposure::Shown,
                ),
                (DefaultOf::Items(Kind::MILESTONE), DefaultExposure::Hidden),
                (DefaultOf::Items(Kind::TASK), DefaultExposure::ByContainer),
            ];
            for (of, default) in set.into_iter().rev() {
                tx.put_default(of, DefaultExposure::Hidden)?;
                tx.put_default(of, default)?;
            }
            assert_eq!(tx.set_defaults()?, set);
            Ok::<_, StoreError>(())
        })
        .unwrap();
}
