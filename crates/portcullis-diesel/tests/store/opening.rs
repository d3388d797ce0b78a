use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{MultiConnection, PgConnection, SqliteConnection};
use portcullis_conformance::postgres::Server;
use portcullis_conformance::{NOW, Stage};
use portcullis_diesel::{Configure, Names, Store};
use portcullis_ledger::{Ledger, Scope, StoreErrorKind, StoreExt};

#[derive(MultiConnection)]
enum Any {
    File(SqliteConnection),
    Server(PgConnection),
}

portcullis_diesel::multi_connection!(Any {
    File => Sqlite,
    Server => Postgres,
});

#[test]
fn a_store_says_what_it_lacks_and_brings_nothing_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.db");
    let store = Store::<SqliteConnection>::open(file.to_str().unwrap()).unwrap();
    let told = store.pending().unwrap().to_string();
    assert!(told.starts_with("needs migration ledger 1"), "{told}");
    let refused = store.read(|tx| tx.revision(Scope::Policy)).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::NeedsMigration);
    store.migrate(NOW).unwrap();
    store.migrate(NOW).unwrap();
    assert!(store.pending().unwrap().is_empty());
    assert!(store.read(|tx| tx.revision(Scope::Policy)).is_ok());
}

#[test]
fn a_database_of_somebody_elses_is_refused_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("theirs.db");
    let url = file.to_str().unwrap();
    let mut theirs = SqliteConnection::establish(url).unwrap();
    theirs
        .batch_execute("CREATE TABLE invoices (id INTEGER)")
        .unwrap();
    drop(theirs);
    let before = std::fs::read(&file).unwrap();
    let refused = Store::<SqliteConnection>::open(url).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Foreign);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(Store::<SqliteConnection>::open_with_host_tables(url).is_ok());

    let text = folder.path().join("letter.txt");
    std::fs::write(
        &text,
        "Dear Ada, this is no database, however long it may be. ".repeat(40),
    )
    .unwrap();
    let refused = Store::<SqliteConnection>::open(text.to_str().unwrap()).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Foreign, "{refused}");
    let refused = Store::<SqliteConnection>::open(":memory:").unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse);
}

#[test]
fn a_pool_of_the_hosts_must_set_its_connections_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db");
    let manager = || ConnectionManager::<SqliteConnection>::new(file.to_str().unwrap());
    let bare = Pool::builder().max_size(2).build(manager()).unwrap();
    let refused = Store::over(bare).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse);
    assert!(refused.to_string().contains("`Configure`"), "{refused}");

    let pool = Pool::builder()
        .max_size(2)
        .connection_customizer(Box::new(Configure))
        .build(manager())
        .unwrap();
    let store = Store::over(pool.clone()).unwrap();
    store.migrate(NOW).unwrap();
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    // One that reads cannot write, and leaves the host a connection that can.
    let refused = store.read(|tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse, "{refused}");
    for _ in 0..4 {
        let mut host = pool.get().unwrap();
        host.batch_execute("CREATE TABLE IF NOT EXISTS theirs (id INTEGER)")
            .unwrap();
    }
    assert_eq!(
        store
            .read(|tx| tx.revision(Scope::Policy))
            .unwrap()
            .number(),
        1
    );
}

#[test]
fn a_whole_portal_runs_on_a_hosts_enum_of_connections() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db").to_str().unwrap().to_owned();
    let server = Server::shared().map(|server| server.database().url().to_owned());
    for url in [Some(file), server].into_iter().flatten() {
        let store = Store::<Any>::open_with_host_tables(&url).unwrap();
        store.migrate(NOW).unwrap();
        let stage = Stage::of(store, 1);
        let everybody = stage.users();
        assert!(everybody.len() >= 8);
        for user in everybody {
            assert_eq!(stage.viewer(user.id).user(), user.id);
        }
    }
}

#[test]
fn two_portals_lie_in_two_schemas_of_one_database() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    assert_eq!(
        database.complaints("CREATE SCHEMA one; CREATE SCHEMA two;"),
        ""
    );
    let open = |schema| {
        let names = Names::default().in_schema(schema).unwrap();
        let store = Store::<PgConnection>::options()
            .names(names)
            .open(database.url())
            .unwrap();
        store.migrate(NOW).unwrap();
        Stage::of(store, 2)
    };
    let (one, two) = (open("one"), open("two"));
    let moved = one.write(|tx| tx.bump(Scope::Policy));
    assert_eq!(one.read(|tx| tx.revision(Scope::Policy)), moved);
    assert_ne!(two.read(|tx| tx.revision(Scope::Policy)), moved);
    let schema = Names::default().in_schema("one").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.db");
    let refused = Store::<SqliteConnection>::options()
        .names(schema)
        .open(file.to_str().unwrap());
    assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::Misuse);
}

#[test]
fn a_connection_that_the_server_closed_is_left_and_another_taken() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let store = Store::<PgConnection>::open(database.url()).unwrap();
    store.migrate(NOW).unwrap();
    let complaints = database.complaints(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid();",
    );
    assert_eq!(complaints, "");
    let moved = store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    assert_eq!(store.read(|tx| tx.revision(Scope::Policy)).unwrap(), moved);
}
