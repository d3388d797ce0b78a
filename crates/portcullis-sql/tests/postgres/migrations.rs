use portcullis_id::Timestamp;
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::{Dialect, Names};

/// The migrations of an empty database, in one transaction.
pub(crate) fn migrations(names: &Names) -> String {
    let migrator = Migrator::new(sets(), Tenancy::Shared).named(names);
    let script = migrator
        .script(
            Dialect::Postgres,
            &[],
            Timestamp::from_millis(1_700_000_000_000),
        )
        .expect("migrations");
    format!("BEGIN;\n{script}COMMIT;\n")
}
