//! Whole queries are the statements that hosts without a query builder send, and are read by the
//! indexes that these are.

use crate::host_rows::{COLUMNS, Columns, Known, Person};
use crate::sharing_world::NOW;
use crate::stage::{STAFF, Stage, database, over, some_world, tasks};
use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Integer, Text};
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, SqliteConnection, debug_query};
use portcullis_access::{ContainerKind, Kind, UserKind, Viewer};
use portcullis_diesel::VisibleToDsl as _;
use portcullis_sql::{Dialect, VisibleTo, statement};
use std::marker::PhantomData;

/// Staff of some and of every client, and a client user who carries its grants.
fn viewers(stage: &Stage) -> [Viewer; 3] {
    let known = |grants| Known { grants, idle: 70 };
    let all = Person {
        every_client: true,
        ..STAFF
    };
    let member = Person {
        kind: UserKind::Client,
        reach: 0,
        ..STAFF
    };
    [(STAFF, false), (all, false), (member, true)]
        .map(|(person, grants)| stage.viewer_as(known(grants), &person))
}

/// The text of a query, as it is sent.
fn sent<DB>(query: &impl QueryFragment<DB>) -> String
where
    DB: Backend<QueryBuilder: Default> + Default,
{
    let text = debug_query::<DB, _>(query).to_string();
    let (text, _) = text.rsplit_once(" -- binds").unwrap();
    text.replace(['`', '"'], "")
}

fn by_text<'a>(
    stage: &'a Stage,
    viewer: &'a Viewer,
    columns: Columns,
    dialect: Dialect,
) -> VisibleTo<'a> {
    let list = portcullis_sql::visible_to(viewer, Kind::TASK, stage.rules.catalogue(), NOW)
        .on(dialect)
        .column("tasks.id");
    match columns {
        Columns::Key => list,
        Columns::Owner => list.owned_by("tasks.client_id"),
        Columns::Container => list.in_container("tasks.project_id"),
        Columns::OwnerAndProject => list
            .owned_by("tasks.client_id")
            .in_container_of(ContainerKind::Project, "tasks.project_id"),
    }
}

macro_rules! same {
    ($stage:expr, $viewer:expr, $columns:expr, $backend:ty, $dialect:expr) => {{
        let tail = "ORDER BY tasks.number DESC LIMIT CAST(? AS BIGINT)";
        let text = || by_text($stage, $viewer, $columns, $dialect);
        let number = |text: String| match $dialect {
            Dialect::Sqlite => text,
            // Without quotes, as `sent` has it: those of a collation are in the text.
            Dialect::Postgres => statement::numbered(&text, 1).replace('"', ""),
        };
        let told = (
            number(
                text()
                    .sql()
                    .unwrap()
                    .query("SELECT tasks.number FROM tasks", "", tail)
                    .unwrap(),
            ),
            number(
                text()
                    .page(None, 7)
                    .unwrap()
                    .query("tasks.number", "tasks")
                    .unwrap(),
            ),
            number(
                text()
                    .counted($dialect)
                    .sql()
                    .unwrap()
                    .capped_count("tasks", "", 7)
                    .unwrap(),
            ),
        );
        let ours = over!($stage.lens($viewer), $columns, |list| {
            let rows = list.clone().rows(tasks::table).order(tasks::number.desc());
            let page = list.clone().page(tasks::table, None, 7);
            (
                sent::<$backend>(&rows.limit(7).select(tasks::number)),
                sent::<$backend>(&page.select(tasks::number)),
                sent::<$backend>(&list.count(tasks::table, 7)),
            )
        });
        assert_eq!(ours, told, "{:?}", $columns);
    }};
}

#[test]
fn l04_whole_queries_are_the_statements_of_the_text() {
    let (raw, seeds) = some_world();
    let stage = &Stage::in_a_file(&raw, &seeds);
    for viewer in &viewers(stage) {
        for columns in COLUMNS {
            same!(stage, viewer, columns, Sqlite, Dialect::Sqlite);
            same!(stage, viewer, columns, Pg, Dialect::Postgres);
        }
    }
}

#[test]
fn our_rows_stand_beside_the_hosts_unless_a_name_could_be_ours() {
    let (raw, seeds) = some_world();
    let stage = &Stage::in_a_file(&raw, &seeds);
    let host = &mut SqliteConnection::establish(&stage.url).unwrap();
    let [staff, ..] = &viewers(stage);
    let rows = || {
        let list = tasks::id.visible_to(stage.lens(staff), Kind::TASK);
        list.owned_by(tasks::client_id)
            .rows(tasks::table)
            .select(tasks::number)
    };
    let beside = |sql: &str| sql.contains("JOIN portcullis_item AS portcullis_i ON");
    assert!(beside(&sent::<Sqlite>(&rows())));
    let bare = || diesel::dsl::sql::<diesel::sql_types::Bool>("id > 0");
    assert!(beside(&sent::<Sqlite>(&rows().filter(tasks::id.gt(0)))));
    assert!(!beside(&sent::<Sqlite>(&rows().filter(bare()))));
    assert!(!beside(&sent::<Sqlite>(&rows().order(bare()))));
    assert!(!beside(&sent::<Sqlite>(&rows().select(bare()))));
    let named: Vec<i64> = rows().filter(tasks::id.gt(0)).load(host).unwrap();
    let unnamed: Vec<i64> = rows().filter(bare()).load(host).unwrap();
    assert!(!named.is_empty());
    assert_eq!(named, unnamed);
}

