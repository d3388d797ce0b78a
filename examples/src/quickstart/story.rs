//! The story: what is there, who comes in, what each sees, and which rule said every "no".

use super::cast::Person;
use super::people::{self, Session};
use super::table::{Table, count};
use super::{Failure, Portal, scenes};
use portcullis::Me;
use portcullis::access::{Clients, Contacts, ContainerKind, Kind, UserKind, Users};
use portcullis::id::{ContactId, ContainerId, Timestamp, UserId};
use portcullis::ledger::{StoreError, StoreExt};
use portcullis::sharing::{Containers, Exposure};
use std::collections::BTreeMap;
use std::io::Write;

/// The task that is switched on and off.
pub(super) const CHECKLIST: &str = "task-acme-website-launch-checklist";

/// What the scenes play with.
pub(super) struct Stage<'p> {
    pub(super) portal: &'p Portal,
    pub(super) now: Timestamp,
    pub(super) sessions: Vec<Session>,
    /// The relaunch of Acme's website.
    pub(super) website: ContainerId,
    /// Bob, as a contact of Acme's and as a user.
    pub(super) bob: (ContactId, UserId),
}

pub(super) fn play(portal: &Portal, now: Timestamp, out: &mut dyn Write) -> Result<(), Failure> {
    let operator = portal.operator("quickstart", now);
    let lookup = operator.lookup();
    let mut stage = Stage {
        portal,
        now,
        sessions: Vec::new(),
        website: lookup.container(ContainerKind::Project, "prj:acme-website")?,
        bob: (lookup.contact("contact:bob")?, lookup.user("user:bob")?),
    };
    stage.set()?;
    writeln!(
        out,
        "Kettle & Crane, design and print, and its clients:\n\n{}",
        inventory(&stage)?
    )?;
    stage.sessions = people::arrive(portal, now, out)?;
    writeln!(out, "What each sees, by kind:\n\n{}", sights(&stage)?)?;
    scenes::newest(&stage, out)?;
    scenes::one_client(&stage, out)?;
    scenes::at_once(&stage, out)?;
    stage.set()?;
    scenes::commands(&stage, out)?;
    scenes::every_gate(&stage, out)?;
    people::leave(portal, stage.sessions, now)
}

impl Stage<'_> {
    /// Everything as it was before the story, however an earlier run ended: a second run tells the
    /// same.
    fn set(&self) -> Result<(), Failure> {
        let operator = self.portal.operator("quickstart", self.now);
        operator.share(Kind::TASK, CHECKLIST, Exposure::Hidden)?;
        let added = operator.members(self.website).add(self.bob.0)?;
        match added.invitation {
            None => Ok(()),
            Some(_) => Err(Failure::new(
                "Bob has lost his login; remove the database and start again",
            )),
        }
    }

    /// The next request of somebody who is signed in.
    pub(super) fn request(&self, person: Person) -> Result<Me, Failure> {
        let session = self
            .sessions
            .iter()
            .find(|session| session.person.who == person.who)
            .ok_or_else(|| Failure::new(format_args!("{} is not signed in", person.who)))?;
        Ok(self.portal.session(&session.secret, self.now)?)
    }
}

/// How much there is of everything.
fn inventory(stage: &Stage<'_>) -> Result<Table, Failure> {
    let mut found: Vec<(String, usize)> = Vec::new();
    stage.portal.store().read(|tx| {
        let clients = tx.clients()?;
        let mut contacts = 0;
        let mut containers: BTreeMap<ContainerKind, usize> = BTreeMap::new();
        let owners = clients.iter().map(|client| Some(client.id));
        for owner in owners.chain([None]) {
            contacts += owner.map_or(Ok(0), |client| {
                tx.contacts_of(client).map(|contacts| contacts.len())
            })?;
            for container in tx.containers_of(owner)? {
                *containers.entry(container.kind).or_default() += 1;
            }
        }
        let users = tx.users()?;
        found.push(("clients".to_owned(), clients.len()));
        found.push(("contacts".to_owned(), contacts));
        for kind in UserKind::ALL {
            let of_kind = users
                .iter()
                .filter(|user| user.kind == kind && !user.removed);
            found.push((format!("users, {}", kind.name()), of_kind.count()));
        }
        for (kind, containers) in containers {
            found.push((format!("containers, {kind}"), containers));
        }
        Ok::<(), StoreError>(())
    })?;
    let operator = stage.portal.operator("quickstart", stage.now);
    let mut items: BTreeMap<Kind, usize> = BTreeMap::new();
    operator.survey(&mut |finding| {
        if finding.user.id == stage.bob.1 {
            *items.entry(finding.kind).or_default() += 1;
        }
    })?;
    for entry in stage.portal.catalogue().kinds() {
        let of_kind = items.get(&entry.kind).copied().unwrap_or(0);
        found.push((format!("items, {}", entry.name), of_kind));
    }
    found.push(("items together".to_owned(), items.values().sum()));
    let mut table = Table::new(["what", "how many"]);
    for (what, how_many) in found {
        table.row([what, count(how_many)]);
    }
    Ok(table)
}

/// What each signed-in person finds in their lists, counted by the same rule.
fn sights(stage: &Stage<'_>) -> Result<Table, Failure> {
    let kinds = stage.portal.catalogue().kinds();
    let names = kinds.iter().map(|entry| entry.name.as_str());
    let mut table = Table::new(["who", "clients"].into_iter().chain(names));
    for session in &stage.sessions {
        let me = stage.request(session.person)?;
        let clients = stage.portal.clients(&me, stage.now)?.len();
        let mut row = vec![session.person.who.to_owned(), count(clients)];
        for entry in kinds {
            let seen = stage.portal.count(&me, entry.kind, u32::MAX, stage.now)?;
            row.push(count(usize::try_from(seen).unwrap_or(usize::MAX)));
        }
        table.row(row);
    }
    Ok(table)
}
