use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a store was asked so far, for tests that hold a call to its budget.
///
/// BEGIN, COMMIT and SAVEPOINT are no statements here. Subtract two to get what a call cost. On
/// PostgreSQL a statement is one round trip, and one more the first time a connection prepares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Statements run.
    pub statements: u64,
    /// Rows handed to Rust.
    pub rows: u64,
    /// Rows that SQLite stepped over in full scans of a table; an index makes this 0. Only
    /// `rusqlite` can ask for it: 0 in every other adapter.
    pub scanned: u64,
    /// Changes committed.
    pub commits: u64,
}

impl std::ops::Sub for Counts {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            statements: self.statements.saturating_sub(earlier.statements),
            rows: self.rows.saturating_sub(earlier.rows),
            scanned: self.scanned.saturating_sub(earlier.scanned),
            commits: self.commits.saturating_sub(earlier.commits),
        }
    }
}

/// The same, as it grows under threads: an adapter tells it what it runs.
#[derive(Debug, Default)]
pub struct Counters {
    statements: AtomicU64,
    rows: AtomicU64,
    scanned: AtomicU64,
    commits: AtomicU64,
}

impl Counters {
    /// One statement more, which gave `rows`.
    pub fn statement(&self, rows: u64) {
        self.statements.fetch_add(1, Relaxed);
        self.rows.fetch_add(rows, Relaxed);
    }

    /// Rows that it stepped over, where the driver knows.
    pub fn scanned(&self, rows: u64) {
        self.scanned.fetch_add(rows, Relaxed);
    }

    /// One commit more of a unit of work that may write.
    pub fn commit(&self) {
        self.commits.fetch_add(1, Relaxed);
    }

    /// As it stands now.
    pub fn counts(&self) -> Counts {
        Counts {
            statements: self.statements.load(Relaxed),
            rows: self.rows.load(Relaxed),
            scanned: self.scanned.load(Relaxed),
            commits: self.commits.load(Relaxed),
        }
    }
}
