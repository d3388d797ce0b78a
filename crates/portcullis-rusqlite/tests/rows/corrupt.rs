//! Rows that somebody else wrote.

use crate::samples::{NOW, client, contact, container, item, user, uuid};
use portcullis_access::{Affiliation, Affiliations, Clients, Contacts, Subjects, Users};
use portcullis_id::{ClientId, HostKey, ItemId, UserId};
use portcullis_ledger::{StoreErrorKind, StoreExt};
use portcullis_rusqlite::Store;
use portcullis_sharing::{Containers, Items, Lists};
use tempfile::TempDir;

#[test]
fn a_value_that_makes_no_sense_is_corrupt_and_decides_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("portal.db");
    let store = Store::open(&path).unwrap();
    store.migrate(NOW).unwrap();
    let (person, at) = (UserId::from_uuid(uuid(0)), ClientId::from_uuid(uuid(0)));
    store
        .write(|tx| {
            tx.put_client(&client(0, None))?;
            tx.put_contact(&contact(0, None))?;
            tx.put_user(&user(0, None))?;
            tx.put_affiliation(&Affiliation {
                user: person,
                client: at,
                rights: vec![],
                paused: false,
                until: None,
            })?;
            tx.put_container(&container(1, None))?;
            tx.put_item(&item(1, HostKey::from(1)))
        })
        .unwrap();
    let spoil = rusqlite::Connection::open(&path).unwrap();
    spoil
        .execute_batch("PRAGMA ignore_check_constraints = 1")
        .unwrap();
    let id = ItemId::from_uuid(uuid(1));
    for (change, back) in [
        ("portcullis_user SET kind = 3", "kind = 1"),
        ("portcullis_user SET removed = 2", "removed = 0"),
        ("portcullis_client SET light = 3", "light = 0"),
        ("portcullis_affiliation SET paused = 2", "paused = 0"),
        ("portcullis_container SET kind = 6", "kind = 1"),
        ("portcullis_container SET lifecycle = -1", "lifecycle = 1"),
        ("portcullis_item SET exposure = 3", "exposure = 1"),
        ("portcullis_item SET kind = 63", "kind = 1"),
        ("portcullis_item SET open = 2", "open = 1"),
        ("portcullis_item SET key_text = 'two'", "key_text = NULL"),
        ("portcullis_item SET key_int = NULL", "key_int = 1"),
    ] {
        let table = change.split(' ').next().unwrap();
        spoil.execute_batch(&format!("UPDATE {change}")).unwrap();
        let read = store.read(|tx| {
            tx.subject(person)?;
            tx.row_by_id(id, person)
        });
        assert_eq!(
            read.unwrap_err().kind(),
            StoreErrorKind::Corrupt,
            "{change}"
        );
        spoil
            .execute_batch(&format!("UPDATE {table} SET {back}"))
            .unwrap();
    }
    assert!(store.read(|tx| tx.row_by_id(id, person)).unwrap().is_some());
}
