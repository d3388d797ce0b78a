use crate::migrate::{Migrator, Pending, Tenancy, sets};
use crate::{Dialect, Exec, Names, SqlTx};
use portcullis_id::Timestamp;
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

/// How often a migration waits for its turn, each time as long as any writer does: 5 s, so that it
/// is ten minutes together.
const WAITS: u32 = 120;

/// A transaction that a store opened on a connection of its own.
///
/// Dropped without a commit, by an error or a panic, it rolls back and gives the connection back.
pub trait Transaction: Exec {
    /// Ends it, and keeps what was done.
    ///
    /// # Errors
    /// What the driver meets; nothing is kept then.
    fn commit(self) -> Result<(), StoreError>
    where
        Self: Sized;
}

/// The tables of one store: whose database they lie in, what they are called, and whether all of
/// them are there. Until they are, every unit of work is refused.
#[derive(Debug)]
pub struct Tables {
    dialect: Dialect,
    tenancy: Tenancy,
    names: Names,
    /// Set once nothing is pending, so that a unit of work asks only until then.
    migrated: AtomicBool,
}

impl Tables {
    /// Looks at a database through its first connection, which is in no transaction. To be called
    /// before any setting is written into what may be somebody else's; writes nothing.
    ///
    /// On PostgreSQL the schema is looked up now, where none is named, and stays what it is: that of
    /// the first `search_path` that has the tables, or in which they would be made.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for names that the database cannot have,
    /// [`Busy`](StoreErrorKind::Busy) for one that is locked for longer than others are waited for,
    /// and as [`Migrator::pending`].
    pub fn of(exec: &mut dyn Exec, tenancy: Tenancy, names: Names) -> Result<Self, StoreError> {
        let dialect = exec.dialect();
        names.check(dialect)?;
        exec.script(dialect.patience().set)?;
        let (schema, pending) = Migrator::new(sets(), tenancy).named(&names).found(exec)?;
        Ok(Self {
            dialect,
            tenancy,
            names: names.found_in(schema),
            migrated: AtomicBool::new(pending.is_empty()),
        })
    }

    /// What they are called, on PostgreSQL with the schema they lie in.
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Which database they are in.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The text that begins a unit of work, in one round trip: what keeps a reader from writing, the
    /// transaction, and a writer's [turn](Names::turn).
    pub fn begin(&self, mode: Mode) -> String {
        let turn = (mode == Mode::Write).then(|| self.names.turn(self.dialect));
        let fence = self.dialect.fence(mode).map(str::to_owned);
        let begin = self.dialect.begin(mode).to_owned();
        let parts: Vec<String> = [fence, Some(begin), turn.flatten()]
            .into_iter()
            .flatten()
            .collect();
        parts.join("; ")
    }

    /// The migrations they lack.
    ///
    /// # Errors
    /// As [`Migrator::pending`].
    pub fn pending(&self, exec: &mut dyn Exec) -> Result<Pending, StoreError> {
        let pending = self.migrator().pending(exec)?;
        if pending.is_empty() {
            self.migrated.store(true, Ordering::Release);
        }
        Ok(pending)
    }

    /// Runs them in a transaction that `begin` opens, a writer's, and commits: all or none. While
    /// somebody else has the turn, as with a long migration, `begin` is called again, 120 times.
    ///
    /// # Errors
    /// As [`Migrator::migrate`], and [`Busy`](StoreErrorKind::Busy) when all of these were in vain.
    pub fn migrate<T: Transaction>(
        &self,
        begin: impl FnMut() -> Result<T, StoreError>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = in_turn(begin)?;
        self.migrator().migrate(&mut tx, now)?;
        tx.commit()?;
        self.migrated.store(true, Ordering::Release);
        Ok(())
    }

    /// Runs a unit of work in `tx`, which was begun as `mode`, and commits.
    ///
    /// # Errors
    /// What `work` returns; [`NeedsMigration`](StoreErrorKind::NeedsMigration) while there are
    /// migrations to run; [`Misuse`](StoreErrorKind::Misuse) for work that dropped the error of a
    /// statement, where that loses all of it, or of a [command without its turn](Mode::needs_turn).
    pub fn with_tx<T: Transaction>(
        &self,
        mode: Mode,
        mut tx: T,
        work: &mut dyn FnMut(&mut SqlTx<T>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if !self.migrated.load(Ordering::Acquire) {
            self.pending(&mut tx)?.into_result()?;
        }
        let mut tx = SqlTx::begun(mode, tx, &self.names);
        work(&mut tx)?;
        tx.into_whole()?.commit()
    }

    fn migrator(&self) -> Migrator<'_> {
        Migrator::new(sets(), self.tenancy).named(&self.names)
    }
}

/// What `begin` opens once it is its turn.
fn in_turn<T>(mut begin: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..WAITS {
        match begin() {
            Err(error) if error.kind() == StoreErrorKind::Busy => {}
            ended => return ended,
        }
    }
    begin()
}
