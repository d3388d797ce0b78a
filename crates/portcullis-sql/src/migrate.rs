//! How the tables come to be: one set of migrations a domain, in a table of our own.
//!
//! Never the host migrator's table (two owners of one table break each other's start), and never
//! silently: [`Migrator::pending`] says what is missing, [`Migrator::migrate`] does it, inside a
//! transaction that the adapter or the host opened.
//!
//! To add a migration, put `migrations/<set>/<version>_<name>.sql` beside the others and a line
//! into its set below. A published file is never edited: its checksum stands in every store.

mod history;
mod set;

use crate::{Dialect, Exec, ExecExt, Val};
use history::{Applied, History};
use portcullis_id::Timestamp;
use portcullis_ledger::{StoreError, StoreErrorKind};
use std::fmt;

pub(crate) use history::ALL;
pub use set::{Migration, MigrationSet, sets};

/// Whose database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tenancy {
    /// The portal's alone: a database with tables but without ours is refused as foreign.
    Alone,
    /// The host's, with tables of its own beside ours.
    Shared,
}

/// Brings a store to the migrations that this program knows.
#[derive(Clone, Copy, Debug)]
pub struct Migrator<'s> {
    sets: &'s [MigrationSet],
    tenancy: Tenancy,
}

impl<'s> Migrator<'s> {
    /// For `sets`, as a rule [`sets()`]; versions count from 1 without gaps.
    pub const fn new(sets: &'s [MigrationSet], tenancy: Tenancy) -> Self {
        Self { sets, tenancy }
    }

    /// What the store lacks. Writes nothing.
    ///
    /// # Errors
    /// [`Newer`](StoreErrorKind::Newer) if the store has migrations unknown here,
    /// [`Foreign`](StoreErrorKind::Foreign) if it is not ours, or if a migration was applied with
    /// another text than it has here.
    pub fn pending(&self, exec: &mut dyn Exec) -> Result<Pending, StoreError> {
        let history = self.history(exec)?;
        let gaps = self.sets.iter().filter_map(|set| {
            let from = history.last(set.name) + 1;
            let to = set.last();
            (from <= to).then_some(Gap {
                set: set.name,
                from,
                to,
            })
        });
        Ok(Pending(gaps.collect()))
    }

    /// Applies what is missing, all or nothing with the transaction around it.
    ///
    /// On PostgreSQL two callers wait for each other; on SQLite the transaction must have been
    /// begun as IMMEDIATE, which does the same.
    pub fn migrate(&self, exec: &mut dyn Exec, now: Timestamp) -> Result<(), StoreError> {
        let dialect = exec.dialect();
        if dialect == Dialect::Postgres {
            exec.script(history::TURN)?;
        }
        let history = self.history(exec)?;
        exec.script(&dialect.render(history::TABLE, now))?;
        for set in self.sets {
            for migration in set.migrations {
                if migration.version > history.last(set.name) {
                    exec.script(&dialect.render(migration.sql, now))
                        .map_err(|error| {
                            let what =
                                format!("migration {} {} failed", set.name, migration.version);
                            StoreError::new(error.kind(), what).because(error)
                        })?;
                    let checksum = migration.checksum();
                    let values: [Val<'_>; 5] = [
                        set.name.into(),
                        migration.version.into(),
                        migration.name.into(),
                        checksum.as_str().into(),
                        now.into(),
                    ];
                    exec.run(history::APPLY, &values)?;
                }
            }
        }
        Ok(())
    }

    fn history(&self, exec: &mut dyn Exec) -> Result<History, StoreError> {
        let (ours, tables) = exec.one(history::catalogue(exec.dialect()), &[], |row| {
            Ok((row.int()?, row.int()?))
        })?;
        if ours == 0 {
            return if tables > 0 && self.tenancy == Tenancy::Alone {
                Err(foreign("the database holds other tables and none of ours"))
            } else {
                Ok(History::default())
            };
        }
        let applied = exec.list(history::APPLIED, &[], |row| {
            Ok(Applied {
                set: row.text()?.to_owned(),
                version: row.int()?,
                checksum: row.text()?.to_owned(),
            })
        })?;
        History::checked(applied, self.sets)
    }
}

/// What a store lacks, as text: `needs migration access 1 to 2, ledger 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a store with pending migrations cannot be used"]
pub struct Pending(Vec<Gap>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    set: &'static str,
    from: u32,
    to: u32,
}

impl Pending {
    /// Nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ok when nothing is missing.
    ///
    /// # Errors
    /// [`NeedsMigration`](StoreErrorKind::NeedsMigration), telling what and how.
    pub fn into_result(self) -> Result<(), StoreError> {
        if self.is_empty() {
            return Ok(());
        }
        let what =
            format!("the store {self}: call `migrate` once, with the program stopped elsewhere");
        Err(StoreError::new(StoreErrorKind::NeedsMigration, what))
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("needs no migration");
        }
        f.write_str("needs migration ")?;
        for (place, gap) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{} {}", gap.set, gap.from)?;
            if gap.to > gap.from {
                write!(f, " to {}", gap.to)?;
            }
        }
        Ok(())
    }
}

fn foreign(what: &str) -> StoreError {
    let what = format!(
        "{what}; name another database, or open it as one that the host's own tables share"
    );
    StoreError::new(StoreErrorKind::Foreign, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pending_reads_as_a_sentence() {
        let gap = |set, from, to| Gap { set, from, to };
        let pending = Pending(vec![gap("access", 1, 2), gap("ledger", 3, 3)]);
        assert_eq!(
            pending.to_string(),
            "needs migration access 1 to 2, ledger 3"
        );
        let error = pending.into_result().unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NeedsMigration);
        assert!(
            error
                .to_string()
                .starts_with("the store needs migration access 1 to 2, ledger 3: call")
        );
        assert!(Pending(Vec::new()).into_result().is_ok());
    }
}
