use portcullis_sql::{Fragment, Val};
use rusqlite::types::Value;

/// The values of a list over the host's own table, in the order of its `?`.
///
/// ```
/// # use portcullis_sql::Fragment;
/// # fn newest(connection: &rusqlite::Connection, visible: &Fragment) -> rusqlite::Result<Vec<i64>> {
/// let sql = format!("SELECT d.id FROM documents AS d WHERE {} LIMIT 50", visible.text());
/// let mut statement = connection.prepare_cached(&sql)?;
/// let values = rusqlite::params_from_iter(portcullis_rusqlite::values(visible));
/// statement.query_map(values, |row| row.get(0))?.collect()
/// # }
/// ```
///
/// Values of the host's own go before or behind them, as their `?` stand in the text.
pub fn values(fragment: &Fragment) -> Vec<Value> {
    fragment.params().iter().map(value).collect()
}

/// One value: of a cursor, say, which stands behind those of the list.
///
/// ```
/// # use portcullis_sql::{Fragment, Val, before};
/// use portcullis_rusqlite::{value, values};
///
/// # fn page(visible: &Fragment, last: [i64; 2]) -> Result<(), portcullis_access::Error> {
/// let keyset = before(["d.created_at", "d.id"], Some(last.map(Val::from)))?;
/// let bound = values(visible).into_iter().chain(keyset.params().iter().map(value));
/// # Ok(())
/// # }
/// ```
pub fn value(value: &Val<'_>) -> Value {
    match value {
        Val::Int(number) => Value::from(*number),
        Val::Id(id) => Value::from(id.map(|id| id.as_bytes().to_vec())),
        Val::Text(text) => Value::from(text.map(str::to_owned)),
        Val::Bytes(bytes) => Value::from(bytes.map(<[u8]>::to_vec)),
    }
}
