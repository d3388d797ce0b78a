use crate::database::{Database, Statement};
use benches::host_world::{Cell, HOST_INDEXES, HOST_TABLE, HostWorld, TABLES};
use portcullis_rusqlite::configure;
use portcullis_sql::{Dialect, Val};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::hint::black_box;
use std::path::Path;

/// A connection to a file, as a host opens it.
pub(crate) struct Sqlite(Connection);

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Self {
        let connection = Connection::open(path).expect("a file");
        configure(&connection).expect("settings");
        connection.set_prepared_statement_cache_capacity(128);
        Self(connection)
    }

    /// Writes the world into a file that has our tables already.
    pub(crate) fn fill(&mut self, world: &HostWorld) {
        // As hosts on SQLite write it.
        let table = HOST_TABLE.replace("BIGINT NOT NULL PRIMARY KEY", "INTEGER PRIMARY KEY");
        self.0.execute_batch(&table).expect("a table");
        let tx = self.0.transaction().expect("a transaction");
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
    statement.values.iter().map(|value| match value {
        Val::Int(number) => Value::from(*number),
        Val::Id(id) => Value::from(id.map(|id| id.as_bytes().to_vec())),
        Val::Text(text) => Value::from(text.map(str::to_owned)),
        Val::Bytes(bytes) => Value::from(bytes.map(<[u8]>::to_vec)),
    })
}

impl Database for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn rows(&mut self, statement: &Statement) -> Vec<i64> {
        let mut prepared = self.0.prepare_cached(&statement.text).expect("it is SQL");
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

    fn number(&mut self, statement: &Statement) -> i64 {
        let mut prepared = self.0.prepare_cached(&statement.text).expect("it is SQL");
        prepared
            .query_row(params_from_iter(values(statement)), |row| row.get(0))
            .expect("a number")
    }

    fn inside(&mut self, _: &Statement) -> Option<f64> {
        None
    }

    fn plan(&mut self, statement: &Statement) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.text);
        let mut prepared = self.0.prepare(&sql).expect("it is SQL");
        let steps = prepared.query_map(params_from_iter(values(statement)), |row| {
            row.get::<_, String>(3)
        });
        let steps: Vec<_> = steps.expect("it runs").flatten().collect();
        steps.join("\n")
    }
}
