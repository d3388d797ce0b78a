//! Migrations on PostgreSQL: in turns, told, refused when they are not the ones we know.

#![cfg(feature = "postgres")]
#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use portcullis_conformance::postgres::{Database, Server};
use portcullis_diesel::{Joined, Names, Store};
use portcullis_id::Timestamp;
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use std::sync::Barrier;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn database() -> Option<Database> {
    let database = Server::shared()?.database();
    connect(&database)
        .batch_execute("CREATE SCHEMA acme; CREATE SCHEMA birch")
        .unwrap();
    Some(database)
}

fn connect(database: &Database) -> PgConnection {
    PgConnection::establish(database.url()).unwrap()
}

fn names(schema: &str) -> Result<Names, StoreError> {
    Names::prefixed("p_")?.in_schema(schema)
}

fn open(database: &Database, schema: &str) -> Result<Store<PgConnection>, StoreError> {
    let names = names(schema)?;
    Store::<PgConnection>::options()
        .names(names)
        .open(database.url())
}

/// The error of opening the store after somebody ran `sql` on it.
fn after(database: &Database, sql: &str) -> StoreError {
    open(database, "acme").unwrap().migrate(NOW).unwrap();
    assert!(open(database, "acme").is_ok());
    sql_query(sql).execute(&mut connect(database)).unwrap();
    open(database, "acme").unwrap_err()
}

#[test]
fn two_runners_at_once_take_turns() {
    let Some(database) = database() else { return };
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for schema in ["acme", "acme", "birch", "birch"] {
            let (database, start) = (&database, &start);
            scope.spawn(move || {
                let store = open(database, schema).unwrap();
                start.wait();
                store.migrate(NOW).unwrap();
            });
        }
    });
    for schema in ["acme", "birch"] {
        assert!(
            open(&database, schema)
                .unwrap()
                .pending()
                .unwrap()
                .is_empty()
        );
    }
}

/// Where nobody has taken the writers' turn yet.
#[test]
fn runners_inside_transactions_of_the_hosts_take_turns() {
    let Some(database) = database() else { return };
    let names = names("acme").unwrap();
    let migrator = Migrator::new(sets(), Tenancy::Alone).named(&names);
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut connection = connect(&database);
                start.wait();
                connection
                    .transaction(|connection| {
                        migrator.migrate(&mut Joined::new(connection)?, NOW)?;
                        Ok::<_, Box<dyn std::error::Error>>(())
                    })
                    .unwrap();
            });
        }
    });
    let store = open(&database, "acme").unwrap();
    assert!(store.pending().unwrap().is_empty());
}

/// Longer than a command waits.
#[test]
fn a_runner_waits_for_one_that_takes_long() {
    let Some(database) = database() else { return };
    let names = names("acme").unwrap();
    let migrator = Migrator::new(sets(), Tenancy::Alone).named(&names);
    let store = open(&database, "acme").unwrap();
    let mut host = connect(&database);
    let second = std::thread::scope(|scope| {
        let second = host.transaction(|host| {
            migrator.migrate(&mut Joined::new(host)?, NOW)?;
            let second = scope.spawn(|| store.migrate(NOW));
            sql_query("SELECT pg_sleep(6)").execute(host)?;
            Ok::<_, Box<dyn std::error::Error>>(second)
        });
        second.unwrap().join().unwrap()
    });
    second.unwrap();
    assert!(store.pending().unwrap().is_empty());
}

/// Of two such runners the second would not see the tables of the first, and fail at making them.
#[test]
fn a_runner_that_may_not_see_the_one_before_it_is_refused() {
    let Some(database) = database() else { return };
    let names = names("acme").unwrap();
    let migrator = Migrator::new(sets(), Tenancy::Alone).named(&names);
    let mut connection = connect(&database);
    let refused = connection
        .build_transaction()
        .repeatable_read()
        .run(|connection| {
            migrator.migrate(&mut Joined::new(connection)?, NOW)?;
            Ok::<_, Box<dyn std::error::Error>>(())
        })
        .unwrap_err();
    assert!(refused.to_string().contains("READ COMMITTED"), "{refused}");
}

#[test]
fn two_portals_in_two_schemas_know_nothing_of_each_other() {
    let Some(database) = database() else { return };
    for schema in ["acme", "birch"] {
        let store = open(&database, schema).unwrap();
        let error = store.write(|tx| tx.bump(Scope::Policy)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
        assert!(
            error.to_string().contains(&format!("`{schema}.p_..`")),
            "{error}"
        );
        store.migrate(NOW).unwrap();
        let revision = store.write(|tx| tx.bump(Scope::Policy)).unwrap();
        assert_eq!(revision.number(), 1, "{schema}");
    }
}

#[test]
fn a_newer_store_is_refused() {
    let Some(database) = database() else { return };
    let error = after(
        &database,
        "INSERT INTO acme.p_migration SELECT set_name, MAX(version) + 1, 'later', 'x', 0 \
         FROM acme.p_migration WHERE set_name = 'ledger' GROUP BY set_name",
    );
    assert_eq!(error.kind(), StoreErrorKind::Newer, "{error}");
}

#[test]
fn a_migration_applied_with_another_text_is_refused() {
    let Some(database) = database() else { return };
    let error = after(
        &database,
        "UPDATE acme.p_migration SET checksum = 'x' WHERE set_name = 'ledger'",
    );
    assert_eq!(error.kind(), StoreErrorKind::Foreign, "{error}");
}

#[test]
fn a_schema_with_other_tables_is_foreign_and_the_rest_of_the_database_may_have_any() {
    let Some(database) = database() else { return };
    let mut host = connect(&database);
    host.batch_execute("CREATE TABLE documents (id BIGINT)")
        .unwrap();
    assert!(open(&database, "acme").is_ok());
    host.batch_execute("CREATE TABLE acme.documents (id BIGINT)")
        .unwrap();
    let error = open(&database, "acme").unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Foreign, "{error}");
}
