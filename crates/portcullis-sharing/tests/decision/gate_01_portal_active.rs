use crate::world::{ALLOWED, ada, bob, guest, hidden, staff_of_acme, task};
use portcullis_access::{Gate, Verb};

#[test]
fn v01_the_portal_is_active_once_switched_on() {
    assert_eq!(bob().views(&task()), ALLOWED);
}

#[test]
fn v02_nothing_is_available_while_the_portal_is_off() {
    for person in [bob(), guest()] {
        let off = person.with(|person| person.subject.portal.active = false);
        assert_eq!(off.views(&task()), hidden(Gate::PortalActive));
        assert_eq!(off.asks(Verb::Receive, &task()), hidden(Gate::PortalActive));
    }
}

#[test]
fn v03_switching_off_stops_access_and_keeps_the_choices() {
    let off = bob().with(|bob| bob.subject.portal.active = false);
    assert_eq!(off.views(&task()), hidden(Gate::PortalActive));
    let on_again = off.with(|bob| bob.subject.portal.active = true);
    assert_eq!(on_again.views(&task()), ALLOWED);
}

#[test]
fn v27_staff_work_while_the_portal_is_off() {
    for person in [ada(), staff_of_acme()] {
        let off = person.with(|person| person.subject.portal.active = false);
        assert_eq!(off.views(&task()), ALLOWED);
        assert_eq!(off.asks(Verb::Share, &task()), ALLOWED);
    }
}
