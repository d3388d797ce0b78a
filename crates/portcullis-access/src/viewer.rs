use crate::{
    AccessRules, ContainerKinds, Fields, Grant, Kind, KindSet, Light, RightSet, Subject,
    SubjectAffiliation, UserKind,
};
use portcullis_id::{ClientId, ContainerId, Standing, State, Timestamp, UserId};
use portcullis_ledger::Revision;
use std::collections::HashMap;
use std::sync::Arc;

mod id_hash;
use id_hash::ById;

/// The subject half of every decision: what one person is, folded once per request into plain
/// immutable data.
///
/// It is stamped with the policy revision it was read at and with the earliest expiry in it; past
/// [`Viewer::valid_until`] every answer is a refusal that hides existence, so that a cached one can
/// never outlive what it was made from. It has no way to write.
#[derive(Clone, Debug)]
pub struct Viewer {
    user: UserId,
    kind: UserKind,
    state: State,
    preview: bool,
    portal_active: bool,
    licensed: ContainerKinds,
    reach: ContainerKinds,
    everywhere: Option<Held>,
    clients: HashMap<ClientId, u16, ById>,
    held: Vec<Held>,
    grants: Grants,
    fields: Arc<[Fields]>,
    revision: Revision,
    valid_until: Timestamp,
}

/// What a viewer holds at one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// The rights: roles and direct ones, cut by the ceiling.
    pub rights: RightSet,
    /// The areas that are closed at this client.
    pub closed: KindSet,
    /// Whether the client is usable (gate 4).
    pub usable: bool,
}

/// The containers a viewer was let into.
#[derive(Clone, Debug)]
enum Grants {
    /// All of them, few enough to carry.
    Carried(HashMap<ContainerId, Grant, ById>),
    /// Too many to carry: whether one is granted travels with the item's facts.
    WithFacts,
}

/// Whether a viewer's own grants decide, or those that travel with the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    /// The viewer carries all its grants, and this is the one.
    Yes(Grant),
    /// The viewer carries all its grants, and there is none.
    No,
    /// The viewer carries none; look at the facts.
    AskFacts,
}

impl Viewer {
    /// At most this many grants are carried; a viewer with more has them looked up per item.
    pub const CARRIED_GRANTS: usize = 100;

    /// Folds what storage answered about a person into a viewer.
    ///
    /// Affiliations that are paused or past their end at `now` are left out; the ends of the
    /// others bound [`Viewer::valid_until`].
    pub fn fold(
        subject: &Subject,
        affiliations: impl IntoIterator<Item = SubjectAffiliation>,
        standing: Standing,
        rules: &AccessRules,
        now: Timestamp,
    ) -> Self {
        let kind = subject.kind;
        let shared = rules
            .catalogue()
            .resolve(subject.rights.iter().map(String::as_str))
            .rights;
        let mut viewer = Self {
            user: subject.user,
            kind,
            state: if subject.removed {
                State::Absent
            } else {
                standing.at(now)
            },
            preview: false,
            portal_active: subject.portal.active,
            licensed: subject.portal.licensed,
            reach: subject.reach,
            everywhere: (kind == UserKind::Staff && subject.every_client).then(|| Held {
                rights: rules.held(kind, shared),
                closed: KindSet::NONE,
                usable: true,
            }),
            clients: HashMap::default(),
            held: Vec::new(),
            grants: Grants::Carried(HashMap::default()),
            fields: Arc::from([]),
            revision: subject.revision,
            valid_until: Timestamp::MAX,
        };
        viewer.bound(standing.until().filter(|until| now < *until));
        let mut places = HashMap::new();
        for affiliation in affiliations {
            viewer.take_up(&affiliation, shared, rules, now, &mut places);
        }
        viewer
    }

    fn take_up(
        &mut self,
        at: &SubjectAffiliation,
        shared: RightSet,
        rules: &AccessRules,
        now: Timestamp,
        places: &mut HashMap<Held, u16>,
    ) {
        if at.paused || at.until.is_some_and(|until| now >= until) {
            return;
        }
        self.bound(at.until);
        let own = rules
            .catalogue()
            .resolve(at.rights.iter().map(String::as_str))
            .rights;
        let held = Held {
            rights: rules.held(self.kind, shared.union(own)),
            closed: at.closed,
            usable: !(rules.profile().inactive_denies && at.light == Light::Inactive),
        };
        let place = match (places.get(&held), u16::try_from(self.held.len())) {
            (Some(place), _) => *place,
            (None, Ok(place)) => {
                self.held.push(held);
                places.insert(held, place);
                place
            }
            // Beyond 65,536 different sets of rights the rest is left out, which only closes.
            (None, Err(_)) => return,
        };
        self.clients.insert(at.client, place);
    }

