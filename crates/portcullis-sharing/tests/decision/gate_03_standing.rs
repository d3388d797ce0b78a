use crate::world::{ALLOWED, EARLIER, LATER, NOW, ada, bob, hidden, task};
use portcullis_access::Gate;
use portcullis_id::{Standing, State};

const NOT_USABLE: [State; 6] = [
    State::Invited,
    State::ChangeDue,
    State::Suspended,
    State::Expired,
    State::Disabled,
    State::Absent,
];

#[test]
fn s52_whoever_is_not_usable_sees_nothing_staff_too() {
    for state in NOT_USABLE {
        for person in [bob(), ada()] {
            let stopped = person.with(|person| person.standing = Standing::new(state, None));
            assert_eq!(stopped.views(&task()), hidden(Gate::Standing), "{state:?}");
        }
    }
}

#[test]
fn s27_an_account_has_expired_at_exactly_its_end() {
    let until = |end| bob().with(|bob| bob.standing = Standing::new(State::Usable, Some(end)));
    assert_eq!(until(NOW).views(&task()), hidden(Gate::Standing));
    assert_eq!(until(EARLIER).views(&task()), hidden(Gate::Standing));
    assert_eq!(until(LATER).views(&task()), ALLOWED);
}

#[test]
fn d33_a_removed_user_sees_nothing_whatever_their_account_says() {
    let removed = bob().with(|bob| bob.subject.removed = true);
    assert_eq!(removed.views(&task()), hidden(Gate::Standing));
}

#[test]
fn choice24_a_preview_counts_as_usable_and_is_stopped_by_everything_else() {
    let suspended = bob().with(|bob| {
        bob.standing = Standing::new(State::Suspended, None);
        bob.preview = true;
    });
    assert_eq!(suspended.views(&task()), ALLOWED);
    let lonely = suspended.with(|bob| bob.grants = Some(Vec::new()));
    assert_eq!(lonely.views(&task()), hidden(Gate::Reach));
}
