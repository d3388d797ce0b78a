use portcullis_id::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// The counter of one factor of one account. See [`Attempts`](crate::Attempts) for how it moves.
///
/// [`reserve`](Self::reserve) and the others are what the statements of a database compute: an
/// adapter that keeps its rows in memory calls them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// The serial number of the attempt reserved last; never goes back.
    pub serial: i64,
    /// How many attempts count towards the lock now.
    pub counted: i64,
    /// How many attempts there were since the last success or unlock, whatever pauses and locks
    /// lay between; what a lock grows by.
    #[serde(default)]
    pub in_a_row: i64,
    /// When the last one was reserved.
    pub last_at: Option<Timestamp>,
    /// No attempt is reserved before this moment. [`Timestamp::MAX`]: not until an administrator
    /// unlocks.
    pub locked_until: Option<Timestamp>,
}

/// When attempts lock and for how long: the policy's [`Lock`](crate::Lock) with all arithmetic done,
/// so that one statement can set any of them. A lock set by a statement always ends (promise 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockTimes {
    /// The attempt that is this many counted ones locks (S24); at least 1.
    pub threshold: i64,
    /// How long the first lock in a row lasts, in milliseconds; each further one twice as long.
    pub first: i64,
    /// When the first one ends.
    pub first_until: Timestamp,
    /// From this many attempts in a row a lock is the longest. Below it, doubling neither overflows
    /// nor leaves the time there is.
    pub longest_from: i64,
    /// When the longest one ends.
    pub longest_until: Timestamp,
    /// From this many attempts in a row every one locks (NIST SP 800-63B-4, 3.2.2);
    /// [`i64::MAX`]: never.
    pub last_straw: i64,
}

impl Tries {
    /// Until when no attempt is taken, if that is later than `now`.
    pub fn locked(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|&until| until > now)
    }

    /// One attempt more, as [`Attempts::reserve`](crate::Attempts::reserve) counts it; `None` while
    /// it is locked.
    #[must_use]
    pub fn reserve(
        &self,
        now: Timestamp,
        forget_before: Option<Timestamp>,
        lock: &LockTimes,
    ) -> Option<Self> {
        if self.locked(now).is_some() {
            return None;
        }
        let forgotten = match (self.last_at, forget_before) {
            (Some(last), Some(before)) => last <= before,
            _ => false,
        };
        let counted = if self.locked_until.is_some() || forgotten {
            1
        } else {
            self.counted.saturating_add(1)
        };
        let in_a_row = self.in_a_row.saturating_add(1);
        Some(Self {
            serial: self.serial.saturating_add(1),
            counted,
            in_a_row,
            last_at: Some(now),
            locked_until: lock.reached(counted, in_a_row, now),
        })
    }

    /// What [`Attempts::settle`](crate::Attempts::settle) makes of it.
    #[must_use]
    pub fn settle(&self, serial: i64) -> Self {
        let later = self.serial.saturating_sub(serial);
        Self {
            counted: self.counted.min(later),
            in_a_row: self.in_a_row.min(later),
            locked_until: self.locked_until.filter(|_| later != 0),
            ..*self
        }
    }

    /// What [`Attempts::release`](crate::Attempts::release) makes of it; `None` for an attempt that
    /// was forgotten.
    #[must_use]
    pub fn release(&self, serial: i64) -> Option<Self> {
        let later = self.serial.saturating_sub(serial);
        let counted = later < self.counted;
        (later < self.in_a_row).then(|| Self {
            counted: self.counted.saturating_sub(i64::from(counted)),
            in_a_row: self.in_a_row.saturating_sub(1),
            locked_until: self.locked_until.filter(|_| !counted),
            ..*self
        })
    }

    /// Whether nothing is counted and nothing locked, so that there is nothing to unlock.
    pub const fn is_clear(&self) -> bool {
        self.counted <= 0 && self.in_a_row <= 0 && self.locked_until.is_none()
    }

    /// What [`Accounts::unlock`](crate::Accounts::unlock) makes of it.
    #[must_use]
    pub fn unlock(&self) -> Self {
        Self {
            serial: self.serial,
            ..Self::default()
        }
    }

    /// What [`Attempts::lock_until_admin`](crate::Attempts::lock_until_admin) makes of it; `None`
    /// where `reached` is not the lock it has.
    #[must_use]
    pub fn lock_until_admin(&self, reached: &Reached) -> Option<Self> {
        let same = (self.serial, self.locked_until) == (reached.serial, Some(reached.until));
        same.then_some(Self {
            locked_until: Some(Timestamp::MAX),
            ..*self
        })
    }
}

