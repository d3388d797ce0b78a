//! The requirements once more, read straight from the document and in the plainest words: what the
//! library is held against. Nothing here uses the gates, the viewer, or the lists.

use super::{NOW, World};
use portcullis::access::{Light, RoleMode, UserKind};
use portcullis::file::{
    AffiliationPart, ClientPart, ContainerPart, ItemPart, PasswordPart, UserPart,
};
use portcullis::id::HostKey;
use portcullis::sharing::{DefaultExposure, Exposure, Lifecycle};
use std::collections::BTreeSet;

/// One item of a world and where it is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'w> {
    /// Whose it is.
    pub client: Option<&'w ClientPart>,
    /// What it is in.
    pub container: &'w ContainerPart,
    /// The item.
    pub item: &'w ItemPart,
}

impl World {
    /// Every item there is.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let owned = self.file.clients.iter().flat_map(|client| {
            let containers = client.containers.iter();
            containers.map(move |container| (Some(client), container))
        });
        let unowned = self.file.unowned.iter().map(|container| (None, container));
        owned.chain(unowned).flat_map(|(client, container)| {
            container.items.iter().map(move |item| Place {
                client,
                container,
                item,
            })
        })
    }

    /// Whether this user sees this item at [`NOW`], by gates 1 to 10 of requirements 7.2.
    pub fn sees(&self, user: &UserPart, place: &Place<'_>) -> bool {
        let staff = user.kind == UserKind::Staff;
        let path = path(place);
        let switched_on = staff || self.file.portal.active;
        let licensed = self.file.portal.licensed.contains(place.container.kind);
        let door = place.client.and_then(|client| door(user, client));
        let everywhere = staff && user.every_client;
        let client_usable = staff
            || !self.profile.access.inactive_denies
            || place
                .client
                .is_none_or(|client| client.light != Light::Inactive);
        let let_in = user.reach.contains(place.container.kind)
            || place.container.members.iter().any(|member| {
                member.user == user.key && member.until.is_none_or(|until| NOW < until)
            });
        let closed = |area: &&str| {
            place.container.closed.iter().any(|closed| closed == area)
                || place
                    .client
                    .is_some_and(|client| client.closed.iter().any(|closed| closed == area))
        };
        let rights = self.rights(user, if everywhere { None } else { door });
        switched_on
            && licensed
            && in_good_standing(user)
            && client_usable
            && (everywhere || door.is_some())
            && let_in
            && (staff || !path.iter().any(closed))
            && path.iter().all(|kind| rights.contains(&view(kind)))
            && (staff || container_open(place.container))
            && (staff || item_open(place.container, place.item))
    }

    /// The names of the rights held, aliases written out.
    fn rights(&self, user: &UserPart, door: Option<&AffiliationPart>) -> BTreeSet<String> {
        let access = &self.profile.access;
        let staff = user.kind == UserKind::Staff;
        let mut given = Vec::new();
        if staff || access.roles == RoleMode::Assignable {
            given.extend(user.rights.clone());
            let mut roles = user.roles.clone();
            if let Some(door) = door {
                given.extend(door.rights.clone());
                roles.extend(door.roles.clone());
            }
            for role in &self.file.roles {
                if roles.contains(&role.name) {
                    given.extend(role.rights.clone());
                }
            }
        }
        let mut held = named(&given);
        held.extend(named(
            access.base.get(&user.kind).map_or(&[], Vec::as_slice),
        ));
        if let Some(ceiling) = access.ceilings.get(&user.kind) {
            let ceiling = named(ceiling);
            held.retain(|right| ceiling.contains(right));
        }
        match &access.view_needs {
            Some(needed) if !staff && !held.contains(needed) => BTreeSet::new(),
            _ => held,
        }
    }
}

/// The affiliation of this user with this client that opens anything.
fn door<'u>(user: &'u UserPart, client: &ClientPart) -> Option<&'u AffiliationPart> {
    user.affiliations.iter().find(|door| {
        door.client == client.key && !door.paused && door.until.is_none_or(|until| NOW < until)
    })
}

fn in_good_standing(user: &UserPart) -> bool {
    let Some(account) = &user.account else {
        return false;
    };
    !user.removed
        && account.suspended_at.is_none()
        && account.disabled_at.is_none()
        && !account.change_due
        && account.password != PasswordPart::ToBeSet
        && account.expiry.is_none_or(|expiry| NOW < expiry.at)
}

/// The kinds of an item and of all it hangs on; a task list counts as a task.
fn path<'w>(place: &Place<'w>) -> Vec<&'w str> {
    let mut kinds = Vec::new();
    let mut next = Some(place.item);
    while let Some(item) = next {
        kinds.push(if item.kind == "task-list" {
            "task"
        } else {
            &item.kind
        });
        next = parent(place.container, item);
    }
    kinds
}

fn parent<'w>(container: &'w ContainerPart, item: &ItemPart) -> Option<&'w ItemPart> {
    let above = item.parent.as_ref()?;
    let mut items = container.items.iter();
    items.find(|other| other.kind == above.kind && other.key == above.key)
}

fn container_open(container: &ContainerPart) -> bool {
    exposed(container.exposure, container.default) && container.lifecycle == Lifecycle::Issued
}

/// Exposed and issued, and what it hangs on too; a task list as one of its tasks is.
fn item_open(container: &ContainerPart, item: &ItemPart) -> bool {
    if item.kind == "task-list" {
        return children(container, &item.key).any(switched);
    }
    let above = parent(container, item);
    switched(item)
        && above.is_none_or(|above| above.kind == "task-list" || item_open(container, above))
}

fn children<'w>(
    container: &'w ContainerPart,
    list: &HostKey,
) -> impl Iterator<Item = &'w ItemPart> {
    container.items.iter().filter(move |item| {
        item.parent
            .as_ref()
            .is_some_and(|parent| parent.kind == "task-list" && parent.key == *list)
    })
}

fn switched(item: &ItemPart) -> bool {
    exposed(item.exposure, item.default) && item.lifecycle == Lifecycle::Issued
}

fn exposed(own: Exposure, default: DefaultExposure) -> bool {
    match own {
        Exposure::Shown => true,
        Exposure::Hidden => false,
        Exposure::Inherit => default != DefaultExposure::Hidden,
    }
}

fn view(kind: &str) -> String {
    format!("{kind}s.view")
}

fn named(rights: &[String]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for right in rights {
        match right.as_str() {
            "status.view" => names.insert("reports.view".to_owned()),
            other => names.insert(other.to_owned()),
        };
    }
    names
}
