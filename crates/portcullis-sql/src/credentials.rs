//! The ports of the credential rules, one a file.

mod accounts;
mod attempts;
mod factor_attempts;
mod factors;
mod former;
mod held;
mod lock;
mod rates;
mod row;
mod sessions;
#[cfg(feature = "access")]
mod standings;
mod tokens;

use crate::statement::Statement;

/// The statements of all of them.
pub(crate) const ALL: [&[Statement]; 8] = [
    accounts::ALL,
    attempts::ALL,
    factor_attempts::ALL,
    factors::ALL,
    former::ALL,
    rates::ALL,
    sessions::ALL,
    tokens::ALL,
];
