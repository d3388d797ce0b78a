//! Migrations on data of every version before.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

#[path = "../../portcullis-sql/tests/ages/mod.rs"]
mod ages;

use portcullis_id::Timestamp;
use portcullis_rusqlite::{Joined, configure};
use portcullis_sql::migrate::{MigrationSet, Migrator, Tenancy};
use portcullis_sql::{Dialect, SqlTx};
use rusqlite::Connection;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A store that was made at `age`, had rows then, and is of today.
fn migrated_from(age: u32, today: &[MigrationSet]) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let joined = || Joined::new(&transaction).unwrap();
    let then = ages::sets_at(today, age);
    Migrator::new(&then, Tenancy::Alone)
        .migrate(&mut joined(), NOW)
        .unwrap();
    let rows = ages::rows_at(today, age, Dialect::Sqlite);
    transaction.execute_batch(&rows).unwrap();
    let migrator = Migrator::new(today, Tenancy::Alone);
    migrator.migrate(&mut joined(), NOW).unwrap();
    assert!(migrator.pending(&mut joined()).unwrap().is_empty());
    transaction.commit().unwrap();
    connection
}

#[test]
fn a_store_of_any_age_keeps_what_was_in_it() {
    let today = ages::today();
    for age in ages::ages(&today) {
        let mut connection = migrated_from(age, &today);
        let transaction = connection.transaction().unwrap();
        let mut tx = SqlTx::new(Joined::new(&transaction).unwrap());
        assert_eq!(
            ages::read(&mut tx).unwrap(),
            ages::expected(age),
            "from age {age}"
        );
    }
}

#[test]
fn sharing_2_orders_by_the_time_of_creation_what_was_there_before() {
    let today = ages::today();
    for (age, expected) in [(1, [1_600_000_000_020, 1_600_000_000_021]), (2, [200, 100])] {
        let connection = migrated_from(age, &today);
        let list = |sql: &str| -> Vec<i64> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let sort = list("SELECT sort FROM portcullis_item ORDER BY id");
        assert_eq!(sort, expected, "from age {age}");
        let over = |column: &str| {
            list(&format!(
                "SELECT COUNT(*) FROM sqlite_master AS m, pragma_index_info(m.name) AS i \
                 WHERE m.type = 'index' AND m.tbl_name = 'portcullis_item' AND i.name = '{column}'"
            ))
        };
        assert_eq!((over("sort"), over("created_at")), (vec![6], vec![0]));
    }
}

#[test]
fn a_hosts_own_migrator_brings_a_store_of_any_age_to_today() {
    let today = ages::today();
    for age in 0..=*ages::ages(&today).end() {
        let then = ages::sets_at(&today, age);
        let from = versions(&then);
        let by_script = migrated(&then);
        let migrator = Migrator::new(&today, Tenancy::Alone);
        let script = migrator.script(Dialect::Sqlite, &from, NOW).unwrap();
        by_script.execute_batch(&script).unwrap();
        assert_eq!(made(&by_script), made(&migrated(&today)), "from age {age}");
    }
}

/// Nothing but the tables.
fn migrated(sets: &[MigrationSet]) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    configure(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    if !versions(sets).is_empty() {
        Migrator::new(sets, Tenancy::Alone)
            .migrate(&mut Joined::new(&transaction).unwrap(), NOW)
            .unwrap();
    }
    transaction.commit().unwrap();
    connection
}

fn versions(sets: &[MigrationSet]) -> Vec<(&'static str, u32)> {
    let last = |set: &MigrationSet| Some((set.name, set.migrations.last()?.version));
    sets.iter().filter_map(last).collect()
}

/// All tables and indexes, and the record of migrations.
fn made(connection: &Connection) -> Vec<String> {
    let sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL UNION ALL \
        SELECT set_name || version || name || checksum || applied_at FROM portcullis_migration \
        ORDER BY 1";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    let made: Vec<String> = rows.map(Result::unwrap).collect();
    assert!(made.len() > 60, "only {}", made.len());
    made
}
