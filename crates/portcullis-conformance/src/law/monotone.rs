//! Monotone (L2): taking never shows, giving never hides.

use super::over;
use crate::moves::Roster;
use crate::{Draws, Harness, NOW, Stage};
use portcullis::access::{ContainerKinds, Kind, KindSet, Light};
use portcullis::desk::{Desk, Run};
use portcullis::id::{HostKey, ProjectId, RoleId, days};
use portcullis::ledger::Store;
use portcullis::sharing::{Exposure, Lifecycle};
use portcullis::{Error, ErrorKind, PortalTx};
use std::collections::BTreeSet;

/// Hiding an item or container, taking a grant, role, right, reach, licence, area or affiliation,
/// suspending, switching off: nobody sees anything they did not see before.
pub fn taking_shows_nothing_new<H: Harness>() {
    walk::<H>(5_000, take, |before, after| after.is_subset(before));
}

/// And the other way round.
pub fn giving_hides_nothing<H: Harness>() {
    walk::<H>(6_000, give, BTreeSet::is_subset);
}

type Sight = BTreeSet<(Kind, HostKey)>;
type Outcome = (&'static str, Result<(), Error>);

fn walk<H: Harness>(
    salt: u64,
    step: impl Fn(&Stage<H::Store>, &Draws, &Roster) -> Outcome,
    holds: impl Fn(&Sight, &Sight) -> bool,
) {
    over::<H>(0..6, |seed| {
        let stage = Stage::of(H::fresh(), seed);
        let draws = Draws::seeded(seed + salt);
        let roster = Roster::of(&stage);
        let mut before = sights(&stage, &roster);
        for _ in 0..40 {
            let (what, outcome) = step(&stage, &draws, &roster);
            if let Err(error) = outcome {
                assert_ne!(error.kind(), ErrorKind::Fault, "{what}: {error}");
                continue;
            }
            let after = sights(&stage, &roster);
            for (n, user) in roster.users.iter().enumerate() {
                assert!(
                    holds(&before[n], &after[n]),
                    "{what}: {:?} had {:?} and has {:?}",
                    user.key,
                    before[n],
                    after[n]
                );
            }
            before = after;
        }
    });
}

fn take<S>(stage: &Stage<S>, draws: &Draws, roster: &Roster) -> Outcome
where
    S: Store,
    S::Tx: PortalTx,
{
    let desk = stage.operator();
    let user = draws.pick(&roster.users);
    let item = draws.pick(&roster.items);
    let container = draws.pick(&roster.containers);
    let (project, client) = (
        ProjectId::from_uuid(container.id.uuid()),
        *draws.pick(&roster.clients),
    );
    let door = desk.affiliation(user.id, client);
    match draws.below(18) {
        0 | 1 => ("hide", desk.share(item.kind, &item.key, Exposure::Hidden)),
        2 => (
            "withdraw",
            desk.set_lifecycle(item.kind, &item.key, Lifecycle::Withdrawn),
        ),
        3 => (
            "hide container",
            desk.projects(None).share(project, Exposure::Hidden),
        ),
        4 => (
            "draft container",
            desk.projects(None).set_lifecycle(project, Lifecycle::Draft),
        ),
        5 => (
            "close areas of a container",
            desk.projects(None).close_areas(project, KindSet::ALL),
        ),
        6 => (
            "close areas",
            desk.clients().close_areas(client, KindSet::ALL),
        ),
        7 => ("take out", desk.members(container.id).remove(user.id)),
        8 => ("close a door", door.remove()),
        9 => ("end a door", door.set_end(Some(NOW.before(days(1))))),
        10 => ("take rights at a client", door.set_rights(&[])),
        11 => ("take rights", desk.set_rights(user.id, &[])),
        12 => ("take roles", desk.roles().give(user.id, None, &[])),
        13 => (
            "thin a role",
            desk.roles().set_rights(draws.pick(&roster.roles).id, &[]),
        ),
        14 => ("take reach", desk.set_reach(user.id, ContainerKinds::NONE)),
        15 => (
            "inactive",
            desk.clients().set_light(client, Light::Inactive),
        ),
        16 => ("suspend", desk.accounts().suspend(user.id).map(drop)),
        _ => seldom_take(&desk, draws, user.id),
    }
}

fn seldom_take<R: Run>(desk: &Desk<'_, R>, draws: &Draws, user: portcullis::id::UserId) -> Outcome {
    match draws.below(3) {
        0 => ("switch off", desk.settings().set_active(false)),
        1 => (
            "unlicense",
            desk.settings().set_licensed(ContainerKinds::NONE),
        ),
        _ => ("remove", desk.remove_user(user)),
    }
}

fn give<S>(stage: &Stage<S>, draws: &Draws, roster: &Roster) -> Outcome
where
    S: Store,
    S::Tx: PortalTx,
{
    let desk = stage.operator();
    let user = draws.pick(&roster.users);
    let item = draws.pick(&roster.items);
    let container = draws.pick(&roster.containers);
    let contact = draws.pick(&roster.contacts);
    let (project, client) = (
        ProjectId::from_uuid(container.id.uuid()),
        *draws.pick(&roster.clients),
    );
    let door = desk.affiliation(user.id, client);
    let all: Vec<RoleId> = roster.roles.iter().map(|role| role.id).collect();
    let more = |rights: Vec<String>| {
        let mut rights = rights;
        rights.push("documents.view".to_owned());
        rights
    };
    match draws.below(16) {
        0 | 1 => ("show", desk.share(item.kind, &item.key, Exposure::Shown)),
        2 => (
            "issue",
            desk.set_lifecycle(item.kind, &item.key, Lifecycle::Issued),
        ),
        3 => (
            "show container",
            desk.projects(None).share(project, Exposure::Shown),
        ),
        4 => (
            "issue container",
            desk.projects(None)
                .set_lifecycle(project, Lifecycle::Issued),
        ),
        5 => (
            "open areas of a container",
            desk.projects(None).close_areas(project, KindSet::NONE),
        ),
        6 => (
            "open areas",
            desk.clients().close_areas(client, KindSet::NONE),
        ),
        7 => (
            "let in",
            desk.members(container.id).add(contact.id).map(drop),
        ),
        8 => ("open a door", door.add(None)),
        9 => (
            "give roles at a client",
            desk.roles().give(user.id, Some(client), &all),
        ),
        10 => {
            let now = stage.read(|tx| tx.user(user.id)).unwrap();
            let rights = more(now.rights);
            let rights: Vec<_> = rights.iter().map(String::as_str).collect();
            ("give a right", desk.set_rights(user.id, &rights))
        }
        11 => ("give reach", desk.set_reach(user.id, ContainerKinds::ALL)),
        12 => ("active", desk.clients().set_light(client, Light::Active)),
        13 => ("switch on", desk.settings().set_active(true)),
        14 => ("license", desk.settings().set_licensed(ContainerKinds::ALL)),
        _ => ("resume", desk.accounts().resume(user.id).map(drop)),
    }
}

fn sights<S>(stage: &Stage<S>, roster: &Roster) -> Vec<Sight>
where
    S: Store,
    S::Tx: PortalTx,
{
    let sight =
        |user: &portcullis::access::User| stage.seen(&stage.viewer(user.id)).into_iter().collect();
    roster.users.iter().map(sight).collect()
}
