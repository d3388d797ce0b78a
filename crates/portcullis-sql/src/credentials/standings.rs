use crate::{Exec, SqlTx};
use portcullis_access::Standings;
use portcullis_credentials::Accounts;
use portcullis_id::{Standing, UserId};
use portcullis_ledger::StoreError;

impl<E: Exec> Standings for SqlTx<E> {
    fn standing(&mut self, user: UserId) -> Result<Standing, StoreError> {
        let account = self.account(user)?;
        Ok(account.map_or(Standing::ABSENT, |account| account.standing()))
    }
}
