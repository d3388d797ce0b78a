//! The people of the matrix, and when they ask.

use crate::world::{
    ACME, BIRCH, GRANT, LATER, NOW, Person, WEBSITE, ada, at, bob, guest, rights, staff_of_acme,
};
use portcullis_access::{ContainerKind, ContainerKinds, Grant, Kind, KindSet, Light};
use portcullis_id::{ClientId, Standing, State, Timestamp, UserId};
use portcullis_sharing::{FieldRule, SharingProfile};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A client whose light is inactive, under a profile in which that denies.
pub(super) const CEDAR: ClientId = ClientId::from_uuid(Uuid::from_u128(0xC));

pub(super) fn people() -> Vec<(&'static str, Person, Timestamp)> {
    let all = [
        ("Ada, staff of every client", profiled(ada())),
        ("Sam, staff of Acme alone", profiled(staff_of_acme())),
        (
            "Bob of Acme, member and approver of the website project",
            member(),
        ),
        (
            "Carl of Acme, member of nothing",
            member().with(|carl| carl.grants = Some(vec![])),
        ),
        (
            "Dora of Birch, let into the website project by mistake",
            member().with(|dora| dora.at = vec![at(BIRCH)]),
        ),
        ("Gina, guest of Acme until later", invited(LATER)),
        ("Hugo, guest of Acme until now", invited(NOW)),
        (
            "Ivo of Acme, suspended",
            member().with(|ivo| ivo.standing = Standing::new(State::Suspended, None)),
        ),
        (
            "Ivo in a preview",
            member().with(|ivo| {
                ivo.standing = Standing::new(State::Suspended, None);
                ivo.preview = true;
            }),
        ),
        (
            "Jane of Acme, member without a right",
            member().holding(&[]),
        ),
        (
            "Kim of Acme and of Cedar, which is inactive",
            member().with(|kim| {
                kim.at.push(at(CEDAR));
                kim.at[1].light = Light::Inactive;
            }),
        ),
        (
            "Lea of Acme, who reaches every project",
            member().with(|lea| {
                lea.grants = Some(vec![]);
                lea.subject.reach = ContainerKinds::NONE.with(ContainerKind::Project);
            }),
        ),
        (
            "Bob while the portal is off",
            member().with(|bob| bob.subject.portal.active = false),
        ),
        (
            "Ada while the portal is off",
            profiled(ada()).with(|ada| ada.subject.portal.active = false),
        ),
    ];
    let stale = member().with(|bob| bob.at[0].until = Some(LATER));
    let mut people: Vec<_> = all
        .into_iter()
        .map(|(name, person)| (name, person, NOW))
        .chain([("Bob past the end of his viewer", stale, LATER)])
        .collect();
    for ((name, person, _), number) in people.iter_mut().zip(1..) {
        if !name.starts_with("Bob") {
            person.subject.user = UserId::from_uuid(Uuid::from_u128(number));
        }
    }
    people
}

/// Under a profile where inactive clients are shut out, libraries are not licensed, and margins and
/// cost rates are masked.
fn profiled(person: Person) -> Person {
    let but = |field: &str| FieldRule::AllBut(rights(&[field]));
    person.with(|person| {
        person.access.inactive_denies = true;
        person.subject.portal.licensed = ContainerKinds::ALL.without(ContainerKind::Library);
        person.subject.rights.push("users.view".to_owned());
        person.sharing = SharingProfile {
            fields: BTreeMap::from([
                ("invoice".to_owned(), but("margin")),
                ("time".to_owned(), but("cost-rate")),
            ]),
            other_fields: FieldRule::All,
            ..SharingProfile::closed()
        };
    })
}

fn member() -> Person {
    profiled(bob()).with(|bob| {
        bob.at = vec![at(ACME)];
        bob.at[0].closed = KindSet::of(Kind::EXPENSE);
        bob.grants = Some(vec![(
            WEBSITE,
            Grant {
                approver: true,
                ..GRANT
            },
        )]);
        bob.subject.rights = rights(&[
            "milestones.view",
            "tasks.view",
            "updates.view",
            "documents.view",
            "documents.create",
            "documents.download",
            "comments.view",
            "comments.create",
            "issues.view",
            "issues.create",
            "issues.edit",
            "issues.delete",
            "invoices.view",
            "proposals.view",
            "payments.make",
            "dashboards.view",
            "times.view",
            "times.approve",
            "expenses.view",
            "users.view",
        ]);
    })
}

fn invited(until: Timestamp) -> Person {
    profiled(guest())
        .holding(&["tasks.view", "documents.view", "comments.view"])
        .with(|guest| {
            guest.grants = Some(vec![(
                WEBSITE,
                Grant {
                    until: Some(until),
                    ..GRANT
                },
            )]);
        })
}
