use super::lock::{self, locked_until};
use super::row::{account, account_columns};
use crate::statement::statements;
use crate::{Exec, ExecExt, SqlTx, Val};
use portcullis_credentials::{Account, Attempts, Reached, Reserve, Settle, Who};
use portcullis_id::{Timestamp, UserId};
use portcullis_ledger::StoreError;

/// How many attempts count with this one: from 1 anew after a lock, or after a pause that was long
/// enough. One parameter, `forget_before`.
macro_rules! counted {
    () => {
        "CASE WHEN locked_until IS NOT NULL OR last_at <= ? THEN 1 ELSE counted + 1 END"
    };
}

/// All in one UPDATE, so that no number of writers at once counts short: each computes from the
/// row as the one before left it, on SQLite and under READ COMMITTED alike.
macro_rules! reserve {
    ($who:literal) => {
        concat!(
            "UPDATE portcullis_account SET serial = serial + 1, counted = ",
            counted!(),
            ", in_a_row = in_a_row + 1, last_at = ?, locked_until = ",
            locked_until!(counted!(), "in_a_row"),
            " WHERE ",
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
            in_a_row = CASE WHEN in_a_row < serial - ? THEN in_a_row ELSE serial - ? END, \
            locked_until = CASE WHEN serial = ? THEN NULL ELSE locked_until END \
        WHERE user_id = ? AND epoch = ? RETURNING ",
        account_columns!()
    );
    RELEASE = "UPDATE portcullis_account SET in_a_row = in_a_row - 1, \
            counted = CASE WHEN serial - ? < counted THEN counted - 1 ELSE counted END, \
            locked_until = CASE WHEN serial - ? < counted THEN NULL ELSE locked_until END \
        WHERE user_id = ? AND serial - ? < in_a_row";
    LOCK_UNTIL_ADMIN = "UPDATE portcullis_account SET locked_until = ? \
        WHERE user_id = ? AND serial = ? AND locked_until = ?";
}

impl<E: Exec> Attempts for SqlTx<E> {
    fn reserve(&mut self, reserve: &Reserve<'_>) -> Result<Option<Account>, StoreError> {
        let (sql, who): (_, Val<'_>) = match reserve.who {
            Who::Named(key) => (RESERVE_NAMED, key.into()),
            Who::User(user) => (RESERVE_USER, user.into()),
        };
        let mut values = vec![
            reserve.forget_before.into(),
            reserve.now.into(),
            reserve.forget_before.into(),
        ];
        values.extend(lock::values(&reserve.lock, reserve.now));
        values.extend([who, reserve.now.into()]);
        self.exec.optional(sql, &values, account)
    }

    fn settle(&mut self, settle: &Settle) -> Result<Option<Account>, StoreError> {
        let values = [
            settle.serial.into(),
            settle.serial.into(),
            settle.serial.into(),
            settle.serial.into(),
            settle.serial.into(),
            settle.user.into(),
            settle.epoch.into(),
        ];
        self.exec.optional(SETTLE, &values, account)
    }

    fn release(&mut self, user: UserId, serial: i64) -> Result<bool, StoreError> {
        let values = [serial.into(), serial.into(), user.into(), serial.into()];
        Ok(self.exec.run(RELEASE, &values)? > 0)
    }

    fn lock_until_admin(&mut self, reached: &Reached) -> Result<bool, StoreError> {
        let values = [
            Timestamp::MAX.into(),
            reached.user.into(),
            reached.serial.into(),
            reached.until.into(),
        ];
        Ok(self.exec.run(LOCK_UNTIL_ADMIN, &values)? > 0)
    }
}