    fn bound(&mut self, end: Option<Timestamp>) {
        if let Some(end) = end {
            self.valid_until = self.valid_until.min(end);
        }
    }

    /// This viewer with the containers it was let into; `None` when there are more than
    /// [`Viewer::CARRIED_GRANTS`], so that they travel with the facts.
    #[must_use]
    pub fn with_grants(
        mut self,
        grants: Option<Vec<(ContainerId, Grant)>>,
        now: Timestamp,
    ) -> Self {
        self.grants = match grants {
            None => Grants::WithFacts,
            Some(grants) => {
                let live: HashMap<_, _, _> = grants
                    .into_iter()
                    .filter(|(_, grant)| grant.live_at(now))
                    .collect();
                for grant in live.values() {
                    self.bound(grant.until);
                }
                Grants::Carried(live)
            }
        };
        self
    }

    /// This viewer with the fields it may see, by number of the item kind.
    #[must_use]
    pub fn with_fields(mut self, fields: Arc<[Fields]>) -> Self {
        self.fields = fields;
        self
    }

    /// This person's sight as a preview: gate 3 counts as passed, and [`Viewer::state`] still tells
    /// what it would have said (choice 24).
    #[must_use]
    pub fn as_preview(mut self) -> Self {
        self.preview = true;
        self
    }

    /// Who sees.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// Staff, client or guest.
    pub const fn kind(&self) -> UserKind {
        self.kind
    }

    /// The state of the account when the viewer was folded.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Whether this is a preview.
    pub const fn is_preview(&self) -> bool {
        self.preview
    }

    /// Whether the portal is active.
    pub const fn portal_active(&self) -> bool {
        self.portal_active
    }

    /// The container kinds that are licensed.
    pub const fn licensed(&self) -> ContainerKinds {
        self.licensed
    }

    /// The container kinds of which all are reached at the clients reached.
    pub const fn reach(&self) -> ContainerKinds {
        self.reach
    }

    /// The policy revision the viewer was read at.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// From this tick on every answer is [`Gate::Stale`](crate::Gate::Stale).
    pub const fn valid_until(&self) -> Timestamp {
        self.valid_until
    }

    /// Whether the viewer still holds at `now`.
    #[inline]
    pub fn fresh_at(&self, now: Timestamp) -> bool {
        now < self.valid_until
    }

    /// What is held at a client; `None` where there is no affiliation. Without a client it is what
    /// staff of every client hold.
    #[inline]
    pub fn held_at(&self, client: Option<ClientId>) -> Option<&Held> {
        if self.everywhere.is_some() {
            return self.everywhere.as_ref();
        }
        let place = *self.clients.get(&client?)?;
        self.held.get(usize::from(place))
    }

    /// Whether every client is reached: staff who are not limited to listed ones.
    pub const fn every_client(&self) -> bool {
        self.everywhere.is_some()
    }

    /// The clients with a live affiliation and what is held at each, in no order.
    pub fn clients(&self) -> impl Iterator<Item = (ClientId, &Held)> {
        self.clients
            .iter()
            .filter_map(|(client, place)| Some((*client, self.held.get(usize::from(*place))?)))
    }

    /// What is held at every client, where every client is reached.
    pub const fn everywhere(&self) -> Option<&Held> {
        self.everywhere.as_ref()
    }

    /// Whether this container was granted, as far as the viewer can tell.
    #[inline]
    pub fn granted(&self, container: ContainerId) -> Granted {
        match &self.grants {
            Grants::WithFacts => Granted::AskFacts,
            Grants::Carried(grants) => match grants.get(&container) {
                Some(grant) => Granted::Yes(*grant),
                None => Granted::No,
            },
        }
    }

    /// The containers granted, in no order; `None` when there are too many to carry.
    pub fn granted_containers(&self) -> Option<impl Iterator<Item = ContainerId>> {
        match &self.grants {
            Grants::WithFacts => None,
            Grants::Carried(grants) => Some(grants.keys().copied()),
        }
    }

    /// The fields of a kind that may be seen and asked about.
    #[inline]
    pub fn fields(&self, kind: Kind) -> Fields {
        if self.kind == UserKind::Staff {
            return Fields::ALL;
        }
        self.fields
            .get(usize::from(kind.number()))
            .copied()
            .unwrap_or(Fields::NONE)
    }
}
