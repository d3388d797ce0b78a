//! Random commands: whatever somebody at a desk can do, well or badly.

use crate::{Draws, NOW, Stage};
use portcullis::access::{
    Contact, ContainerKind, ContainerKinds, Kind, KindSet, Light, Role, User, UserKind,
};
use portcullis::desk::{Desk, FirstLogin, NewLogin, Run};
use portcullis::id::{ClientId, HostKey, ProjectId, Timestamp, days};
use portcullis::ledger::{Store, StoreError};
use portcullis::sharing::command::item::Place;
use portcullis::sharing::{Container, DefaultExposure, DefaultOf, Exposure, Item, Lifecycle};
use portcullis::{Error, ErrorKind, PortalTx};
use std::num::NonZeroU32;

/// What commands can be about.
#[derive(Clone, Debug)]
pub(crate) struct Roster {
    pub(crate) users: Vec<User>,
    pub(crate) clients: Vec<ClientId>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) containers: Vec<Container>,
    pub(crate) items: Vec<Item>,
    pub(crate) roles: Vec<Role>,
}

impl Roster {
    pub(crate) fn of<S>(stage: &Stage<S>) -> Self
    where
        S: Store,
        S::Tx: PortalTx,
    {
        let (clients, contacts, containers, roles) = stage.read(|tx| {
            let clients: Vec<_> = tx.clients()?.iter().map(|client| client.id).collect();
            let mut contacts = Vec::new();
            let mut containers = tx.containers_of(None)?;
            for client in &clients {
                contacts.extend(tx.contacts_of(*client)?);
                containers.extend(tx.containers_of(Some(*client))?);
            }
            Ok::<_, StoreError>((clients, contacts, containers, tx.roles()?))
        });
        Self {
            users: stage.users(),
            clients,
            contacts,
            containers,
            items: stage.items(),
            roles,
        }
    }
}

/// Names of rights somebody might try to hand out; the last one is none.
const RIGHTS: [&str; 9] = [
    "documents.view",
    "tasks.view",
    "invoices.view",
    "times.approve",
    "payments.make",
    "members.manage",
    "users.manage",
    "settings.manage",
    "no.such.right",
];

/// Carries out one random command; answers what it was and what came of it.
pub(crate) fn one<R: Run>(
    desk: &Desk<'_, R>,
    draws: &Draws,
    roster: &Roster,
) -> (String, Result<(), Error>) {
    match draws.below(3) {
        0 => about_people(desk, draws, roster),
        1 => about_items(desk, draws, roster),
        _ => about_the_rest(desk, draws, roster),
    }
}

fn about_people<R: Run>(
    desk: &Desk<'_, R>,
    draws: &Draws,
    roster: &Roster,
) -> (String, Result<(), Error>) {
    let user = draws.pick(&roster.users);
    let client = *draws.pick(&roster.clients);
    let contact = draws.pick(&roster.contacts);
    let rights = draws.some(&RIGHTS, 25);
    let roles: Vec<_> = draws
        .some(&roster.roles, 40)
        .iter()
        .map(|role| role.id)
        .collect();
    let door = desk.affiliation(user.id, client);
    let accounts = desk.accounts();
    let (what, done) = match draws.below(16) {
        0 => ("set_rights", desk.set_rights(user.id, &rights)),
        1 | 2 => ("affiliation.add", door.add(when(draws))),
        3 => ("affiliation.set_rights", door.set_rights(&rights)),
        4 => ("affiliation.set_end", door.set_end(when(draws))),
        5 => ("affiliation.remove", door.remove()),
        6 => ("set_reach", desk.set_reach(user.id, kinds(draws))),
        7 => (
            "set_email",
            desk.set_email(user.id, Some("new@address.example")),
        ),
        8 => (
            "roles.give",
            desk.roles().give(user.id, Some(client), &roles),
        ),
        9 => (
            "roles.give everywhere",
            desk.roles().give(user.id, None, &roles),
        ),
        10 => {
            let role = draws.pick(&roster.roles).id;
            ("roles.set_rights", desk.roles().set_rights(role, &rights))
        }
        11 => ("suspend", accounts.suspend(user.id).map(drop)),
        12 => ("resume", accounts.resume(user.id).map(drop)),
        13 => (
            "expire_in",
            accounts.expire_in(user.id, NonZeroU32::new(9)).map(drop),
        ),
        14 if draws.percent(30) => ("remove_user", desk.remove_user(user.id)),
        _ => ("add_user", add_user(desk, draws, client, contact, &rights)),
    };
    (
        format!("{what} {:?} at {client} {rights:?} {roles:?}", user.key),
        done,
    )
}

fn add_user<R: Run>(
    desk: &Desk<'_, R>,
    draws: &Draws,
    client: ClientId,
    contact: &Contact,
    rights: &[&str],
) -> Result<(), Error> {
    let login = NewLogin {
        name: "Somebody New".to_owned(),
        login: format!("new-{}", draws.below(1_000_000)),
        email: None,
        rights: rights.iter().map(|right| (*right).to_owned()).collect(),
        password: FirstLogin::Invited,
        expires_in_days: None,
    };
    match draws.below(4) {
        0 => desk.add_staff(login, draws.percent(50)).map(drop),
        1 => desk
            .add_user(UserKind::Guest, client, None, login)
            .map(drop),
        2 => desk
            .add_user(UserKind::Client, client, None, login)
            .map(drop),
        _ => desk
            .add_user(UserKind::Client, client, Some(contact.id), login)
            .map(drop),
    }
}

