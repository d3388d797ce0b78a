//! The writers' turn, on a database that has many of them.

use crate::{Cells, Dialect, Exec, ExecExt, Names};
use portcullis_ledger::{StoreError, StoreErrorKind};

impl Names {
    /// Takes a writer's turn in the transaction that is open, until its end, and answers whether
    /// that transaction sees what the writer before it did. On SQLite whoever writes has it.
    ///
    /// Two commands that each see the other's administrator would remove both. A snapshot that is
    /// older than the turn is no better, so 0 is answered for one. The turn is one of the tables,
    /// whichever way they are named: two portals in one database have different tables, and turns of
    /// their own.
    pub fn turn(&self, dialect: Dialect) -> Option<String> {
        match dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(format!(
                "SELECT CAST(CASE WHEN current_setting('transaction_isolation') = 'read committed' \
                 THEN 1 ELSE 0 END AS BIGINT), pg_advisory_xact_lock(hashtextextended(\
                 CAST({} AS TEXT) || '.{}', 0))",
                self.namespace(),
                self.prefix()
            )),
        }
    }

    /// Takes it on `exec`, where there are turns.
    ///
    /// [`Misuse`](StoreErrorKind::Misuse) for a transaction that may not see what the writer before
    /// it did.
    pub(crate) fn take_turn<E: Exec + ?Sized>(&self, exec: &mut E) -> Result<(), StoreError> {
        match self.turn(exec.dialect()) {
            Some(turn) if !exec.one(&turn, &[], sees_all)? => Err(StoreError::new(
                StoreErrorKind::Misuse,
                "the transaction may not see what was committed before this call; begin it as READ COMMITTED",
            )),
            _ => Ok(()),
        }
    }

    /// The number of the schema that PostgreSQL takes the tables from: the one that is named, or
    /// that of the first `search_path` in which the record of migrations is found, or, before there
    /// is one, in which it would be made.
    pub(crate) fn namespace(&self) -> String {
        let found = |name: &str| format!("(SELECT oid FROM pg_namespace WHERE nspname = {name})");
        match self.schema() {
            Some(schema) => found(&format!("'{}'", schema.replace('\'', "''"))),
            None => format!(
                "COALESCE((SELECT relnamespace FROM pg_class \
                 WHERE oid = to_regclass('{}migration')), {})",
                self.prefix(),
                found("current_schema()")
            ),
        }
    }
}

fn sees_all(row: &mut Cells<'_>) -> Result<bool, StoreError> {
    row.flag()
}
