use crate::stage::{NOW, bump, mail, migrate};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::BigInt;
use portcullis_access::{Kind, Role, Roles};
use portcullis_conformance::postgres::{Database, Server};
use portcullis_conformance::{Stage, World};
use portcullis_diesel::{Lens, Store, VisibleToDsl, configure, joined};
use portcullis_id::{RoleId, UserId};
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use std::sync::mpsc;
use uuid::Uuid;

diesel::table! {
    documents (id) {
        id -> Uuid,
        client_id -> Nullable<BigInt>,
    }
}

fn host() -> Option<(PgConnection, Database)> {
    let database = Server::shared()?.database();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    configure(&mut connection).unwrap();
    migrate(&mut connection);
    Some((connection, database))
}

fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let found: Number = diesel::sql_query(sql).get_result(connection).unwrap();
    found.n
}

#[test]
fn pitfall06_a_refused_call_leaves_the_hosts_transaction_as_it_was() {
    let Some((mut connection, _)) = host() else {
        return;
    };
    let outcome = connection.transaction(|connection| {
        diesel::sql_query("INSERT INTO documents VALUES (1, 'Offer')").execute(connection)?;
        // Of two roles of one name the second fails, which ends a transaction on PostgreSQL.
        let role = |number| Role {
            id: RoleId::from_uuid(Uuid::from_u128(number)),
            name: "editor".to_owned(),
            rights: Vec::new(),
        };
        let refused = joined(connection, |tx| {
            tx.bump(Scope::Policy)?;
            tx.put_role(&role(1))?;
            tx.put_role(&role(2))
        });
        assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::Conflict);
        joined(connection, bump).map_err(|_| Error::RollbackTransaction)
    });
    assert_eq!(outcome.unwrap(), 1, "what was refused did not count");
    assert_eq!(
        number(&mut connection, "SELECT COUNT(*) AS n FROM documents"),
        1
    );
}

#[test]
fn pitfall08_mails_are_in_the_outbox_in_the_order_of_their_commits() {
    let Some((mut connection, database)) = host() else {
        return;
    };
    let store = Store::<PgConnection>::open_with_host_tables(database.url()).unwrap();
    let (told, first_posted) = mpsc::channel();
    let (go_on, resumed) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        // Dropped with this closure, however it ends, so that nobody waits for ever.
        let go_on = go_on;
        let slow = scope.spawn(move || {
            connection.transaction(|connection| {
                let posted = joined(connection, |tx| tx.post(&mail(1)));
                told.send(()).unwrap();
                let _ = resumed.recv();
                posted.map_err(|_| Error::RollbackTransaction)
            })
        });
        first_posted.recv().unwrap();
        assert_eq!(store.read(|tx| tx.outbox(9)).unwrap(), []);
        let second = scope.spawn(|| {
            store.write(|tx| tx.post(&mail(2))).unwrap();
            // Whoever sees the second sees the first: a reader that goes on from 2 loses nothing.
            store.read(|tx| tx.outbox(9)).unwrap()
        });
        // The second has all the time it wants to overtake.
        database.wait_for_a_waiter(|| second.is_finished());
        drop(go_on);
        assert_eq!(second.join().unwrap(), [mail(1), mail(2)]);
        slow.join().unwrap().unwrap();
    });
}

#[test]
fn pitfall13_no_statement_is_planned_for_everybody_at_once() {
    let Some((mut connection, _)) = host() else {
        return;
    };
    let ask = |connection: &mut PgConnection| {
        for _ in 0..10 {
            connection
                .transaction(|connection| {
                    joined(connection, |tx| tx.revision(Scope::Unowned))
                        .map_err(|_| Error::RollbackTransaction)
                })
                .unwrap();
        }
    };
    // What has no parameters has one plan, and needs no other.
    let plans = |connection: &mut _, kind| {
        let sql = format!(
            "SELECT SUM({kind})::BIGINT AS n FROM pg_prepared_statements \
             WHERE cardinality(parameter_types) > 0"
        );
        number(connection, &sql)
    };
    ask(&mut connection);
    assert_eq!(plans(&mut connection, "generic_plans"), 0);
    assert!(plans(&mut connection, "custom_plans") >= 10);
    // Without the setting the server goes over to one plan for all, after five runs.
    connection.batch_execute("RESET plan_cache_mode").unwrap();
    ask(&mut connection);
    assert!(plans(&mut connection, "generic_plans") > 0);
}

#[test]
fn pitfall14_a_connection_keeps_a_bounded_number_of_statements() {
    let Some(server) = Server::shared() else {
        return;
    };
    let url = server.database().url().to_owned();
    let store = Store::<PgConnection>::open_with_host_tables(&url).unwrap();
    store.migrate(NOW).unwrap();
    let stage = Stage::of(store, 0);
    let mut connection = PgConnection::establish(&url).unwrap();
    configure(&mut connection).unwrap();
    connection
        .batch_execute("CREATE TABLE documents (id UUID PRIMARY KEY, client_id BIGINT)")
        .unwrap();
    let catalogue = World::catalogue();
    let users: Vec<UserId> = stage.users().into_iter().map(|user| user.id).collect();
    let mut kept = Vec::new();
    for _ in 0..3 {
        for user in &users {
            let viewer = stage.viewer(*user);
            let me = Lens::new(&viewer, &catalogue, portcullis_conformance::NOW);
            let list = documents::id
                .visible_to(me, Kind::DOCUMENT)
                .owned_by(documents::client_id);
            documents::table
                .filter(list)
                .select(documents::id)
                .load::<Uuid>(&mut connection)
                .unwrap();
        }
        let sql = "SELECT COUNT(*) AS n FROM pg_prepared_statements";
        kept.push(number(&mut connection, sql));
    }
    assert!(users.len() >= 8);
    // Whoever asks again asks with a text that is there already.
    assert!(
        kept[0] < 40 && kept[1] <= kept[0] + 1 && kept[2] == kept[1],
        "{kept:?}"
    );
}

#[test]
fn pitfall15_a_panic_rolls_back_and_the_connection_is_not_used_again() {
    let Some((_, database)) = host() else { return };
    let store = Store::<PgConnection>::open_with_host_tables(database.url()).unwrap();
    for _ in 0..20 {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.write(|tx| -> Result<(), StoreError> {
                tx.bump(Scope::Policy)?;
                panic!("in the middle");
            })
        }));
        assert!(panicked.is_err());
    }
    let revision = store.read(|tx| tx.revision(Scope::Policy)).unwrap();
    assert_eq!(revision.number(), 0);
    // Each was dropped with the panic, and not handed to the next.
    let mut other = PgConnection::establish(database.url()).unwrap();
    let sql = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
        AND state = 'idle in transaction'";
    assert_eq!(number(&mut other, sql), 0);
}

#[test]
fn p04_a_transaction_whose_snapshot_may_be_old_is_refused() {
    let Some((mut connection, _)) = host() else {
        return;
    };
    for (level, welcome) in [
        ("READ COMMITTED", true),
        ("REPEATABLE READ", false),
        ("SERIALIZABLE", false),
    ] {
        let joined = connection.transaction(|connection| {
            let level = format!("SET TRANSACTION ISOLATION LEVEL {level}");
            diesel::sql_query(level).execute(connection)?;
            Ok::<_, Error>(joined(connection, bump))
        });
        match joined.unwrap() {
            Ok(_) => assert!(welcome, "{level}"),
            Err(error) => {
                assert!(!welcome, "{level}: {error}");
                assert_eq!(error.kind(), StoreErrorKind::Misuse);
                assert!(error.to_string().contains("READ COMMITTED"), "{error}");
            }
        }
    }
}
