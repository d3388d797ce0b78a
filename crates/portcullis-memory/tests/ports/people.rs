use crate::rows::{
    NOW, account, affiliation, client, client_id, contact, read, role, user, user_id, write,
};
use portcullis_access::{
    Affiliations, Clients, Contacts, ContainerKinds, KindSet, Light, PortalState, Portals, Roles,
    Standings, Subjects, UserKind, Users,
};
use portcullis_credentials::{Accounts, Expiry};
use portcullis_id::{Standing, State, days};
use portcullis_ledger::{Ledger, Scope, StoreExt};
use portcullis_memory::Store;
use std::num::NonZeroU32;

#[test]
fn users_are_ordered_by_id_the_removed_ones_too() {
    let store = Store::new();
    let mut gone = user(2);
    gone.removed = true;
    write(&store, |tx| {
        [user(3), gone.clone(), user(1)]
            .iter()
            .try_for_each(|one| tx.put_user(one))
    });
    assert_eq!(read(&store, Users::users), [user(1), gone.clone(), user(3)]);
    assert_eq!(read(&store, |tx| tx.user(gone.id)), Some(gone));
}

#[test]
fn d32_the_login_of_a_contact_is_one_that_was_not_removed() {
    let store = Store::new();
    let bob = contact(9, 1, "Bob");
    let mut login = user(1);
    login.contact = Some(bob.id);
    login.removed = true;
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        tx.put_contact(&bob)?;
        tx.put_user(&login)
    });
    assert_eq!(read(&store, |tx| tx.user_of_contact(bob.id)), None);
    login.id = user_id(2);
    login.removed = false;
    write(&store, |tx| tx.put_user(&login));
    assert_eq!(read(&store, |tx| tx.user_of_contact(bob.id)), Some(login));
}

#[test]
fn affiliations_are_ordered_by_the_other_side() {
    let store = Store::new();
    let pairs = [(2, 1), (1, 3), (1, 2), (3, 2)];
    write(&store, |tx| {
        for n in 1..=3 {
            tx.put_client(&client(n, "Acme"))?;
            tx.put_user(&user(n))?;
        }
        pairs
            .iter()
            .try_for_each(|(user, client)| tx.put_affiliation(&affiliation(*user, *client)))
    });
    read(&store, |tx| {
        let of = tx.affiliations_of(user_id(1))?;
        assert_eq!(of, [affiliation(1, 2), affiliation(1, 3)]);
        let at = tx.affiliations_at(client_id(2))?;
        assert_eq!(at, [affiliation(1, 2), affiliation(3, 2)]);
        assert_eq!(tx.affiliation(user_id(2), client_id(2))?, None);
        Ok(())
    });
    let mut paused = affiliation(1, 2);
    paused.paused = true;
    paused.until = Some(NOW);
    paused.rights = vec!["payments.make".to_owned(), "documents.view".to_owned()];
    write(&store, |tx| tx.put_affiliation(&paused));
    let found = read(&store, |tx| tx.affiliation(user_id(1), client_id(2)));
    assert_eq!(found, Some(paused));
}

#[test]
fn d42_a_subject_is_the_person_their_rights_and_the_portal() {
    let store = Store::new();
    let mut bob = user(1);
    bob.kind = UserKind::Guest;
    bob.removed = true;
    bob.every_client = true;
    bob.reach = ContainerKinds::ALL;
    bob.rights = vec!["status.view".to_owned(), "documents.view".to_owned()];
    let payer = role(7, "payer", &["payments.make", "documents.view"]);
    let portal = PortalState {
        active: true,
        first_activated_at: None,
        licensed: ContainerKinds::ALL,
    };
    write(&store, |tx| {
        tx.put_user(&bob)?;
        tx.put_role(&payer)?;
        tx.set_roles_of(bob.id, None, &[payer.id])?;
        tx.bump(Scope::Policy)
    });
    let (unfounded, _) = read(&store, |tx| tx.subject(bob.id)).unwrap();
    assert!(!unfounded.portal.active && unfounded.portal.licensed.is_empty());
    write(&store, |tx| tx.put_portal(&portal));
    let (found, _) = read(&store, |tx| tx.subject(bob.id)).unwrap();
    let direct_first = [
        "status.view",
        "documents.view",
        "payments.make",
        "documents.view",
    ];
    assert_eq!(found.rights, direct_first);
    assert_eq!(
        (found.user, found.kind, found.removed),
        (bob.id, bob.kind, true)
    );
    assert_eq!((found.every_client, found.reach), (true, bob.reach));
    assert_eq!((found.portal, found.revision.number()), (portal, 1));
    assert_eq!(read(&store, |tx| tx.subject(user_id(2))), None);
}

#[test]
fn s37_subject_affiliations_bring_the_client_and_what_is_given_there_alone() {
    let store = Store::new();
    let mut acme = client(2, "Acme");
    acme.light = Light::Inactive;
    acme.closed = KindSet::ALL;
    let mut door = affiliation(1, 2);
    door.paused = true;
    door.until = Some(NOW);
    door.rights = vec!["status.view".to_owned()];
    let payer = role(7, "payer", &["payments.make"]);
    let viewer = role(8, "viewer", &["documents.view"]);
    write(&store, |tx| {
        tx.put_client(&acme)?;
        tx.put_client(&client(1, "Birch"))?;
        tx.put_user(&user(1))?;
        tx.put_affiliation(&door)?;
        tx.put_affiliation(&affiliation(1, 1))?;
        tx.put_role(&payer)?;
        tx.put_role(&viewer)?;
        tx.set_roles_of(user_id(1), Some(acme.id), &[payer.id])?;
        tx.set_roles_of(user_id(1), None, &[viewer.id])
    });
    let (_, found) = read(&store, |tx| tx.subject(user_id(1))).unwrap();
    let clients: Vec<_> = found.iter().map(|one| one.client).collect();
    assert_eq!(clients, [client_id(1), client_id(2)]);
    assert!(found[0].rights.is_empty());
    let at = &found[1];
    assert_eq!(at.rights, ["status.view", "payments.make"]);
    assert_eq!((at.light, at.closed), (acme.light, acme.closed));
    assert_eq!((at.paused, at.until), (true, Some(NOW)));
}

#[test]
fn s27_a_standing_is_what_the_account_amounts_to() {
    let store = Store::new();
    let standing = |n| store.read(|tx| tx.standing(user_id(n))).unwrap();
    assert_eq!(standing(1), Standing::ABSENT);
    let mut ada = account(1, "ada");
    ada.expiry = Some(Expiry::starting(NonZeroU32::MIN, NOW));
    write(&store, |tx| tx.add_account(&ada));
    assert_eq!(standing(1).at(NOW), State::Usable);
    assert_eq!(standing(1).at(NOW.after(days(1))), State::Expired);
    write(&store, |tx| tx.suspend(ada.user, NOW));
    assert_eq!(standing(1).at(NOW), State::Suspended);
    write(&store, |tx| tx.remove_account(ada.user));
    assert_eq!(standing(1), Standing::ABSENT);
}
