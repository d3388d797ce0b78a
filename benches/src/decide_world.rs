//! A portal of a few hundred clients in memory, and questions about it: who asks, what they want
//! to do, and with which item. The same in every run.

use crate::draw::Draw;
use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, ContainerKinds, Grant, Kind, KindSet,
    Light, PortalState, Subject, SubjectAffiliation, UserKind, Verb, Viewer,
};
use portcullis_id::{ClientId, ContainerId, ItemId, Standing, State, Timestamp, UserId};
use portcullis_ledger::Revision;
use portcullis_sharing::{
    Bond, ContainerFacts, DefaultExposure, Exposure, FieldRule, ItemFacts, Kin, Lifecycle,
    SharingProfile, SharingRules,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// When everything is decided.
pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// One question to the rule.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who asks, by place among [`World::viewers`].
    pub viewer: usize,
    /// What they want to do.
    pub verb: Verb,
    /// With what.
    pub facts: ItemFacts,
}

/// People, and the containers that hold the items they ask about.
#[derive(Debug)]
pub struct World {
    /// The subject halves.
    pub viewers: Vec<Viewer>,
    people: Vec<Person>,
    clients: Vec<Place>,
    draw: Draw,
}

#[derive(Debug)]
struct Person {
    user: UserId,
    clients: Vec<usize>,
    granted: Vec<(usize, ContainerFacts)>,
}

#[derive(Debug)]
struct Place {
    id: ClientId,
    light: Light,
    closed: KindSet,
    containers: Vec<ContainerFacts>,
}

impl World {
    /// Three hundred clients with a dozen containers each, and two hundred people: staff of all
    /// and of listed clients, client users of one to three clients, guests of one.
    pub fn of_many(seed: u64) -> Self {
        let mut world = Self::empty(seed, 300);
        for place in 0..200 {
            let kind = match place % 20 {
                0..3 => UserKind::Staff,
                3..16 => UserKind::Client,
                _ => UserKind::Guest,
            };
            let clients = match kind {
                UserKind::Staff => 40,
                UserKind::Client => 1 + place % 3,
                UserKind::Guest => 1,
            };
            world.let_in(kind, clients, place % 2 == 0);
        }
        world
    }

    /// Ten client users who are affiliated with exactly `clients` clients each.
    pub fn of_wide(seed: u64, clients: usize) -> Self {
        let mut world = Self::empty(seed, 3_000);
        for _ in 0..10 {
            world.let_in(UserKind::Client, clients, false);
        }
        world
    }

    fn empty(seed: u64, clients: usize) -> Self {
        let mut draw = Draw::seeded(seed);
        let clients = (0..clients).map(|_| place(&mut draw)).collect();
        Self {
            viewers: Vec::new(),
            people: Vec::new(),
            clients,
            draw,
        }
    }

    /// Adds a person: one in thirty was folded while the portal was off, one in twenty may not act.
    fn let_in(&mut self, kind: UserKind, clients: usize, every_client: bool) {
        let draw = &mut self.draw;
        let user = UserId::from_uuid(Uuid::from_u128(draw.bits()));
        let reach = match kind {
            UserKind::Staff => ContainerKinds::ALL,
            _ if draw.percent(30) => ContainerKinds::NONE.with(ContainerKind::Project),
            _ => ContainerKinds::NONE,
        }
        .with(ContainerKind::Root);
        let mut places: Vec<usize> = (0..self.clients.len()).collect();
        for spot in 0..clients.min(places.len()) {
            let other = spot + draw.below(places.len() - spot);
            places.swap(spot, other);
        }
        places.truncate(clients);
        let affiliations: Vec<_> = places
            .iter()
            .filter_map(|place| self.clients.get(*place))
            .map(affiliation)
            .collect();
        let granted: Vec<_> = places
            .iter()
            .take(12)
            .flat_map(|place| [*place; 5])
            .filter_map(|place| Some((place, draw.one_of(&self.clients.get(place)?.containers))))
            .collect();
        let subject = Subject {
            user,
            kind,
            removed: false,
            every_client,
            reach,
            rights: rights(draw, kind),
            portal: PortalState {
                active: !draw.percent(4),
                first_activated_at: None,
                licensed: ContainerKinds::ALL.without(ContainerKind::Library),
            },
            revision: Revision::default(),
        };
        let state = if draw.percent(5) {
            State::Suspended
        } else {
            State::Usable
        };
        let (access, sharing) = rules();
        let viewer = Viewer::fold(
            &subject,
            affiliations,
            Standing::new(state, None),
            &access,
            NOW,
        );
        let carried = draw.percent(80).then(|| {
            granted
                .iter()
                .map(|(_, container)| (container.id, GRANT))
                .collect()
        });
        self.viewers.push(
            viewer
                .with_grants(carried, NOW)
                .with_fields(sharing.fields()),
        );
        self.people.push(Person {
            user,
            clients: places,
            granted,
        });
    }

    /// Draws questions, most of them about what the asker can have heard of.
    pub fn questions(&mut self, number: usize) -> Vec<Question> {
        (0..number).filter_map(|_| self.question()).collect()
    }