fn about_items<R: Run>(
    desk: &Desk<'_, R>,
    draws: &Draws,
    roster: &Roster,
) -> (String, Result<(), Error>) {
    let item = draws.pick(&roster.items);
    let container = draws.pick(&roster.containers);
    let user = draws.pick(&roster.users);
    let (what, done) = match draws.below(9) {
        0 | 1 => ("share", desk.share(item.kind, &item.key, exposure(draws))),
        2 => {
            let exposure = exposure(draws);
            let sort = container.created_at.millis();
            // Of those at a desk few may edit, and more may share.
            match desk.set_sort(item.kind, &item.key, sort) {
                Err(error) if error.kind() != ErrorKind::Fault => {
                    ("share", desk.share(item.kind, &item.key, exposure))
                }
                sorted => ("set_sort", sorted),
            }
        }
        3 | 4 => (
            "set_lifecycle",
            desk.set_lifecycle(item.kind, &item.key, lifecycle(draws)),
        ),
        5 => ("remove", desk.remove(item.kind, &item.key)),
        6 => (
            "distribute",
            desk.distribute(item.kind, &item.key, user.id, draws.percent(70)),
        ),
        7 => (
            "place_under",
            desk.place_under(below(draws, item), key(draws, below(draws, item)), item.id)
                .map(drop),
        ),
        _ => {
            let kind = *draws.pick(&[Kind::UPDATE, Kind::ISSUE, Kind::TASK_LIST, Kind::TASK]);
            let place = if draws.percent(80) {
                Place::In(container.id)
            } else {
                Place::Root(container.client)
            };
            (
                "place",
                desk.place_at(kind, key(draws, kind), place).map(drop),
            )
        }
    };
    (
        format!("{what} {:?} {} / {}", item.kind, item.key, container.name),
        done,
    )
}

fn about_the_rest<R: Run>(
    desk: &Desk<'_, R>,
    draws: &Draws,
    roster: &Roster,
) -> (String, Result<(), Error>) {
    let container = draws.pick(&roster.containers);
    let client = *draws.pick(&roster.clients);
    let user = draws.pick(&roster.users);
    let contact = draws.pick(&roster.contacts);
    // The typed ids are the host's convenience; a command takes the container it is given.
    let (projects, id) = (
        desk.projects(None),
        ProjectId::from_uuid(container.id.uuid()),
    );
    let members = desk.members(container.id);
    let (what, done) = match draws.below(17) {
        0 | 1 => ("container share", projects.share(id, exposure(draws))),
        2 => (
            "container lifecycle",
            projects.set_lifecycle(id, lifecycle(draws)),
        ),
        3 => ("container areas", projects.close_areas(id, areas(draws))),
        4 => (
            "container add",
            desk.tickets(client).add("A new ticket").map(drop),
        ),
        5 | 6 => (
            "member add",
            members.add_until(contact.id, when(draws)).map(drop),
        ),
        7 => ("member guest", members.invite_guest(user.id, when(draws))),
        8 => ("member assign", members.assign(user.id)),
        9 => (
            "member approver",
            members.set_approver(user.id, draws.percent(50)),
        ),
        10 => ("member remove", members.remove(user.id)),
        11 => (
            "client light",
            desk.clients()
                .set_light(client, *draws.pick(&[Light::Active, Light::Inactive])),
        ),
        12 => (
            "client areas",
            desk.clients().close_areas(client, areas(draws)),
        ),
        13 => (
            "portal active",
            desk.settings().set_active(draws.percent(80)),
        ),
        14 => (
            "portal licence",
            desk.settings()
                .set_licensed(kinds(draws).with(ContainerKind::Project)),
        ),
        15 => (
            "client rename",
            desk.clients().rename(client, ["Zebra", ""][draws.below(2)]),
        ),
        _ => {
            let default = *draws.pick(&[DefaultExposure::Shown, DefaultExposure::Hidden]);
            (
                "default",
                desk.settings()
                    .set_default(DefaultOf::Items(Kind::TASK), default),
            )
        }
    };
    (
        format!(
            "{what}: {} {:?} {:?}",
            container.name, user.key, contact.key
        ),
        done,
    )
}

fn below(_: &Draws, item: &Item) -> Kind {
    if item.kind == Kind::TASK_LIST {
        Kind::TASK
    } else {
        Kind::COMMENT
    }
}

fn key(draws: &Draws, kind: Kind) -> HostKey {
    let number = 1_000_000 + draws.below(1_000_000_000);
    match kind {
        Kind::TASK => HostKey::Int(i64::try_from(number).unwrap()),
        _ => HostKey::Text(format!("new-{number}")),
    }
}

fn when(draws: &Draws) -> Option<Timestamp> {
    match draws.below(4) {
        0 => Some(NOW.after(days(2))),
        1 => Some(NOW.before(days(2))),
        _ => None,
    }
}

fn exposure(draws: &Draws) -> Exposure {
    *draws.pick(&[Exposure::Shown, Exposure::Hidden, Exposure::Inherit])
}

fn lifecycle(draws: &Draws) -> Lifecycle {
    *draws.pick(&[
        Lifecycle::Issued,
        Lifecycle::Issued,
        Lifecycle::Draft,
        Lifecycle::Withdrawn,
    ])
}

fn kinds(draws: &Draws) -> ContainerKinds {
    draws.some(&ContainerKind::ALL, 60).into_iter().collect()
}

fn areas(draws: &Draws) -> KindSet {
    let kinds = [
        Kind::TASK,
        Kind::INVOICE,
        Kind::COMMENT,
        Kind::DOCUMENT,
        Kind::UPDATE,
    ];
    draws.some(&kinds, 25).into_iter().collect()
}
