use super::set::DOMAINS;
use super::{MigrationSet, foreign};
use crate::statement::statements;
use crate::{Dialect, Names};
use portcullis_ledger::{StoreError, StoreErrorKind};
use std::collections::BTreeMap;

statements! {
    APPLIED = "SELECT set_name, version, checksum FROM portcullis_migration \
        ORDER BY set_name, version";
    APPLY = "INSERT INTO portcullis_migration (set_name, version, name, checksum, applied_at) \
        VALUES (?, ?, ?, ?, ?)";
}

/// The record of what was applied, in the tokens of a migration.
pub(super) const TABLE: &str = "CREATE TABLE portcullis_migration (
    set_name {text} NOT NULL,
    version {int} NOT NULL,
    name {text} NOT NULL,
    checksum {text} NOT NULL,
    applied_at {int} NOT NULL,
    PRIMARY KEY (set_name, version)
) {strict};";

/// Marks an SQLite file as a portal's alone: `Port` in ASCII.
const MARK: i64 = 0x506f_7274;

/// Writes that mark, where a database can have one.
pub(super) fn mark(dialect: Dialect) -> Option<String> {
    (dialect == Dialect::Sqlite).then(|| format!("PRAGMA application_id = {MARK}"))
}

/// Whether `found` is the mark of another program.
pub(super) const fn marked_by_another(found: i64) -> bool {
    found != 0 && found != MARK
}

/// Whether the schema is there, how many tables in it are the record itself, how many there are,
/// which program the database is marked as being of, and on PostgreSQL what the schema is called. The
/// parameter is the name of the record.
pub(super) fn catalogue(dialect: Dialect, names: &Names) -> String {
    match dialect {
        Dialect::Sqlite => "SELECT 1, COUNT(CASE WHEN name = ? THEN 1 END), COUNT(*), \
                (SELECT application_id FROM pragma_application_id) \
             FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
            .to_owned(),
        // Not information_schema, which hides the tables of other roles.
        Dialect::Postgres => format!(
            "SELECT COUNT(DISTINCT s.oid), COUNT(CASE WHEN t.relname = here.record THEN 1 END), \
                COUNT(t.oid), CAST(0 AS BIGINT), MAX(CAST(s.nspname AS TEXT)) \
             FROM (SELECT CAST(? AS TEXT) AS record, {} AS place) AS here \
             LEFT JOIN pg_namespace AS s ON s.oid = here.place \
             LEFT JOIN pg_class AS t ON t.relnamespace = s.oid AND t.relkind IN ('r', 'p')",
            names.namespace()
        ),
    }
}

/// One line of the record.
pub(super) struct Applied {
    pub(super) set: String,
    pub(super) version: i64,
    pub(super) checksum: String,
}

/// The last version applied of each set; without a record, of none.
#[derive(Default)]
pub(super) struct History {
    last: BTreeMap<String, u32>,
    pub(super) recorded: bool,
}

impl History {
    /// The record, compared with what this program knows.
    pub(super) fn checked(
        applied: Vec<Applied>,
        sets: &[MigrationSet],
    ) -> Result<Self, StoreError> {
        let mut last: BTreeMap<String, u32> = BTreeMap::new();
        for line in applied {
            let version = last.get(&line.set).copied().unwrap_or(0) + 1;
            if line.version != i64::from(version) {
                return Err(StoreError::corrupt(format!(
                    "the store's record of migrations jumps to {} {}; restore it from a backup",
                    line.set, line.version
                )));
            }
            match sets.iter().find(|set| set.name == line.set) {
                Some(set) => compare(set, version, &line.checksum)?,
                // A domain that this build leaves out keeps its tables to itself.
                None if DOMAINS.contains(&line.set.as_str()) => {}
                None => return Err(newer(&line.set, version)),
            }
            last.insert(line.set, version);
        }
        Ok(Self {
            last,
            recorded: true,
        })
    }

    /// As if these versions had been applied.
    pub(super) fn of(versions: &[(&str, u32)]) -> Self {
        let last = versions
            .iter()
            .map(|(set, version)| ((*set).to_owned(), *version));
        Self {
            last: last.collect(),
            recorded: !versions.is_empty(),
        }
    }

    /// The last version of `set`; 0 before the first.
    pub(super) fn last(&self, set: &str) -> u32 {
        self.last.get(set).copied().unwrap_or(0)
    }
}

fn compare(set: &MigrationSet, version: u32, checksum: &str) -> Result<(), StoreError> {
    let known = set
        .migrations
        .iter()
        .find(|migration| migration.version == version);
    match known {
        None => Err(newer(set.name, version)),
        Some(migration) if migration.checksum() == checksum => Ok(()),
        Some(_) => Err(foreign(&format!(
            "migration {} {version} was applied with another text than this program has",
            set.name
        ))),
    }
}

fn newer(set: &str, version: u32) -> StoreError {
    let what = format!(
        "the store was written by a newer version (it has migration {set} {version}); upgrade this program"
    );
    StoreError::new(StoreErrorKind::Newer, what)
}

#[cfg(test)]
mod tests {
    use super::super::sets;
    use super::*;

    fn applied(set: &str, version: i64) -> Applied {
        let known = sets().iter().find(|known| known.name == set);
        let migration = known.and_then(|set| set.migrations.first());
        Applied {
            set: set.to_owned(),
            version,
            checksum: migration
                .map(super::super::Migration::checksum)
                .unwrap_or_default(),
        }
    }

    fn refused(applied: Vec<Applied>) -> StoreErrorKind {
        match History::checked(applied, sets()) {
            Ok(_) => panic!("accepted"),
            Err(error) => error.kind(),
        }
    }

    #[test]
    fn a_record_we_know_is_accepted() {
        let history = History::checked(vec![applied("ledger", 1)], sets()).unwrap();
        assert_eq!((history.last("ledger"), history.last("access")), (1, 0));
    }

    #[test]
    fn a_domain_this_build_leaves_out_is_no_newer_store() {
        assert!(History::checked(vec![applied("sharing", 1)], &[]).is_ok());
        assert_eq!(refused(vec![applied("weather", 1)]), StoreErrorKind::Newer);
    }

    #[test]
    fn a_record_with_a_hole_is_corrupt() {
        assert_eq!(refused(vec![applied("ledger", 2)]), StoreErrorKind::Corrupt);
    }
}
