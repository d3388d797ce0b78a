use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, AsExpression, Expression, SelectableExpression, TypedExpressionType,
    ValidGrouping,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, SqlType, is_nullable};

/// The rows behind `cursor` in a list ordered by `columns` descending: newest first.
///
/// `columns` are one to three, of which the last tells rows apart; `cursor` has the values of the
/// last row of the page before, or is `None` for the first page. The order is
/// `(columns[0].desc(), columns[1].desc())`, and an index over the same columns makes page 100 cost
/// what page 1 costs. It goes into a list's condition, `visible.and(before(..))`, or behind
/// [`listed`](crate::listed).
///
/// A column that can be NULL does not compile: a row with NULL in it is neither before nor after
/// anything, and would be on no page but the first. Where a query makes a column nullable that
/// holds no NULL, as a join does, write `.assume_not_null()`.
///
/// ```
/// use diesel::prelude::*;
/// use portcullis_diesel::before;
///
/// diesel::table! { documents { id -> BigInt, created_at -> BigInt, } }
///
/// let cursor = Some((1_700_000_000_000_i64, 41_i64));
/// let page = documents::table
///     .filter(before((documents::created_at, documents::id), cursor))
///     .order((documents::created_at.desc(), documents::id.desc()))
///     .limit(50);
/// let sql = diesel::debug_query::<diesel::sqlite::Sqlite, _>(&page).to_string();
/// assert!(sql.contains("(`documents`.`created_at`, `documents`.`id`) < (?, ?)"), "{sql}");
/// ```
pub fn before<C, V>(columns: C, cursor: Option<V>) -> Keyset<C, V::Bound>
where
    V: Cursor<C>,
{
    Keyset {
        columns,
        relation: " < ",
        cursor: cursor.map(V::bound),
    }
}

/// The rows behind `cursor` in a list ordered by `columns` ascending: oldest first. Everything else
/// is as in [`before`].
pub fn after<C, V>(columns: C, cursor: Option<V>) -> Keyset<C, V::Bound>
where
    V: Cursor<C>,
{
    Keyset {
        columns,
        relation: " > ",
        cursor: cursor.map(V::bound),
    }
}

/// The values of a row in the columns `C`, none of which can be NULL: a tuple of one to three.
pub trait Cursor<C> {
    /// The same as parameters.
    type Bound;

    /// Makes parameters of them, each of its column's type.
    fn bound(self) -> Self::Bound;
}

macro_rules! cursors {
    ($(($($column:ident $value:ident $place:tt),+);)+) => { $(
        impl<$($column, $value),+> Cursor<($($column,)+)> for ($($value,)+)
        where
            $(
                $column: Expression,
                $column::SqlType: SqlType<IsNull = is_nullable::NotNull> + TypedExpressionType,
                $value: AsExpression<$column::SqlType>,
            )+
        {
            type Bound = ($($value::Expression,)+);

            fn bound(self) -> Self::Bound {
                ($(self.$place.as_expression(),)+)
            }
        }
    )+ };
}

cursors! {
    (A U 0);
    (A U 0, B V 1);
    (A U 0, B V 1, C W 2);
}

/// What [`before`] and [`after`] make: `(a, b) < (?, ?)`.
#[derive(Clone, Copy, Debug, ValidGrouping)]
#[must_use = "a condition that is in no query leaves nothing out"]
pub struct Keyset<C, V> {
    columns: C,
    relation: &'static str,
    cursor: Option<V>,
}

impl<C: Expression, V> Expression for Keyset<C, V> {
    type SqlType = Bool;
}

impl<C, V, QS: ?Sized> AppearsOnTable<QS> for Keyset<C, V>
where
    C: AppearsOnTable<QS>,
    V: AppearsOnTable<QS>,
{
}

impl<C, V, QS: ?Sized> SelectableExpression<QS> for Keyset<C, V>
where
    C: SelectableExpression<QS>,
    V: SelectableExpression<QS>,
{
}

/// The first page has another text than the others, under the same type.
impl<C, V> QueryId for Keyset<C, V> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, V, DB> QueryFragment<DB> for Keyset<C, V>
where
    C: QueryFragment<DB>,
    V: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some(cursor) = &self.cursor else {
            out.push_sql("1 = 1");
            return Ok(());
        };
        out.push_sql("(");
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(")");
        out.push_sql(self.relation);
        out.push_sql("(");
        cursor.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
