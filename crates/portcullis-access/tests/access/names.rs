//! Names that storage holds and nobody registered: kept, and worth nothing.

use crate::world::{ACME, Person, bob, no, texts};
use portcullis_access::{
    Answer, Catalogue, ContainerKind, ContainerKinds, Gate, Keyed, Kind, KindSet, NamedRight,
    Right, Verb,
};
use portcullis_id::{HostKey, KeyType};

#[test]
fn promise03_unknown_rights_are_kept_and_grant_nothing() {
    let resolved = Catalogue::built_in().resolve(["tasks.view", "tasks.fly", "drones.view", ""]);
    assert_eq!(resolved.unknown, texts(&["tasks.fly", "drones.view", ""]));
    let alone = Catalogue::built_in().resolve(["tasks.view"]);
    assert_eq!(resolved.rights, alone.rights);
}

#[test]
fn promise03_a_right_registered_later_counts_from_then_on() {
    let sign_off = NamedRight::host::<0>();
    let names = ["drawings.sign-off"];
    assert!(Catalogue::built_in().resolve(names).rights.is_empty());
    let catalogue = Catalogue::built_in()
        .with_right(sign_off, names[0])
        .unwrap();
    assert!(
        catalogue
            .resolve(names)
            .rights
            .contains(Right::Named(sign_off))
    );
}

#[test]
fn promise03_a_kind_nobody_registered_is_denied() {
    let everything: Vec<String> = Catalogue::built_in()
        .kinds()
        .iter()
        .map(|entry| format!("{}.view", entry.plural))
        .collect();
    let bob: Person = bob(&[]).with(|bob| bob.subject.rights = everything);
    assert_eq!(
        bob.may(Right::On(Verb::View, Kind::TASK), ACME),
        Answer::Allow
    );
    let unknown = Right::On(Verb::View, Kind::host::<46>());
    assert_eq!(bob.may(unknown, ACME), no(Gate::Right));
}

#[test]
fn promise03_a_registered_kind_starts_closed_to_those_who_were_there() {
    let drawing = Kind::host::<0>();
    let catalogue = Catalogue::built_in()
        .with_kind(drawing, "drawing", "drawings", KeyType::Uuid)
        .unwrap();
    assert!(catalogue.known().contains(drawing));
    let held = catalogue.resolve(["tasks.view", "documents.view"]).rights;
    assert!(!held.contains(Right::On(Verb::View, drawing)));
    let held = catalogue.resolve(["drawings.view"]).rights;
    assert!(held.contains(Right::On(Verb::View, drawing)));
}

#[test]
fn promise03_bits_that_mean_nothing_here_close() {
    assert_eq!(ContainerKinds::from_bits(-1), ContainerKinds::ALL);
    assert_eq!(ContainerKinds::from_bits(1 << 40), ContainerKinds::NONE);
    assert_eq!(ContainerKind::from_number(6), None);
    assert_eq!(Kind::from_number(Kind::LIMIT), None);
    assert_eq!(KindSet::from_bits(KindSet::ALL.bits()), KindSet::ALL);
}

#[test]
fn promise06_keys_are_of_the_type_that_was_declared() {
    let catalogue = Catalogue::built_in()
        .keyed_by(Keyed::Clients, KeyType::Int)
        .with_keys(Kind::DOCUMENT, KeyType::Uuid)
        .unwrap();
    let checked = |what, key: HostKey| catalogue.check_key(what, key);
    assert!(checked(Keyed::Clients, HostKey::from(7)).is_ok());
    assert!(checked(Keyed::Clients, HostKey::from("7")).is_err());
    assert!(checked(Keyed::Users, HostKey::from("7")).is_ok());
    assert!(
        catalogue
            .check_item_key(Kind::DOCUMENT, HostKey::from("7"))
            .is_err()
    );
    assert!(
        catalogue
            .check_item_key(Kind::TASK, HostKey::from("7"))
            .is_ok()
    );
}

#[test]
fn promise06_no_key_of_a_host_is_written_as_our_ids_are() {
    let catalogue = Catalogue::built_in();
    let taken = HostKey::from("id:7");
    let refused = catalogue.check_key(Keyed::Users, taken.clone());
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("write another key"), "{refused}");
    assert!(catalogue.check_item_key(Kind::TASK, taken).is_err());
    let other = HostKey::from("identity:7");
    assert!(catalogue.check_item_key(Kind::TASK, other).is_ok());
}
