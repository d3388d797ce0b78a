//! Tables with a prefix, in a schema, beside other tables of ours.

use crate::migrations::migrations;
use crate::psql::Psql;
use crate::{prepare, statements};
use portcullis_conformance::postgres::{Database, Server};
use portcullis_id::Timestamp;
use portcullis_ledger::{Ledger, Scope, StoreErrorKind};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::{ExecExt, Names, SqlTx};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A database with the schemas of two tenants.
fn database() -> Option<Database> {
    let database = Server::shared()?.database();
    assert_eq!(
        database.complaints("CREATE SCHEMA acme; CREATE SCHEMA \"order\";\n"),
        ""
    );
    Some(database)
}

fn named(prefix: &str, schema: &str) -> Names {
    let names = Names::prefixed(prefix).and_then(|names| names.in_schema(schema));
    names.expect("names")
}

/// All columns, constraints and indexes in `schema`, one a line.
fn made(database: &Database, schema: &str) -> Vec<String> {
    let sql = "SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, \
            collation_name, is_nullable, column_default, is_identity) FROM information_schema.columns \
            WHERE table_schema = ? \
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
            FROM pg_constraint WHERE connamespace::regnamespace::text = ? \
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = ? ORDER BY 1";
    let place = [schema.into(), schema.into(), schema.into()];
    Psql(database)
        .list(sql, &place, |row| row.text().map(str::to_owned))
        .expect("the catalogue")
}

#[test]
fn every_statement_runs_on_tables_of_other_names() {
    let Some(database) = database() else { return };
    let names = named("p_", "order");
    assert_eq!(database.complaints(&migrations(&names)), "");
    let script: String = statements()
        .map(|(name, sql)| prepare(&name, &names.statement(&sql)))
        .collect();
    assert_eq!(database.complaints(&script), "");
}

#[test]
fn the_script_makes_what_migrate_makes() {
    let Some(database) = database() else { return };
    let names = named("p_", "acme");
    let migrator = Migrator::new(sets(), Tenancy::Alone).named(&names);
    assert_eq!(database.complaints(&migrations(&names)), "");
    let pending = migrator.pending(&mut Psql(&database)).expect("a store");
    assert!(pending.is_empty(), "{pending}");
    let by_script = made(&database, "acme");
    assert!(by_script.len() > 20, "only {}", by_script.len());

    assert_eq!(
        database.complaints("ALTER SCHEMA acme RENAME TO script; CREATE SCHEMA acme;\n"),
        ""
    );
    migrator.migrate(&mut Psql(&database), NOW).expect("tables");
    assert_eq!(made(&database, "acme"), by_script);
}

#[test]
fn two_portals_in_two_schemas_know_nothing_of_each_other() {
    let Some(database) = database() else { return };
    let portals = [named("p_", "acme"), named("p_", "order")];
    for (number, names) in (1..).zip(&portals) {
        let migrator = Migrator::new(sets(), Tenancy::Alone).named(names);
        let pending = migrator
            .pending(&mut Psql(&database))
            .expect("an empty one");
        assert!(!pending.is_empty(), "the other's record was read");
        migrator.migrate(&mut Psql(&database), NOW).expect("tables");
        let mut tx = SqlTx::named(Psql(&database), names);
        for _ in 0..number {
            tx.bump(Scope::Policy).expect("a revision");
        }
    }
    for (number, names) in (1..).zip(&portals) {
        let mut tx = SqlTx::named(Psql(&database), names);
        let revision = tx.revision(Scope::Policy).expect("a revision");
        assert_eq!(revision.number(), number);
    }
    assert_eq!(made(&database, "public"), Vec::<String>::new());
}

#[test]
fn a_schema_that_is_not_there_is_named_and_not_made() {
    let Some(database) = database() else { return };
    let names = named("p_", "birch");
    let migrator = Migrator::new(sets(), Tenancy::Alone).named(&names);
    for error in [
        migrator.pending(&mut Psql(&database)).err(),
        migrator.migrate(&mut Psql(&database), NOW).err(),
    ] {
        let error = error.expect("a refusal");
        assert_eq!(error.kind(), StoreErrorKind::Misuse);
        assert!(error.to_string().contains("CREATE SCHEMA birch"), "{error}");
    }
}
