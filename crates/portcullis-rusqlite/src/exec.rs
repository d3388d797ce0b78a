//! Running a statement on a connection: shared by owned and joined units of work.

use crate::error::store_error;
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use portcullis_sql::adapter::Counters;
use portcullis_sql::{Dialect, Exec, Row, Val};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, StatementStatus, ToSql};
use uuid::Uuid;

/// A connection inside a transaction.
pub(crate) struct Session<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) mode: Mode,
    pub(crate) counters: Option<&'c Counters>,
}

impl<'c> Session<'c> {
    /// On a connection that may be in no transaction, to look at a database or to set it up.
    pub(crate) const fn outside(connection: &'c Connection) -> Self {
        Self {
            connection,
            mode: Mode::Write,
            counters: None,
        }
    }

    /// A session that must be inside a transaction still: a full disk, or a ROLLBACK in a joined
    /// call, may have ended it, and then every statement would commit by itself.
    pub(crate) fn inside(
        connection: &'c Connection,
        mode: Mode,
        counters: Option<&'c Counters>,
    ) -> Result<Self, StoreError> {
        if connection.is_autocommit() {
            return Err(StoreError::new(
                StoreErrorKind::Misuse,
                "the transaction was ended in the middle of a unit of work; run all of it again",
            ));
        }
        Ok(Self {
            connection,
            mode,
            counters,
        })
    }
}

impl Exec for Session<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.prepare(sql, params)?;
        let changed = statement.raw_execute().map_err(store_error)?;
        self.count(&statement, 0);
        Ok(changed as u64)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepare(sql, params)?;
        let mut seen = 0;
        let mut rows = statement.raw_query();
        let outcome = loop {
            match rows.next() {
                Ok(Some(row)) => {
                    seen += 1;
                    if let Err(error) = each(&Lent(row)) {
                        break Err(error);
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(store_error(error)),
            }
        };
        drop(rows);
        self.count(&statement, seen);
        outcome
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        if self.mode == Mode::Read {
            return Err(write_in_read());
        }
        self.connection.execute_batch(sql).map_err(store_error)
    }
}

impl Session<'_> {
    fn prepare(&self, sql: &str, params: &[Val<'_>]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(store_error)?;
        if self.mode == Mode::Read && !statement.readonly() {
            return Err(write_in_read());
        }
        // A parameter left out would silently be NULL.
        if statement.parameter_count() != params.len() {
            let what = format!(
                "a statement wants {} parameters and got {}: {sql}",
                statement.parameter_count(),
                params.len()
            );
            return Err(StoreError::new(StoreErrorKind::Misuse, what));
        }
        for (place, param) in (1usize..).zip(params) {
            statement
                .raw_bind_parameter(place, Bound(param))
                .map_err(store_error)?;
        }
        Ok(statement)
    }

    fn count(&self, statement: &CachedStatement<'_>, rows: u64) {
        if let Some(counters) = self.counters {
            let scanned = statement.reset_status(StatementStatus::FullscanStep);
            counters.statement(rows);
            counters.scanned(u64::try_from(scanned).unwrap_or(0));
        }
    }
}

/// Begins or ends a transaction or a savepoint, which is no statement of ours.
pub(crate) fn control(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(store_error)?;
    statement.execute([]).map_err(store_error)?;
    Ok(())
}

fn write_in_read() -> StoreError {
    StoreError::new(
        StoreErrorKind::Misuse,
        "a unit of work that may only read was asked to write; open it with `write`",
    )
}

struct Bound<'v>(&'v Val<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Val::Int(Some(number)) => ValueRef::Integer(*number),
            Val::Id(Some(id)) => ValueRef::Blob(id.as_bytes()),
            Val::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Val::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Val::Int(None) | Val::Id(None) | Val::Text(None) | Val::Bytes(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

struct Lent<'r, 's>(&'r rusqlite::Row<'s>);

impl Lent<'_, '_> {
    fn cell(&self, column: usize) -> Result<ValueRef<'_>, StoreError> {
        self.0.get_ref(column).map_err(store_error)
    }
}

impl Row for Lent<'_, '_> {
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.cell(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            other => Err(wrong(column, "an integer", other)),
        }
    }

    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        match self.cell(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Uuid::from_slice(bytes).map(Some).map_err(|error| {
                wrong(column, "a 16-byte id", ValueRef::Blob(bytes)).because(error)
            }),
            other => Err(wrong(column, "a 16-byte id", other)),
        }
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.cell(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|error| {
                wrong(column, "text in UTF-8", ValueRef::Text(bytes)).because(error)
            }),
            other => Err(wrong(column, "text", other)),
        }
    }

    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.cell(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            other => Err(wrong(column, "bytes", other)),
        }
    }
}

/// Tells the types and never the value, which may be a secret.
fn wrong(column: usize, wanted: &str, found: ValueRef<'_>) -> StoreError {
    StoreError::corrupt(format!(
        "column {column} holds {} where {wanted} must be; restore the row from a backup",
        found.data_type()
    ))
}
