//! On PostgreSQL tables are found by a path or named with their schema: it is one place all the same.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::{Database, Server};
use portcullis_diesel::{Joined, Names, Store, joined};
use portcullis_ledger::{Ledger, Scope, StoreError, StoreExt};
use portcullis_sql::migrate::{Migrator, Tenancy, sets};

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
