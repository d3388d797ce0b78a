//! View before any other verb, and what is decided on the facts of a container or parent.

use crate::world::{
    ACME, ALLOWED, BOB, GRANT, NOW, WEBSITE, ada, bob, bond, elsewhere, hidden, of, seen, task,
    website,
};
use portcullis_access::{ContainerKind, Gate, Kind, KindSet, NamedRight, Verb};
use portcullis_sharing::{
    Bond, Container, DefaultExposure, Exposure, ItemFacts, Lifecycle, may_be_mailed,
};

const AFTER_VIEW: [Verb; 7] = [
    Verb::Create,
    Verb::Edit,
    Verb::Delete,
    Verb::Download,
    Verb::Approve,
    Verb::Pay,
    Verb::Share,
];

#[test]
fn l05_a_refusal_tells_that_a_thing_exists_only_after_view_passed() {
    let invisible = elsewhere(task());
    let reader = bob().holding(&["tasks.view"]);
    for verb in AFTER_VIEW {
        assert_eq!(
            reader.asks(verb, &invisible),
            hidden(Gate::Reach),
            "{verb:?}"
        );
        assert_eq!(reader.asks(verb, &task()), seen(Gate::Right), "{verb:?}");
    }
    assert_eq!(
        bob().holding(&["tasks.edit"]).views(&task()),
        hidden(Gate::Right)
    );
    assert_eq!(
        bob().holding(&["tasks.edit"]).asks(Verb::Edit, &task()),
        hidden(Gate::Right)
    );
}

#[test]
fn k10_a_right_of_the_hosts_own_is_asked_after_view() {
    let sign_off = NamedRight::host::<0>();
    let signer = |names: &[&str]| {
        bob().holding(names).with(|bob| {
            bob.catalogue = bob
                .catalogue
                .clone()
                .with_right(sign_off, "drawings.sign-off")
                .unwrap();
        })
    };
    let verb = Verb::Use(sign_off);
    let both = signer(&["tasks.view", "drawings.sign-off"]);
    assert_eq!(both.asks(verb, &task()), ALLOWED);
    assert_eq!(
        signer(&["tasks.view"]).asks(verb, &task()),
        seen(Gate::Right)
    );
    let blind = signer(&["drawings.sign-off"]);
    assert_eq!(blind.asks(verb, &task()), hidden(Gate::Right));
}

#[test]
fn p46_create_is_decided_on_the_container() {
    let place = project().place_for(Kind::ISSUE, Kind::ISSUE, None);
    let writer = bob().holding(&["issues.view", "issues.create"]);
    assert_eq!(writer.asks(Verb::Create, &place), ALLOWED);
    let reader = bob().holding(&["issues.view"]);
    assert_eq!(reader.asks(Verb::Create, &place), seen(Gate::Right));
    let stranger = writer.with(|bob| bob.grants = Some(Vec::new()));
    assert_eq!(stranger.asks(Verb::Create, &place), hidden(Gate::Reach));
}

#[test]
fn p16_create_is_refused_in_a_closed_area_or_a_hidden_project() {
    let closed = Container {
        closed: KindSet::of(Kind::ISSUE),
        ..project()
    };
    let place = closed.place_for(Kind::ISSUE, Kind::ISSUE, None);
    assert_eq!(bob().asks(Verb::Create, &place), hidden(Gate::Area));
    let hidden_one = Container {
        exposure: Exposure::Hidden,
        ..project()
    };
    let place = hidden_one.place_for(Kind::ISSUE, Kind::ISSUE, None);
    assert_eq!(bob().asks(Verb::Create, &place), hidden(Gate::Exposure));
    assert_eq!(ada().asks(Verb::Create, &place), ALLOWED);
}

#[test]
fn v51_create_below_a_parent_is_decided_on_the_parent() {
    let document = of(Kind::DOCUMENT);
    let place = document.place_for(Kind::COMMENT, Kind::COMMENT);
    assert_eq!(place.path, KindSet::of(Kind::DOCUMENT).with(Kind::COMMENT));
    assert_eq!(bob().asks(Verb::Create, &place), ALLOWED);
    let unseen = ItemFacts {
        exposure: Exposure::Hidden,
        ..document
    };
    let place = unseen.place_for(Kind::COMMENT, Kind::COMMENT);
    assert_eq!(bob().asks(Verb::Create, &place), hidden(Gate::Exposure));
    let blind = bob().holding(&["comments.view", "comments.create"]);
    let place = document.place_for(Kind::COMMENT, Kind::COMMENT);
    assert_eq!(blind.asks(Verb::Create, &place), hidden(Gate::Right));
}

#[test]
fn p46_create_takes_a_grant_from_the_bond_of_many_grants() {
    let granted = Bond {
        grant: Some(GRANT),
        ..bond(BOB)
    };
    let place = project().place_for(Kind::ISSUE, Kind::ISSUE, Some(granted));
    let many = bob().with(|bob| bob.grants = None);
    assert_eq!(many.asks(Verb::Create, &place), ALLOWED);
}

#[test]
fn l14_mail_follows_sight_or_distribution() {
    let sees = |facts: &ItemFacts| may_be_mailed(&bob().viewer(), facts, NOW);
    assert!(sees(&task()));
    assert!(!sees(&elsewhere(task())));
    let sent = ItemFacts {
        bond: Some(Bond {
            receives: true,
            ..bond(BOB)
        }),
        ..elsewhere(task())
    };
    assert!(sees(&sent));
}

fn project() -> Container {
    Container {
        id: WEBSITE,
        kind: ContainerKind::Project,
        key: None,
        client: Some(ACME),
        name: "Website".to_owned(),
        exposure: website().exposure,
        default: DefaultExposure::ByContainer,
        lifecycle: Lifecycle::Issued,
        closed: KindSet::NONE,
        created_at: NOW,
        open: true,
    }
}
