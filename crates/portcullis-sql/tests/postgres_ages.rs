//! Migrations on data of every version before, on PostgreSQL.

#![cfg(all(feature = "sharing", feature = "credentials"))]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "support of tests stands beside them"
)]

mod ages;
#[path = "postgres/psql.rs"]
mod psql;

use portcullis_conformance::postgres::Server;
use portcullis_id::Timestamp;
use portcullis_sql::migrate::{Migrator, Tenancy};
use portcullis_sql::{Dialect, Names, SqlTx};
use psql::Psql;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

#[test]
fn a_store_of_any_age_keeps_what_was_in_it() {
    let Some(server) = Server::shared() else {
        return;
    };
    let today = ages::today();
    for age in ages::ages(&today) {
        let database = server.database();
        assert_eq!(database.complaints("CREATE SCHEMA portal;\n"), "");
        let names = Names::prefixed("p_").and_then(|names| names.in_schema("portal"));
        let names = names.expect("names");
        let then = ages::sets_at(&today, age);
        let migrate = |sets| {
            let migrator = Migrator::new(sets, Tenancy::Alone).named(&names);
            migrator.migrate(&mut Psql(&database), NOW).expect("tables");
        };
        migrate(then.as_slice());
        let rows = ages::rows_at(&today, age, Dialect::Postgres);
        assert_eq!(database.complaints(&names.statement(&rows)), "");
        migrate(today.as_slice());
        let mut tx = SqlTx::named(Psql(&database), &names);
        let read = ages::read(&mut tx).expect("what was in it");
        assert_eq!(read, ages::expected(age), "from age {age}");
    }
}
