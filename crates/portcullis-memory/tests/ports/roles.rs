use crate::rows::{affiliation, client, client_id, conflict, read, role, user, user_id, write};
use portcullis_access::{Affiliations, Clients, Roles, Users};
use portcullis_ledger::StoreExt;
use portcullis_memory::Store;

#[test]
fn roles_are_ordered_by_name_in_binary_and_a_name_is_taken_once() {
    let store = Store::new();
    let [a, big_b, b] = [
        role(3, "a", &[]),
        role(2, "B", &["tasks.view"]),
        role(1, "b", &[]),
    ];
    write(&store, |tx| {
        [&b, &a, &big_b]
            .into_iter()
            .try_for_each(|one| tx.put_role(one))
    });
    assert_eq!(
        read(&store, Roles::roles),
        [big_b.clone(), a.clone(), b.clone()]
    );
    conflict(&store, |tx| tx.put_role(&role(4, "a", &[])));
    read(&store, |tx| {
        assert_eq!(tx.role_by_name("B")?, Some(big_b.clone()));
        assert_eq!(tx.role_by_name("A")?, None);
        assert_eq!(tx.role(a.id)?, Some(a.clone()));
        Ok(())
    });
    let renamed = role(3, "c", &["tasks.view"]);
    write(&store, |tx| {
        tx.put_role(&renamed)?;
        tx.put_role(&role(4, "a", &[]))
    });
    assert_eq!(read(&store, |tx| tx.role(a.id)), Some(renamed));
}

#[test]
fn s35_roles_are_given_apart_for_each_client_and_for_all() {
    let store = Store::new();
    let [a, b, c] = [role(3, "a", &[]), role(2, "b", &[]), role(1, "c", &[])];
    let (bob, acme) = (user_id(1), Some(client_id(1)));
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        tx.put_user(&user(1))?;
        tx.put_affiliation(&affiliation(1, 1))?;
        [&a, &b, &c]
            .into_iter()
            .try_for_each(|one| tx.put_role(one))?;
        tx.set_roles_of(bob, acme, &[c.id, a.id, c.id])?;
        tx.set_roles_of(bob, None, &[c.id])?;
        tx.set_roles_of(bob, None, &[b.id])
    });
    let given = |client| store.read(|tx| tx.roles_of(bob, client)).unwrap();
    assert_eq!(given(acme), [a.clone(), c]);
    assert_eq!(given(None), std::slice::from_ref(&b));
    assert_eq!(given(Some(client_id(2))), []);
    write(&store, |tx| {
        tx.remove_affiliation(bob, client_id(1))?;
        tx.remove_affiliation(bob, client_id(1))?;
        tx.put_affiliation(&affiliation(1, 1))
    });
    assert_eq!(given(acme), [], "they went with the affiliation");
    assert_eq!(given(None), [b]);
}

#[test]
fn roles_are_given_only_where_everything_they_need_is_there() {
    let store = Store::new();
    let a = role(3, "a", &[]);
    write(&store, |tx| {
        tx.put_client(&client(1, "Acme"))?;
        tx.put_user(&user(1))?;
        tx.put_role(&a)
    });
    conflict(&store, |tx| {
        tx.set_roles_of(user_id(1), Some(client_id(1)), &[a.id])
    });
    conflict(&store, |tx| tx.set_roles_of(user_id(2), None, &[a.id]));
    conflict(&store, |tx| {
        tx.set_roles_of(user_id(1), None, &[role(4, "b", &[]).id])
    });
}
