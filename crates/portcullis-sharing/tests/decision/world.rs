//! Bob of Acme, who is a member of the website project and sees its task, and Ada of the provider.
//! Every test changes one thing about that.

use portcullis_access::{
    AccessProfile, AccessRules, Catalogue, ContainerKind, ContainerKinds, Deny, Fields, Gate,
    Grant, Kind, KindSet, Light, PortalState, Subject, SubjectAffiliation, UserKind, Verb, Viewer,
};
use portcullis_id::{ClientId, ContainerId, ItemId, Standing, Timestamp, UserId};
use portcullis_ledger::Revision;
use portcullis_sharing::{
    Bond, ContainerFacts, Decision, DefaultExposure, Exposure, FieldRule, ItemFacts, Kin,
    Lifecycle, SharingProfile, SharingRules, decide,
};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_000_000);
pub(crate) const EARLIER: Timestamp = Timestamp::from_millis(900_000);
pub(crate) const LATER: Timestamp = Timestamp::from_millis(1_100_000);

pub(crate) const ACME: ClientId = ClientId::from_uuid(Uuid::from_u128(0xA));
pub(crate) const BIRCH: ClientId = ClientId::from_uuid(Uuid::from_u128(0xB));
pub(crate) const BOB: UserId = UserId::from_uuid(Uuid::from_u128(0xB0B));
pub(crate) const CARL: UserId = UserId::from_uuid(Uuid::from_u128(0xCA1));
const ADA: UserId = UserId::from_uuid(Uuid::from_u128(0xADA));
/// A project of Acme's that Bob is a member of.
pub(crate) const WEBSITE: ContainerId = ContainerId::from_uuid(Uuid::from_u128(0x3E6));
/// A project of Acme's that nobody is a member of.
pub(crate) const INTRANET: ContainerId = ContainerId::from_uuid(Uuid::from_u128(0x147));

pub(crate) const GRANT: Grant = Grant {
    until: None,
    approver: false,
};

/// Everything a viewer is folded from.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) subject: Subject,
    pub(crate) at: Vec<SubjectAffiliation>,
    pub(crate) standing: Standing,
    pub(crate) grants: Option<Vec<(ContainerId, Grant)>>,
    pub(crate) access: AccessProfile,
    pub(crate) sharing: SharingProfile,
    pub(crate) catalogue: Catalogue,
    pub(crate) preview: bool,
}

/// A client user of Acme, member of the website project, who may view and use every kind.
pub(crate) fn bob() -> Person {
    Person {
        subject: Subject {
            user: BOB,
            kind: UserKind::Client,
            removed: false,
            every_client: false,
            reach: ContainerKinds::NONE,
            rights: all_rights(),
            portal: PortalState {
                active: true,
                first_activated_at: None,
                licensed: ContainerKinds::ALL,
            },
            revision: Revision::default(),
        },
        at: vec![at(ACME)],
        standing: Standing::USABLE,
        grants: Some(vec![(WEBSITE, GRANT)]),
        access: AccessProfile::closed(),
        sharing: SharingProfile {
            other_fields: FieldRule::All,
            ..SharingProfile::closed()
        },
        catalogue: Catalogue::built_in(),
        preview: false,
    }
}

/// A guest whom Acme let into the website project.
pub(crate) fn guest() -> Person {
    bob().with(|guest| guest.subject.kind = UserKind::Guest)
}

/// Staff of every client, with every right and reach.
pub(crate) fn ada() -> Person {
    bob().with(|ada| {
        ada.subject.user = ADA;
        ada.subject.kind = UserKind::Staff;
        ada.subject.every_client = true;
        ada.subject.reach = ContainerKinds::ALL;
        ada.at = Vec::new();
        ada.grants = Some(Vec::new());
    })
}

/// Staff who work for Acme alone.
pub(crate) fn staff_of_acme() -> Person {
    ada().with(|staff| {
        staff.subject.every_client = false;
        staff.at = vec![at(ACME)];
    })
}

