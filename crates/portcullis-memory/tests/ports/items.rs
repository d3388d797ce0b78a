use crate::rows::{
    NOW, client, client_id, conflict, container, container_id, item, item_id, read, user, user_id,
    write,
};
use portcullis_access::{Clients, ContainerKind, Kind, KindSet, Users};
use portcullis_id::HostKey;
use portcullis_memory::Store;
use portcullis_sharing::{
    Containers, DefaultExposure, DefaultOf, Defaults, Exposure, Items, Lifecycle, Memberships,
};

fn acme() -> Store {
    let store = Store::new();
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        tx.put_user(&user(1))
    });
    store
}

#[test]
fn containers_are_ordered_by_kind_name_and_id() {
    let store = acme();
    let named = |n, kind, client, name: &str| {
        let mut made = container(n, kind, client);
        made.name = name.to_owned();
        made
    };
    let given = [
        named(1, ContainerKind::Ticket, Some(1), "a"),
        named(2, ContainerKind::Project, Some(1), "B"),
        named(4, ContainerKind::Project, Some(1), " A"),
        named(3, ContainerKind::Project, Some(1), "a"),
        named(5, ContainerKind::Project, None, "a"),
    ];
    write(&store, |tx| {
        given.iter().try_for_each(|one| tx.put_container(one))
    });
    let ids = |client| -> Vec<_> {
        let found = read(&store, |tx| tx.containers_of(client));
        found.into_iter().map(|one| one.id).collect()
    };
    assert_eq!(ids(Some(client_id(1))), [3, 4, 2, 1].map(container_id));
    assert_eq!(ids(None), [container_id(5)]);
    assert_eq!(
        read(&store, |tx| tx.container(given[0].id)),
        Some(given[0].clone())
    );
}

#[test]
fn a_client_has_one_root_and_what_belongs_to_none_has_one_too() {
    let store = acme();
    let [of_acme, of_none] = [Some(1), None].map(|client| {
        container(
            client.map_or(1, |n: u128| n + 1),
            ContainerKind::Root,
            client,
        )
    });
    write(&store, |tx| {
        tx.put_container(&of_acme)?;
        tx.put_container(&of_none)?;
        tx.put_container(&of_none)
    });
    read(&store, |tx| {
        assert_eq!(tx.root_of(Some(client_id(1)))?, Some(of_acme.clone()));
        assert_eq!(tx.root_of(None)?, Some(of_none.clone()));
        assert_eq!(tx.root_of(Some(client_id(2)))?, None);
        Ok(())
    });
    conflict(&store, |tx| {
        tx.put_container(&container(9, ContainerKind::Root, None))
    });
    conflict(&store, |tx| {
        tx.put_container(&container(9, ContainerKind::Root, Some(1)))
    });
    conflict(&store, |tx| {
        tx.put_container(&container(9, ContainerKind::Project, Some(2)))
    });
}

#[test]
fn a_host_key_is_unique_among_things_of_one_kind() {
    let store = acme();
    let mut project = container(1, ContainerKind::Project, Some(1));
    project.key = Some(7.into());
    let mut ticket = container(2, ContainerKind::Ticket, Some(1));
    ticket.key = Some(7.into());
    let mut task = item(1, Kind::TASK, &project);
    task.key = HostKey::from(7);
    let mut issue = item(2, Kind::ISSUE, &project);
    issue.key = HostKey::from(7);
    write(&store, |tx| {
        tx.put_container(&project)?;
        tx.put_container(&ticket)?;
        tx.put_item(&task)?;
        tx.put_item(&issue)
    });
    read(&store, |tx| {
        let key = HostKey::from(7);
        assert_eq!(
            tx.container_by_key(ContainerKind::Ticket, &key)?,
            Some(ticket.clone())
        );
        assert_eq!(tx.container_by_key(ContainerKind::Job, &key)?, None);
        assert_eq!(tx.item_by_key(Kind::ISSUE, &key)?, Some(issue.clone()));
        assert_eq!(tx.item_by_key(Kind::DOCUMENT, &key)?, None);
        Ok(())
    });
    ticket.kind = ContainerKind::Project;
    conflict(&store, |tx| tx.put_container(&ticket));
    issue.kind = Kind::TASK;
    conflict(&store, |tx| tx.put_item(&issue));
}

#[test]
fn an_item_is_read_back_as_it_was_put() {
    let store = acme();
    let project = container(1, ContainerKind::Project, Some(1));
    let parent = item(1, Kind::DOCUMENT, &project);
    let mut comment = item(2, Kind::COMMENT, &project);
    comment.parent = Some(parent.id);
    comment.path = KindSet::of(Kind::COMMENT).with(Kind::DOCUMENT);
    comment.exposure = Exposure::Inherit;
    comment.default = DefaultExposure::ByContainer;
    comment.older = true;
    comment.lifecycle = Lifecycle::Withdrawn;
    comment.author = Some(user_id(1));
    comment.open = false;
    comment.created_at = NOW;
    comment.sort = -7;
    write(&store, |tx| {
        tx.put_container(&project)?;
        tx.put_item(&parent)?;
        tx.put_item(&comment)
    });
    assert_eq!(read(&store, |tx| tx.item(comment.id)), Some(comment));
}

