use super::cells::time;
use super::host::Desk;
use portcullis_credentials::{Rates, Spend};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;
use rusqlite::named_params;

impl Rates for Desk {
    fn spend(&mut self, spend: &Spend<'_>) -> Result<Option<Timestamp>, StoreError> {
        self.one(
            "INSERT INTO rate (what, whose, spent) VALUES (:what, :whose, :paid) \
             ON CONFLICT (what, whose) DO UPDATE SET spent = \
                CASE WHEN spent > :now AND spent <= :latest THEN spent + :cost ELSE :paid END \
             WHERE spent <= :latest OR spent > :beyond RETURNING spent",
            named_params! {
                ":what": spend.rate.what(),
                ":whose": spend.rate.whose(),
                ":paid": spend.paid.millis(),
                ":now": spend.now.millis(),
                ":latest": spend.latest.millis(),
                ":cost": spend.cost.num_milliseconds(),
                ":beyond": spend.beyond.millis(),
            },
            |row| time(row, 0),
        )
    }

    fn drop_rates(&mut self, what: &str, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM rate WHERE what = ? AND spent <= ?";
        self.run(sql, (what, now.millis()))
    }
}
