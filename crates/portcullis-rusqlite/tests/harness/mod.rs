//! This adapter, as the conformance suite sees it.

use portcullis::access::Catalogue;
use portcullis::id::HostKey;
use portcullis_conformance::{Harness, HostList, NOW, World};
use portcullis_rusqlite::{Names, SqlStore, Store, configure, values};
use portcullis_sql::visible_to;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::any::Any;

pub(crate) struct Rusqlite;

impl Harness for Rusqlite {
    type Store = Store;

    fn fresh() -> Store {
        let store = Store::in_memory().unwrap();
        store.migrate(NOW).unwrap();
        store
    }

    fn shared() -> (Store, Box<dyn Any>) {
        let folder = tempfile::tempdir().unwrap();
        // Under names of the host's choice, so that the suite runs on these too.
        let store = Store::options()
            .names(Names::prefixed("acme_").unwrap())
            .with_host_tables()
            .open(folder.path().join("portal.db"))
            .unwrap();
        store.migrate(NOW).unwrap();
        (store, Box::new(folder))
    }

    fn dump(store: &Store) -> Option<Vec<u8>> {
        let file = store.path()?;
        let mut bytes = std::fs::read(file).unwrap();
        let log = format!("{}-wal", file.display());
        bytes.extend(std::fs::read(log).unwrap_or_default());
        Some(bytes)
    }

    fn host_list(store: &Store, list: &HostList<'_>) -> Option<Vec<HostKey>> {
        let connection = Connection::open(store.path()?).unwrap();
        configure(&connection).unwrap();
        write(&connection, list);
        let catalogue: Catalogue = World::catalogue();
        let visible = visible_to(list.viewer, list.kind, &catalogue, list.now)
            .named(store.names())
            .column("d.id")
            .owned_by("d.client_id")
            .sql()
            .unwrap();
        let sql = format!(
            "SELECT d.id FROM documents AS d WHERE {} ORDER BY d.created_at DESC, d.id DESC",
            visible.text()
        );
        let mut statement = connection.prepare(&sql).unwrap();
        let found = statement
            .query_map(params_from_iter(values(&visible)), |row| {
                let id: [u8; 16] = row.get(0)?;
                Ok(HostKey::from(uuid::Uuid::from_bytes(id)))
            })
            .unwrap();
        Some(found.collect::<Result<_, _>>().unwrap())
    }
}

/// The host's table, anew for each list.
fn write(connection: &Connection, list: &HostList<'_>) {
    connection
        .execute_batch(
            "DROP TABLE IF EXISTS documents;
             CREATE TABLE documents (
                 id BLOB PRIMARY KEY, client_id INTEGER, created_at INTEGER NOT NULL
             ) STRICT;",
        )
        .unwrap();
    let mut insert = connection
        .prepare("INSERT INTO documents VALUES (?, ?, ?)")
        .unwrap();
    for row in list.rows {
        let owner = row.owner.as_ref().map_or(Value::Null, value);
        insert
            .execute((value(&row.key), owner, row.created_at.millis()))
            .unwrap();
    }
}

fn value(key: &HostKey) -> Value {
    match key {
        HostKey::Int(key) => Value::Integer(*key),
        HostKey::Uuid(key) => Value::Blob(key.0.as_bytes().to_vec()),
        HostKey::Text(key) => Value::Text(key.clone()),
    }
}
