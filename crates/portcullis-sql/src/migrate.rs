//! How the tables come to be: one set of migrations a domain, in a table of our own.
//!
//! Never the host migrator's table (two owners of one table break each other's start), and never
//! silently: [`Migrator::pending`] says what is missing, [`Migrator::migrate`] does it, inside a
//! transaction that the adapter or the host opened.
//!
//! To add a migration, put `migrations/<set>/<version>_<name>.sql` beside the others and a line
//! into its set below. A published file is never edited: its checksum stands in every store.

mod history;
mod pending;
mod script;
mod set;

use crate::names::Names;
use crate::tx::Named;
use crate::{Dialect, Exec, ExecExt, Val};
use history::{Applied, History};
use portcullis_id::Timestamp;
use portcullis_ledger::{StoreError, StoreErrorKind};

pub(crate) use history::ALL;
pub use pending::Pending;
pub use set::{Migration, MigrationSet, sets};

/// Whose database it is; on PostgreSQL, whose schema.
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
    names: &'s Names,
}

impl<'s> Migrator<'s> {
    /// For `sets`, as a rule [`sets()`]; versions count from 1 without gaps.
    pub const fn new(sets: &'s [MigrationSet], tenancy: Tenancy) -> Self {
        Self {
            sets,
            tenancy,
            names: Names::portcullis(),
        }
    }

    /// For tables of other names. The record of what was applied has the prefix too, so that each
    /// portal in a database has its own.
    #[must_use]
    pub const fn named(mut self, names: &'s Names) -> Self {
        self.names = names;
        self
    }

    /// What the store lacks. Writes nothing.
    ///
    /// # Errors
    /// [`Newer`](StoreErrorKind::Newer) if the store has migrations unknown here,
    /// [`Foreign`](StoreErrorKind::Foreign) if it is not ours, or if a migration was applied with
    /// another text than it has here, [`Misuse`](StoreErrorKind::Misuse) for a schema that is not
    /// there.
    pub fn pending(&self, exec: &mut dyn Exec) -> Result<Pending, StoreError> {
        let (_, history) = self.look(exec)?;
        Ok(Pending::new(self.names, self.sets, &history))
    }

    /// The same, and the schema in which the tables are found, where there are schemas.
    pub(crate) fn found(
        &self,
        exec: &mut dyn Exec,
    ) -> Result<(Option<String>, Pending), StoreError> {
        let (schema, history) = self.look(exec)?;
        Ok((schema, Pending::new(self.names, self.sets, &history)))
    }

    /// Applies what is missing, all or nothing with the transaction around it.
    ///
    /// On PostgreSQL it takes the writers' turn; on SQLite the transaction must have been
    /// begun as IMMEDIATE, which does the same. A schema must exist: who owns it, and who may use
    /// it, is the host's to say.
    ///
    /// # Errors
    /// As [`pending`](Self::pending), and whatever a migration meets, with its name;
    /// [`Misuse`](StoreErrorKind::Misuse) for a transaction of PostgreSQL's that is not READ COMMITTED:
    /// it may not see what was migrated before its turn.
    pub fn migrate(&self, exec: &mut dyn Exec, now: Timestamp) -> Result<(), StoreError> {
        let dialect = exec.dialect();
        self.names.take_turn(exec)?;
        let (schema, history) = self.look(exec)?;
        let mut exec = Named::new(exec, self.names.clone().found_in(schema));
        if !history.recorded {
            exec.script(&dialect.render(history::TABLE, now))?;
        }
        for (set, migration) in self.missing(&history) {
            exec.script(&dialect.render(migration.sql, now))
                .map_err(|error| {
                    let what = format!("migration {set} {} failed", migration.version);
                    StoreError::new(error.kind(), what).because(error)
                })?;
            let checksum = migration.checksum();
            let values: [Val<'_>; 5] = [
                set.into(),
                migration.version.into(),
                migration.name.into(),
                checksum.as_str().into(),
                now.into(),
            ];
            exec.run(history::APPLY, &values)?;
        }
        match history::mark(dialect) {
            Some(mark) if self.tenancy == Tenancy::Alone => exec.script(&mark),
            _ => Ok(()),
        }
    }

    /// The migrations that are not in `history`, each with the name of its set, in their order.
    fn missing(&self, history: &History) -> impl Iterator<Item = (&'static str, &'s Migration)> {
        self.sets.iter().flat_map(|set| {
            let last = history.last(set.name);
            let missing = set.migrations.iter().filter(move |one| one.version > last);
            missing.map(|migration| (set.name, migration))
        })
    }

    /// The record, and the schema it is in: on PostgreSQL a later migration goes where the
    /// first went, whatever schema stands in front of it since.
    fn look(&self, exec: &mut dyn Exec) -> Result<(Option<String>, History), StoreError> {
        let dialect = exec.dialect();
        self.names.check(dialect)?;
        let record = format!("{}migration", self.names.prefix());
        let catalogue = history::catalogue(dialect, self.names);
        let ([schemas, ours, tables, mark], schema) =
            exec.one(&catalogue, &[record.as_str().into()], |row| {
                let numbers = [row.int()?, row.int()?, row.int()?, row.int()?];
                let schema = match dialect {
                    Dialect::Sqlite => None,
                    Dialect::Postgres => row.opt_text()?.map(str::to_owned),
                };
                Ok((numbers, schema))
            })?;
        if self.tenancy == Tenancy::Alone && history::marked_by_another(mark) {
            return Err(foreign("the database is marked as another program's"));
        }
        if schemas == 0 {
            return Err(no_schema(self.names));
        }
        if ours == 0 {
            return if tables > 0 && self.tenancy == Tenancy::Alone {
                Err(foreign("the database holds other tables and none of ours"))
            } else {
                Ok((schema, History::default()))
            };
        }
        let mut exec = Named::new(exec, self.names.clone().found_in(schema.clone()));
        let applied = exec.list(history::APPLIED, &[], |row| {
            Ok(Applied {
                set: row.text()?.to_owned(),
                version: row.int()?,
                checksum: row.text()?.to_owned(),
            })
        })?;
        Ok((schema, History::checked(applied, self.sets)?))
    }
}

fn no_schema(names: &Names) -> StoreError {
    let what = match names.schema() {
        Some(schema) => format!("there is no schema `{schema}`; run `CREATE SCHEMA {schema}` first"),
        None => "the connection's search_path has no schema that exists; name one with `Names::in_schema`".to_owned(),
    };
    StoreError::new(StoreErrorKind::Misuse, what)
}

fn foreign(what: &str) -> StoreError {
    let what = format!(
        "{what}; name another database, or open it as one that the host's own tables share"
    );
    StoreError::new(StoreErrorKind::Foreign, what)
}
