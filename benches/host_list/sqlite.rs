use crate::database::{Database, Statement};
use crate::{Case, node};
use benches::host_world::{Cell, HOST_INDEXES, HOST_TABLE, HostWorld, TABLES};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection as _, RunQueryDsl, sql_query};
use portcullis_rusqlite::configure;
use portcullis_sql::{Dialect, Val};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::hint::black_box;
use std::path::Path;

/// Connections to a file, as a host opens it.
pub(crate) struct Sqlite {
    rusqlite: Connection,
    diesel: SqliteConnection,
    name: &'static str,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Self {
        let connection = Connection::open(path).expect("a file");
        configure(&connection).expect("settings");
        connection.set_prepared_statement_cache_capacity(128);
        let path = path.to_str().expect("a path in UTF-8");
        let mut diesel = SqliteConnection::establish(path).expect("a file");
        portcullis_diesel::configure(&mut diesel).expect("settings");
        Self {
            rusqlite: connection,
            diesel,
            name: "SQLite",
        }
    }

    /// Has it look at how many rows of what there are, as `PRAGMA optimize` does, which changes its plans.
    pub(crate) fn analyze(&mut self) {
        self.rusqlite.execute_batch("ANALYZE").expect("statistics");
        self.name = "SQLite, analyzed";
    }

    /// Writes the world into a file that has our tables already.
    pub(crate) fn fill(&mut self, world: &HostWorld) {
        // As hosts on SQLite write it.
        let table = HOST_TABLE.replace("BIGINT NOT NULL PRIMARY KEY", "INTEGER PRIMARY KEY");
        self.rusqlite.execute_batch(&table).expect("a table");
        let tx = self.rusqlite.transaction().expect("a transaction");
        for table in TABLES {
            let places = vec!["?"; table.columns.split(',').count()].join(", ");
            let sql = format!(
                "INSERT INTO {} ({}) VALUES ({places})",
                table.name, table.columns
            );
            let mut insert = tx.prepare(&sql).expect("a statement");
            for row in world.rows.get(&table).into_iter().flatten() {
                let values = row.iter().map(|cell| match cell {
                    Cell::Null => Value::Null,
                    Cell::Int(number) => Value::from(*number),
                    Cell::Id(id) => Value::from(id.as_bytes().to_vec()),
                    Cell::Text(text) => Value::from(text.clone()),
                });
                insert.execute(params_from_iter(values)).expect("a row");
            }
        }
        tx.execute_batch(HOST_INDEXES).expect("indexes");
        tx.commit().expect("written");
    }
}

fn values(statement: &Statement) -> impl Iterator<Item = Value> {
    statement.values.iter().map(portcullis_rusqlite::value)
}

impl Database for Sqlite {
    fn name(&self) -> &'static str {
        self.name
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn rows(&mut self, statement: &Statement) -> Vec<i64> {
        let mut prepared = self
            .rusqlite
            .prepare_cached(&statement.text)
            .expect("it is SQL");
        let rows = prepared.query_map(params_from_iter(values(statement)), |row| {
            black_box((
                row.get::<_, i64>(1)?,
                row.get::<_, Option<i64>>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, i64>(4)?,
            ));
            row.get(0)
        });
        rows.expect("it runs")
            .map(|id| id.expect("an id"))
            .collect()
    }

    fn rows_by_diesel(&mut self, statement: &Statement) -> Vec<i64> {
        let mut query = sql_query(&statement.text).into_boxed();
        for value in &statement.values {
            query = match value {
                Val::Int(number) => query.bind::<Nullable<BigInt>, _>(*number),
                Val::Id(id) => {
                    let bytes = id.map(|id| id.as_bytes().to_vec());
                    query.bind::<Nullable<Binary>, _>(bytes)
                }
                Val::Text(text) => query.bind::<Nullable<Text>, _>(*text),
                Val::Bytes(bytes) => query.bind::<Nullable<Binary>, _>(*bytes),
            };
        }
        node::ids(query.load(&mut self.diesel).expect("it runs"))
    }

    fn page_of_node(&mut self, case: &Case) -> Vec<i64> {
        node::on_sqlite(case, &mut self.diesel)
    }

    fn number(&mut self, statement: &Statement) -> i64 {
        let mut prepared = self
            .rusqlite
            .prepare_cached(&statement.text)
            .expect("it is SQL");
        prepared
            .query_row(params_from_iter(values(statement)), |row| row.get(0))
            .expect("a number")
    }

    fn inside(&mut self, _: &Statement) -> Option<f64> {
        None
    }

    fn plan(&mut self, statement: &Statement) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.text);
        let mut prepared = self.rusqlite.prepare(&sql).expect("it is SQL");
        let steps = prepared.query_map(params_from_iter(values(statement)), |row| {
            row.get::<_, String>(3)
        });
        let steps: Vec<_> = steps.expect("it runs").flatten().collect();
        steps.join("\n")
    }
}