/// How a query is run, in rows of the type `ST`.
struct Explain<Q, ST>(&'static str, Q, PhantomData<ST>);

impl<Q, ST> QueryId for Explain<Q, ST> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, ST, C> RunQueryDsl<C> for Explain<Q, ST> {}

impl<Q, ST> Query for Explain<Q, ST> {
    type SqlType = ST;
}

impl<Q: QueryFragment<DB>, ST, DB: Backend> QueryFragment<DB> for Explain<Q, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        self.1.walk_ast(out)
    }
}

/// How the database reads, a line a step.
trait Explained {
    fn plan<Q>(&mut self, query: Q) -> String
    where
        Q: QueryFragment<Sqlite> + QueryFragment<Pg>;
}

impl Explained for SqliteConnection {
    fn plan<Q>(&mut self, query: Q) -> String
    where
        Q: QueryFragment<Sqlite> + QueryFragment<Pg>,
    {
        type Step = (Integer, Integer, Integer, Text);
        let explain: Explain<_, Step> = Explain("EXPLAIN QUERY PLAN ", query, PhantomData);
        let steps: Vec<(i32, i32, i32, String)> = explain.load(self).unwrap();
        let steps: Vec<String> = steps.into_iter().map(|step| step.3).collect();
        steps.join("\n")
    }
}

impl Explained for PgConnection {
    fn plan<Q>(&mut self, query: Q) -> String
    where
        Q: QueryFragment<Sqlite> + QueryFragment<Pg>,
    {
        // The tables are small, and read whole where that is allowed.
        self.batch_execute("SET enable_seqscan = off").unwrap();
        let explain: Explain<_, Text> = Explain("EXPLAIN ", query, PhantomData);
        let steps: Vec<String> = explain.load(self).unwrap();
        steps.join("\n")
    }
}

const INDEXES: &str = "CREATE UNIQUE INDEX tasks_by_id ON tasks (id); \
    CREATE INDEX tasks_newest ON tasks (client_id, number DESC); \
    CREATE INDEX tasks_in_order ON tasks (number DESC);";

/// Reads one of the host's indexes, and never the table whole.
fn by_index(plan: &str, indexes: &[&str]) {
    let named = indexes.iter().any(|index| plan.contains(index));
    assert!(named, "{indexes:?}: {plan}");
    for scan in ["SCAN tasks", "Seq Scan on tasks"] {
        let whole = plan
            .lines()
            .any(|step| step.contains(scan) && !step.contains("INDEX"));
        assert!(!whole, "{plan}");
    }
}

macro_rules! plans {
    ($name:ident, $connection:ty, $stage:expr) => {
        #[test]
        fn $name() {
            let (raw, seeds) = some_world();
            let stage: Option<Stage> = $stage(&raw, &seeds);
            let Some(stage) = stage else { return };
            let host = &mut <$connection>::establish(&stage.url).unwrap();
            host.batch_execute(
                "DELETE FROM tasks WHERE id IN \
                (SELECT t.id FROM tasks AS t GROUP BY t.id HAVING COUNT(*) > 1)",
            )
            .unwrap();
            host.batch_execute(INDEXES).unwrap();
            let [staff, all, member] = &viewers(&stage);
            for viewer in [staff, all, member] {
                let list = || {
                    let list = tasks::id.visible_to(stage.lens(viewer), Kind::TASK);
                    list.owned_by(tasks::client_id)
                };
                let lists = viewer.granted_containers().is_some();
                let rows = list()
                    .rows(tasks::table)
                    .order(tasks::number.desc())
                    .limit(7)
                    .select(tasks::number);
                by_index(
                    &host.plan(rows),
                    if lists {
                        &["tasks_by_id"]
                    } else {
                        &["tasks_newest", "tasks_in_order"]
                    },
                );
                let page = list().page(tasks::table, None, 7).select(tasks::number);
                by_index(&host.plan(page), &["tasks_by_id"]);
                if lists {
                    by_index(&host.plan(list().count(tasks::table, 7)), &["tasks_by_id"]);
                }
            }
        }
    };
}

plans!(
    l04_whole_queries_in_a_file_read_by_index,
    SqliteConnection,
    |raw, seeds| Some(Stage::in_a_file(raw, seeds))
);
plans!(
    l04_whole_queries_on_a_server_read_by_index,
    PgConnection,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds))
);
