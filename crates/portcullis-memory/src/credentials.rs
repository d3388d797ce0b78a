//! What the credential rules keep: accounts, and what was handed out on the strength of them.

mod accounts;
mod attempts;
mod factor_attempts;
mod factors;
mod former_passwords;
mod rates;
mod sessions;
mod standings;
mod tokens;

use crate::Tx;
use crate::table::Table;
use portcullis_credentials::{Account, Session, Token};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;
use std::sync::Arc;

/// The rows of the credential rules.
#[derive(Clone, Default)]
pub(crate) struct Part {
    accounts: Table<Account>,
    tokens: Table<Token>,
    sessions: Table<Session>,
    factors: Table<factors::Kept>,
    tries: Table<factor_attempts::Counter>,
    codes: Table<factors::Code>,
    former: former_passwords::Former,
    spent: rates::Spent,
}

impl Part {
    /// Changes the account of `user` if it meets a condition; whether it did.
    fn change(
        &mut self,
        user: UserId,
        met: impl Fn(&Account) -> bool,
        to: impl FnOnce(&mut Account),
    ) -> bool {
        if !self.accounts.get(user).is_some_and(met) {
            return false;
        }
        self.accounts.change(user).map(to).is_some()
    }
}

impl Tx {
    fn credentials(&self) -> &Part {
        &self.state().credentials
    }

    fn credentials_mut(&mut self) -> Result<&mut Part, StoreError> {
        self.state_mut()
            .map(|state| Arc::make_mut(&mut state.credentials))
    }
}
