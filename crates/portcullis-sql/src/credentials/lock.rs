//! The lock of an attempt, as both counters set it.

use crate::Val;
use portcullis_credentials::LockTimes;
use portcullis_id::Timestamp;

/// Until when an attempt locks, computed from the row as it was: `$counted` is the number that it
/// is, and `$in_a_row` the column. The shift is by less than 64, because a lock that would be longer
/// than the longest is the longest. PostgreSQL shifts by an `INTEGER`, and takes a cast for the type
/// of what stands beside nothing but a NULL.
macro_rules! locked_until {
    ($counted:expr, $in_a_row:literal) => {
        concat!(
            "CASE WHEN ",
            $counted,
            " < CAST(? AS BIGINT) AND ",
            $in_a_row,
            " + 1 < CAST(? AS BIGINT) THEN NULL WHEN ",
            $in_a_row,
            " + 1 >= CAST(? AS BIGINT) THEN CAST(? AS BIGINT) WHEN (",
            $in_a_row,
            " + 1) / CAST(? AS BIGINT) < 2 THEN CAST(? AS BIGINT) \
             ELSE CAST(? AS BIGINT) + (CAST(? AS BIGINT) << CAST((",
            $in_a_row,
            " + 1) / CAST(? AS BIGINT) - 1 AS INTEGER)) END"
        )
    };
}
pub(super) use locked_until;

/// Its parameters, behind those of `$counted`.
pub(super) fn values(lock: &LockTimes, now: Timestamp) -> [Val<'static>; 9] {
    [
        lock.threshold.into(),
        lock.last_straw.into(),
        lock.longest_from.into(),
        lock.longest_until.into(),
        lock.threshold.into(),
        lock.first_until.into(),
        now.into(),
        lock.first.into(),
        lock.threshold.into(),
    ]
}
