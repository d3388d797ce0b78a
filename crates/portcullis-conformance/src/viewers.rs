use crate::NOW;
use portcullis::access::{
    AccessRules, ContainerKind, ContainerKinds, Grant, Kind, KindSet, Light, PortalState, Subject,
    SubjectAffiliation, UserKind, Viewer,
};
use portcullis::id::{ClientId, ContainerId, Standing, UserId};
use portcullis::ledger::Revision;
use uuid::Uuid;

/// One viewer of each form that a list can take, by name, for checks of plans: `client of 1`,
/// `staff of 100 by grant`, `staff of all uneven` ..
///
/// Clients have the ids 1, 2, 3 .. and the viewer is user 1, all at revision 0 and usable at
/// [`NOW`]. Who sees `by grant` reaches the roots of clients by right and everything else by more
/// grants than a viewer carries; `by few grants` is everything by three, of containers 1 to 3. Who
/// is `uneven` has an area closed at client 1, so that a list has a branch more.
pub fn viewers(rules: &AccessRules) -> Vec<(String, Viewer)> {
    let mut viewers = Vec::new();
    for (kind, every_client, clients) in [
        (UserKind::Client, false, 1),
        (UserKind::Client, false, 3),
        (UserKind::Client, false, 100),
        (UserKind::Staff, false, 1),
        (UserKind::Staff, false, 3),
        (UserKind::Staff, false, 100),
        (UserKind::Staff, false, 1_500),
        (UserKind::Staff, true, 0),
    ] {
        for reach in [Reach::Right, Reach::Grants, Reach::FewGrants] {
            for uneven in [false, true] {
                let who = Who {
                    kind,
                    every_client,
                    clients,
                    reach,
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

/// How a viewer comes to the containers of its clients.
#[derive(Clone, Copy)]
enum Reach {
    Right,
    Grants,
    FewGrants,
}

#[derive(Clone, Copy)]
struct Who {
    kind: UserKind,
    every_client: bool,
    clients: u128,
    reach: Reach,
    uneven: bool,
}

impl Who {
    fn name(self) -> String {
        let of = if self.every_client {
            "all".to_owned()
        } else {
            self.clients.to_string()
        };
        let reach = match self.reach {
            Reach::Right => "",
            Reach::Grants => " by grant",
            Reach::FewGrants => " by few grants",
        };
        let uneven = if self.uneven { " uneven" } else { "" };
        format!("{} of {of}{reach}{uneven}", self.kind.name())
    }

    fn viewer(self, rules: &AccessRules) -> Viewer {
        let catalogue = rules.catalogue();
        let kinds = catalogue.kinds().iter();
        let subject = Subject {
            user: UserId::from_uuid(Uuid::from_u128(1)),
            kind: self.kind,
            removed: false,
            every_client: self.every_client,
            reach: match self.reach {
                Reach::Right => ContainerKinds::ALL,
                Reach::Grants => ContainerKinds::NONE.with(ContainerKind::Root),
                Reach::FewGrants => ContainerKinds::NONE,
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
        let grants = |number| {
            let grant = Grant {
                until: None,
                approver: false,
            };
            (ContainerId::from_uuid(Uuid::from_u128(number)), grant)
        };
        let carried = match self.reach {
            Reach::Right | Reach::Grants => None,
            Reach::FewGrants => Some((1..=3).map(grants).collect()),
        };
        Viewer::fold(&subject, affiliations, Standing::USABLE, rules, NOW).with_grants(carried, NOW)
    }
}
