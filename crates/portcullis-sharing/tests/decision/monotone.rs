//! L2: taking something away never makes anything visible, so giving it never hides anything.

use crate::random::{ANOTHER, cases, facts, person};
use crate::world::Person;
use portcullis_access::{ContainerKinds, KindSet, UserKind};
use portcullis_id::{Standing, State};
use portcullis_sharing::{DefaultExposure, Exposure, ItemFacts, Kin, Lifecycle};
use proptest::prelude::*;

type Change = fn(&mut Person, &mut ItemFacts);

const TAKES_AWAY: [(&str, Change); 17] = [
    ("hides the item", |_, facts| {
        facts.exposure = Exposure::Hidden;
    }),
    ("forgets the switch under a hidden default", |_, facts| {
        facts.exposure = Exposure::Inherit;
        facts.default = DefaultExposure::Hidden;
    }),
    ("hides the container", |_, facts| {
        facts.container.exposure = Exposure::Hidden;
    }),
    ("makes a draft of the item", |_, facts| {
        facts.lifecycle = Lifecycle::Draft;
    }),
    ("withdraws the container", |_, facts| {
        facts.container.lifecycle = Lifecycle::Withdrawn;
    }),
    ("closes the areas of the container", |_, facts| {
        facts.container.closed = KindSet::ALL;
    }),
    ("hides the kin", |_, facts| {
        facts.kin = match facts.kin {
            Kin::Alone | Kin::Under { .. } => Kin::Under { open: false },
            Kin::Of { .. } => Kin::Of { open_child: false },
        };
    }),
    ("takes the bond away", |_, facts| facts.bond = None),
    ("takes the grants away", |who, _| {
        who.grants = Some(Vec::new());
    }),
    ("takes the reach away", |who, _| {
        who.subject.reach = ContainerKinds::NONE;
    }),
    ("takes the licence away", |who, _| {
        who.subject.portal.licensed = ContainerKinds::NONE;
    }),
    ("takes a right away", |who, _| {
        drop(who.subject.rights.pop());
    }),
    ("takes the rights at the clients away", |who, _| {
        who.at.iter_mut().for_each(|at| at.rights.clear());
    }),
    ("takes an affiliation away", |who, _| drop(who.at.pop())),
    ("closes the areas of the clients", |who, _| {
        who.at.iter_mut().for_each(|at| at.closed = KindSet::ALL);
    }),
    ("switches the portal off", |who, _| {
        who.subject.portal.active = false;
    }),
    ("suspends the account", |who, _| {
        who.standing = Standing::new(State::Suspended, who.standing.until());
        who.preview = false;
    }),
];

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn l02_taking_away_shows_nothing(who in person(), facts in facts()) {
        for (what, take) in TAKES_AWAY {
            let (mut less, mut hidden) = (who.clone(), facts);
            take(&mut less, &mut hidden);
            if less.views(&hidden).is_allow() {
                prop_assert!(who.views(&facts).is_allow(), "shown by what {what}");
            }
        }
    }

    #[test]
    fn l02_a_grant_hides_nothing(who in person(), facts in facts()) {
        if who.views(&facts).is_allow() && who.subject.kind != UserKind::Staff {
            let more = who.with(|who| if let Some(grants) = &mut who.grants {
                grants.retain(|(container, _)| *container != ANOTHER.0);
                grants.push(ANOTHER);
            });
            prop_assert!(more.views(&facts).is_allow());
        }
    }
}
