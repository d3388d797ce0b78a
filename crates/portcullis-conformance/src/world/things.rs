//! Clients, their contacts, containers and items.

use super::NOW;
use crate::Draws;
use portcullis::access::{ContainerKind, Light};
use portcullis::file::{ClientPart, ContactPart, ContainerPart, ItemPart, ItemRef};
use portcullis::id::{HostKey, Timestamp, days};
use portcullis::sharing::{DefaultExposure, Exposure, Lifecycle};
use uuid::Uuid;

const COMPANIES: [&str; 4] = ["Birch", "acme", "Cedar", "Dune"];
const AREAS: [&str; 6] = ["invoice", "comment", "task", "update", "drawing", "report"];
const KINDS: [&str; 11] = [
    "milestone",
    "update",
    "document",
    "issue",
    "invoice",
    "proposal",
    "dashboard",
    "report",
    "time",
    "expense",
    "drawing",
];

/// Hands out the numbers of host keys, over all clients.
struct Numbers<'d> {
    draws: &'d Draws,
    next: i64,
}

/// Three or four clients; `crowded` gives the first of them more tickets than a viewer carries.
pub(super) fn clients(draws: &Draws, crowded: bool) -> Vec<ClientPart> {
    let mut numbers = Numbers { draws, next: 1 };
    let count = 3 + draws.below(2);
    let mut clients = Vec::new();
    for (name, number) in COMPANIES.into_iter().zip(100..).take(count) {
        let contacts = contacts(number);
        let mut containers = containers(&mut numbers, number);
        if crowded && number == 100 {
            containers.extend((0..104).map(|n| ticket(&mut numbers, n)));
        }
        clients.push(ClientPart {
            key: HostKey::Int(number),
            name: name.to_owned(),
            light: match draws.below(10) {
                0 => Light::Inactive,
                2 => Light::OnHold,
                _ => Light::Active,
            },
            closed: closed(draws, 25),
            main_contact: draws.percent(50).then(|| contacts[0].key.clone()),
            created_at: moment(draws),
            contacts,
            containers,
        });
    }
    clients
}

/// What belongs to no client: for staff of every client alone.
pub(super) fn unowned(draws: &Draws) -> Vec<ContainerPart> {
    let mut numbers = Numbers {
        draws,
        next: 90_000,
    };
    vec![
        container(&mut numbers, ContainerKind::Root, 0),
        container(&mut numbers, ContainerKind::Project, 0),
    ]
}

fn contacts(client: i64) -> Vec<ContactPart> {
    let contact = |n: i64| ContactPart {
        key: HostKey::Text(format!("contact-{client}-{n}")),
        name: format!("Person {n} of {client}"),
        email: Some(format!("p{n}@c{client}.example")),
        phone: (n == 0).then(|| "+1 555 0100".to_owned()),
    };
    (0..6).map(contact).collect()
}

fn containers(numbers: &mut Numbers<'_>, client: i64) -> Vec<ContainerPart> {
    let mut kinds = ContainerKind::ALL.to_vec();
    kinds.push(ContainerKind::Project);
    kinds
        .into_iter()
        .map(|kind| container(numbers, kind, client))
        .collect()
}

fn container(numbers: &mut Numbers<'_>, kind: ContainerKind, client: i64) -> ContainerPart {
    let draws = numbers.draws;
    let number = numbers.number();
    let root = kind == ContainerKind::Root;
    let key = if root {
        format!("id:{}", uuid(draws))
    } else {
        format!("{kind}-{number}")
    };
    let mut items = Vec::new();
    for _ in 0..3 + draws.below(3) {
        numbers.item(&mut items);
    }
    numbers.task_list(&mut items);
    ContainerPart {
        kind,
        key: HostKey::Text(key),
        name: if root {
            "root".to_owned()
        } else {
            format!("{kind} {number} of {client}")
        },
        exposure: if root {
            Exposure::Shown
        } else {
            exposure(draws)
        },
        default: default(draws),
        lifecycle: lifecycle(draws, 4),
        closed: closed(draws, 15),
        created_at: moment(draws),
        members: Vec::new(),
        items,
    }
}

