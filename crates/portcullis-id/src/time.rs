use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment, in whole milliseconds since 1970 UTC, as every store keeps it.
///
/// There is no `now()`: time is an argument. Convert from and to `chrono` at the edge.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The last moment there is.
    pub const MAX: Self = Self(i64::MAX);

    /// From milliseconds since 1970 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment as `chrono` writes it; `None` beyond the years that `chrono` knows.
    pub fn to_chrono(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }

    /// `span` later. Stops at the ends of time instead of wrapping, so that a huge wait is a long
    /// wait (bug 14: an overflow that unlocked).
    #[must_use]
    pub const fn after(self, span: TimeDelta) -> Self {
        Self(self.0.saturating_add(span.num_milliseconds()))
    }

    /// `span` earlier, stopping at the ends of time.
    #[must_use]
    pub const fn before(self, span: TimeDelta) -> Self {
        Self(self.0.saturating_sub(span.num_milliseconds()))
    }

    /// How long after `earlier` this is; zero when it is not.
    pub fn since(self, earlier: Self) -> TimeDelta {
        let millis = self.0.saturating_sub(earlier.0).max(0);
        TimeDelta::try_milliseconds(millis).unwrap_or(TimeDelta::MAX)
    }
}

/// A span of `n` days of 24 hours.
pub const fn days(n: u32) -> TimeDelta {
    hours(n.saturating_mul(24))
}

/// A span of `n` hours.
pub const fn hours(n: u32) -> TimeDelta {
    minutes(n.saturating_mul(60))
}

/// A span of `n` minutes.
pub const fn minutes(n: u32) -> TimeDelta {
    match TimeDelta::new(n as i64 * 60, 0) {
        Some(span) => span,
        None => TimeDelta::MAX,
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_chrono() {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => write!(f, "{} ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stops_at_its_ends() {
        assert_eq!(Timestamp::MAX.after(TimeDelta::MAX), Timestamp::MAX);
        assert_eq!(
            Timestamp::from_millis(i64::MIN).before(days(1)).millis(),
            i64::MIN
        );
        assert_eq!(
            Timestamp::from_millis(1).since(Timestamp::from_millis(2)),
            TimeDelta::zero()
        );
    }
}
