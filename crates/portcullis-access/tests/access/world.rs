//! Bob of Acme. Every test changes one thing about him.

use portcullis_access::{
    AccessProfile, AccessRules, Answer, Catalogue, ContainerKinds, Deny, Gate, KindSet, Light,
    PortalState, Right, Subject, SubjectAffiliation, UserKind, Viewer, may,
};
use portcullis_id::{ClientId, Standing, Timestamp, UserId};
use portcullis_ledger::Revision;
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_000_000);
pub(crate) const EARLIER: Timestamp = Timestamp::from_millis(900_000);
pub(crate) const LATER: Timestamp = Timestamp::from_millis(1_100_000);
pub(crate) const ACME: ClientId = ClientId::from_uuid(Uuid::from_u128(0xA));
pub(crate) const BIRCH: ClientId = ClientId::from_uuid(Uuid::from_u128(0xB));

/// Everything a viewer is folded from.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) subject: Subject,
    pub(crate) at: Vec<SubjectAffiliation>,
    pub(crate) standing: Standing,
    pub(crate) access: AccessProfile,
}

/// A client user of Acme who holds these rights.
pub(crate) fn bob(rights: &[&str]) -> Person {
    Person {
        subject: Subject {
            user: UserId::from_uuid(Uuid::from_u128(0xB0B)),
            kind: UserKind::Client,
            removed: false,
            every_client: false,
            reach: ContainerKinds::NONE,
            rights: texts(rights),
            portal: PortalState {
                active: true,
                first_activated_at: None,
                licensed: ContainerKinds::ALL,
            },
            revision: Revision::from_number(7),
        },
        at: vec![at(ACME)],
        standing: Standing::USABLE,
        access: AccessProfile::closed(),
    }
}

/// Staff of every client who hold these rights.
pub(crate) fn ada(rights: &[&str]) -> Person {
    bob(rights).with(|ada| {
        ada.subject.kind = UserKind::Staff;
        ada.subject.every_client = true;
        ada.at = Vec::new();
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

pub(crate) fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

impl Person {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn viewer(&self) -> Viewer {
        let rules = AccessRules::new(self.access.clone(), Catalogue::built_in()).unwrap();
        Viewer::fold(&self.subject, self.at.clone(), self.standing, &rules, NOW)
    }

    pub(crate) fn may(&self, right: impl Into<Right>, client: ClientId) -> Answer {
        may(&self.viewer(), right, Some(client), NOW)
    }
}

/// No, as if it were not there.
pub(crate) const fn no(gate: Gate) -> Answer {
    Answer::Deny(Deny::hidden(gate))
}
