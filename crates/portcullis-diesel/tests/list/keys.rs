//! Keys of every native type, in columns of every type that can hold them.

use crate::host_rows::Columns;
use crate::sharing_world::NOW;
use crate::stage::{STAFF, Stage, database, some_world};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use portcullis_access::{Catalogue, Keyed, Kind};
use portcullis_diesel::{Lens, VisibleToDsl as _};
use portcullis_id::KeyType;

/// The rows of `tasks` once more, with keys of another type: `$id` and `$owner` make them of the
/// number, and `$key` is where and how our rows then have theirs.
macro_rules! keys {
    ($name:ident, $stage:expr, $connection:ty, $type:expr, $sql_type:ident,
     columns: $column:literal, make: $make:literal, ours: $ours:literal) => {
        mod $name {
            use super::*;

            diesel::table! {
                use diesel::sql_types::*;

                papers (number) {
                    number -> BigInt,
                    id -> Nullable<$sql_type>,
                    client_id -> Nullable<$sql_type>,
                }
            }

            #[test]
            fn are_compared_as_they_are() {
                let (raw, seeds) = some_world();
                let stage: Option<Stage> = $stage(&raw, &seeds);
                let Some(stage) = stage else { return };
                let host = &mut <$connection>::establish(&stage.url).unwrap();
                let make = |what: &str| $make.replace("@", what);
                host.batch_execute(&format!(
                    "CREATE TABLE papers (number BIGINT PRIMARY KEY, id {0}, client_id {0}); \
                     INSERT INTO papers SELECT number, {1}, {2} FROM tasks;",
                    $column,
                    make("id"),
                    make("client_id"),
                ))
                .unwrap();
                if $ours != "key_int" {
                    for table in ["portcullis_item", "portcullis_client"] {
                        host.batch_execute(&format!(
                            "UPDATE {table} SET {} = {}, key_int = NULL WHERE key_int IS NOT NULL",
                            $ours,
                            make("key_int"),
                        ))
                        .unwrap();
                    }
                }
                let catalogue = Catalogue::built_in()
                    .with_keys(Kind::TASK, $type)
                    .unwrap()
                    .keyed_by(Keyed::Clients, $type);
                let viewer = stage.viewer(&STAFF);
                let me = Lens::new(&viewer, &catalogue, NOW);
                let listed: Vec<i64> = papers::table
                    .filter(
                        papers::id
                            .visible_to(me, Kind::TASK)
                            .owned_by(papers::client_id),
                    )
                    .order(papers::number)
                    .select(papers::number)
                    .load(host)
                    .unwrap();
                assert_eq!(listed, stage.allowed(&viewer, Columns::Owner));

                // A catalogue that says otherwise shows nothing, and why.
                let viewer = stage.viewer(&STAFF);
                let wrong = stage.rules.catalogue().clone();
                let me = Lens::new(&viewer, &wrong, NOW);
                let listed = papers::table
                    .filter(papers::id.visible_to(me, Kind::TASK))
                    .count()
                    .get_result::<i64>(host);
                if $type == KeyType::Int {
                    assert!(listed.is_ok());
                } else {
                    let refused = listed.unwrap_err().to_string();
                    assert!(refused.contains("the catalogue says Int"), "{refused}");
                }
            }
        }
    };
}

keys!(
    texts_in_a_file,
    |raw, seeds| Some(Stage::in_a_file(raw, seeds)), SqliteConnection, KeyType::Text, Text,
    columns: "TEXT", make: "'k' || @", ours: "key_text");
keys!(
    uuids_in_a_file,
    |raw, seeds| Some(Stage::in_a_file(raw, seeds)), SqliteConnection, KeyType::Uuid, Binary,
    columns: "BLOB", make: "unhex(printf('%032x', @), CASE WHEN @ IS NULL THEN NULL ELSE '' END)",
    ours: "key_uuid");
keys!(
    small_numbers_in_a_file,
    |raw, seeds| Some(Stage::in_a_file(raw, seeds)), SqliteConnection, KeyType::Int, SmallInt,
    columns: "SMALLINT", make: "@", ours: "key_int");
keys!(
    texts_on_a_server,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds)), PgConnection, KeyType::Text, Text,
    columns: "TEXT", make: "'k' || @", ours: "key_text");
keys!(
    german_texts_on_a_server,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds)), PgConnection, KeyType::Text, Text,
    columns: "TEXT COLLATE \"de-x-icu\"", make: "'k' || @", ours: "key_text");
keys!(
    names_on_a_server,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds)), PgConnection, KeyType::Text, Varchar,
    columns: "VARCHAR(40)", make: "'k' || @", ours: "key_text");
keys!(
    uuids_on_a_server,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds)), PgConnection, KeyType::Uuid, Uuid,
    columns: "UUID", make: "CAST(lpad(to_hex(@), 32, '0') AS UUID)", ours: "key_uuid");
keys!(
    numbers_on_a_server,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds)), PgConnection, KeyType::Int, Integer,
    columns: "INTEGER", make: "@", ours: "key_int");
keys!(
    small_numbers_on_a_server,
    |raw, seeds| Some(Stage::on(&database()?, raw, seeds)), PgConnection, KeyType::Int, SmallInt,
    columns: "SMALLINT", make: "@", ours: "key_int");

/// A column narrower than ours is compared without a cast on either side, so that both indexes
/// serve: the host's in the order of its list, and ours by key.
#[test]
fn numbers_of_every_width_keep_their_indexes() {
    let (raw, seeds) = some_world();
    let Some(database) = database() else { return };
    let _stage = Stage::on(&database, &raw, &seeds);
    for width in ["SMALLINT", "INTEGER", "BIGINT"] {
        let plan = database.answer(&format!(
            "CREATE TEMP TABLE papers (number BIGINT PRIMARY KEY, id {width}, client_id {width}); \
             INSERT INTO papers SELECT n, n, n % 50 FROM generate_series(1, 30000) AS n; \
             CREATE INDEX ON papers (client_id, number); ANALYZE papers; SET enable_seqscan = off; \
             EXPLAIN (COSTS OFF) SELECT number FROM papers WHERE client_id = \
                 (SELECT k.key_int FROM portcullis_client AS k WHERE k.name = 'client 1') \
                 ORDER BY number DESC LIMIT 50; \
             EXPLAIN (COSTS OFF) SELECT (SELECT i.open FROM portcullis_item AS i \
                 WHERE i.kind = 1 AND i.key_int = papers.id) FROM papers;"
        ));
        for index in ["(client_id = $0)", "(key_int = papers.id)"] {
            let served = plan.contains(&format!("Index Cond: {index}"))
                || plan.contains(&format!("Index Cond: ((kind = 1) AND {index})"));
            assert!(served, "{width}, {index}: {plan}");
        }
        assert!(!plan.contains("Sort"), "{width}: {plan}");
    }
}
