use super::lists::listing;
use super::watch;
use diesel::QueryableByName;
use portcullis_conformance::postgres::{Database, Server};
use portcullis_conformance::{Harness, NOW};
use portcullis_diesel::{Store, configure};
use portcullis_ledger::{Mode, StoreError};
use std::sync::{Mutex, PoisonError};

pub(crate) struct Postgres;

listing!(
    PgConnection,
    Uuid,
    "CREATE TABLE documents \
        (id UUID PRIMARY KEY, client_id BIGINT, created_at BIGINT NOT NULL);",
    |key: uuid::Uuid| key,
    |key: uuid::Uuid| HostKey::from(key)
);

/// A store on a database that is emptied and used again: making one takes longer than most worlds.
pub(crate) struct Lent(Option<Kept>);

struct Kept {
    url: String,
    store: Store<PgConnection>,
}

static FREE: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

impl Harness for Postgres {
    type Store = Lent;

    const EVERY: usize = 3;

    fn fresh() -> Lent {
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent(Some(free.unwrap_or_else(Kept::new)))
    }

    fn dump(store: &Lent) -> Option<Vec<u8>> {
        Some(store.0.as_ref()?.rows().into_bytes())
    }

    fn host_list(store: &Lent, list: &HostList<'_>) -> Option<Vec<HostKey>> {
        let mut connection = PgConnection::establish(&store.0.as_ref()?.url).unwrap();
        configure(&mut connection).unwrap();
        Some(listed(&mut connection, list))
    }

    fn ready() -> bool {
        watch::watch();
        Server::shared().is_some()
    }

    fn held(law: &'static str) {
        watch::POSTGRES.held(law);
    }
}

pub(super) fn migrated() -> Database {
    let database = Server::shared().unwrap().database();
    let store = Store::<PgConnection>::open_with_host_tables(database.url()).unwrap();
    store.migrate(NOW).unwrap();
    database
}

impl Kept {
    fn new() -> Self {
        let url = migrated().url().to_owned();
        let store = Store::open_with_host_tables(&url).unwrap();
        Self { url, store }
    }

    /// Every row as text; bytes as the characters they are, where they are such.
    fn rows(&self) -> String {
        let mut connection = PgConnection::establish(&self.url).unwrap();
        let mut rows = String::new();
        connection
            .batch_execute("SET bytea_output = 'escape'")
            .unwrap();
        for table in tables(&mut connection) {
            let sql = format!("SELECT CAST(t AS TEXT) AS name FROM {} AS t", table.name);
            let all: Vec<Table> = diesel::sql_query(sql).load(&mut connection).unwrap();
            rows.extend(all.into_iter().map(|row| row.name + "\n"));
        }
        rows
    }

    /// Takes every row away, but those that the migrations brought.
    fn empty(&self) {
        let mut connection = PgConnection::establish(&self.url).unwrap();
        let tables = tables(&mut connection);
        let mut script = "BEGIN; SET LOCAL session_replication_role = replica;".to_owned();
        for table in tables {
            script.extend(["DELETE FROM ", &table.name, ";"]);
        }
        script.push_str("UPDATE portcullis_meta SET policy_revision = 0; COMMIT");
        connection.batch_execute(&script).unwrap();
    }
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

fn tables(connection: &mut PgConnection) -> Vec<Table> {
    diesel::sql_query(
        "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' \
         AND tablename NOT IN ('portcullis_migration', 'portcullis_meta')",
    )
    .load(connection)
    .unwrap()
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(kept) = self.0.take()
            && !std::thread::panicking()
        {
            kept.empty();
            FREE.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(kept);
        }
    }
}

impl portcullis_ledger::Store for Lent {
    type Tx = <Store<PgConnection> as portcullis_ledger::Store>::Tx;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.as_ref().unwrap().store.with_tx(mode, work)
    }
}
