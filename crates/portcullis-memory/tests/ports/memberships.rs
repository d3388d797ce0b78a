use crate::rows::{
    NOW, client, conflict, container, container_id, item, item_id, membership, read, user, user_id,
    write,
};
use portcullis_access::{Clients, ContainerKind, Grant, Kind, Users};
use portcullis_memory::Store;
use portcullis_sharing::{Containers, Items, Memberships, Source};

fn acme() -> Store {
    let store = Store::new();
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        for n in 1..=3 {
            tx.put_user(&user(n))?;
            tx.put_container(&container(n, ContainerKind::Project, Some(1)))?;
        }
        let project = container(1, ContainerKind::Project, Some(1));
        tx.put_item(&item(1, Kind::TASK, &project))?;
        tx.put_item(&item(2, Kind::TASK, &project))
    });
    store
}

#[test]
fn v21_grants_are_ordered_by_the_other_side_and_read_up_to_a_limit() {
    let store = acme();
    write(&store, |tx| {
        [(1, 3), (1, 1), (1, 2), (3, 2), (2, 2)]
            .into_iter()
            .try_for_each(|(user, container)| tx.put_membership(&membership(user, container)))
    });
    read(&store, |tx| {
        let of = tx.memberships_of(user_id(1), 2)?;
        assert_eq!(of, [membership(1, 1), membership(1, 2)]);
        assert_eq!(tx.memberships_of(user_id(1), 9)?.len(), 3);
        let members = tx.members_of(container_id(2))?;
        assert_eq!(
            members,
            [membership(1, 2), membership(2, 2), membership(3, 2)]
        );
        Ok(())
    });
}

#[test]
fn a_grant_is_replaced_and_removed() {
    let store = acme();
    let mut guest = membership(1, 1);
    write(&store, |tx| tx.put_membership(&guest));
    guest.source = Source::Guest;
    guest.since = NOW;
    guest.grant = Grant {
        until: Some(NOW),
        approver: true,
    };
    write(&store, |tx| tx.put_membership(&guest));
    let found = || read(&store, |tx| tx.membership(user_id(1), container_id(1)));
    assert_eq!(found(), Some(guest));
    write(&store, |tx| {
        tx.remove_membership(user_id(1), container_id(1))?;
        tx.remove_membership(user_id(1), container_id(1))
    });
    assert_eq!(found(), None);
}

#[test]
fn a_grant_needs_its_user_and_its_container() {
    let store = acme();
    conflict(&store, |tx| tx.put_membership(&membership(9, 1)));
    conflict(&store, |tx| tx.put_membership(&membership(1, 9)));
}

#[test]
fn p08_an_item_is_distributed_to_users_by_id_until_that_is_stopped() {
    let store = acme();
    write(&store, |tx| {
        tx.set_distributed(item_id(1), user_id(3), true)?;
        tx.set_distributed(item_id(1), user_id(1), true)?;
        tx.set_distributed(item_id(1), user_id(1), true)?;
        tx.set_distributed(item_id(2), user_id(2), true)?;
        tx.set_distributed(item_id(1), user_id(2), false)
    });
    let to = || read(&store, |tx| tx.distribution_of(item_id(1)));
    assert_eq!(to(), [user_id(1), user_id(3)]);
    write(&store, |tx| {
        tx.set_distributed(item_id(1), user_id(3), false)
    });
    assert_eq!(to(), [user_id(1)]);
    conflict(&store, |tx| {
        tx.set_distributed(item_id(9), user_id(1), true)
    });
    conflict(&store, |tx| {
        tx.set_distributed(item_id(1), user_id(9), true)
    });
}
