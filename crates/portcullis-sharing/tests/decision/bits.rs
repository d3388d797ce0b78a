//! The product whose users hold three direct rights: `documents.view`, without which nothing is
//! shown, `status.view` and `payments.make` (D17 to D20, D42, choice 3), beside roles.

use crate::world::{ALLOWED, Person, bob, hidden, of, rights, seen};
use portcullis_access::{AccessProfile, Gate, Kind, UserKind, Verb};
use std::collections::BTreeMap;

/// The three bits (view, status, pay) in every combination, and whether a role is held beside them.
fn combinations() -> impl Iterator<Item = [bool; 4]> {
    (0..16_u8).map(|n| [1, 2, 4, 8].map(|bit| n & bit != 0))
}

fn person([view, status, pay, role]: [bool; 4]) -> Person {
    let mut given = Vec::new();
    given.extend(view.then_some("documents.view"));
    given.extend(status.then_some("status.view"));
    given.extend(pay.then_some("payments.make"));
    given.extend(role.then_some("tasks.view"));
    bob().holding(&given).with(|bob| {
        bob.access = AccessProfile {
            view_needs: Some("documents.view".to_owned()),
            base: BTreeMap::from([(
                UserKind::Client,
                rights(&["invoices.view", "proposals.view"]),
            )]),
            ..AccessProfile::closed()
        };
    })
}

#[test]
fn d42_every_combination_of_the_three_bits_means_what_it_says() {
    for bits in combinations() {
        let [view, status, pay, role] = bits;
        let person = person(bits);
        let when = |allowed: bool| {
            if allowed {
                ALLOWED
            } else {
                hidden(Gate::Right)
            }
        };
        assert_eq!(person.views(&of(Kind::DOCUMENT)), when(view));
        assert_eq!(person.views(&of(Kind::REPORT)), when(view && status));
        assert_eq!(person.views(&of(Kind::TASK)), when(view && role));
        for kind in [Kind::INVOICE, Kind::PROPOSAL] {
            assert_eq!(person.views(&of(kind)), when(view));
            let paying = match (view, pay) {
                (true, true) => ALLOWED,
                (true, false) => seen(Gate::Right),
                (false, _) => hidden(Gate::Right),
            };
            assert_eq!(person.asks(Verb::Pay, &of(kind)), paying);
        }
    }
}

#[test]
fn choice03_paying_without_status_still_shows_invoices() {
    let payer = person([true, false, true, false]);
    assert_eq!(payer.views(&of(Kind::INVOICE)), ALLOWED);
    assert_eq!(payer.asks(Verb::Pay, &of(Kind::INVOICE)), ALLOWED);
    assert_eq!(payer.views(&of(Kind::REPORT)), hidden(Gate::Right));
}

#[test]
fn choice03_staff_need_no_bit() {
    let staff = person([false, false, false, true]).with(|person| {
        person.subject.kind = UserKind::Staff;
    });
    assert_eq!(staff.views(&of(Kind::TASK)), ALLOWED);
}
