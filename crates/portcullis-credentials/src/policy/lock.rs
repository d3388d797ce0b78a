use crate::{LockTimes, Tries};
use portcullis_id::{Timestamp, hours, minutes};
use serde::{Deserialize, Serialize};

/// How long a lock from wrong answers lasts. It stops new sign-ins only.
///
/// A lock doubles with every threshold's worth of wrong answers in a row: since the last success or
/// unlock, whatever pauses and locks lay between.
///
/// *Until an administrator unlocks* is a lever for whoever wants to keep others out, so the default
/// reaches it last; and whoever is the last that could unlock is locked for a time only, [the
/// longest](Self::Mixed) or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Lock {
    /// Until an administrator clears 'Locked Account' (S25).
    UntilAdmin,
    /// For so many minutes, or until an administrator clears it.
    Timed {
        /// How many.
        minutes: u32,
    },
    /// For a time that doubles.
    Backoff {
        /// How many minutes the first lock lasts.
        minutes: u32,
        /// How many the longest.
        longest_minutes: u32,
    },
    /// For a time that doubles, and then until an administrator clears it. The default for
    /// passwords: 15 minutes, at most 24 hours, and 100 wrong ones in a row.
    Mixed {
        /// How many minutes the first lock lasts.
        minutes: u32,
        /// How many the longest that ends by itself.
        longest_minutes: u32,
        /// From how many wrong answers in a row each locks until an administrator unlocks; 100 at
        /// most (NIST SP 800-63B-4, 3.2.2).
        until_admin_at: u32,
    },
}

impl Lock {
    pub(crate) const DEFAULT: Self = Self::Mixed {
        minutes: 15,
        longest_minutes: 24 * 60,
        until_admin_at: 100,
    };

    /// Whether any lock of it lasts until an administrator unlocks.
    pub(crate) const fn may_last(self) -> bool {
        matches!(self, Self::UntilAdmin | Self::Mixed { .. })
    }

    /// What a statement needs to count one attempt at `now`, where the `threshold`-th locks. Of a lock
    /// that is to last until an administrator unlocks, that is one that ends: it is made to last in
    /// the commit that refuses the attempt.
    pub fn times(self, threshold: u32, now: Timestamp) -> LockTimes {
        let (first, longest, last_straw) = match self {
            Self::UntilAdmin => return LockTimes::until(threshold, now.after(hours(24))),
            Self::Timed { minutes: n } => {
                return LockTimes::until(threshold, now.after(minutes(n)));
            }
            Self::Backoff {
                minutes,
                longest_minutes,
            } => (minutes, longest_minutes, None),
            Self::Mixed {
                minutes,
                longest_minutes,
                until_admin_at,
            } => (minutes, longest_minutes, Some(until_admin_at)),
        };
        let millis = |n| minutes(n).num_milliseconds();
        LockTimes::doubling(threshold, millis(first), millis(longest), last_straw, now)
    }

    /// Whether the lock that `tries` have reached is to last until an administrator unlocks.
    pub(crate) fn is_for_good(self, tries: &Tries) -> bool {
        match self {
            Self::UntilAdmin => true,
            Self::Mixed { until_admin_at, .. } => tries.in_a_row >= i64::from(until_admin_at),
            Self::Timed { .. } | Self::Backoff { .. } => false,
        }
    }

    /// How many minutes the shortest lasts; `None`: until an administrator unlocks.
    pub(crate) const fn shortest(self) -> Option<u32> {
        match self {
            Self::UntilAdmin => None,
            Self::Timed { minutes }
            | Self::Backoff { minutes, .. }
            | Self::Mixed { minutes, .. } => Some(minutes),
        }
    }

    /// Whether wrong answers in a row come to an end (NIST SP 800-63B-4, 3.2.2).
    pub(crate) const fn ends_guessing(self) -> bool {
        matches!(self, Self::UntilAdmin | Self::Mixed { .. })
    }
}
