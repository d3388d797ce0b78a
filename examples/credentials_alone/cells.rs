//! Values as the host's columns hold them.

use portcullis_credentials::{Digest, Tries};
use portcullis_id::{Epoch, Timestamp, UserId};
use rusqlite::Row;
use rusqlite::types::Type;
use uuid::Uuid;

/// A user as the host's key: sixteen bytes.
pub(crate) fn key(user: UserId) -> [u8; 16] {
    *user.uuid().as_bytes()
}

pub(crate) fn uuid(row: &Row<'_>, at: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(at)?))
}

pub(crate) fn user(row: &Row<'_>, at: usize) -> rusqlite::Result<UserId> {
    uuid(row, at).map(UserId::from_uuid)
}

pub(crate) fn time(row: &Row<'_>, at: usize) -> rusqlite::Result<Timestamp> {
    row.get(at).map(Timestamp::from_millis)
}

pub(crate) fn opt_time(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Timestamp>> {
    let millis: Option<i64> = row.get(at)?;
    Ok(millis.map(Timestamp::from_millis))
}

pub(crate) fn epoch(row: &Row<'_>, at: usize) -> rusqlite::Result<Epoch> {
    row.get(at).map(Epoch::from_number)
}

pub(crate) fn digest(row: &Row<'_>, at: usize) -> rusqlite::Result<Digest> {
    row.get(at).map(Digest::from_bytes)
}

/// What the library has a text form of, a counter for one, is kept as that.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    at: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error)))
}

pub(crate) fn text(tries: &Tries) -> String {
    serde_json::to_string(tries).unwrap_or_default()
}
