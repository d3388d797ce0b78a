use crate::statement::statements;
use crate::{Cells, Exec, ExecExt, SqlTx};
use portcullis_credentials::{Rates, Spend};
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;

statements! {
    SPEND = "INSERT INTO portcullis_rate (what, whose, spent_until) VALUES (?, ?, ?) \
        ON CONFLICT (what, whose) DO UPDATE SET spent_until = \
            CASE WHEN portcullis_rate.spent_until > ? AND portcullis_rate.spent_until <= ? \
            THEN portcullis_rate.spent_until + ? ELSE excluded.spent_until END \
        WHERE portcullis_rate.spent_until <= ? OR portcullis_rate.spent_until > ? \
        RETURNING spent_until";
    DROP_RATES = "DELETE FROM portcullis_rate WHERE what = ? AND spent_until <= ?";
}

impl<E: Exec> Rates for SqlTx<E> {
    fn spend(&mut self, spend: &Spend<'_>) -> Result<Option<Timestamp>, StoreError> {
        let whose = spend.rate.whose();
        let values = [
            spend.rate.what().into(),
            whose.as_str().into(),
            spend.paid.into(),
            spend.now.into(),
            spend.latest.into(),
            spend.cost.num_milliseconds().into(),
            spend.latest.into(),
            spend.beyond.into(),
        ];
        self.exec.optional(SPEND, &values, spent_until)
    }

    fn drop_rates(&mut self, what: &str, now: Timestamp) -> Result<u64, StoreError> {
        self.exec.run(DROP_RATES, &[what.into(), now.into()])
    }
}

fn spent_until(row: &mut Cells<'_>) -> Result<Timestamp, StoreError> {
    row.timestamp()
}
