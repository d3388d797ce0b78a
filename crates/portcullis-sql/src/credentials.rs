//! The ports of the credential rules, one a file.

mod accounts;
mod attempts;
mod row;
mod sessions;
#[cfg(feature = "access")]
mod standings;
mod tokens;

use crate::statement::Statement;

/// The statements of all of them.
pub(crate) const ALL: [&[Statement]; 4] =
    [accounts::ALL, attempts::ALL, sessions::ALL, tokens::ALL];
