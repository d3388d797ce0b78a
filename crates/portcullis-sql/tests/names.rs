//! With names of the host's choice, nothing is left of ours but aliases.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_id::Timestamp;
use portcullis_ledger::StoreErrorKind;
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::{Dialect, Names, statement};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// What fragments over a host's table call our tables, so that no alias of the host's is one.
const ALIASES: [&str; 4] = [
    "portcullis_i",
    "portcullis_c",
    "portcullis_k",
    "portcullis_m",
];

const BOTH: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];

fn acme(dialect: Dialect) -> Names {
    let names = Names::prefixed("acme_").unwrap();
    match dialect {
        Dialect::Sqlite => names,
        Dialect::Postgres => names.in_schema("portal").unwrap(),
    }
}

fn left(sql: &str) -> Vec<&str> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("portcullis") && !ALIASES.contains(word))
        .collect()
}

#[test]
fn no_statement_keeps_a_name_of_ours() {
    for dialect in BOTH {
        let names = acme(dialect);
        let all = statement::all().map(|one| (one.name.to_owned(), one.sql.to_owned()));
        let mut renamed = 0;
        let shapes = statement::shapes(dialect).into_iter();
        for (name, sql) in all.chain(shapes.map(|shape| (shape.name, shape.sql))) {
            assert_eq!(
                names.statement(&sql).matches('?').count(),
                sql.matches('?').count()
            );
            assert_eq!(left(&names.statement(&sql)), Vec::<&str>::new(), "{name}");
            renamed += left(&sql).len();
        }
        assert!(renamed > 5, "only {renamed} names");
    }
}

#[test]
fn no_migration_keeps_a_name_of_ours() {
    for dialect in BOTH {
        let names = acme(dialect);
        let migrator = Migrator::new(sets(), Tenancy::Shared).named(&names);
        let script = migrator.script(dialect, &[], NOW).unwrap();
        assert_eq!(left(&script), Vec::<&str>::new());
        assert!(!script.contains(['{', '}']));
    }
}

#[test]
fn a_script_is_asked_for_what_there_is() {
    let migrator = Migrator::new(sets(), Tenancy::Shared);
    for from in [("ledger", 99), ("weather", 1)] {
        let refused = migrator.script(Dialect::Sqlite, &[from], NOW).unwrap_err();
        assert_eq!(refused.kind(), StoreErrorKind::Misuse);
        assert!(refused.to_string().contains(from.0), "{refused}");
    }
    let names = acme(Dialect::Postgres);
    let refused = migrator.named(&names).script(Dialect::Sqlite, &[], NOW);
    assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::Misuse);
}
