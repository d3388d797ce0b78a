//! The suite that every adapter runs.

use portcullis_conformance::{Harness, NOW};
use portcullis_rusqlite::Store;
use std::any::Any;

struct Rusqlite;

impl Harness for Rusqlite {
    type Store = Store;
    fn fresh() -> Store {
        let store = Store::in_memory().unwrap();
        store.migrate(NOW).unwrap();
        store
    }
    fn shared() -> (Store, Box<dyn Any>) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("portal.db")).unwrap();
        store.migrate(NOW).unwrap();
        (store, Box::new(folder))
    }
}

portcullis_conformance::suite!(Rusqlite);
