//! Text keys in columns of every collation that a host's can have. They differ by case and accents
//! alone, which some collations do not tell apart.

use crate::host_rows::{COLUMNS, Columns, Known, Person, viewer_as};
use crate::sharing_world::NOW;
use crate::stage::{STAFF, Stage, database, some_world};
use crate::tokio_host::numbers;
use portcullis_access::{Catalogue, Keyed, Kind, UserKind};
use portcullis_conformance::postgres::Database;
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, HostPage, VisibleTo};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use tokio_postgres::{Client, NoTls};

/// What a host's columns can be declared as. `alike` takes `a`, `A` and `á` for one key.
const COLLATED: [&str; 6] = [
    "TEXT",
    "TEXT COLLATE german",
    "TEXT COLLATE alike",
    "TEXT COLLATE \"C\"",
    "VARCHAR(40)",
    // Where the server has it.
    "CITEXT",
];

const COLLATIONS: &str = "CREATE COLLATION german (provider = icu, locale = 'de'); \
    CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false);";

/// Each makes lists of another form.
const KNOWN: [Known; 4] = [
    Known {
        grants: true,
        idle: 0,
    },
    Known {
        grants: false,
        idle: 0,
    },
    Known {
        grants: false,
        idle: 70,
    },
    Known {
        grants: false,
        idle: 1_100,
    },
];

/// Four numbers one behind the other become `a`, `A`, `á` and `Á`, with the same behind it.
fn alike(number: &str) -> String {
    format!("(ARRAY['a', 'A', 'á', 'Á'])[1 + {number} % 4] || ({number} / 4)")
}

/// The host's table once more for each collation, and our rows with texts for keys; says how many.
fn prepare(database: &Database) -> usize {
    let citext = "SELECT 1 FROM pg_available_extensions WHERE name = 'citext'";
    let tables = if database.answer(citext).is_empty() {
        COLLATED.len() - 1
    } else {
        assert_eq!(database.complaints("CREATE EXTENSION citext"), "");
        COLLATED.len()
    };
    let number = "CAST(substr(@, 2) AS BIGINT)";
    let mut script = COLLATIONS.to_owned();
    for (place, column) in COLLATED.iter().enumerate().take(tables) {
        let _ = write!(
            script,
            "CREATE TABLE papers_{place} (number BIGINT PRIMARY KEY, id {column}, \
                 client_id {column}, project_id {column}); \
             INSERT INTO papers_{place} SELECT number, {}, {}, {} FROM tasks;",
            alike("id"),
            alike("client_id"),
            alike(&number.replace('@', "project_id")),
        );
    }
    for table in ["item", "client"] {
        let _ = write!(
            script,
            "UPDATE portcullis_{table} SET key_text = {}, key_int = NULL WHERE key_int IS NOT NULL;",
            alike("key_int"),
        );
    }
    let _ = write!(
        script,
        "UPDATE portcullis_container SET key_text = {};",
        alike(&number.replace('@', "key_text")),
    );
    assert_eq!(database.complaints(&script), "");
    tables
}

fn using(list: VisibleTo<'_>, columns: Columns) -> VisibleTo<'_> {
    crate::tokio_host::using(list, columns).on(Dialect::Postgres)
}

/// The numbers of the rows on a page in our order, or of how many items they are.
async fn paged(host: &Client, page: &HostPage, table: &str, what: &str) -> Vec<i64> {
    let sql = page.query("t.number", &format!("{table} AS t")).unwrap();
    let sql = format!("SELECT {what} FROM ({sql}) AS p ORDER BY 1");
    numbers(host, &sql, page.condition(), &[]).await
}

/// Every form of the list is the rule row by row, and so is a page in our order of what we know.
async fn check<'v>(
    host: &Client,
    table: &str,
    columns: Columns,
    allowed: &[i64],
    known: &BTreeSet<i64>,
    list: impl Fn() -> VisibleTo<'v>,
) {
    let select = format!("SELECT t.number FROM {table} AS t");
    for list in [
        list(),
        list().unordered(),
        list().counted(Dialect::Postgres),
    ] {
        let visible = using(list, columns).sql().unwrap();
        let sql = visible.query(&select, "", "ORDER BY t.number").unwrap();
        let found = numbers(host, &sql, &visible, &[]).await;
        assert_eq!(found, allowed, "{table} {columns:?}: {sql}");
    }
    let visible = using(list(), columns).counted(Dialect::Postgres).sql();
    let visible = visible.unwrap();
    let from = format!("{table} AS t");
    let sql = visible.capped_count(&from, "", 1_000).unwrap();
    let count = i64::try_from(allowed.len()).unwrap();
    assert_eq!(numbers(host, &sql, &visible, &[]).await, [count]);

    let page = |limit| using(list(), columns).page(None, limit).unwrap();
    let found = paged(host, &page(500), table, "p.number").await;
    let ours: Vec<i64> = allowed
        .iter()
        .copied()
        .filter(|row| known.contains(row))
        .collect();
    assert_eq!(found, ours, "{table} {columns:?}");
    let items = "COUNT(DISTINCT p.portcullis_id)";
    let items = paged(host, &page(2), table, items).await;
    assert!(items <= vec![2], "{table} {columns:?}: {items:?}");
}

#[test]
fn pitfall16_a_list_is_the_rule_row_by_row_whatever_the_hosts_collation() {
    let Some(database) = database() else { return };
    let (raw, seeds) = some_world();
    let stage = Stage::on(&database, &raw, &seeds);
    let known = database.answer(&format!(
        "SELECT t.number FROM tasks AS t JOIN portcullis_item AS i ON i.kind = {} AND i.key_int = t.id",
        Kind::TASK.number(),
    ));
    let known: BTreeSet<i64> = known
        .lines()
        .filter_map(|line| line.trim().parse().ok())
        .collect();
    let tables = prepare(&database);
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::TASK, KeyType::Text)
        .unwrap()
        .keyed_by(Keyed::Clients, KeyType::Text);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (host, connection) = tokio_postgres::connect(&stage.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let (mut shown, mut hidden) = (0, 0);
        for (kind, every_client) in [
            (UserKind::Staff, true),
            (UserKind::Staff, false),
            (UserKind::Client, false),
        ] {
            for as_known in KNOWN {
                let person = Person {
                    kind,
                    every_client,
                    ..STAFF
                };
                let viewer = viewer_as(as_known, &person, &stage.world, &stage.rules);
                for columns in COLUMNS {
                    let allowed = stage.allowed(&viewer, columns);
                    shown += allowed.len();
                    hidden += stage.tasks.len() - allowed.len();
                    let list = || portcullis_sql::visible_to(&viewer, Kind::TASK, &catalogue, NOW);
                    for place in 0..tables {
                        let table = format!("papers_{place}");
                        check(&host, &table, columns, &allowed, &known, list).await;
                    }
                }
            }
        }
        assert!(
            shown > 100 && hidden > 100,
            "{shown} shown, {hidden} hidden"
        );
    });
}
