use crate::{Container, Item};
use portcullis_access::gates::{client_usable, portal_active, standing};
use portcullis_access::{Catalogue, ContainerKinds, Held, Kind, KindSet, UserKind, Verb, Viewer};
use portcullis_id::{ClientId, Timestamp, UserId};

/// What a list asks of storage: memberships that the Rust rule computed, and nothing else.
///
/// One [`Branch`] per reach class and set of rights, disjoint, to be united. Storage may only ask
/// "is this row's client in the set, is its path clear of these kinds, is its container's kind in
/// the set, is it open, is it granted"; the rows come back with their facts and are admitted once
/// more by [`decide`](crate::decide).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The kind that is listed.
    pub kind: Kind,
    /// For whom: grants are looked up for this user.
    pub user: UserId,
    /// When: a grant counts up to its end.
    pub now: Timestamp,
    /// Whether rows come with the user's bond: for a viewer who does not carry its grants.
    pub bonds: bool,
    /// The branches; none at all is the empty list.
    pub branches: Vec<Branch>,
}

/// One disjoint part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The clients whose rows are in it.
    pub clients: ClientScope,
    /// The container kinds whose rows are in it.
    pub containers: ContainerKinds,
    /// Whether a live grant of the container is needed too.
    pub granted_only: bool,
    /// The kinds that must not be on a row's path: not held, or an area closed at the client.
    pub barred: KindSet,
    /// Whether the row and its container must be open and the container's areas clear of the
    /// path. Staff see what is hidden.
    pub open_only: bool,
}

/// A set of clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientScope {
    /// Every client, and what belongs to none.
    All,
    /// Those with which the plan's user has a live affiliation, all of which hold the same.
    Affiliated,
    /// These, in order of id.
    These(Vec<ClientId>),
}

impl ClientScope {
    /// Up to this many clients are named one by one.
    pub const NAMED: usize = 64;
}

impl Plan {
    /// The list of items of `kind` that `viewer` may see at `now`.
    pub fn items(viewer: &Viewer, kind: Kind, catalogue: &Catalogue, now: Timestamp) -> Self {
        let judged = KindSet::of(catalogue.judged_as(kind));
        Self::build(viewer, kind, now, |held, staff| {
            let viewable = held.rights.kinds(Verb::View);
            let open = if staff {
                viewable
            } else {
                viewable.intersection(held.closed.complement())
            };
            open.contains_all(judged).then_some(open.complement())
        })
    }

    fn build(
        viewer: &Viewer,
        kind: Kind,
        now: Timestamp,
        barred: impl Fn(&Held, bool) -> Option<KindSet>,
    ) -> Self {
        let mut plan = Self {
            kind,
            user: viewer.user(),
            now,
            bonds: viewer.granted_containers().is_none(),
            branches: Vec::new(),
        };
        let usable =
            viewer.fresh_at(now) && portal_active::passes(viewer) && standing::passes(viewer);
        if !usable {
            return plan;
        }
        let staff = viewer.kind() == UserKind::Staff;
        for (clients, barred) in scopes(viewer, |held| barred(held, staff)) {
            for granted_only in [false, true] {
                let class = if granted_only {
                    viewer.reach().complement()
                } else {
                    viewer.reach()
                };
                let containers = class.intersection(viewer.licensed());
                if !containers.is_empty() {
                    plan.branches.push(Branch {
                        clients: clients.clone(),
                        containers,
                        granted_only,
                        barred,
                        open_only: !staff,
                    });
                }
            }
        }
        plan
    }
}

impl Branch {
    /// Whether a row belongs to this branch: the memberships, asked of rows in memory. `granted`
    /// is whether the plan's user has a live grant of the container.
    pub fn holds(
        &self,
        item: &Item,
        container: &Container,
        granted: bool,
        affiliated: impl Fn(ClientId) -> bool,
    ) -> bool {
        let client = match &self.clients {
            ClientScope::All => true,
            ClientScope::Affiliated => item.client.is_some_and(affiliated),
            ClientScope::These(clients) => item
                .client
                .is_some_and(|client| clients.binary_search(&client).is_ok()),
        };
        let open = !self.open_only
            || (item.open && container.open && !container.closed.intersects(item.path));
        client
            && open
            && self.containers.contains(container.kind)
            && !item.path.intersects(self.barred)
            && (granted || !self.granted_only)
    }
}

/// The clients a viewer reaches, put together by what is barred at them.
fn scopes(
    viewer: &Viewer,
    barred: impl Fn(&Held) -> Option<KindSet>,
) -> Vec<(ClientScope, KindSet)> {
    if let Some(held) = viewer.everywhere() {
        return barred(held)
            .map(|barred| (ClientScope::All, barred))
            .into_iter()
            .collect();
    }
    let mut groups: Vec<(KindSet, Vec<ClientId>)> = Vec::new();
    let mut whole = true;
    for (client, held) in viewer.clients() {
        let passes = client_usable::passes(viewer, Some(held));
        let Some(barred) = passes.then(|| barred(held)).flatten() else {
            whole = false;
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == barred) {
            Some((_, clients)) => clients.push(client),
            None => groups.push((barred, vec![client])),
        }
    }
    groups.sort_by_key(|(barred, _)| barred.bits());
    let single = whole && groups.len() == 1;
    groups
        .into_iter()
        .map(|(barred, mut clients)| {
            clients.sort_unstable();
            let scope = if single && clients.len() > ClientScope::NAMED {
                ClientScope::Affiliated
            } else {
                ClientScope::These(clients)
            };
            (scope, barred)
        })
        .collect()
}
