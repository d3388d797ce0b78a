//! An account's columns, and a row of them read back.

use crate::Cells;
use portcullis_credentials::{Account, Digest, Expiry, LoginName, PasswordHash, Tries};
use portcullis_id::{Epoch, Timestamp};
use portcullis_ledger::StoreError;
use std::num::NonZeroU32;

/// With the name of the table, because tokens and sessions are joined with it.
macro_rules! account_columns {
    () => {
        "portcullis_account.user_id, portcullis_account.name, portcullis_account.name_key, \
         portcullis_account.password, portcullis_account.directory, \
         portcullis_account.change_due, \
         portcullis_account.suspended_at, portcullis_account.disabled_at, \
         portcullis_account.expires_in_days, portcullis_account.expires_at, \
         portcullis_account.epoch, portcullis_account.serial, portcullis_account.counted, \
         portcullis_account.in_a_row, \
         portcullis_account.last_at, portcullis_account.locked_until, \
         portcullis_account.created_at"
    };
}
pub(super) use account_columns;

/// An account, from the columns of `account_columns!`.
pub(super) fn account(row: &mut Cells<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        user: row.id()?,
        name: LoginName::from_stored(row.text()?.to_owned(), row.text()?.to_owned()),
        password: row.opt_text()?.map(PasswordHash::from_phc),
        directory: row.flag()?,
        change_due: row.flag()?,
        suspended_at: row.opt_timestamp()?,
        disabled_at: row.opt_timestamp()?,
        expiry: expiry(row.opt_int()?, row.opt_timestamp()?)?,
        epoch: epoch(row)?,
        tries: tries(row)?,
        created_at: row.timestamp()?,
    })
}

/// The five columns of a counter.
pub(super) fn tries(row: &mut Cells<'_>) -> Result<Tries, StoreError> {
    Ok(Tries {
        serial: row.int()?,
        counted: row.int()?,
        in_a_row: row.int()?,
        last_at: row.opt_timestamp()?,
        locked_until: row.opt_timestamp()?,
    })
}

/// The next epoch.
pub(super) fn epoch(row: &mut Cells<'_>) -> Result<Epoch, StoreError> {
    row.int().map(Epoch::from_number)
}

/// The next digest. Of another length it is corrupt: it could never be met.
pub(super) fn digest(row: &mut Cells<'_>) -> Result<Digest, StoreError> {
    let bytes = row.bytes()?;
    bytes.try_into().map(Digest::from_bytes).map_err(|error| {
        StoreError::corrupt(format!(
            "a digest has {} bytes where it must have 32; restore the row from a backup",
            bytes.len()
        ))
        .because(error)
    })
}

/// Half an expiry is none that anybody set: nothing is decided on it.
fn expiry(days: Option<i64>, at: Option<Timestamp>) -> Result<Option<Expiry>, StoreError> {
    let (days, at) = match (days, at) {
        (None, None) => return Ok(None),
        (days, at) => (days.and_then(positive), at),
    };
    match (days, at) {
        (Some(days), Some(at)) => Ok(Some(Expiry { days, at })),
        _ => Err(StoreError::corrupt(
            "the expiry of an account makes no sense; restore the row from a backup",
        )),
    }
}

fn positive(days: i64) -> Option<NonZeroU32> {
    u32::try_from(days).ok().and_then(NonZeroU32::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_expiry_is_corrupt_and_never_no_expiry() {
        let at = Some(Timestamp::from_millis(9));
        for (days, at) in [
            (None, at),
            (Some(7), None),
            (Some(0), at),
            (Some(-1), at),
            (Some(1 << 32), at),
        ] {
            assert!(expiry(days, at).is_err(), "{days:?} {at:?}");
        }
        assert_eq!(expiry(None, None).unwrap(), None);
        assert_eq!(expiry(Some(7), at).unwrap().unwrap().days.get(), 7);
    }
}
