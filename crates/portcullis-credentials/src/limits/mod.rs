//! Limits on guessing: attempts are counted before they are made, wrong ones lock the account, and a
//! source has so many of any kind.

mod attempt;
mod locked;
mod rate;
mod source;
mod tries;

pub use source::Source;
pub use tries::{LockTimes, Reached, Tries};

pub(crate) use attempt::{Attempt, counted};
pub(crate) use locked::Counter;
pub(crate) use rate::{Pace, RESETS};
pub(crate) use source::Visit;
