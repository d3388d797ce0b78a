//! On PostgreSQL tables are found by a path or named with their schema: it is one place all the same.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::{Database, Server};
use portcullis_diesel::{Joined, Names, SqlStore, Store, joined, joined_named};
use portcullis_ledger::{Ledger, Scope, StoreError, StoreExt};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use std::error::Error;

type Pg = Store<PgConnection>;

/// Whether `second` waits for its turn while a transaction of the host's is open that did `first`.
fn waits(
    database: &Database,
    first: impl Fn(&mut PgConnection) -> Result<(), StoreError>,
    second: impl Fn() -> Result<(), StoreError> + Sync,
) -> bool {
    let mut host = PgConnection::establish(database.url()).unwrap();
    std::thread::scope(|scope| {
        let begun = host.transaction(|host| {
            first(host).unwrap();
            let second = scope.spawn(&second);
            database.wait_for_a_waiter(|| second.is_finished());
            let waits = !second.is_finished();
            Ok::<_, diesel::result::Error>((second, waits))
        });
        let (second, waits) = begun.unwrap();
        second.join().unwrap().unwrap();
        waits
    })
}

/// Before there are tables, when there are, and when a schema of the role's own, which is where a
/// connection looks first, stands in front of theirs.
#[test]
fn two_names_of_one_place_take_one_turn() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let names = Names::default().in_schema("public").unwrap();
    let store = Pg::options().names(names).with_host_tables();
    let store = store.open(database.url()).unwrap();
    let migrate = |host: &mut PgConnection| {
        let migrator = Migrator::new(sets(), Tenancy::Shared);
        migrator.migrate(&mut Joined::new(host)?, NOW)
    };
    let waited = waits(&database, migrate, || store.migrate(NOW));
    assert!(waited, "two migrations at once");
    let command = |host: &mut PgConnection| joined(host, |tx| tx.bump(Scope::Policy).map(drop));
    let other = || store.write(|tx| tx.bump(Scope::Policy).map(drop));
    assert!(waits(&database, command, other), "two commands at once");
    assert_eq!(database.complaints("CREATE SCHEMA postgres;"), "");
    assert!(waits(&database, command, other), "behind another schema");
    let revision = store.read(|tx| tx.revision(Scope::Policy)).unwrap();
    assert_eq!(revision.number(), 4, "both wrote into the same tables");
}

/// Two portals do not wait for each other.
#[test]
fn tables_of_two_places_have_two_turns() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    assert_eq!(database.complaints("CREATE SCHEMA birch;"), "");
    let open = |names: Names| {
        let store = Pg::options().names(names).with_host_tables();
        let store = store.open(database.url()).unwrap();
        store.migrate(NOW).unwrap();
        store
    };
    let _first = open(Names::default());
    let command = |host: &mut PgConnection| joined(host, |tx| tx.bump(Scope::Policy).map(drop));
    for names in [
        Names::default().in_schema("birch"),
        Names::prefixed("acme_"),
    ] {
        let store = open(names.unwrap());
        let other = || store.write(|tx| tx.bump(Scope::Policy).map(drop));
        assert!(!waits(&database, command, other));
    }
}

/// A connection looks first into a schema of the role's own. One that is made later, with a portal
/// of its own even, moves no store away from its tables, nor whoever opens one then.
#[test]
fn a_schema_that_is_made_later_moves_no_store() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let open = || Pg::open(database.url()).unwrap();
    let revision = |store: &Pg| store.read(|tx| tx.revision(Scope::Policy)).unwrap();
    let running = open();
    running.migrate(NOW).unwrap();
    let moved = running.write(|tx| tx.bump(Scope::Policy)).unwrap();

    assert_eq!(database.complaints("CREATE SCHEMA postgres;"), "");
    let later = open();
    assert!(later.pending().unwrap().is_empty());
    later.migrate(NOW).unwrap();
    assert_eq!((revision(&running), revision(&later)), (moved, moved));

    let another = Names::default().in_schema("postgres").unwrap();
    let another = Pg::options().names(another).open(database.url()).unwrap();
    another.migrate(NOW).unwrap();
    assert_ne!(revision(&another), moved);
    assert_eq!((revision(&running), revision(&later)), (moved, moved));
    let mut host = PgConnection::establish(database.url()).unwrap();
    let seen = host.transaction(|host| {
        let seen = joined_named(host, running.names(), |tx| tx.revision(Scope::Policy));
        Ok::<_, Box<dyn Error>>(seen?)
    });
    assert_eq!(seen.unwrap(), moved, "in a transaction of the host's too");
}

/// Tables of one portal in two schemas would be found by no name.
#[test]
fn a_later_migration_goes_where_the_first_went() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let mut host = PgConnection::establish(database.url()).unwrap();
    let mut migrate = |sets| {
        let migrator = Migrator::new(sets, Tenancy::Shared);
        let migrated = host.transaction(|host| {
            migrator.migrate(&mut Joined::new(host)?, NOW)?;
            Ok::<_, Box<dyn Error>>(())
        });
        migrated.unwrap();
    };
    migrate(sets().get(..1).unwrap());
    assert_eq!(database.complaints("CREATE SCHEMA postgres;"), "");
    migrate(sets());
    let misplaced = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'postgres';";
    assert_eq!(database.answer(misplaced), "0\n");
    assert!(
        Pg::open(database.url())
            .unwrap()
            .pending()
            .unwrap()
            .is_empty()
    );
}

/// A role, and so its schema, may be called anything.
#[test]
fn a_schema_is_found_whatever_it_is_called() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let mut host = PgConnection::establish(database.url()).unwrap();
    host.batch_execute(
        r#"CREATE SCHEMA "O'Brien ""?"" portcullis_item";
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = %I', current_database(),
            'O''Brien "?" portcullis_item'); END $$;"#,
    )
    .unwrap();
    let store = Pg::open(database.url()).unwrap();
    store.migrate(NOW).unwrap();
    let moved = store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    assert_eq!(store.read(|tx| tx.revision(Scope::Policy)).unwrap(), moved);
    assert_eq!(
        store.names().schema(),
        Some("O'Brien \"?\" portcullis_item")
    );
}
