use crate::world::{ALLOWED, Person, bob, hidden, staff_of_acme, task};
use portcullis_access::{Gate, Light};

fn at_a_client_with(light: Light, denies: bool, person: Person) -> Person {
    person.with(|person| {
        person.access.inactive_denies = denies;
        person.at.iter_mut().for_each(|at| at.light = light);
    })
}

#[test]
fn b09_an_inactive_client_is_shut_out_where_the_profile_says_so() {
    let out = at_a_client_with(Light::Inactive, true, bob());
    assert_eq!(out.views(&task()), hidden(Gate::ClientUsable));
    for light in [Light::Active, Light::OnHold] {
        let fine = at_a_client_with(light, true, bob());
        assert_eq!(fine.views(&task()), ALLOWED, "{light:?}");
    }
}

#[test]
fn choice04_an_inactive_client_keeps_its_access_otherwise() {
    let fine = at_a_client_with(Light::Inactive, false, bob());
    assert_eq!(fine.views(&task()), ALLOWED);
}

#[test]
fn b09_staff_are_never_stopped_by_a_clients_light() {
    let staff = at_a_client_with(Light::Inactive, true, staff_of_acme());
    assert_eq!(staff.views(&task()), ALLOWED);
}
