//! No self-raise (promise 5, L9, L11).

use super::over;
use crate::moves::{self, Roster};
use crate::{Draws, Harness, NOW, Stage};
use portcullis::access::{
    ContainerKinds, HandOut, NamedRight, Right, RoleMode, User, UserKind, Viewer,
};
use portcullis::id::{ClientId, ContainerId, UserId};
use portcullis::ledger::Store;
use portcullis::{ErrorKind, PortalTx};
use std::collections::{BTreeMap, BTreeSet};

/// What one user holds, whatever their standing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Holding {
    email: Option<String>,
    reach: ContainerKinds,
    grants: BTreeSet<ContainerId>,
    /// By client; `None` is every client.
    rights: BTreeMap<Option<ClientId>, BTreeSet<String>>,
}

/// Whoever manages users does so at random: nobody gains a right, a client or an address from
/// somebody who does not hold it there, and nobody changes anything of their own.
pub fn nobody_raises_anybody<H: Harness>() {
    over::<H>(0..30, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let draws = Draws::seeded(seed + 3_000);
        let mut roster = Roster::of(&stage);
        let mut before = holdings(&stage);
        let mut done = 0;
        for n in 0..200 {
            let actor = actor(&draws, &roster.users);
            let Ok(me) = stage.portal.vouched(actor.id, "the host", NOW) else {
                continue;
            };
            // Often they try it on themselves.
            let mut about = roster.clone();
            if draws.percent(30) {
                about.users = vec![actor.clone()];
                about
                    .contacts
                    .retain(|contact| Some(contact.id) == actor.contact);
                if about.contacts.is_empty() {
                    about.contacts.clone_from(&roster.contacts);
                }
            }
            let (what, outcome) = moves::one(&stage.portal.acting(&me), &draws, &about);
            if let Err(error) = outcome {
                assert_ne!(error.kind(), ErrorKind::Fault, "{what}: {error}");
                continue;
            }
            done += 1;
            let after = holdings(&stage);
            own_is_untouched(
                &stage,
                &before[&actor.id],
                &after[&actor.id],
                &format!("{:?}: {what}", actor.key),
            );
            for user in stage.users() {
                let old = before.get(&user.id).cloned().unwrap_or_default();
                let new = &after[&user.id];
                let told = format!("{:?}: {what}", actor.key);
                covered(&stage, &me, &gained(&old, new), &told);
                reach_covered(&stage, &me, &old, new, &told);
            }
            before = after;
            if n % 20 == 19 {
                roster = Roster::of(&stage);
            }
        }
        assert!(done > 2, "only {done} commands did anything");
    });
}

/// Where roles are fixed, no sequence of commands, by whomever, gives a user of a client a right
/// that the profile does not give everybody like them.
pub fn fixed_roles_stay_fixed<H: Harness>() {
    over::<H>(0..4, |n| {
        // Every fourth world has fixed roles.
        let stage = Stage::of(H::fresh(), 4 * n + 2);
        assert_eq!(stage.world.profile.access.roles, RoleMode::Fixed);
        let draws = Draws::seeded(n + 4_000);
        let mut roster = Roster::of(&stage);
        for n in 0..60 {
            let (what, outcome) = moves::one(&stage.operator(), &draws, &roster);
            if let Err(error) = outcome {
                assert_ne!(error.kind(), ErrorKind::Fault, "{what}: {error}");
            }
            for user in stage.users() {
                if user.kind == UserKind::Staff {
                    continue;
                }
                let fixed = stage
                    .access()
                    .held(user.kind, portcullis::access::RightSet::NONE);
                for (_, held) in stage.viewer(user.id).clients() {
                    assert_eq!(held.rights, fixed, "{:?} after {what}", user.key);
                }
            }
            if n % 20 == 19 {
                roster = Roster::of(&stage);
            }
        }
    });
}

/// Mostly those who manage users at one client; sometimes staff, sometimes anybody.
fn actor<'u>(draws: &Draws, users: &'u [User]) -> &'u User {
    let managers: Vec<_> = users
        .iter()
        .filter(|user| user.name.ends_with("-0") || user.name == "Staff partner")
        .collect();
    match draws.below(10) {
        0 => draws.pick(users),
        1 => users.iter().find(|user| user.every_client).unwrap(),
        _ => managers[draws.below(managers.len())],
    }
}

