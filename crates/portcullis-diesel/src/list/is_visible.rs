use super::database::Lists;
use super::place::{Condition, is_selected};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

/// Whether somebody may see a row, as a `bool` that a query selects:
/// [`VisibleTo::is_visible`](crate::VisibleTo::is_visible) makes one.
///
/// Anywhere else it is refused before anything is sent: as a `Bool` it could stand beside an OR.
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
pub struct IsVisible<V>(pub(super) V);

impl<V: Expression> Expression for IsVisible<V> {
    type SqlType = Bool;
}

impl<V: AppearsOnTable<QS>, QS: ?Sized> AppearsOnTable<QS> for IsVisible<V> {}
impl<V: SelectableExpression<QS>, QS: ?Sized> SelectableExpression<QS> for IsVisible<V> {}

impl<V: Condition<DB>, DB: Lists> QueryFragment<DB> for IsVisible<V> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        is_selected(out.reborrow())?;
        // Of a row with NULL where a key should be it is NULL, and the row is hidden.
        out.push_sql("(");
        self.0.write_condition(out.reborrow())?;
        out.push_sql(" IS TRUE)");
        Ok(())
    }
}