#[test]
fn an_item_needs_its_container_client_parent_and_author() {
    let store = acme();
    let project = container(1, ContainerKind::Project, Some(1));
    let task = item(1, Kind::TASK, &project);
    conflict(&store, |tx| tx.put_item(&task));
    write(&store, |tx| tx.put_container(&project));
    let mut wrong = task.clone();
    wrong.parent = Some(item_id(2));
    conflict(&store, |tx| tx.put_item(&wrong));
    wrong.parent = None;
    wrong.client = Some(client_id(2));
    write(&store, |tx| tx.put_client(&client(2, "Birch")));
    conflict(&store, |tx| tx.put_item(&wrong));
    wrong.client = None;
    wrong.author = Some(user_id(2));
    conflict(&store, |tx| tx.put_item(&wrong));
    write(&store, |tx| tx.put_item(&task));
}

#[test]
fn a_container_keeps_its_client() {
    let store = acme();
    let mut project = container(1, ContainerKind::Project, Some(1));
    write(&store, |tx| {
        tx.put_client(&client(2, "Birch"))?;
        tx.put_container(&project)?;
        tx.put_container(&project)
    });
    project.client = Some(client_id(2));
    conflict(&store, |tx| tx.put_container(&project));
    project.client = None;
    conflict(&store, |tx| tx.put_container(&project));
}

#[test]
fn children_follow_the_parent_they_hang_on_now() {
    let store = acme();
    let project = container(1, ContainerKind::Project, Some(1));
    let mut child = item(5, Kind::COMMENT, &project);
    write(&store, |tx| {
        tx.put_container(&project)?;
        tx.put_item(&item(1, Kind::DOCUMENT, &project))?;
        tx.put_item(&item(2, Kind::DOCUMENT, &project))?;
        child.parent = Some(item_id(1));
        tx.put_item(&child)?;
        let mut other = item(4, Kind::COMMENT, &project);
        other.parent = Some(item_id(1));
        tx.put_item(&other)
    });
    let below = |n| -> Vec<_> {
        let found = read(&store, |tx| tx.children_of(item_id(n)));
        found.into_iter().map(|one| one.id).collect()
    };
    assert_eq!(below(1), [4, 5].map(item_id));
    child.parent = Some(item_id(2));
    write(&store, |tx| tx.put_item(&child));
    assert_eq!(below(1), [item_id(4)]);
    assert_eq!(below(2), [item_id(5)]);
    conflict(&store, |tx| tx.remove_item(item_id(2)));
    write(&store, |tx| {
        tx.remove_item(item_id(5))?;
        tx.remove_item(item_id(2))?;
        tx.remove_item(item_id(2))
    });
    assert_eq!(read(&store, |tx| tx.item(item_id(2))), None);
}

#[test]
fn all_items_can_be_walked_in_order_of_id() {
    let store = acme();
    let project = container(1, ContainerKind::Project, Some(1));
    write(&store, |tx| {
        tx.put_container(&project)?;
        [3, 1, 2]
            .into_iter()
            .try_for_each(|n| tx.put_item(&item(n, Kind::TASK, &project)))
    });
    let walk = |after, limit| -> Vec<_> {
        let found = read(&store, |tx| tx.items_after(after, limit));
        found.into_iter().map(|one| one.id).collect()
    };
    assert_eq!(walk(None, 2), [1, 2].map(item_id));
    assert_eq!(walk(Some(item_id(2)), 2), [item_id(3)]);
    assert_eq!(walk(Some(item_id(3)), 2), []);
}

#[test]
fn an_item_that_is_removed_takes_its_key_and_its_distribution_along() {
    let store = acme();
    let project = container(1, ContainerKind::Project, Some(1));
    let task = item(1, Kind::TASK, &project);
    write(&store, |tx| {
        tx.put_container(&project)?;
        tx.put_item(&task)?;
        tx.set_distributed(task.id, user_id(1), true)?;
        tx.remove_item(task.id)?;
        tx.put_item(&task)
    });
    assert_eq!(read(&store, |tx| tx.distribution_of(task.id)), []);
}

#[test]
fn defaults_are_kept_in_order_and_replaced() {
    let store = acme();
    let (tasks, projects) = (
        DefaultOf::Items(Kind::TASK),
        DefaultOf::Containers(ContainerKind::Project),
    );
    write(&store, |tx| {
        tx.put_default(tasks, DefaultExposure::Shown)?;
        tx.put_default(projects, DefaultExposure::Shown)?;
        tx.put_default(tasks, DefaultExposure::ByContainer)
    });
    let set = read(&store, Defaults::set_defaults);
    assert_eq!(
        set,
        [
            (projects, DefaultExposure::Shown),
            (tasks, DefaultExposure::ByContainer)
        ]
    );
}
