use super::lists::listing;
use super::watch;
use portcullis_conformance::{Harness, NOW};
use portcullis_diesel::{Store, configure};
use portcullis_ledger::{Mode, StoreError};
use std::path::PathBuf;
use tempfile::TempDir;

pub(crate) struct Sqlite;

listing!(
    SqliteConnection,
    Binary,
    "CREATE TABLE documents \
        (id BLOB PRIMARY KEY, client_id INTEGER, created_at INTEGER NOT NULL) STRICT;",
    |key: uuid::Uuid| key.as_bytes().to_vec(),
    |key: Vec<u8>| HostKey::from(uuid::Uuid::from_slice(&key).unwrap())
);

/// A store and the folder its file is in.
pub(crate) struct Filed {
    store: Store<SqliteConnection>,
    folder: TempDir,
}

impl Harness for Sqlite {
    type Store = Filed;

    const EVERY: usize = 3;

    fn fresh() -> Filed {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portal.db");
        let store = Store::open_with_host_tables(file.to_str().unwrap()).unwrap();
        store.migrate(NOW).unwrap();
        Filed { store, folder }
    }

    fn ready() -> bool {
        watch::watch();
        true
    }

    fn held(law: &'static str) {
        watch::SQLITE.held(law);
    }

    fn dump(store: &Filed) -> Option<Vec<u8>> {
        let mut bytes = std::fs::read(store.file()).unwrap();
        let log = format!("{}-wal", store.file().display());
        bytes.extend(std::fs::read(log).unwrap_or_default());
        Some(bytes)
    }

    fn host_list(store: &Filed, list: &HostList<'_>) -> Option<Vec<HostKey>> {
        let mut connection = SqliteConnection::establish(store.file().to_str()?).unwrap();
        configure(&mut connection).unwrap();
        Some(listed(&mut connection, list))
    }
}

impl Filed {
    fn file(&self) -> PathBuf {
        self.folder.path().join("portal.db")
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
