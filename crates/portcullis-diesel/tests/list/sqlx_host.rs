//! The text with `$n`, run by a host that has sqlx and none of our adapters, with keys of every type.

use crate::host_rows::Columns;
use crate::sharing_world::NOW;
use crate::stage::{STAFF, Stage, database, some_world};
use portcullis_access::{Catalogue, Keyed, Kind};
use portcullis_conformance::postgres::Database;
use portcullis_id::{HostKey, KeyType};
use portcullis_sql::{Dialect, Fragment, Keyset, Val, VisibleTo, after, before, statement};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgConnectOptions, PgRow, PgTypeInfo, PgValueRef};
use sqlx::{ConnectOptions as _, Decode, Encode, PgConnection, Postgres, Row as _, Type};
use std::fmt::Write as _;
use std::str::FromStr as _;
use uuid::Uuid;

/// A UUID. The feature `uuid` of sqlx does the same; but any such feature has Cargo resolve its SQLite too,
/// which cannot stand beside another driver's (`links = "sqlite3"`).
#[derive(Clone, Copy)]
struct Key(Uuid);

impl Type<Postgres> for Key {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("uuid")
    }
}

impl Encode<'_, Postgres> for Key {
    fn encode_by_ref(&self, out: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for Key {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        Ok(Self(Uuid::from_slice(value.as_bytes()?)?))
    }
}

/// A type of keys: what the host's columns are, how one is made of a number, and where ours are.
struct Keys {
    of: KeyType,
    column: &'static str,
    make: &'static str,
    ours: &'static str,
}

const KEYS: [Keys; 3] = [
    Keys {
        of: KeyType::Int,
        column: "BIGINT",
        make: "@",
        ours: "key_int",
    },
    Keys {
        of: KeyType::Uuid,
        column: "UUID",
        make: "CAST(lpad(to_hex(@), 32, '0') AS UUID)",
        ours: "key_uuid",
    },
    Keys {
        of: KeyType::Text,
        column: "TEXT",
        make: "'k' || @",
        ours: "key_text",
    },
];

impl Keys {
    /// The host's table, and our rows with keys of this type.
    fn prepare(&self, database: &Database) {
        let make = |what: &str| self.make.replace('@', what);
        let mut script = format!(
            "CREATE TABLE papers (id {0} PRIMARY KEY, client_id {0}, number BIGINT, at BIGINT); \
             INSERT INTO papers SELECT DISTINCT ON (id) {1}, {2}, number, number % 3 \
                 FROM tasks WHERE id IS NOT NULL ORDER BY id, number;",
            self.column,
            make("id"),
            make("client_id"),
        );
        for table in ["portcullis_item", "portcullis_client"] {
            if self.of != KeyType::Int {
                let keys = make("key_int");
                let _ = write!(
                    script,
                    "UPDATE {table} SET {} = {keys}, key_int = NULL WHERE key_int IS NOT NULL;",
                    self.ours,
                );
            }
        }
        assert_eq!(database.complaints(&script), "");
    }

    fn read(&self, row: &PgRow) -> HostKey {
        match self.of {
            KeyType::Int => HostKey::from(row.get::<i64, _>("id")),
            KeyType::Uuid => HostKey::from(row.get::<Key, _>("id").0),
            KeyType::Text => HostKey::Text(row.get("id")),
        }
    }
}

/// Binds each value in its own type: a BIGINT, a UUID, a text.
async fn rows(
    host: &mut PgConnection,
    sql: &str,
    values: impl Iterator<Item = Val<'_>>,
) -> Vec<PgRow> {
    let sql = statement::numbered(sql, 1);
    let mut query = sqlx::query(&sql);
    for value in values {
        query = match value {
            Val::Int(number) => query.bind(number),
            Val::Id(id) => query.bind(id.map(Key)),
            Val::Text(text) => query.bind(text.map(str::to_owned)),
            Val::Bytes(bytes) => query.bind(bytes.map(<[u8]>::to_vec)),
        };
    }
    query.fetch_all(host).await.unwrap()
}

