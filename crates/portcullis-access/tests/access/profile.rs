//! A profile that cannot work is refused at start-up, with the knob's name.

use crate::world::texts;
use portcullis_access::{AccessProfile, AccessRules, Catalogue, Kind, UserKind};
use std::collections::BTreeMap;

fn refused(profile: AccessProfile) -> String {
    let error = AccessRules::new(profile, Catalogue::built_in()).unwrap_err();
    error.knob().to_owned()
}

#[test]
fn usage01_a_name_nobody_registered_is_refused_with_its_knob() {
    let odd = || BTreeMap::from([(UserKind::Client, texts(&["tasks.fly"]))]);
    let base = AccessProfile {
        base: odd(),
        ..AccessProfile::closed()
    };
    assert_eq!(refused(base), "base.client");
    let ceilings = AccessProfile {
        ceilings: odd(),
        ..AccessProfile::closed()
    };
    assert_eq!(refused(ceilings), "ceilings.client");
    let needs = AccessProfile {
        view_needs: Some("documents.sea".to_owned()),
        ..AccessProfile::closed()
    };
    assert_eq!(refused(needs), "view_needs");
    let areas = AccessProfile {
        open_areas: Some(texts(&["documents"])),
        ..AccessProfile::closed()
    };
    assert_eq!(refused(areas), "open_areas");
}

#[test]
fn p36_a_base_above_its_ceiling_is_refused() {
    let profile = AccessProfile {
        base: BTreeMap::from([(UserKind::Guest, texts(&["tasks.edit"]))]),
        ceilings: BTreeMap::from([(UserKind::Guest, texts(&["tasks.view"]))]),
        ..AccessProfile::closed()
    };
    assert_eq!(refused(profile), "base.guest");
}

#[test]
fn p10_named_areas_are_open_and_all_others_closed_those_unknown_too() {
    let profile = AccessProfile {
        open_areas: Some(texts(&["document"])),
        ..AccessProfile::closed()
    };
    let closed = AccessRules::new(profile, Catalogue::built_in())
        .unwrap()
        .closed_areas();
    assert!(!closed.contains(Kind::DOCUMENT));
    assert!(closed.contains(Kind::INVOICE));
    assert!(closed.contains(Kind::host::<0>()));
}
