use crate::HostConnection;
use crate::settings::Configure;
use diesel::r2d2::{ConnectionManager, Pool, PoolError, PooledConnection, R2D2Connection};
use portcullis_ledger::{Mode, StoreError, StoreErrorKind};
use std::time::Duration;

/// How long a unit of work waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections at once; more wait for one to come free.
const CONNECTIONS: u32 = 8;

/// Of those who take turns: one at work, and one that goes on as soon as it ends.
const WRITERS: u32 = 2;

/// The connections of one store.
///
/// Who takes turns has connections apart, so that however many commands wait, a reader or a sign-in
/// finds one free. Where there is one writer they share one and queue for it, fairly and at once,
/// instead of polling the file's lock.
pub(crate) struct Connections<C: HostConnection + R2D2Connection + 'static> {
    in_turns: Pool<ConnectionManager<C>>,
    others: Pool<ConnectionManager<C>>,
    one_writer: bool,
}

impl<C: HostConnection + R2D2Connection + 'static> Connections<C> {
    /// Pools of our own. `inspect` sees the first connection before any setting is written into a
    /// database that may not be ours.
    pub(crate) fn open<T>(
        url: &str,
        inspect: impl FnOnce(&mut C) -> Result<T, StoreError>,
    ) -> Result<(Self, T), StoreError> {
        let mut first = C::establish(url).map_err(|error| {
            let what = format!("cannot open the database: {error}");
            StoreError::new(StoreErrorKind::Driver, what).because(error)
        })?;
        let seen = inspect(&mut first)?;
        let pool = |size| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(PATIENCE)
                // A dead connection is met at BEGIN, without a question before each.
                .test_on_check_out(false)
                .connection_customizer(Box::new(Configure))
                .build(ConnectionManager::new(url))
                .map_err(unavailable)
        };
        let one_writer = first.dialect().one_writer();
        let connections = Self {
            in_turns: pool(if one_writer { 1 } else { WRITERS })?,
            others: pool(CONNECTIONS)?,
            one_writer,
        };
        Ok((connections, seen))
    }

    /// One pool for all.
    pub(crate) fn of(pool: Pool<ConnectionManager<C>>) -> Self {
        Self {
            in_turns: pool.clone(),
            others: pool,
            one_writer: false,
        }
    }

    pub(crate) fn take(
        &self,
        mode: Mode,
    ) -> Result<PooledConnection<ConnectionManager<C>>, StoreError> {
        let pool = match mode {
            Mode::Write => &self.in_turns,
            Mode::Conditional if self.one_writer => &self.in_turns,
            Mode::Conditional | Mode::Read => &self.others,
        };
        pool.get_timeout(PATIENCE).map_err(unavailable)
    }

    /// How many dead connections there can be, one after the other.
    pub(crate) fn most(&self) -> u32 {
        self.in_turns.max_size().max(self.others.max_size())
    }
}

fn unavailable(error: PoolError) -> StoreError {
    let what = format!(
        "no connection of the store came free; try again, and never open a unit of work inside another: {error}"
    );
    StoreError::new(StoreErrorKind::Busy, what).because(error)
}
