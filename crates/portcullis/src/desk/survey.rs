use super::{Desk, Run};
use crate::{Error, PortalTx};
use portcullis_access::{Grant, Kind, NamedRight, User, Verb, Viewer};
use portcullis_id::{ContainerId, HostKey, ItemId, UserId};
use portcullis_ledger::Scope;
use portcullis_sharing::{
    Bond, Container, Decision, Item, ItemRow, ParentFacts, decide, load_sight,
};
use std::collections::HashMap;

/// One answer of a survey.
#[derive(Debug)]
pub struct Finding<'a> {
    /// Whose answer it is.
    pub user: &'a User,
    /// The item's kind.
    pub kind: Kind,
    /// The host's key of the item.
    pub key: &'a HostKey,
    /// What was decided.
    pub decision: Decision,
}

/// How many items are read at a time.
const CHUNK: u32 = 500;

impl<R: Run> Desk<'_, R> {
    /// Decides for every user who was not removed and every item whether they see it, and hands
    /// each answer to `each`: item by item, and within an item in order of the users. For reports
    /// and for tests of a policy; it reads the whole portal once.
    ///
    /// # Errors
    /// Refused without `audit.read` over every client.
    pub fn survey(&self, each: &mut dyn FnMut(Finding<'_>)) -> Result<(), Error> {
        self.act("audit.survey", |tx, act| {
            act.require(NamedRight::READ_AUDIT, None)?;
            let rules = self.rules;
            let catalogue = rules.access.catalogue();
            let containers = containers(tx)?;
            let grants = grants(tx, &containers)?;
            let items = items(tx)?;
            let parents: HashMap<ItemId, ParentFacts> = items
                .iter()
                .map(|item| {
                    let (kind, open) = (item.kind, item.open);
                    (item.id, ParentFacts { kind, open })
                })
                .collect();
            let viewers = self.viewers(tx)?;
            let revision = tx.revision(Scope::Policy)?;
            for item in items {
                let Some(container) = containers.get(&item.container) else {
                    continue;
                };
                let parent = item.parent.and_then(|parent| parents.get(&parent));
                let mut row = ItemRow {
                    container: container.facts(),
                    parent: parent.copied(),
                    bond: None,
                    revision,
                    item,
                };
                for (user, viewer) in &viewers {
                    row.bond = Some(Bond {
                        user: user.id,
                        grant: grants.get(&(user.id, row.item.container)).copied(),
                        receives: false,
                    });
                    let facts = row.facts(catalogue);
                    each(Finding {
                        user,
                        kind: row.item.kind,
                        key: &row.item.key,
                        decision: decide(viewer, Verb::View, &facts, self.now),
                    });
                }
            }
            Ok(())
        })
    }

    fn viewers(&self, tx: &mut dyn PortalTx) -> Result<Vec<(User, Viewer)>, Error> {
        let (access, sharing) = (&self.rules.access, &self.rules.sharing);
        let mut viewers = Vec::new();
        for user in tx.users()?.into_iter().filter(|user| !user.removed) {
            let standing = tx.standing(user.id)?;
            if let Some(viewer) = load_sight(tx, user.id, standing, access, sharing, self.now)? {
                viewers.push((user, viewer));
            }
        }
        Ok(viewers)
    }
}

fn containers(tx: &mut dyn PortalTx) -> Result<HashMap<ContainerId, Container>, Error> {
    let owners = tx.clients()?.into_iter().map(|client| Some(client.id));
    let mut found = HashMap::new();
    for owner in owners.chain([None]) {
        for container in tx.containers_of(owner)? {
            found.insert(container.id, container);
        }
    }
    Ok(found)
}

fn grants(
    tx: &mut dyn PortalTx,
    containers: &HashMap<ContainerId, Container>,
) -> Result<HashMap<(UserId, ContainerId), Grant>, Error> {
    let mut found = HashMap::new();
    for container in containers.keys() {
        for membership in tx.members_of(*container)? {
            found.insert((membership.user, *container), membership.grant);
        }
    }
    Ok(found)
}

fn items(tx: &mut dyn PortalTx) -> Result<Vec<Item>, Error> {
    let mut found: Vec<Item> = Vec::new();
    loop {
        let more = tx.items_after(found.last().map(|item| item.id), CHUNK)?;
        if more.is_empty() {
            return Ok(found);
        }
        found.extend(more);
    }
}
