//! Host keys in rows: three typed columns, of which one at the most is not NULL.

use crate::{Cells, Id, Val};
use portcullis_id::{HostKey, KeyType, KeyUuid};
use portcullis_ledger::StoreError;
use uuid::Uuid;

/// The values of `key_int`, `key_uuid` and `key_text`, in this order.
pub(crate) fn columns(key: Option<&HostKey>) -> [Val<'_>; 3] {
    let mut values = [Val::Int(None), Val::Id(None), Val::Text(None)];
    match key {
        None => {}
        Some(HostKey::Int(number)) => values[0] = Val::Int(Some(*number)),
        Some(HostKey::Uuid(KeyUuid(uuid))) => values[1] = Val::Id(Some(*uuid)),
        Some(HostKey::Text(text)) => values[2] = Val::Text(Some(text)),
    }
    values
}

/// The three columns read back.
pub(crate) fn read(row: &mut Cells<'_>) -> Result<Option<HostKey>, StoreError> {
    match (row.opt_int()?, row.opt_id()?, row.opt_text()?) {
        (None, None, None) => Ok(None),
        (Some(number), None, None) => Ok(Some(HostKey::Int(number))),
        (None, Some(uuid), None) => Ok(Some(HostKey::Uuid(KeyUuid(uuid)))),
        (None, None, Some(text)) => Ok(Some(HostKey::Text(text.to_owned()))),
        _ => Err(StoreError::corrupt(
            "a row has two host keys; restore it from a backup",
        )),
    }
}

/// A UUID key is read as it stands.
impl Id for Uuid {
    fn from_uuid(uuid: Uuid) -> Self {
        uuid
    }
}

/// The one of three texts that looks in the column of a key's type.
pub(crate) const fn of_type(
    key_type: KeyType,
    int: &'static str,
    uuid: &'static str,
    text: &'static str,
) -> &'static str {
    match key_type {
        KeyType::Int => int,
        KeyType::Uuid => uuid,
        KeyType::Text => text,
    }
}