/// A ticket with one document in it, as an old client has hundreds.
fn ticket(numbers: &mut Numbers<'_>, n: i64) -> ContainerPart {
    let mut items = Vec::new();
    if n % 4 == 0 {
        items.push(numbers.of_kind("document", None));
    }
    ContainerPart {
        kind: ContainerKind::Ticket,
        key: HostKey::Text(format!("old-{n}")),
        name: format!("Old ticket {n}"),
        exposure: Exposure::Shown,
        default: DefaultExposure::Hidden,
        lifecycle: Lifecycle::Issued,
        closed: Vec::new(),
        created_at: moment(numbers.draws),
        members: Vec::new(),
        items,
    }
}

impl Numbers<'_> {
    fn number(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// One item, and now and then a comment on it and another on that.
    fn item(&mut self, items: &mut Vec<ItemPart>) {
        let kind = *self.draws.pick(&KINDS);
        let mut parent = self.of_kind(kind, None);
        for _ in 0..2 {
            let hangs = self.draws.percent(30);
            let below = refer(&parent);
            items.push(parent);
            if !hangs {
                return;
            }
            parent = self.of_kind("comment", Some(below));
        }
        items.push(parent);
    }

    /// A task list, with up to three tasks in it.
    fn task_list(&mut self, items: &mut Vec<ItemPart>) {
        let mut list = self.of_kind("task-list", None);
        // Derived: it has no switch and no life of its own.
        list.exposure = Exposure::Inherit;
        list.lifecycle = Lifecycle::Issued;
        let parent = refer(&list);
        items.push(list);
        for _ in 0..self.draws.below(4) {
            items.push(self.of_kind("task", Some(parent.clone())));
        }
    }

    fn of_kind(&mut self, kind: &str, parent: Option<ItemRef>) -> ItemPart {
        let draws = self.draws;
        let number = self.number();
        let older = draws.percent(8);
        ItemPart {
            kind: kind.to_owned(),
            key: match kind {
                "document" => uuid(draws).into(),
                "task" => HostKey::Int(number),
                _ => HostKey::Text(format!("{kind}-{number}")),
            },
            parent,
            exposure: exposure(draws),
            default: if older {
                DefaultExposure::Hidden
            } else {
                default(draws)
            },
            older,
            lifecycle: lifecycle(draws, 10),
            author: None,
            created_at: moment(draws),
            // Where the host says: beside some other, or at the end of all lists.
            sort: match number % 5 {
                0 => Some(
                    NOW.before(days(u32::try_from(number % 7).unwrap()))
                        .millis(),
                ),
                1 => Some(number % 3),
                _ => None,
            },
            sent_to: Vec::new(),
        }
    }
}

fn refer(item: &ItemPart) -> ItemRef {
    ItemRef {
        kind: item.kind.clone(),
        key: item.key.clone(),
    }
}

fn exposure(draws: &Draws) -> Exposure {
    match draws.below(20) {
        0 | 1 => Exposure::Hidden,
        2..=10 => Exposure::Inherit,
        _ => Exposure::Shown,
    }
}

fn default(draws: &Draws) -> DefaultExposure {
    match draws.below(10) {
        0 | 1 => DefaultExposure::Hidden,
        2..=5 => DefaultExposure::ByContainer,
        _ => DefaultExposure::Shown,
    }
}

fn lifecycle(draws: &Draws, not_issued: usize) -> Lifecycle {
    if !draws.percent(not_issued) {
        Lifecycle::Issued
    } else if draws.percent(50) {
        Lifecycle::Draft
    } else {
        Lifecycle::Withdrawn
    }
}

fn closed(draws: &Draws, chance: usize) -> Vec<String> {
    if !draws.percent(chance) {
        return Vec::new();
    }
    let names = draws.some(&AREAS, 30);
    names.into_iter().map(str::to_owned).collect()
}

/// Few moments, so that many things are of the same one and order falls to their ids.
fn moment(draws: &Draws) -> Timestamp {
    let after = u32::try_from(draws.below(12)).unwrap();
    NOW.before(days(200)).after(days(after))
}

fn uuid(draws: &Draws) -> Uuid {
    let high = u128::from(draws.next()) << 64;
    uuid::Builder::from_random_bytes((high | u128::from(draws.next())).to_be_bytes()).into_uuid()
}
