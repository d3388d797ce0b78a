use crate::Tx;
use portcullis_access::Standings;
use portcullis_credentials::Account;
use portcullis_id::{Standing, UserId};
use portcullis_ledger::StoreError;

impl Standings for Tx {
    fn standing(&mut self, user: UserId) -> Result<Standing, StoreError> {
        let account = self.credentials().accounts.get(user);
        Ok(account.map_or(Standing::ABSENT, Account::standing))
    }
}
