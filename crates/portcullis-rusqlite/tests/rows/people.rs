//! The rows of the access core.

use crate::samples::{
    NOW, client, contact, container, filled, keys, names, role, store, user, uuid,
};
use portcullis_access::{
    Affiliation, Affiliations, Client, Clients, Contacts, ContainerKind, ContainerKinds, Kind,
    KindSet, Light, PortalState, Portals, Roles, Subjects, User, Users,
};
use portcullis_id::{ClientId, ContactId, HostKey, RoleId, Timestamp, UserId};
use portcullis_ledger::{StoreError, StoreErrorKind, StoreExt};
use portcullis_rusqlite::Store;
use portcullis_sharing::{Container, Containers};

#[test]
fn people_are_read_back_by_id_and_by_key() {
    filled()
        .read(|tx| {
            for (number, key) in (0..).zip(keys()) {
                let (client, contact) = (client(number, key.clone()), contact(number, key.clone()));
                let user = user(number, key.clone());
                assert_eq!(tx.client(client.id)?.as_ref(), Some(&client));
                assert_eq!(tx.contact(contact.id)?.as_ref(), Some(&contact));
                assert_eq!(tx.user(user.id)?.as_ref(), Some(&user));
                if let Some(key) = &key {
                    assert_eq!(tx.client_by_key(key)?, Some(client));
                    assert_eq!(tx.contact_by_key(key)?, Some(contact));
                    assert_eq!(tx.user_by_key(key)?, Some(user));
                }
            }
            assert_eq!(tx.client_by_key(&HostKey::from("nobody"))?, None);
            assert_eq!(tx.clients()?.len(), 4);
            assert_eq!(tx.users()?.len(), 4);
            let of_client: Vec<_> = tx.contacts_of(ClientId::from_uuid(uuid(0)))?;
            assert_eq!(of_client.len(), 4);
            // The removed one is nobody's login any more.
            let login = tx.user_of_contact(ContactId::from_uuid(uuid(0)))?.unwrap();
            assert_eq!(login.id, UserId::from_uuid(uuid(1)));
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn b10_clients_come_by_light_then_name_then_id() {
    let store = store();
    let named = |number, name: &str, light| Client {
        name: name.into(),
        light,
        main_contact: None,
        ..client(number, None)
    };
    let mut clients = vec![
        named(1, "zebra", Light::Active),
        named(2, "Über", Light::Active),
        named(3, "acme", Light::Inactive),
        named(4, "ACME", Light::Active),
        named(5, "acme ", Light::Active),
    ];
    store
        .write(|tx| clients.iter().try_for_each(|client| tx.put_client(client)))
        .unwrap();
    clients.sort_by(Client::in_order);
    assert_eq!(store.read(Clients::clients).unwrap(), clients);
}

#[test]
fn a_row_is_replaced_by_the_one_with_its_id() {
    let store = filled();
    let renamed = Client {
        name: "Birch".into(),
        key: Some(HostKey::from("new")),
        light: Light::Inactive,
        ..client(1, None)
    };
    let gone = User {
        rights: vec![],
        reach: ContainerKinds::ALL,
        ..user(1, None)
    };
    store
        .write(|tx| {
            tx.put_client(&renamed)?;
            tx.put_user(&gone)?;
            assert_eq!(tx.client(renamed.id)?, Some(renamed.clone()));
            assert_eq!(tx.client_by_key(&HostKey::from(i64::MIN))?, None);
            assert_eq!(tx.user(gone.id)?, Some(gone.clone()));
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn a_key_or_name_that_another_row_holds_is_a_conflict() {
    let store = filled();
    let kind =
        |work: &dyn Fn(&mut <Store as portcullis_ledger::Store>::Tx) -> Result<(), StoreError>| {
            store.write(|tx| work(tx)).unwrap_err().kind()
        };
    for key in keys().into_iter().flatten() {
        let key = Some(key);
        assert_eq!(
            kind(&|tx| tx.put_client(&client(8, key.clone()))),
            StoreErrorKind::Conflict
        );
        assert_eq!(
            kind(&|tx| tx.put_contact(&contact(8, key.clone()))),
            StoreErrorKind::Conflict
        );
        assert_eq!(
            kind(&|tx| tx.put_user(&user(8, key.clone()))),
            StoreErrorKind::Conflict
        );
        assert_eq!(
            kind(&|tx| tx.put_container(&container(8, key.clone()))),
            StoreErrorKind::Conflict
        );
        // Of another kind the key is free.
        let ticket = Container {
            kind: ContainerKind::Ticket,
            ..container(8, key.clone())
        };
        store.write(|tx| tx.put_container(&ticket)).unwrap();
    }
    store.write(|tx| tx.put_role(&role(1, "editor"))).unwrap();
    assert_eq!(
        kind(&|tx| tx.put_role(&role(2, "editor"))),
        StoreErrorKind::Conflict
    );
    store.write(|tx| tx.put_kind_name(16, "drawing")).unwrap();
    store.write(|tx| tx.put_kind_name(16, "drawing")).unwrap();
    assert_eq!(
        kind(&|tx| tx.put_kind_name(16, "plan")),
        StoreErrorKind::Conflict
    );
    assert_eq!(
        store.read(Portals::kind_names).unwrap(),
        [(16, "drawing".to_owned())]
    );
}

#[test]
fn a_subject_is_the_person_the_portal_and_the_rights_of_roles() {
    let store = filled();
    let (person, at) = (user(1, None).id, ClientId::from_uuid(uuid(0)));
    let affiliation = Affiliation {
        user: person,
        client: at,
        rights: names(&["tasks.view"]),
        paused: true,
        until: Some(Timestamp::from_millis(5)),
    };
    let portal = PortalState {
        active: true,
        first_activated_at: Some(NOW),
        licensed: ContainerKinds::NONE.with(ContainerKind::Job),
    };
    store
        .write(|tx| {
            let founded = tx.subject(person)?.unwrap().0.portal;
            assert!(!founded.active && founded.licensed.is_empty());
            assert_eq!(tx.portal()?, None);
            tx.put_portal(&portal)?;
            let roles = [role(1, "b.role"), role(2, "a.role"), role(3, "c.role")];
            roles.iter().try_for_each(|role| tx.put_role(role))?;
            let [b, a, c] = roles.map(|role| role.id);
            tx.set_roles_of(person, None, &[b, a, b])?;
            tx.put_affiliation(&affiliation)?;
            tx.put_affiliation(&Affiliation {
                client: ClientId::from_uuid(uuid(1)),
                ..affiliation.clone()
            })?;
            tx.set_roles_of(person, Some(at), &[c])?;
            assert_eq!(tx.roles_of(person, Some(at))?, [role(3, "c.role")]);
            assert_eq!(tx.role_by_name("a.role")?, Some(role(2, "a.role")));
            assert_eq!(tx.role(RoleId::from_uuid(uuid(9)))?, None);
            assert_eq!(tx.roles()?.len(), 3);

            let (subject, affiliations) = tx.subject(person)?.unwrap();
            assert_eq!(
                subject.rights,
                ["documents.view", "no.such", "a.role", "b.role"]
            );
            assert_eq!((subject.portal, subject.every_client), (portal, true));
            assert_eq!(tx.portal()?, Some(portal));
            assert_eq!(tx.subject(UserId::from_uuid(uuid(77)))?, None);

            let [first, second] = &affiliations[..] else {
                panic!("two affiliations");
            };
            assert_eq!(first.rights, ["tasks.view", "c.role"]);
            assert_eq!(second.rights, ["tasks.view"]);
            assert_eq!((first.paused, first.until), (true, affiliation.until));
            assert_eq!(
                (first.light, first.closed),
                (Light::OnHold, KindSet::of(Kind::REPORT))
            );

            // It takes its roles with it, and being told twice changes nothing.
            tx.remove_affiliation(person, at)?;
            tx.remove_affiliation(person, at)?;
            assert_eq!(tx.affiliation(person, at)?, None);
            assert_eq!(tx.roles_of(person, Some(at))?, []);
            assert_eq!(tx.affiliations_at(ClientId::from_uuid(uuid(1)))?.len(), 1);
            assert_eq!(tx.affiliations_of(person)?.len(), 1);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    // Roles are given at an affiliation, and nowhere else.
    let nowhere =
        store.write(|tx| tx.set_roles_of(person, Some(at), &[RoleId::from_uuid(uuid(1))]));
    assert_eq!(nowhere.unwrap_err().kind(), StoreErrorKind::Conflict);
}
