use crate::world::{ALLOWED, ada, bob, hidden, task};
use portcullis_access::{ContainerKind, ContainerKinds, Gate};

#[test]
fn s57_no_grant_takes_effect_in_what_is_not_licensed() {
    for person in [bob(), ada()] {
        let without = person.clone().with(|person| {
            person.subject.portal.licensed = ContainerKinds::ALL.without(ContainerKind::Project);
        });
        assert_eq!(without.views(&task()), hidden(Gate::Licence));
    }
}

#[test]
fn s57_a_licence_for_another_kind_is_no_matter() {
    let without = bob().with(|bob| {
        bob.subject.portal.licensed = ContainerKinds::NONE.with(ContainerKind::Project);
    });
    assert_eq!(without.views(&task()), ALLOWED);
}