/// The rows of one page, or of all where there is no limit.
async fn page(
    host: &mut PgConnection,
    visible: &Fragment,
    keyset: &Keyset<Val<'_>>,
    limit: &str,
) -> Vec<PgRow> {
    let select = "SELECT d.id, d.at, d.number FROM papers AS d";
    let tail = format!("{} {limit}", keyset.order());
    let sql = visible.query(select, keyset.text(), &tail).unwrap();
    let values = visible.params().iter().chain(keyset.params());
    rows(host, &sql, values.copied()).await
}

fn numbers(rows: &[PgRow]) -> Vec<i64> {
    rows.iter().map(|row| row.get("number")).collect()
}

/// Page after page in one direction.
async fn paged(
    host: &mut PgConnection,
    visible: &Fragment,
    keys: &Keys,
    ascending: bool,
) -> Vec<i64> {
    let mut last: Option<(i64, HostKey)> = None;
    let mut found = Vec::new();
    loop {
        let cursor = last.as_ref();
        let cursor = cursor.map(|(at, key)| [Val::from(*at), Val::from(key)]);
        let keyset = behind(ascending, cursor);
        let rows = page(host, visible, &keyset, "LIMIT 3").await;
        let Some(end) = rows.last() else { break };
        found.extend(numbers(&rows));
        last = Some((end.get("at"), keys.read(end)));
    }
    found
}

fn behind(ascending: bool, cursor: Option<[Val<'_>; 2]>) -> Keyset<Val<'_>> {
    let order = ["d.at", "d.id"];
    let keyset = if ascending {
        after(order, cursor)
    } else {
        before(order, cursor)
    };
    keyset.unwrap()
}

async fn counted(host: &mut PgConnection, list: VisibleTo<'_>, cap: u32) -> i64 {
    let visible = list.counted(Dialect::Postgres).sql().unwrap();
    let sql = visible.capped_count("papers AS d", "d.at >= 0", cap);
    let rows = rows(host, &sql.unwrap(), visible.params().iter().copied()).await;
    rows.first().unwrap().get(0)
}

async fn check(keys: &Keys, stage: &Stage) {
    let options = PgConnectOptions::from_str(&stage.url).unwrap();
    // The plan for every client is a bad one for the largest (pitfall 13).
    let options = options.options([("plan_cache_mode", "force_custom_plan")]);
    let host = &mut options.connect().await.unwrap();
    let catalogue = Catalogue::built_in()
        .with_keys(Kind::TASK, keys.of)
        .unwrap()
        .keyed_by(Keyed::Clients, keys.of);
    let viewer = stage.viewer(&STAFF);
    let list = portcullis_sql::visible_to(&viewer, Kind::TASK, &catalogue, NOW)
        .column("d.id")
        .owned_by("d.client_id");
    let there = rows(host, "SELECT number FROM papers", [].into_iter()).await;
    let there = numbers(&there);
    let mut allowed = stage.allowed(&viewer, Columns::Owner);
    allowed.retain(|number| there.contains(number));
    assert!(allowed.len() > 3 && allowed.len() < there.len());
    for list in [list.clone(), list.clone().on(Dialect::Postgres)] {
        let visible = list.sql().unwrap();
        for ascending in [true, false] {
            let all = page(host, &visible, &behind(ascending, None), "").await;
            let all = numbers(&all);
            assert_eq!(paged(host, &visible, keys, ascending).await, all);
            let mut sorted = all;
            sorted.sort_unstable();
            assert_eq!(sorted, allowed, "{:?}", keys.of);
        }
    }
    for cap in [2, 1_000] {
        let least = i64::from(cap).min(i64::try_from(allowed.len()).unwrap());
        assert_eq!(counted(host, list.clone(), cap).await, least);
    }
}

#[test]
fn l04_a_list_through_sqlx_is_the_rule_row_by_row_with_keys_of_every_type() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (raw, seeds) = some_world();
    for keys in &KEYS {
        let Some(database) = database() else { return };
        let stage = Stage::on(&database, &raw, &seeds);
        keys.prepare(&database);
        runtime.block_on(check(keys, &stage));
    }
}
