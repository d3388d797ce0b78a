use crate::rows::{affiliation, client, client_id, conflict, contact, read, user, user_id, write};
use portcullis_access::{
    Affiliations, Clients, Contacts, ContainerKinds, KindSet, Light, PortalState, Portals, Users,
};
use portcullis_id::HostKey;
use portcullis_ledger::{StoreErrorKind, StoreExt};
use portcullis_memory::Store;

#[test]
fn b10_b11_b12_clients_are_ordered_by_light_name_and_id() {
    let store = Store::new();
    let waiting = |n, name| {
        let mut client = client(n, name);
        client.light = Light::OnHold;
        client
    };
    let given = [
        waiting(1, "acme"),
        client(5, " birch"),
        client(3, "Birch"),
        client(4, "acme"),
    ];
    write(&store, |tx| {
        given.iter().try_for_each(|one| tx.put_client(one))
    });
    let ids: Vec<_> = read(&store, Clients::clients)
        .into_iter()
        .map(|client| client.id)
        .collect();
    assert_eq!(ids, [4, 3, 5, 1].map(client_id));
}

#[test]
fn a_client_is_read_back_as_it_was_put_and_replaced_by_its_id() {
    let store = Store::new();
    let mut acme = client(1, "Acme");
    acme.key = Some(HostKey::from(17));
    acme.closed = KindSet::ALL;
    write(&store, |tx| {
        tx.put_client(&acme)?;
        tx.put_contact(&contact(9, 1, "Bob"))
    });
    acme.main_contact = Some(contact(9, 1, "Bob").id);
    acme.key = Some(HostKey::from(18));
    write(&store, |tx| tx.put_client(&acme));
    read(&store, |tx| {
        assert_eq!(tx.client(acme.id)?, Some(acme.clone()));
        assert_eq!(tx.client_by_key(&18.into())?, Some(acme.clone()));
        assert_eq!(tx.client_by_key(&17.into())?, None);
        assert_eq!(
            tx.client_by_key(&"18".into())?,
            None,
            "never through a cast"
        );
        assert_eq!(tx.client(client_id(2))?, None);
        assert_eq!(tx.clients()?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_host_key_is_unique_among_things_of_one_noun_alone() {
    let store = Store::new();
    let mut acme = client(1, "Acme");
    let mut bob = contact(1, 1, "Bob");
    let mut login = user(1);
    acme.key = Some(17.into());
    bob.key = Some(17.into());
    login.key = Some(17.into());
    write(&store, |tx| {
        tx.put_client(&acme)?;
        tx.put_contact(&bob)?;
        tx.put_user(&login)
    });
    acme.id = client_id(2);
    bob.id = contact(2, 1, "Bob").id;
    login.id = user_id(2);
    conflict(&store, |tx| tx.put_client(&acme));
    conflict(&store, |tx| tx.put_contact(&bob));
    conflict(&store, |tx| tx.put_user(&login));
    assert_eq!(read(&store, |tx| tx.client(client_id(2))), None);
}

#[test]
fn contacts_of_a_client_are_ordered_by_name_and_id() {
    let store = Store::new();
    let given = [
        contact(1, 1, "dora"),
        contact(4, 1, "Carl"),
        contact(3, 1, "carl "),
        contact(2, 2, "Bob"),
    ];
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        tx.put_client(&client(2, "Birch"))?;
        given.iter().try_for_each(|one| tx.put_contact(one))
    });
    read(&store, |tx| {
        let found = tx.contacts_of(client_id(1))?;
        assert_eq!(
            found,
            [3, 4, 1].map(|n| given
                .iter()
                .find(|one| one.id == contact(n, 1, "").id)
                .unwrap()
                .clone())
        );
        assert_eq!(tx.contact(given[3].id)?, Some(given[3].clone()));
        Ok(())
    });
}

#[test]
fn what_refers_to_a_row_that_is_not_there_is_a_conflict() {
    let store = Store::new();
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        tx.put_user(&user(1))
    });
    conflict(&store, |tx| tx.put_contact(&contact(1, 2, "Bob")));
    conflict(&store, |tx| tx.put_affiliation(&affiliation(2, 1)));
    conflict(&store, |tx| tx.put_affiliation(&affiliation(1, 2)));
    let mut login = user(1);
    login.contact = Some(contact(1, 1, "Bob").id);
    conflict(&store, |tx| tx.put_user(&login));
    write(&store, |tx| tx.put_affiliation(&affiliation(1, 1)));
}

#[test]
fn the_portal_is_there_once_it_was_put() {
    let store = Store::new();
    assert_eq!(read(&store, Portals::portal), None);
    let state = PortalState {
        active: true,
        first_activated_at: Some(crate::rows::NOW),
        licensed: ContainerKinds::ALL,
    };
    write(&store, |tx| tx.put_portal(&state));
    assert_eq!(read(&store, Portals::portal), Some(state));
    let error = store.read(|tx| tx.put_portal(&state)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Misuse);
}

#[test]
fn a_kind_number_never_gets_a_second_name() {
    let store = Store::new();
    write(&store, |tx| {
        tx.put_kind_name(20, "drawing")?;
        tx.put_kind_name(4, "document")?;
        tx.put_kind_name(20, "drawing")
    });
    conflict(&store, |tx| tx.put_kind_name(20, "plan"));
    conflict(&store, |tx| tx.put_kind_name(21, "drawing"));
    let names = read(&store, Portals::kind_names);
    assert_eq!(
        names,
        [(4, "document".to_owned()), (20, "drawing".to_owned())]
    );
}
