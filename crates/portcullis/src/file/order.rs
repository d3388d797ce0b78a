use super::{ContainerPart, ItemPart, PortalFile};
use portcullis_id::HostKey;
use std::collections::HashMap;

impl PortalFile {
    /// Puts everything into the canonical order, in which an export is written: by key, a parent
    /// before what hangs on it. Two files that say the same are then equal.
    pub fn sort(&mut self) {
        self.roles.sort_by(|a, b| a.name.cmp(&b.name));
        for role in &mut self.roles {
            role.rights.sort();
        }
        self.clients.sort_by(|a, b| a.key.cmp(&b.key));
        for client in &mut self.clients {
            client.closed.sort();
            client.contacts.sort_by(|a, b| a.key.cmp(&b.key));
            sort_containers(&mut client.containers);
        }
        sort_containers(&mut self.unowned);
        self.users.sort_by(|a, b| a.key.cmp(&b.key));
        for user in &mut self.users {
            user.rights.sort();
            user.roles.sort();
            user.affiliations.sort_by(|a, b| a.client.cmp(&b.client));
            for affiliation in &mut user.affiliations {
                affiliation.rights.sort();
                affiliation.roles.sort();
            }
        }
    }
}

fn sort_containers(containers: &mut [ContainerPart]) {
    containers.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    for container in containers {
        container.closed.sort();
        container.members.sort_by(|a, b| a.user.cmp(&b.user));
        for item in &mut container.items {
            item.sent_to.sort();
        }
        sort_items(&mut container.items);
    }
}

fn sort_items(items: &mut [ItemPart]) {
    let depths = depths(items);
    items.sort_by_cached_key(|item| {
        let depth = depths
            .get(&(item.kind.clone(), item.key.clone()))
            .copied()
            .unwrap_or(0);
        (depth, item.kind.clone(), item.key.clone())
    });
}

/// How deep each item hangs. A chain that bites its own tail counts as deep as it is long.
fn depths(items: &[ItemPart]) -> HashMap<(String, HostKey), usize> {
    let parents: HashMap<_, _> = items
        .iter()
        .map(|item| {
            let parent = item.parent.as_ref();
            let above = parent.map(|parent| (parent.kind.clone(), parent.key.clone()));
            ((item.kind.clone(), item.key.clone()), above)
        })
        .collect();
    parents
        .keys()
        .map(|item| {
            let mut depth = 0;
            let mut above = parents.get(item).and_then(Option::as_ref);
            while let Some(next) = above.filter(|_| depth < parents.len()) {
                depth += 1;
                above = parents.get(next).and_then(Option::as_ref);
            }
            (item.clone(), depth)
        })
        .collect()
}