pub(crate) fn at(client: ClientId) -> SubjectAffiliation {
    SubjectAffiliation {
        client,
        light: Light::Active,
        closed: KindSet::NONE,
        paused: false,
        until: None,
        rights: Vec::new(),
    }
}

/// Every right on every built-in kind, by name.
pub(crate) fn all_rights() -> Vec<String> {
    let catalogue = Catalogue::built_in();
    let on = |verb: &str| {
        let named = |plural: &str| format!("{plural}.{verb}");
        let kinds = catalogue.kinds().iter();
        kinds.map(|entry| named(&entry.plural)).collect::<Vec<_>>()
    };
    let verbs = Verb::ON_KINDS
        .iter()
        .filter(|(verb, _)| *verb != Verb::Receive);
    verbs.flat_map(|(_, name)| on(name)).collect()
}

/// The names of these rights.
pub(crate) fn rights(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// A task in the website project, switched to Yes.
pub(crate) fn task() -> ItemFacts {
    of(Kind::TASK)
}

/// An item of this kind in the website project, switched to Yes.
pub(crate) fn of(kind: Kind) -> ItemFacts {
    ItemFacts {
        item: ItemId::from_uuid(Uuid::from_u128(1)),
        kind,
        judged_as: kind,
        path: KindSet::of(kind),
        client: Some(ACME),
        container: website(),
        exposure: Exposure::Shown,
        default: DefaultExposure::Hidden,
        older: false,
        lifecycle: Lifecycle::Issued,
        kin: Kin::Alone,
        author: None,
        bond: None,
    }
}

/// The website project, shown to whoever reaches it.
pub(crate) fn website() -> ContainerFacts {
    ContainerFacts {
        id: WEBSITE,
        kind: ContainerKind::Project,
        exposure: Exposure::Inherit,
        default: DefaultExposure::ByContainer,
        lifecycle: Lifecycle::Issued,
        closed: KindSet::NONE,
    }
}

/// The same item in the project nobody is a member of.
pub(crate) fn elsewhere(facts: ItemFacts) -> ItemFacts {
    let container = ContainerFacts {
        id: INTRANET,
        ..facts.container
    };
    ItemFacts { container, ..facts }
}

pub(crate) fn bond(user: UserId) -> Bond {
    Bond {
        user,
        grant: None,
        receives: false,
    }
}

impl Person {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// With these rights and no others.
    pub(crate) fn holding(self, names: &[&str]) -> Self {
        self.with(|person| person.subject.rights = rights(names))
    }

    pub(crate) fn viewer_at(&self, now: Timestamp) -> Viewer {
        let access = AccessRules::new(self.access.clone(), self.catalogue.clone()).unwrap();
        let sharing = SharingRules::new(self.sharing.clone(), &self.catalogue).unwrap();
        let viewer = Viewer::fold(&self.subject, self.at.clone(), self.standing, &access, now)
            .with_grants(self.grants.clone(), now)
            .with_fields(sharing.fields());
        if self.preview {
            viewer.as_preview()
        } else {
            viewer
        }
    }

    pub(crate) fn viewer(&self) -> Viewer {
        self.viewer_at(NOW)
    }

    pub(crate) fn asks(&self, verb: Verb, facts: &ItemFacts) -> Decision {
        decide(&self.viewer(), verb, facts, NOW)
    }

    pub(crate) fn views(&self, facts: &ItemFacts) -> Decision {
        self.asks(Verb::View, facts)
    }
}

/// Yes, with every field.
pub(crate) const ALLOWED: Decision = Decision::Allow {
    fields: Fields::ALL,
};

/// No, as if it were not there.
pub(crate) const fn hidden(gate: Gate) -> Decision {
    Decision::Deny(Deny::hidden(gate))
}

/// No, to somebody who sees it.
pub(crate) const fn seen(gate: Gate) -> Decision {
    Decision::Deny(Deny::seen(gate))
}
