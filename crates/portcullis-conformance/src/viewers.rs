use crate::NOW;
use portcullis::access::{
    AccessRules, ContainerKind, ContainerKinds, Kind, KindSet, Light, PortalState, Subject,
    SubjectAffiliation, UserKind, Viewer,
};
use portcullis::id::{ClientId, Standing, UserId};
use portcullis::ledger::Revision;
use uuid::Uuid;

/// One viewer of each form that a list can take, by name, for checks of plans: `client of 1`,
/// `staff of 100 by grant`, `staff of all uneven` ..
///
/// Clients have the ids 1, 2, 3 .. and the viewer is user 1, all at revision 0 and usable at
/// [`NOW`]. Who sees `by grant` reaches the roots of clients by right and everything else by grant
/// alone; who is `uneven` has an area closed at client 1, so that a list has a branch more.
pub fn viewers(rules: &AccessRules) -> Vec<(String, Viewer)> {
    let mut viewers = Vec::new();
    for (kind, every_client, clients) in [
        (UserKind::Client, false, 1),
        (UserKind::Client, false, 3),
        (UserKind::Client, false, 100),
        (UserKind::Staff, false, 1),
        (UserKind::Staff, false, 3),
        (UserKind::Staff, false, 100),
        (UserKind::Staff, true, 0),
    ] {
        for by_grant in [false, true] {
            for uneven in [false, true] {
                let who = Who {
                    kind,
                    every_client,
                    clients,
                    by_grant,
                    uneven: uneven && clients > 1 && kind == UserKind::Client,
                };
                if who.uneven == uneven {
                    viewers.push((who.name(), who.viewer(rules)));
                }
            }
        }
    }
    viewers
}

#[derive(Clone, Copy)]
struct Who {
    kind: UserKind,
    every_client: bool,
    clients: u128,
    by_grant: bool,
    uneven: bool,
}

impl Who {
    fn name(self) -> String {
        let of = if self.every_client {
            "all".to_owned()
        } else {
            self.clients.to_string()
        };
        let by_grant = if self.by_grant { " by grant" } else { "" };
        let uneven = if self.uneven { " uneven" } else { "" };
        format!("{} of {of}{by_grant}{uneven}", self.kind.name())
    }

    fn viewer(self, rules: &AccessRules) -> Viewer {
        let roots = ContainerKinds::NONE.with(ContainerKind::Root);
        let catalogue = rules.catalogue();
        let kinds = catalogue.kinds().iter();
        let subject = Subject {
            user: UserId::from_uuid(Uuid::from_u128(1)),
            kind: self.kind,
            removed: false,
            every_client: self.every_client,
            reach: if self.by_grant {
                roots
            } else {
                ContainerKinds::ALL
            },
            rights: kinds.map(|kind| format!("{}.view", kind.plural)).collect(),
            portal: PortalState {
                active: true,
                first_activated_at: None,
                licensed: ContainerKinds::ALL,
            },
            revision: Revision::default(),
        };
        let affiliations = (1..=self.clients).map(|number| SubjectAffiliation {
            client: ClientId::from_uuid(Uuid::from_u128(number)),
            light: Light::Active,
            closed: if self.uneven && number == 1 {
                KindSet::of(Kind::MILESTONE)
            } else {
                KindSet::NONE
            },
            paused: false,
            until: None,
            rights: Vec::new(),
        });
        Viewer::fold(&subject, affiliations, Standing::USABLE, rules, NOW)
    }
}
