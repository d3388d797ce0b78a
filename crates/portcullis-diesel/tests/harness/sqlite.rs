use diesel::SqliteConnection;
use portcullis_conformance::{Harness, NOW};
use portcullis_diesel::Store;
use portcullis_ledger::{Mode, StoreError};
use std::any::Any;
use tempfile::TempDir;

pub(crate) struct Sqlite;

/// A store and the folder its file is in.
pub(crate) struct Filed {
    store: Store<SqliteConnection>,
    _folder: TempDir,
}

impl Harness for Sqlite {
    type Store = Filed;

    fn fresh() -> Filed {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portal.db");
        let store = Store::open_with_host_tables(file.to_str().unwrap()).unwrap();
        store.migrate(NOW).unwrap();
        Filed {
            store,
            _folder: folder,
        }
    }

    fn shared() -> (Filed, Box<dyn Any>) {
        (Self::fresh(), Box::new(()))
    }
}

impl portcullis_ledger::Store for Filed {
    type Tx = <Store<SqliteConnection> as portcullis_ledger::Store>::Tx;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.store.with_tx(mode, work)
    }
}
