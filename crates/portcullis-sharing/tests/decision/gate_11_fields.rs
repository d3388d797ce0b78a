use crate::world::{ALLOWED, NOW, Person, ada, bob, of, rights};
use portcullis_access::{Fields, Kind};
use portcullis_sharing::{Decision, FieldRule, SharingProfile, masked};
use std::collections::BTreeMap;

fn masking(person: Person) -> Person {
    person.with(|person| {
        person.sharing = SharingProfile {
            fields: BTreeMap::from([
                ("invoice".to_owned(), FieldRule::AllBut(rights(&["margin"]))),
                (
                    "task".to_owned(),
                    FieldRule::Only(rights(&["title", "due"])),
                ),
            ]),
            ..SharingProfile::closed()
        };
    })
}

fn fields_of(person: &Person, kind: Kind) -> Fields {
    match person.views(&of(kind)) {
        Decision::Allow { fields } => fields,
        Decision::Deny(deny) => panic!("the mask refuses nothing, {} did", deny.gate),
    }
}

#[test]
fn p23_only_certain_fields_are_shown() {
    let bob = masking(bob());
    let number = |kind, name: &str| bob.catalogue.field(kind, name).unwrap();
    let task = fields_of(&bob, Kind::TASK);
    assert!(task.contains(number(Kind::TASK, "title")));
    assert!(!task.contains(number(Kind::TASK, "estimate")));
    let invoice = fields_of(&bob, Kind::INVOICE);
    assert!(invoice.contains(number(Kind::INVOICE, "amount")));
    assert!(!invoice.contains(number(Kind::INVOICE, "margin")));
}

#[test]
fn p24_a_field_nobody_registered_starts_closed_under_an_allow_list() {
    let bob = masking(bob());
    assert!(!fields_of(&bob, Kind::TASK).contains(63));
    assert_eq!(fields_of(&bob, Kind::DOCUMENT), Fields::NONE);
}

#[test]
fn p23_staff_see_every_field() {
    assert_eq!(fields_of(&masking(ada()), Kind::INVOICE), Fields::ALL);
    assert_eq!(fields_of(&masking(ada()), Kind::DOCUMENT), Fields::ALL);
}

#[test]
fn p23_without_a_mask_every_field_is_shown() {
    assert_eq!(bob().views(&of(Kind::INVOICE)), ALLOWED);
}

#[test]
fn p26_what_is_masked_can_be_told_by_name() {
    let told = |person: &Person, kind| masked(&person.viewer(), &of(kind), &person.catalogue, NOW);
    assert_eq!(told(&masking(bob()), Kind::INVOICE), ["margin"]);
    assert_eq!(
        told(&masking(bob()), Kind::TASK),
        ["status", "description", "assignee", "estimate"]
    );
    assert!(told(&masking(ada()), Kind::INVOICE).is_empty());
}
