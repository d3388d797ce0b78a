//! Pages of a host's list in the host's own order.

use super::host_parts::{closed, words};
use crate::Val;
use portcullis_access::Error;
use portcullis_id::Timestamp;
use uuid::Uuid;

/// The rows behind `cursor` in a list ordered by `columns` descending: newest first.
///
/// `columns` are what the list is ordered by, of which the last tells rows apart; `cursor` has the
/// values of the last row of the page before, or is `None` for the first page. An index over the same
/// columns makes page 100 cost what page 1 costs: the condition is the row value `(a, b) < (?, ?)`,
/// which both databases seek by, and not the two conditions that it abbreviates. Values are bound in the
/// types of the columns.
///
/// ```
/// use portcullis_sql::{Fragment, Keyset, Val, before};
///
/// fn page(visible: &Fragment, cursor: Option<(i64, i64)>) -> Result<String, portcullis_access::Error> {
///     let cursor = cursor.map(|(created_at, id)| [created_at, id].map(Val::from));
///     let keyset: Keyset<Val<'_>> = before(["d.created_at", "d.id"], cursor)?;
///     // The values: `visible.params()`, and behind them `keyset.params()`.
///     visible.query(
///         "SELECT d.id, d.created_at FROM documents d",
///         keyset.text(),
///         &format!("{} LIMIT 50", keyset.order()),
///     )
/// }
/// ```
///
/// **NULL** is neither before nor after anything: a row with NULL in one of the columns would be on no
/// page but the first. Where a column can hold it, order by an expression that cannot be NULL,
/// `COALESCE(d.due, 0)`, with an index over that expression, and take the cursor's value from it.
///
/// # Errors
/// Invalid for a cursor with NULL in it, and for what is not one column or expression: with a parameter,
/// a direction, or a parenthesis or quote too many.
pub fn before<V: CursorValue, const N: usize>(
    columns: [&str; N],
    cursor: Option<[V; N]>,
) -> Result<Keyset<V>, Error> {
    Keyset::new(&columns, ("<", "DESC"), cursor.map(Vec::from))
}

/// The rows behind `cursor` in a list ordered by `columns` ascending: oldest first. Everything else
/// is as in [`before`].
///
/// # Errors
/// As for [`before`].
pub fn after<V: CursorValue, const N: usize>(
    columns: [&str; N],
    cursor: Option<[V; N]>,
) -> Result<Keyset<V>, Error> {
    Keyset::new(&columns, (">", "ASC"), cursor.map(Vec::from))
}

/// A value of a cursor, of whatever type the host binds: [`Val`] where it has no type of its own, and
/// else one with `impl CursorValue for Mine {}`.
///
/// ```
/// use portcullis_sql::{CursorValue, before};
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Cell { Moment(std::time::SystemTime), Key(i64) }
/// impl CursorValue for Cell {}
///
/// let last = [Cell::Moment(std::time::SystemTime::UNIX_EPOCH), Cell::Key(41)];
/// let keyset = before(["d.created_at", "d.id"], Some(last))?;
/// assert_eq!(keyset.text(), "(d.created_at, d.id) < (?, ?)");
/// assert_eq!(keyset.params(), last);
/// # Ok::<(), portcullis_access::Error>(())
/// ```
pub trait CursorValue: Clone {
    /// Whether it is NULL, behind which there is nothing.
    fn is_null(&self) -> bool {
        false
    }
}

impl CursorValue for Val<'_> {
    fn is_null(&self) -> bool {
        matches!(
            self,
            Self::Int(None) | Self::Id(None) | Self::Text(None) | Self::Bytes(None)
        )
    }
}

impl<V: CursorValue> CursorValue for Option<V> {
    fn is_null(&self) -> bool {
        self.as_ref().is_none_or(CursorValue::is_null)
    }
}

macro_rules! never_null {
    ($($type:ty)+) => { $(impl CursorValue for $type {})+ };
}

never_null! { i32 i64 &str String Timestamp Uuid }

/// What [`before`] and [`after`] make: the condition, its values, and the order that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a condition that is in no statement leaves nothing out"]
pub struct Keyset<V> {
    text: String,
    order: String,
    params: Vec<V>,
}

impl<V> Keyset<V> {
    /// The condition, for the second argument of [`Fragment::query`](crate::Fragment::query), alone or
    /// behind others with `AND`. The first page leaves nothing out.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `ORDER BY` and the columns: a page behind a cursor is one in this order and no other.
    pub fn order(&self) -> &str {
        &self.order
    }