    fn question(&mut self) -> Option<Question> {
        let draw = &mut self.draw;
        let viewer = draw.below(self.people.len());
        let person = self.people.get(viewer)?;
        let (place, container) = match draw.below(100) {
            0..75 => draw.one_of(&person.granted),
            hundredth => {
                let place = if hundredth < 92 {
                    draw.one_of(&person.clients)
                } else {
                    draw.below(self.clients.len())
                };
                (place, draw.one_of(&self.clients.get(place)?.containers))
            }
        };
        let granted = person
            .granted
            .iter()
            .any(|(_, granted)| granted.id == container.id);
        let verb = match draw.below(10) {
            0 => Verb::Download,
            1 => Verb::Edit,
            2 => Verb::Approve,
            3 => Verb::Receive,
            _ => Verb::View,
        };
        let bond = Bond {
            user: person.user,
            grant: granted.then_some(GRANT),
            receives: draw.percent(30),
        };
        let facts = item(draw, self.clients.get(place)?.id, container, bond);
        Some(Question {
            viewer,
            verb,
            facts,
        })
    }
}

const GRANT: Grant = Grant {
    until: None,
    approver: false,
};

fn place(draw: &mut Draw) -> Place {
    let kinds = [
        ContainerKind::Root,
        ContainerKind::Project,
        ContainerKind::Project,
        ContainerKind::Project,
        ContainerKind::Ticket,
        ContainerKind::Ticket,
        ContainerKind::Ticket,
        ContainerKind::Job,
        ContainerKind::Workspace,
        ContainerKind::Library,
    ];
    Place {
        id: ClientId::from_uuid(Uuid::from_u128(draw.bits())),
        light: if draw.percent(5) {
            Light::Inactive
        } else {
            Light::Active
        },
        closed: if draw.percent(20) {
            KindSet::of(Kind::INVOICE).with(Kind::EXPENSE)
        } else {
            KindSet::NONE
        },
        containers: kinds.iter().map(|kind| container(draw, *kind)).collect(),
    }
}

fn container(draw: &mut Draw, kind: ContainerKind) -> ContainerFacts {
    ContainerFacts {
        id: ContainerId::from_uuid(Uuid::from_u128(draw.bits())),
        kind,
        exposure: if draw.percent(5) {
            Exposure::Hidden
        } else {
            Exposure::Inherit
        },
        default: DefaultExposure::ByContainer,
        lifecycle: Lifecycle::Issued,
        closed: if draw.percent(15) {
            KindSet::of(Kind::TIME).with(Kind::DASHBOARD)
        } else {
            KindSet::NONE
        },
    }
}

fn item(draw: &mut Draw, client: ClientId, container: ContainerFacts, bond: Bond) -> ItemFacts {
    let kind = draw.one_of(&[
        Kind::MILESTONE,
        Kind::TASK,
        Kind::TASK,
        Kind::DOCUMENT,
        Kind::DOCUMENT,
        Kind::UPDATE,
        Kind::INVOICE,
        Kind::TIME,
        Kind::COMMENT,
    ]);
    let path = if kind == Kind::COMMENT {
        KindSet::of(kind).with(draw.one_of(&[Kind::DOCUMENT, Kind::INVOICE, Kind::TASK]))
    } else {
        KindSet::of(kind)
    };
    ItemFacts {
        item: ItemId::from_uuid(Uuid::from_u128(draw.bits())),
        kind,
        judged_as: kind,
        path,
        client: Some(client),
        container,
        exposure: draw.one_of(&[
            Exposure::Inherit,
            Exposure::Shown,
            Exposure::Shown,
            Exposure::Hidden,
        ]),
        default: draw.one_of(&[DefaultExposure::Hidden, DefaultExposure::Shown]),
        older: false,
        lifecycle: if draw.percent(12) {
            Lifecycle::Draft
        } else {
            Lifecycle::Issued
        },
        kin: if kind == Kind::COMMENT {
            Kin::Under {
                open: draw.percent(80),
            }
        } else {
            Kin::Alone
        },
        author: draw.percent(20).then_some(bond.user),
        bond: Some(bond),
    }
}

fn affiliation(at: &Place) -> SubjectAffiliation {
    SubjectAffiliation {
        client: at.id,
        light: at.light,
        closed: at.closed,
        paused: false,
        until: None,
        rights: Vec::new(),
    }
}

fn rights(draw: &mut Draw, kind: UserKind) -> Vec<String> {
    let mut names = vec![
        "tasks.view",
        "tasks.edit",
        "documents.view",
        "documents.download",
        "updates.view",
        "comments.view",
        "comments.edit",
        "times.approve",
        "times.view",
    ];
    if kind == UserKind::Staff || draw.percent(60) {
        names.extend(["milestones.view", "milestones.edit", "invoices.view"]);
    }
    names.into_iter().map(str::to_owned).collect()
}

/// Rules under which an inactive client's people are shut out and estimates and margins masked.
///
/// # Panics
/// When the profile does not fit the built-in catalogue, which would be a mistake in here.
pub fn rules() -> (AccessRules, SharingRules) {
    let access = AccessProfile {
        inactive_denies: true,
        ..AccessProfile::closed()
    };
    let hidden =
        |names: &[&str]| FieldRule::AllBut(names.iter().map(ToString::to_string).collect());
    let sharing = SharingProfile {
        fields: BTreeMap::from([
            ("task".to_owned(), hidden(&["estimate", "assignee"])),
            ("invoice".to_owned(), hidden(&["margin"])),
        ]),
        other_fields: FieldRule::All,
        ..SharingProfile::closed()
    };
    let catalogue = Catalogue::built_in();
    (
        AccessRules::new(access, catalogue.clone()).expect("the profile fits"),
        SharingRules::new(sharing, &catalogue).expect("the profile fits"),
    )
}
