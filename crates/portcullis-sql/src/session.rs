//! What a connection is set to, and how a unit of work begins on it, on each database.

use crate::Dialect;
#[cfg(doc)]
use crate::Names;
use portcullis_ledger::Mode;

/// A setting that Portcullis relies on, as two statements.
pub(crate) struct Setting {
    /// What it is called in an error.
    pub(crate) name: &'static str,
    /// Sets it.
    pub(crate) set: &'static str,
    /// Reads it back as one text.
    pub(crate) read: &'static str,
    /// What it reads then.
    pub(crate) wanted: &'static str,
}

/// SQLite: 5 s of patience with other writers, where a driver's default may be 0 (pitfall 2); WAL, so
/// that readers and the writer do not wait for each other; foreign keys on, whose default depends on
/// how the library was compiled (pitfall 4); `synchronous=NORMAL`, which in WAL keeps every commit when
/// the process dies, and may lose the last ones, whole, when the machine does.
const SQLITE: [Setting; 4] = [
    Setting {
        name: "busy_timeout",
        set: "PRAGMA busy_timeout = 5000",
        read: "SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout",
        wanted: "5000",
    },
    Setting {
        name: "journal_mode",
        set: "PRAGMA journal_mode = wal",
        // In memory there is no file whose readers would wait.
        read: "SELECT CASE WHEN journal_mode = 'memory' AND file = '' THEN 'wal' \
            ELSE CAST(journal_mode AS TEXT) END \
            FROM pragma_journal_mode, pragma_database_list WHERE name = 'main'",
        wanted: "wal",
    },
    Setting {
        name: "foreign_keys",
        set: "PRAGMA foreign_keys = 1",
        read: "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys",
        wanted: "1",
    },
    Setting {
        name: "synchronous",
        set: "PRAGMA synchronous = 1",
        read: "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous",
        wanted: "1",
    },
];

/// PostgreSQL: a plan for the values at hand, because the plan that serves every client was
/// measured 88 to 118 times slower for the largest one (pitfall 13); the same patience with locks;
/// no worker processes and no compiled code for a page of fifty rows; and a row by an index at the price
/// it has on a disk without a head to move, because at four times that a page of the largest client was
/// read whole and sorted, 25 to 41 times slower than by its index.
const POSTGRES: [Setting; 5] = [
    Setting {
        name: "lock_timeout",
        set: "SET lock_timeout = '5s'",
        read: "SELECT current_setting('lock_timeout')",
        wanted: "5s",
    },
    Setting {
        name: "plan_cache_mode",
        set: "SET plan_cache_mode = force_custom_plan",
        read: "SELECT current_setting('plan_cache_mode')",
        wanted: "force_custom_plan",
    },
    Setting {
        name: "max_parallel_workers_per_gather",
        set: "SET max_parallel_workers_per_gather = 0",
        read: "SELECT current_setting('max_parallel_workers_per_gather')",
        wanted: "0",
    },
    Setting {
        name: "jit",
        set: "SET jit = off",
        read: "SELECT current_setting('jit')",
        wanted: "off",
    },
    Setting {
        name: "random_page_cost",
        set: "SET random_page_cost = 1.1",
        read: "SELECT current_setting('random_page_cost')",
        wanted: "1.1",
    },
];

impl Dialect {
    /// What every connection of a store's own is set to, and read back, outside a transaction.
    pub(crate) const fn settings(self) -> &'static [Setting] {
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgres => &POSTGRES,
        }
    }

    /// The setting that has a connection wait for others.
    pub(crate) const fn patience(self) -> &'static Setting {
        let ([first, ..], [other, ..]) = (&SQLITE, &POSTGRES);
        match self {
            Self::Sqlite => first,
            Self::Postgres => other,
        }
    }

    /// Begins a unit of work; a writer on PostgreSQL then takes its [turn](Names::turn).
    ///
    /// On SQLite a writer has it at once, because a transaction that reads first and writes later
    /// fails however patient it is (pitfall 1). Levels are named, because the defaults are the
    /// server's, and somebody may have changed them.
    pub const fn begin(self, mode: Mode) -> &'static str {
        match (self, mode) {
            (Self::Sqlite, Mode::Read) => "BEGIN DEFERRED",
            (Self::Sqlite, Mode::Write | Mode::Conditional) => "BEGIN IMMEDIATE",
            (Self::Postgres, Mode::Read) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            (Self::Postgres, Mode::Write | Mode::Conditional) => {
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
            }
        }
    }

    /// Lets a connection refuse or take writes, where a transaction cannot say so itself.
    pub const fn fence(self, mode: Mode) -> Option<&'static str> {
        match (self, mode) {
            (Self::Sqlite, Mode::Read) => Some("PRAGMA query_only = 1"),
            (Self::Sqlite, Mode::Write | Mode::Conditional) => Some("PRAGMA query_only = 0"),
            (Self::Postgres, _) => None,
        }
    }

    /// Whether whatever writes does so alone, so that all writers may share one connection; else
    /// only commands take turns, and what is [`Conditional`](Mode::Conditional) writes beside them.
    pub const fn one_writer(self) -> bool {
        matches!(self, Self::Sqlite)
    }

    /// Whether a statement that fails ends its transaction, whose COMMIT then rolls back in silence.
    pub(crate) const fn one_failure_ends_all(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Asks, as 0 or 1, whether a connection of the host's enforces foreign keys, where it might not.
    pub(crate) const fn enforcement(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("SELECT foreign_keys FROM pragma_foreign_keys"),
            Self::Postgres => None,
        }
    }
}