    /// The values of its `?`, in order: those of the cursor, the first of them twice where it is of an
    /// expression. None for the first page.
    pub fn params(&self) -> &[V] {
        &self.params
    }
}

impl<V: CursorValue> Keyset<V> {
    fn new(
        columns: &[&str],
        (relation, direction): (&str, &str),
        cursor: Option<Vec<V>>,
    ) -> Result<Self, Error> {
        if columns.is_empty() {
            return Err(Error::invalid(
                "a page needs the columns of its order; give at least the key",
            ));
        }
        columns.iter().try_for_each(|column| sortable(column))?;
        let order: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} {direction}"))
            .collect();
        let mut params = cursor.unwrap_or_default();
        if let Some((column, _)) = columns.iter().zip(&params).find(|(_, of)| of.is_null()) {
            return Err(Error::invalid(format!(
                "the cursor has NULL in `{column}`, and no row is before or after that; order by `COALESCE({column}, ..)`, with an index over it, and take the cursor's value from there"
            )));
        }
        let text = match (columns, params.first().cloned()) {
            (_, None) => "1 = 1".to_owned(),
            ([first, ..], Some(least)) => {
                let places = vec!["?"; columns.len()].join(", ");
                let row = format!("({}) {relation} ({places})", columns.join(", "));
                if is_column(first) {
                    row
                } else {
                    // SQLite seeks by the row value of columns alone, and by one expression.
                    params.insert(0, least);
                    format!("{first} {relation}= ? AND {row}")
                }
            }
            ([], Some(_)) => String::new(),
        };
        Ok(Self {
            text,
            order: format!("ORDER BY {}", order.join(", ")),
            params,
        })
    }
}

/// Whether it is a name, perhaps behind that of its table, and no expression.
fn is_column(column: &str) -> bool {
    column
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"'))
}

/// Refuses what would mean something else in a row value than in an order.
fn sortable(column: &str) -> Result<(), Error> {
    let last = words(column).last();
    let directed = matches!(
        last.as_deref(),
        None | Some("ASC" | "DESC" | "FIRST" | "LAST")
    );
    if directed || !closed(column) || column.contains(['?', '$', ';']) {
        return Err(Error::invalid(format!(
            "`{column}` must be one column or expression of the order, as `d.created_at`, without parameters; `before` is the descending order and `after` the ascending one"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyset_is_a_row_value_with_its_order() {
        let cursor = Some([Val::from(7_i64), Val::from("k")]);
        let keyset = before(["d.at", "d.id"], cursor).unwrap();
        assert_eq!(keyset.text(), "(d.at, d.id) < (?, ?)");
        assert_eq!(keyset.order(), "ORDER BY d.at DESC, d.id DESC");
        assert_eq!(keyset.params(), [Val::from(7_i64), Val::from("k")]);
        let keyset = after(["COALESCE(d.due, 0)"], Some([7_i64])).unwrap();
        assert_eq!(
            keyset.text(),
            "COALESCE(d.due, 0) >= ? AND (COALESCE(d.due, 0)) > (?)"
        );
        assert_eq!(keyset.params(), [7, 7]);
        assert_eq!(keyset.order(), "ORDER BY COALESCE(d.due, 0) ASC");
        let first = after(["d.at", "d.id"], None::<[i64; 2]>).unwrap();
        assert_eq!((first.text(), first.params()), ("1 = 1", [].as_slice()));
        assert_eq!(first.order(), "ORDER BY d.at ASC, d.id ASC");
    }

    #[test]
    fn a_cursor_with_null_is_refused_with_what_to_order_by() {
        for null in [
            Val::Int(None),
            Val::Id(None),
            Val::Text(None),
            Val::Bytes(None),
        ] {
            let refused = before(["d.id", "d.due"], Some([Val::from(1_i64), null])).unwrap_err();
            assert!(
                refused.to_string().contains("COALESCE(d.due, ..)"),
                "{refused}"
            );
        }
        assert!(after(["d.id"], Some([None::<i64>])).is_err());
        assert!(after(["d.id"], Some([Some(1_i64)])).is_ok());
    }

    #[test]
    fn what_is_no_column_of_an_order_is_refused() {
        for column in [
            "",
            " ",
            "d.at DESC",
            "d.at desc nulls last",
            "d.at) OR (1",
            "d.at = ?",
            "d.at -- ",
            "d.at; DROP",
            "'",
        ] {
            let refused = before([column], Some([1_i64])).unwrap_err();
            assert!(refused.to_string().contains("`d.created_at`"), "{refused}");
        }
        let none = before([], None::<[i64; 0]>).unwrap_err();
        assert!(none.to_string().contains("at least the key"), "{none}");
    }
}
