//! What the rules ask of storage. Every method is one statement that SQLite and PostgreSQL run
//! alike; times arrive computed, so an adapter needs no policy and no clock.
//!
//! On a database with many writers, `INSERT .. SELECT .. FROM account` has `FOR KEY SHARE` behind its
//! WHERE: the account that it finds is not removed before the row is there.

mod accounts;
mod attempts;
mod factor_attempts;
mod factors;
mod former_passwords;
mod rates;
mod sessions;
mod tokens;

pub use accounts::Accounts;
pub use attempts::{Attempts, Reserve, Settle, Who};
pub use factor_attempts::{FactorAttempts, FactorKind, ReserveFactor};
pub use factors::{Factor, Factors};
pub use former_passwords::{FormerPassword, FormerPasswords};
pub use rates::{Rate, Rates, Spend};
pub use sessions::{Session, Sessions};
pub use tokens::{Purpose, Token, Tokens};

use portcullis_ledger::Ledger;

/// A unit of work that keeps credentials: all eight ports and the ledger. Implemented by itself.
pub trait CredentialTx:
    Accounts
    + Attempts
    + Tokens
    + Sessions
    + Factors
    + FactorAttempts
    + FormerPasswords
    + Rates
    + Ledger
{
}

impl<T> CredentialTx for T where
    T: Accounts
        + Attempts
        + Tokens
        + Sessions
        + Factors
        + FactorAttempts
        + FormerPasswords
        + Rates
        + Ledger
        + ?Sized
{
}