/// A lock that ends, as the attempt that reached it left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Whose.
    pub user: UserId,
    /// The attempt's number.
    pub serial: i64,
    /// When the lock ends.
    pub until: Timestamp,
}

impl LockTimes {
    /// A lock that ends at `until` each time.
    pub fn until(threshold: u32, until: Timestamp) -> Self {
        let threshold = i64::from(threshold.max(1));
        Self {
            threshold,
            first: 0,
            first_until: until,
            longest_from: threshold,
            longest_until: until,
            last_straw: i64::MAX,
        }
    }

    /// A lock that doubles from `first` to `longest`, both in milliseconds. Where the longest does
    /// not fit into the time there is, it is reached at the second lock, and lasts for ever.
    pub(crate) fn doubling(
        threshold: u32,
        first: i64,
        longest: i64,
        last_straw: Option<u32>,
        now: Timestamp,
    ) -> Self {
        let threshold = i64::from(threshold.max(1));
        let last_straw = last_straw.map_or(i64::MAX, i64::from);
        let end = |length| Timestamp::from_millis(now.millis().saturating_add(length));
        let (mut length, mut locks) = (first, 2);
        while let Some(next) = length.checked_mul(2).filter(|next| *next < longest)
            && now.millis().checked_add(longest).is_some()
        {
            (length, locks) = (next, locks + 1);
        }
        Self {
            threshold,
            first,
            first_until: end(first),
            longest_from: last_straw.min(threshold.saturating_mul(locks)),
            longest_until: end(longest),
            last_straw,
        }
    }

    /// Until when an attempt locks that is the so-manyeth counted one, and the so-manyeth in a row.
    fn reached(&self, counted: i64, in_a_row: i64, now: Timestamp) -> Option<Timestamp> {
        if counted < self.threshold && in_a_row < self.last_straw {
            return None;
        }
        if in_a_row >= self.longest_from {
            return Some(self.longest_until);
        }
        let locks = in_a_row.checked_div(self.threshold).unwrap_or(0);
        if locks < 2 {
            return Some(self.first_until);
        }
        let length = u32::try_from(locks - 1).ok();
        let length = length.and_then(|doublings| self.first.checked_shl(doublings));
        let length = length.unwrap_or(i64::MAX);
        Some(Timestamp::from_millis(now.millis().saturating_add(length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn locked(times: &LockTimes, in_a_row: i64) -> Option<i64> {
        let before = Tries {
            counted: (in_a_row - 1) % times.threshold,
            in_a_row: in_a_row - 1,
            ..Tries::default()
        };
        let after = before.reserve(Timestamp::from_millis(0), None, times);
        after.unwrap().locked_until.map(Timestamp::millis)
    }

    #[test]
    fn a_lock_doubles_to_the_longest_and_stays_there() {
        let now = Timestamp::from_millis(0);
        let times = LockTimes::doubling(5, 15 * MINUTE, 24 * 60 * MINUTE, Some(98), now);
        let minutes: Vec<_> = (1..=10)
            .map(|lock| locked(&times, lock * 5).unwrap() / MINUTE)
            .collect();
        assert_eq!(minutes, [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]);
        let open = (1..98).filter(|n| n % 5 != 0);
        assert!(open.into_iter().all(|n| locked(&times, n).is_none()));
        for straw in [98, 99, 100, 101, 1_000_000] {
            assert_eq!(locked(&times, straw), Some(1440 * MINUTE), "{straw}");
        }
    }

    #[test]
    fn bug14_no_length_overflows_at_either_end_of_time() {
        for now in [i64::MIN, -1, 0, i64::MAX - 1] {
            let now = Timestamp::from_millis(now);
            for (first, longest) in [
                (1, i64::MAX),
                (i64::MAX, i64::MAX),
                (7, 8),
                (i64::MAX / 2, i64::MAX),
            ] {
                let times = LockTimes::doubling(u32::MAX, first, longest, None, now);
                for in_a_row in [
                    0,
                    1,
                    times.threshold,
                    times.threshold * 3,
                    times.longest_from - 1,
                    i64::MAX,
                ] {
                    let until = times.reached(times.threshold, in_a_row, now).unwrap();
                    assert!(until > now, "{now:?} {first} {longest} {in_a_row}");
                }
            }
        }
    }
}
