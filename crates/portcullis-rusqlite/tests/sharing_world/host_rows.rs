//! The rows of a host's table over a small portal, and what the rule says of each.

#![expect(clippy::unwrap_used, reason = "support of tests, in a file of its own")]

use crate::sharing_world::{NOW, World, client, client_key, user};
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, ContainerKinds, Keyed, Kind, KindSet,
    Light, PortalState, Subject, SubjectAffiliation, UserKind, Viewer,
};
use portcullis_id::{ClientId, HostKey, KeyType, Standing};
use portcullis_ledger::Revision;
use portcullis_sharing::{ContainerColumn, HostRow, OwnerColumn, decide_host_row};
use proptest::prelude::*;
use uuid::Uuid;

/// One row of the host's table `tasks`.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) key: Option<i64>,
    pub(crate) owner: Option<u8>,
    pub(crate) project: Option<String>,
}

/// Which of the host's columns a list uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Columns {
    Key,
    Owner,
    Container,
    OwnerAndProject,
}

pub(crate) const COLUMNS: [Columns; 4] = [
    Columns::Key,
    Columns::Owner,
    Columns::Container,
    Columns::OwnerAndProject,
];

/// Seeds of the host's rows: which item, and how owner and container are filled.
pub(crate) type Seeds = Vec<(u8, u8, u8)>;

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) kind: UserKind,
    pub(crate) every_client: bool,
    pub(crate) reach: i64,
    pub(crate) rights: [bool; 4],
    pub(crate) closed: bool,
}

pub(crate) fn person() -> impl Strategy<Value = Person> {
    (
        prop::sample::select(UserKind::ALL.to_vec()),
        any::<bool>(),
        prop::sample::select(vec![0_i64, 2, 21, 63, 63, 63]),
        prop::array::uniform4(prop::bool::weighted(0.95)),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(kind, every_client, reach, rights, closed)| Person {
            kind,
            every_client,
            reach,
            rights,
            closed,
        })
}

pub(crate) fn rules() -> AccessRules {
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::TASK, KeyType::Int)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Int);
    AccessRules::new(AccessProfile::closed(), catalogue).unwrap()
}

/// What is known of a viewer, by which the form of a list is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    /// Whether it carries its grants.
    pub(crate) grants: bool,
    /// With how many clients it is affiliated that own nothing.
    pub(crate) idle: u16,
}

pub(crate) fn viewer(person: &Person, world: &World, rules: &AccessRules) -> Viewer {
    let known = Known {
        grants: false,
        idle: 0,
    };
    viewer_as(known, person, world, rules)
}

pub(crate) fn viewer_as(
    known: Known,
    person: &Person,
    world: &World,
    rules: &AccessRules,
) -> Viewer {
    let names = [
        "milestones.view",
        "tasks.view",
        "task-lists.view",
        "documents.view",
    ];
    let rights = names
        .into_iter()
        .zip(person.rights)
        .filter(|(_, held)| *held)
        .map(|(name, _)| name.to_owned())
        .collect();
    let subject = Subject {
        user: user(),
        kind: person.kind,
        removed: false,
        every_client: person.every_client,
        reach: ContainerKinds::from_bits(person.reach),
        rights,
        portal: PortalState {
            active: true,
            first_activated_at: None,
            licensed: ContainerKinds::ALL,
        },
        revision: revision(world),
    };
    let idle = (1..=u128::from(known.idle)).map(|n| ClientId::from_uuid(Uuid::from_u128(n << 100)));
    let affiliated = world.affiliated.iter().copied().chain(idle);
    let affiliations = affiliated.map(|at| SubjectAffiliation {
        client: at,
        light: Light::Active,
        // One client differs, so that a plan has branches of several scopes.
        closed: if person.closed && at == client(0) {
            KindSet::of(Kind::MILESTONE)
        } else {
            KindSet::NONE
        },
        paused: false,
        until: None,
        rights: vec![],
    });
    let grants = known.grants.then(|| {
        let bonds = world
            .rows
            .iter()
            .map(|(row, _)| (row.container.id, row.bond));
        bonds
            .filter_map(|(container, bond)| Some((container, bond?.grant?)))
            .collect()
    });
    Viewer::fold(&subject, affiliations, Standing::USABLE, rules, NOW).with_grants(grants, NOW)
}

fn revision(world: &World) -> Revision {
    let (row, _) = world.rows.first().unwrap();
    row.revision
}

/// A host's rows: most agree with ours, some do not, and some are unknown to us.
pub(crate) fn tasks(world: &World, seeds: &Seeds) -> Vec<Task> {
    let known: Vec<_> = world
        .rows
        .iter()
        .filter(|(row, _)| row.item.kind == Kind::TASK)
        .collect();
    seeds
        .iter()
        .map(|(item, owner, container)| {
            let ours = known.get(usize::from(*item));
            let agreeing = ours.and_then(|(row, _)| row.item.client);
            let agreeing = (0..5).find(|number| Some(client(*number)) == agreeing);
            let key = match ours.map(|(row, _)| &row.item.key) {
                Some(HostKey::Int(key)) => Some(*key),
                _ => (item % 7 != 0).then(|| 1_000 + i64::from(*item)),
            };
            Task {
                key,
                owner: match owner {
                    0..6 => Some(*owner),
                    6 => None,
                    _ => agreeing.or_else(|| (ours.is_none()).then_some(owner % 5)),
                },
                project: match container {
                    0 => None,
                    1 => Some("c1".to_owned()),
                    _ => ours.and_then(|(_, container)| match &container.key {
                        Some(HostKey::Text(key)) => Some(key.clone()),
                        _ => None,
                    }),
                },
            }
        })
        .collect()
}

/// The client's key as the host keeps it: 4 has none in our rows, 5 is no client of ours.
pub(crate) fn owner_value(owner: Option<u8>) -> Option<i64> {
    owner.map(i64::from)
}

pub(crate) fn judged(
    world: &World,
    viewer: &Viewer,
    catalogue: &Catalogue,
    columns: Columns,
    task: &Task,
) -> bool {
    let row = world.rows.iter().find(|(row, _)| {
        row.item.kind == Kind::TASK && task.key.map(HostKey::Int).as_ref() == Some(&row.item.key)
    });
    let project = task.project.clone().map(HostKey::Text);
    let host = HostRow {
        kind: Kind::TASK,
        row: row.map(|(row, container)| (row, container)),
        owner: match (columns, task.owner) {
            (Columns::Key | Columns::Container, _) => OwnerColumn::Unused,
            (_, None) => OwnerColumn::Null,
            (_, Some(owner)) if client_key(owner).is_some() => OwnerColumn::Client(client(owner)),
            (_, Some(_)) => OwnerColumn::Unknown,
        },
        container: match columns {
            Columns::Key | Columns::Owner => ContainerColumn::Unused,
            Columns::Container => ContainerColumn::Any(project.as_ref()),
            Columns::OwnerAndProject => {
                ContainerColumn::Of(ContainerKind::Project, project.as_ref())
            }
        },
    };
    decide_host_row(viewer, &host, catalogue, NOW).is_allow()
}
