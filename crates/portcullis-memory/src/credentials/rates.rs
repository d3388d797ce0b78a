use crate::Tx;
use portcullis_credentials::{Rates, Spend};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;
use std::collections::BTreeMap;

/// Until when each is spent, by what and whose it is.
pub(super) type Spent = BTreeMap<(&'static str, String), Timestamp>;

impl Rates for Tx {
    fn spend(&mut self, spend: &Spend<'_>) -> Result<Option<Timestamp>, StoreError> {
        let rates = &mut self.credentials_mut()?.spent;
        let key = (spend.rate.what(), spend.rate.whose());
        let until = match rates.get(&key) {
            Some(before) if *before > spend.beyond => spend.paid,
            Some(before) if *before > spend.latest => return Ok(None),
            Some(before) if *before > spend.now => before.after(spend.cost),
            _ => spend.paid,
        };
        rates.insert(key, until);
        Ok(Some(until))
    }

    fn drop_rates(&mut self, what: &str, now: Timestamp) -> Result<u64, StoreError> {
        let rates = &mut self.credentials_mut()?.spent;
        let before = rates.len();
        rates.retain(|(kind, _), until| *kind != what || *until > now);
        Ok(u64::try_from(before - rates.len()).unwrap_or(u64::MAX))
    }
}