/// Of one's own nothing changes but that one may leave a container, and is in one just made.
fn own_is_untouched<S>(stage: &Stage<S>, before: &Holding, after: &Holding, what: &str)
where
    S: Store,
    S::Tx: PortalTx,
{
    let old = |id: &&ContainerId| {
        let container = stage.read(|tx| tx.container(**id));
        container.is_none_or(|container| container.created_at < NOW)
    };
    let entered: Vec<_> = after
        .grants
        .difference(&before.grants)
        .filter(old)
        .collect();
    assert!(entered.is_empty(), "{what} let them in at {entered:?}");
    let grants = before.grants.clone();
    let after = Holding {
        grants,
        ..after.clone()
    };
    assert_eq!(*before, after, "{what} changed their own");
}

/// What is new, what comes with the kind of user included.
fn gained(old: &Holding, new: &Holding) -> BTreeMap<Option<ClientId>, BTreeSet<String>> {
    let mut gained = BTreeMap::new();
    for (client, rights) in &new.rights {
        let before = old.rights.get(client);
        let more: BTreeSet<_> = rights - before.unwrap_or(&BTreeSet::new());
        if before.is_none() || !more.is_empty() {
            gained.insert(*client, more);
        }
    }
    gained
}

/// Whether the giver could give all that.
/// A user who gains reach, or a first door, reaches no more than whoever let them.
fn reach_covered<S>(stage: &Stage<S>, giver: &Viewer, old: &Holding, new: &Holding, what: &str) {
    let doors = new
        .rights
        .keys()
        .any(|client| !old.rights.contains_key(client));
    let more = new.reach.intersection(old.reach.complement());
    let gained = if doors { new.reach } else { more };
    if stage.world.profile.access.hand_out == HandOut::WhatTheyHold {
        let beyond = gained.intersection(giver.reach().complement());
        assert!(
            beyond.is_empty(),
            "{what}: reach of {beyond:?} given, and not had"
        );
    }
}

fn covered<S>(
    stage: &Stage<S>,
    giver: &Viewer,
    gained: &BTreeMap<Option<ClientId>, BTreeSet<String>>,
    what: &str,
) where
    S: Store,
    S::Tx: PortalTx,
{
    let what_they_hold = stage.world.profile.access.hand_out == HandOut::WhatTheyHold;
    for (client, rights) in gained {
        let held = giver
            .held_at(*client)
            .map(|held| held.rights)
            .unwrap_or_default();
        let roles = held.contains(Right::Named(NamedRight::MANAGE_ROLES));
        let users = held.contains(Right::Named(NamedRight::MANAGE_USERS));
        assert!(users || roles, "{what}: somebody was let in at {client:?}");
        if what_they_hold {
            let catalogue = stage.access().catalogue();
            for right in rights {
                let asked = catalogue.rights_named(right).unwrap();
                assert!(
                    held.contains_all(&asked),
                    "{what}: {right} given at {client:?}, and not held"
                );
            }
        }
    }
}

fn holdings<S>(stage: &Stage<S>) -> BTreeMap<UserId, Holding>
where
    S: Store,
    S::Tx: PortalTx,
{
    let catalogue = stage.access().catalogue();
    stage
        .users()
        .into_iter()
        .map(|user| {
            let viewer = stage.viewer(user.id);
            let held = viewer.clients().map(|(client, held)| (Some(client), held));
            let everywhere = viewer.everywhere().map(|held| (None, held));
            let rights = held.chain(everywhere).map(|(client, held)| {
                (
                    client,
                    catalogue.describe(&held.rights).into_iter().collect(),
                )
            });
            let grants = stage.read(|tx| tx.memberships_of(user.id, 10_000));
            let holding = Holding {
                email: user.email,
                reach: user.reach,
                grants: grants.iter().map(|grant| grant.container).collect(),
                rights: rights.collect(),
            };
            (user.id, holding)
        })
        .collect()
}
