//! The store: the host's own database, and a unit of work on it.

use portcullis_ledger::{Mode, Store, StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, Row};
use std::sync::{Mutex, PoisonError};

/// The host's database. One unit of work at a time.
pub(crate) struct Host(Mutex<Desk>);

/// A unit of work.
pub(crate) struct Desk {
    connection: Connection,
    mode: Mode,
    out_of_turn: bool,
}

impl Host {
    /// A new database in memory, with the host's tables in it.
    pub(crate) fn new() -> Result<Self, rusqlite::Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch("PRAGMA foreign_keys = ON")?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(Mutex::new(Desk {
            connection,
            mode: Mode::Read,
            out_of_turn: false,
        })))
    }
}

impl Store for Host {
    type Tx = Desk;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Desk) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What a panic leaves behind was rolled back by the guard below.
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = Open::begin(&mut desk, mode)?;
        work(open.desk)?;
        open.commit()
    }
}

/// A transaction that is rolled back unless it is committed, also by a panic.
struct Open<'d> {
    desk: &'d mut Desk,
    done: bool,
}

impl<'d> Open<'d> {
    fn begin(desk: &'d mut Desk, mode: Mode) -> Result<Self, StoreError> {
        desk.script(if mode.writes() {
            "PRAGMA query_only = OFF; BEGIN IMMEDIATE"
        } else {
            "PRAGMA query_only = ON; BEGIN"
        })?;
        (desk.mode, desk.out_of_turn) = (mode, false);
        Ok(Self { desk, done: false })
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.desk.out_of_turn {
            self.desk.mode.needs_turn()?;
        }
        self.desk.script("COMMIT")?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.done {
            let _ = self.desk.script("ROLLBACK");
        }
    }
}

impl Desk {
    /// To move a revision, which what only counts may not; whoever drops the answer keeps nothing.
    pub(crate) fn needs_turn(&mut self) -> Result<(), StoreError> {
        let turn = self.mode.needs_turn();
        self.out_of_turn |= turn.is_err();
        turn
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<u64, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let changed = statement.execute(params).map_err(fault)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// The row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        statement.query_row(params, read).optional().map_err(fault)
    }

    /// All rows.
    pub(crate) fn list<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let rows = statement.query_map(params, read).map_err(fault)?;
        rows.collect::<Result<_, _>>().map_err(fault)
    }

    fn script(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(fault)
    }
}

fn fault(error: rusqlite::Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
        Some(ErrorCode::ConstraintViolation) => StoreErrorKind::Conflict,
        Some(ErrorCode::ReadOnly) => StoreErrorKind::Misuse,
        None => StoreErrorKind::Corrupt,
        Some(_) => StoreErrorKind::Driver,
    };
    StoreError::new(kind, "the host's database refused a statement").because(error)
}
