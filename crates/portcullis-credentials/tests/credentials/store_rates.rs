//! What the test store keeps of limits.

use crate::store::Rows;
use portcullis_credentials::{Rates, Spend};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;

impl Rates for Rows {
    fn spend(&mut self, spend: &Spend<'_>) -> Result<Option<Timestamp>, StoreError> {
        self.statement();
        let (what, whose) = (spend.rate.what(), spend.rate.whose());
        let mut rates = self.rates.iter_mut();
        let Some((_, _, until)) = rates.find(|row| (row.0, &row.1) == (what, &whose)) else {
            self.rates.push((what, whose, spend.paid));
            return Ok(Some(spend.paid));
        };
        if *until > spend.latest && *until <= spend.beyond {
            return Ok(None);
        }
        *until = if *until > spend.now && *until <= spend.latest {
            until.after(spend.cost)
        } else {
            spend.paid
        };
        Ok(Some(*until))
    }
    fn drop_rates(&mut self, what: &str, now: Timestamp) -> Result<u64, StoreError> {
        self.statement();
        let before = self.rates.len();
        self.rates
            .retain(|(kind, _, until)| *kind != what || *until > now);
        Ok((before - self.rates.len()) as u64)
    }
}
