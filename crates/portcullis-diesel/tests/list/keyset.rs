//! A list in the host's own order, page by page, through tokio-postgres.

use crate::host_rows::{COLUMNS, Person};
use crate::stage::{STAFF, Stage, database, some_world};
use crate::tokio_host::{Bound, bound, using};
use crate::walks::{Host, ORDERS, Row, changes, rows, walk};
use portcullis_access::{Kind, UserKind};
use portcullis_sql::{Dialect, Fragment, Keyset, Val, statement};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

struct OnAServer<'a> {
    runtime: &'a Runtime,
    client: &'a Client,
    visible: &'a Fragment,
}

impl OnAServer<'_> {
    fn run(&self, sql: &str, values: &[Bound]) -> Vec<i64> {
        let rows = self
            .runtime
            .block_on(self.client.query(sql, &bound(values)));
        rows.unwrap().iter().map(|row| row.get(0)).collect()
    }
}

impl Host for OnAServer<'_> {
    fn add(&mut self, row: &Row) {
        let task = i64::try_from(row.task).unwrap();
        let values = [Some(row.number), Some(task), Some(row.rank), row.due];
        let values = values.map(|number| Bound(Val::Int(number)));
        self.run("INSERT INTO entries VALUES ($1, $2, $3, $4)", &values);
    }

    fn remove(&mut self, number: i64) {
        let values = [Bound(Val::from(number))];
        self.run("DELETE FROM entries WHERE number = $1", &values);
    }

    fn page(&mut self, keyset: &Keyset<Val<'static>>, limit: usize) -> Vec<i64> {
        let sql = self.visible.query(
            "SELECT d.number FROM entries AS d JOIN tasks AS t ON t.number = d.task",
            &format!("d.rank >= ? AND {}", keyset.text()),
            &format!("{} LIMIT {limit}", keyset.order()),
        );
        let own = [Val::from(0_i64)];
        let values = self.visible.params().iter().chain(&own);
        let values: Vec<Bound> = values.chain(keyset.params()).copied().map(Bound).collect();
        self.run(&statement::numbered(&sql.unwrap(), 1), &values)
    }
}

#[test]
fn l04_pages_through_tokio_postgres_neither_skip_nor_repeat_what_stays() {
    let Some(database) = database() else { return };
    let (raw, seeds) = some_world();
    let stage = Stage::on(&database, &raw, &seeds);
    let complaints = database.complaints(
        "CREATE TABLE entries (number BIGINT PRIMARY KEY, task BIGINT NOT NULL, \
             rank BIGINT NOT NULL, due BIGINT);",
    );
    assert_eq!(complaints, "");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (client, connection) = runtime
        .block_on(tokio_postgres::connect(&stage.url, NoTls))
        .unwrap();
    runtime.spawn(connection);
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for kind in UserKind::ALL {
        let viewer = stage.viewer(&Person { kind, ..STAFF });
        for columns in COLUMNS {
            let list = portcullis_sql::visible_to(
                &viewer,
                Kind::TASK,
                stage.rules.catalogue(),
                crate::sharing_world::NOW,
            );
            let allowed = stage.allowed(&viewer, columns);
            for (order, ascending) in ORDERS
                .into_iter()
                .flat_map(|order| [(order, false), (order, true)])
            {
                let list = using(list.clone(), columns);
                let list = if ascending {
                    list.on(Dialect::Postgres)
                } else {
                    list
                };
                let visible = list.sql().unwrap();
                let tasks = stage.tasks.len();
                let (rows, changes, limit) = (rows(tasks), changes(tasks), 1..6_usize)
                    .new_tree(&mut runner)
                    .unwrap()
                    .current();
                let mut there: BTreeMap<i64, Row> = BTreeMap::new();
                there.extend(rows.into_iter().map(|row| (row.number, row)));
                let mut rows: Vec<Row> = there.into_values().collect();
                let mut host = OnAServer {
                    runtime: &runtime,
                    client: &client,
                    visible: &visible,
                };
                host.run("DELETE FROM entries", &[]);
                for row in &rows {
                    host.add(row);
                }
                let how = (order, ascending, limit);
                let shown = walk(&mut host, how, &mut rows, &changes, |row| {
                    allowed.contains(&i64::try_from(row.task).unwrap())
                });
                *seen.entry((order, ascending)).or_default() += shown;
            }
        }
    }
    assert_eq!(seen.len(), ORDERS.len() * 2);
    assert!(seen.values().all(|rows| *rows > 50), "{seen:?}");
}
