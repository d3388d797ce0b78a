//! The one order in which every list shows clients.

use portcullis_access::{Client, KindSet, Light};
use portcullis_id::{ClientId, Timestamp};
use proptest::prelude::*;
use std::cmp::Ordering;
use uuid::Uuid;

fn client(light: Light, name: &str, id: u128) -> Client {
    Client {
        id: ClientId::from_uuid(Uuid::from_u128(id)),
        key: None,
        name: name.to_owned(),
        light,
        closed: KindSet::NONE,
        main_contact: None,
        created_at: Timestamp::default(),
    }
}

fn in_order(mut clients: Vec<Client>) -> Vec<String> {
    clients.sort_by(Client::in_order);
    clients.into_iter().map(|client| client.name).collect()
}

#[test]
fn b10_by_light_active_first_inactive_last() {
    let listed = in_order(vec![
        client(Light::Inactive, "Acme", 1),
        client(Light::OnHold, "Birch", 2),
        client(Light::Active, "Cedar", 3),
    ]);
    assert_eq!(listed, ["Cedar", "Birch", "Acme"]);
}

#[test]
fn b12_then_by_name_without_case_and_then_by_id() {
    let listed = in_order(vec![
        client(Light::Active, "birch", 1),
        client(Light::Active, "Cedar", 2),
        client(Light::Active, " Acme", 3),
        client(Light::Active, "ACME", 2),
    ]);
    assert_eq!(listed, ["ACME", " Acme", "birch", "Cedar"]);
}

#[test]
fn b41_a_light_that_was_never_set_counts_as_active() {
    assert_eq!(Light::default(), Light::Active);
}

fn any_client() -> impl Strategy<Value = Client> {
    let light = prop::sample::select(vec![Light::Active, Light::OnHold, Light::Inactive]);
    let name = prop::sample::select(vec!["Acme", "acme", "Birch", "birch ", "Çedar"]);
    (light, name, 0_u128..4).prop_map(|(light, name, id)| client(light, name, id))
}

proptest! {
    #[test]
    fn l12_the_order_is_total(a in any_client(), b in any_client(), c in any_client()) {
        prop_assert_eq!(a.in_order(&b), b.in_order(&a).reverse());
        if a.in_order(&b) != Ordering::Greater && b.in_order(&c) != Ordering::Greater {
            prop_assert!(a.in_order(&c) != Ordering::Greater);
        }
        if a.id != b.id {
            prop_assert!(a.in_order(&b) != Ordering::Equal);
        }
    }
}
