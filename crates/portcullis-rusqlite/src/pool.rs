use crate::error::store_error;
use crate::exec::Session;
use crate::settings::configure;
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use portcullis_sql::adapter::Counters;
use portcullis_sql::{Dialect, Exec};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a unit of work waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Readers at once; more wait for their turn.
const READERS: usize = 8;

/// The connections of one store: one writer, because SQLite has one, and a few readers.
///
/// Writers of this process queue here, fairly and at once, instead of polling the file's lock.
/// A store in memory has one connection for both.
pub(crate) struct Pool {
    place: Option<PathBuf>,
    state: Mutex<State>,
    freed: Condvar,
    pub(crate) counters: Counters,
}

struct State {
    writer: Option<Connection>,
    writing: bool,
    readers: Vec<Connection>,
    reading: usize,
}

/// A connection taken out, put back when dropped; a transaction still open then is rolled back.
pub(crate) struct Lease {
    connection: Option<Connection>,
    role: Role,
    pub(crate) pool: Arc<Pool>,
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Writer,
    Reader,
}

impl Pool {
    /// Around a configured connection; `place` is its file, if it has one.
    pub(crate) fn new(place: Option<PathBuf>, writer: Connection) -> Arc<Self> {
        Arc::new(Self {
            place,
            state: Mutex::new(State {
                writer: Some(writer),
                writing: false,
                readers: Vec::new(),
                reading: 0,
            }),
            freed: Condvar::new(),
            counters: Counters::default(),
        })
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.place.as_deref()
    }

    pub(crate) fn take(self: &Arc<Self>, mode: Mode) -> Result<Lease, StoreError> {
        let role = match mode {
            Mode::Read if self.place.is_some() => Role::Reader,
            Mode::Read | Mode::Write | Mode::Conditional => Role::Writer,
        };
        let (mut state, waited) = self
            .freed
            .wait_timeout_while(self.state(), PATIENCE, |state| state.full(role))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(StoreError::new(
                StoreErrorKind::Busy,
                "every connection of the store is in use; try again, and never open a unit of work inside another",
            ));
        }
        let connection = match role {
            Role::Writer => {
                state.writing = true;
                state.writer.take()
            }
            Role::Reader => {
                state.reading += 1;
                state.readers.pop()
            }
        };
        drop(state);
        // Made before connecting, so that a failure gives the turn back.
        let mut lease = Lease {
            connection,
            role,
            pool: Arc::clone(self),
        };
        if lease.connection.is_none() {
            lease.connection = Some(self.connect(role)?);
        }
        Ok(lease)
    }

    fn connect(&self, role: Role) -> Result<Connection, StoreError> {
        let Some(path) = &self.place else {
            return Err(StoreError::new(
                StoreErrorKind::Driver,
                "the store in memory was lost with its connection; make a new one",
            ));
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(store_error)?;
        configure(&connection)?;
        if let (Role::Reader, Some(fence)) = (role, Dialect::Sqlite.fence(Mode::Read)) {
            Session::outside(&connection).script(fence)?;
        }
        Ok(connection)
    }

    /// No code of a caller runs under this lock, so a poisoned state is still whole (pitfall 15).
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn full(&self, role: Role) -> bool {
        match role {
            Role::Writer => self.writing,
            Role::Reader => self.reading >= READERS,
        }
    }
}

impl Lease {
    pub(crate) fn connection(&self) -> Result<&Connection, StoreError> {
        self.connection.as_ref().ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::Misuse,
                "the connection was given back already",
            )
        })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut connection = self.connection.take();
        if let Some(open) = &connection
            && !open.is_autocommit()
            && open.execute_batch("ROLLBACK").is_err()
            && !open.is_autocommit()
        {
            // Closing it is the last way to roll back.
            connection = None;
        }
        let mut state = self.pool.state();
        match self.role {
            Role::Writer => {
                state.writing = false;
                state.writer = connection;
            }
            Role::Reader => {
                state.reading = state.reading.saturating_sub(1);
                state.readers.extend(connection);
            }
        }
        drop(state);
        self.pool.freed.notify_all();
    }
}
