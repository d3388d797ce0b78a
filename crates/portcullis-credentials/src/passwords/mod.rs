//! Passwords: what a new one must be, which were used before, how one is made up and changed.

mod blocklist;
mod change;
mod context;
mod generate;
mod guesses;
mod history;
mod password;

pub use change::PasswordStep;
pub use password::{NewPassword, PasswordFlaw, Retry};

pub(crate) use guesses::ESTIMATED;
pub(crate) use history::{NewHash, Present};
pub(crate) use password::{check, over_long};
