use super::row::{account, account_columns};
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx};
use portcullis_credentials::{Account, Attempts, Reserve, Settle, Who};
use portcullis_id::UserId;
use portcullis_ledger::StoreError;

/// How many attempts count with this one: from 1 anew after a lock, or after a pause that was long
/// enough. One parameter, `forget_before`.
macro_rules! counted {
    () => {
        "CASE WHEN locked_until IS NOT NULL OR last_at <= ? THEN 1 ELSE counted + 1 END"
    };
}

/// All in one UPDATE, so that no number of writers at once counts short: each computes from the
/// row as the one before left it, on SQLite and under READ COMMITTED alike. The cast gives
/// PostgreSQL the type of a parameter that stands beside nothing but a NULL.
macro_rules! reserve {
    ($who:literal) => {
        concat!(
            "UPDATE portcullis_account SET serial = serial + 1, counted = ",
            counted!(),
            ", last_at = ?, locked_until = CASE WHEN ",
            counted!(),
            " >= ? THEN CAST(? AS BIGINT) ELSE NULL END WHERE ",
            $who,
            " = ? AND (password IS NOT NULL OR directory = 1) AND (locked_until IS NULL OR locked_until <= ?) \
             RETURNING ",
            account_columns!()
        )
    };
}

statements! {
    RESERVE_NAMED = reserve!("name_key");
    RESERVE_USER = reserve!("user_id");
    SETTLE = concat!(
        "UPDATE portcullis_account SET \
            counted = CASE WHEN counted < serial - ? THEN counted ELSE serial - ? END, \
            locked_until = CASE WHEN serial = ? THEN NULL ELSE locked_until END \
        WHERE user_id = ? AND epoch = ? RETURNING ",
        account_columns!()
    );
    RELEASE = "UPDATE portcullis_account SET counted = counted - 1, locked_until = NULL \
        WHERE user_id = ? AND serial - ? < counted";
}

impl<E: Exec> Attempts for SqlTx<E> {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let (sql, who) = match reserve.who {
            Who::Named(key) => (RESERVE_NAMED, key.into()),
            Who::User(user) => (RESERVE_USER, user.into()),
        };
        let values = [
            reserve.forget_before.into(),
            reserve.now.into(),
            reserve.forget_before.into(),
            reserve.threshold.into(),
            reserve.lock_until.into(),
            who,
            reserve.now.into(),
        ];
        self.exec.optional(sql, &values, account)
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let values = [
            settle.serial.into(),
            settle.serial.into(),
            settle.serial.into(),
            settle.user.into(),
            settle.epoch.into(),
        ];
        self.exec.optional(SETTLE, &values, account)
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        Ok(self.exec.run(RELEASE, &[user.into(), serial.into()])? > 0)
    }
}
