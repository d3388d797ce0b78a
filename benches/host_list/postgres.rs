use crate::database::{Database, Statement};
use crate::{Case, node};
use benches::host_world::{Cell, HOST_INDEXES, HOST_TABLE, HostWorld, TABLES, Table};
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use portcullis_conformance::postgres::Server;
use portcullis_id::Timestamp;
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::statement::numbered;
use portcullis_sql::{Dialect, Val};
use std::io::{BufWriter, Write};
use std::process::{Child, ChildStdin, Stdio};
use uuid::Uuid;

/// A connection to a server of the bench's own.
pub(crate) struct Postgres(PgConnection);

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    step: String,
}

/// Settings of a server that answers many small questions; nothing of it outlives the bench.
const SETTINGS: [(&str, &str); 6] = [
    ("shared_buffers", "1GB"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("autovacuum", "off"),
    ("max_wal_size", "8GB"),
];

/// A server with the world in it, and where it is. `None` where none is installed.
pub(crate) fn filled(world: &HostWorld, revision: i64) -> Option<(Server, String)> {
    let server = Server::start_with(&SETTINGS)?;
    let database = server.database();
    let script = Migrator::new(sets(), Tenancy::Shared)
        .script(Dialect::Postgres, &[], Timestamp::from_millis(0))
        .expect("migrations");
    assert_eq!(database.complaints(&format!("{script}\n{HOST_TABLE}")), "");
    for table in TABLES {
        let mut psql = database.psql();
        psql.arg("-q").arg("-c").arg(format!(
            "COPY {} ({}) FROM STDIN",
            table.name, table.columns
        ));
        let mut child = psql.stdin(Stdio::piped()).spawn().expect("psql");
        copy(&mut child, world, table);
        assert!(child.wait().expect("psql").success(), "{}", table.name);
    }
    let rest = format!(
        "{HOST_INDEXES} UPDATE portcullis_meta SET policy_revision = {revision}; \n VACUUM (ANALYZE);\n"
    );
    assert_eq!(database.complaints(&rest), "");
    let url = database.url().to_owned();
    Some((server, url))
}

fn copy(child: &mut Child, world: &HostWorld, table: Table) {
    let mut pipe = BufWriter::new(child.stdin.take().expect("a pipe"));
    for row in world.rows.get(&table).into_iter().flatten() {
        for (place, cell) in row.iter().enumerate() {
            write_cell(&mut pipe, place, cell).expect("psql reads");
        }
        pipe.write_all(b"\n").expect("psql reads");
    }
}

fn write_cell(pipe: &mut BufWriter<ChildStdin>, place: usize, cell: &Cell) -> std::io::Result<()> {
    if place > 0 {
        pipe.write_all(b"\t")?;
    }
    match cell {
        Cell::Null => pipe.write_all(b"\\N"),
        Cell::Int(number) => write!(pipe, "{number}"),
        Cell::Id(id) => write!(pipe, "{id}"),
        Cell::Text(text) => pipe.write_all(text.as_bytes()),
    }
}

impl Postgres {
    /// A connection as our pool sets it up; its plans are made for the values, or the server's own cache
    /// of plans is left alone.
    pub(crate) fn connect(url: &str, custom_plans: bool) -> Self {
        let mut connection = PgConnection::establish(url).expect("a connection");
        portcullis_diesel::configure(&mut connection).expect("settings");
        if !custom_plans {
            sql_query("SET plan_cache_mode = auto")
                .execute(&mut connection)
                .expect("a setting");
        }
        Self(connection)
    }
}

fn bound(
    text: &str,
    values: &[Val<'static>],
) -> BoxedSqlQuery<'static, Pg, diesel::query_builder::SqlQuery> {
    let mut query = sql_query(numbered(text, 1)).into_boxed();
    for value in values {
        query = match value {
            Val::Int(number) => query.bind::<Nullable<BigInt>, _>(*number),
            Val::Id(id) => query.bind::<Nullable<SqlUuid>, Option<Uuid>>(*id),
            Val::Text(text) => query.bind::<Nullable<Text>, _>(*text),
            Val::Bytes(_) => panic!("no list asks for bytes"),
        };
    }
    query
}

impl Database for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn rows(&mut self, statement: &Statement) -> Vec<i64> {
        let rows = bound(&statement.text, &statement.values).load(&mut self.0);
        node::ids(rows.expect("it runs"))
    }

    fn rows_by_diesel(&mut self, statement: &Statement) -> Vec<i64> {
        self.rows(statement)
    }

    fn page_of_node(&mut self, case: &Case) -> Vec<i64> {
        node::on_postgres(case, &mut self.0)
    }

    fn number(&mut self, statement: &Statement) -> i64 {
        let number: Number = bound(&statement.text, &statement.values)
            .get_result(&mut self.0)
            .expect("a number");
        number.count
    }

    fn inside(&mut self, statement: &Statement) -> Option<f64> {
        let plan = self.explain("ANALYZE, TIMING OFF", statement);
        let time = plan
            .iter()
            .find_map(|step| step.strip_prefix("Execution Time: ")?.strip_suffix(" ms"));
        Some(time.expect("a time").parse::<f64>().expect("a number") * 1e3)
    }

    fn plan(&mut self, statement: &Statement) -> String {
        self.explain("ANALYZE, TIMING OFF, BUFFERS", statement)
            .join("\n")
    }
}

impl Postgres {
    fn explain(&mut self, how: &str, statement: &Statement) -> Vec<String> {
        let text = format!("EXPLAIN ({how}) {}", statement.text);
        let steps: Vec<Step> = bound(&text, &statement.values)
            .load(&mut self.0)
            .expect("it runs");
        steps.into_iter().map(|step| step.step).collect()
    }
}
