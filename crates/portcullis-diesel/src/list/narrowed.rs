use super::beside::Visible;
use super::database::Lists;
use super::place::{Condition, stands_alone};
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::BoolOrNullableBool;

/// A list's condition with one of the host's own inside it: `(visible AND (condition))`.
///
/// [`VisibleTo::and`](crate::VisibleTo::and) makes one.
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
#[must_use = "a condition that is in no query hides nothing"]
pub struct Narrowed<V, E> {
    visible: V,
    condition: E,
}

impl<V, E> Narrowed<V, E>
where
    E: Expression,
    E::SqlType: BoolOrNullableBool,
{
    pub(super) const fn new(visible: V, condition: E) -> Self {
        Self { visible, condition }
    }
}

impl<V, E> Narrowed<V, E> {
    /// One more; see [`VisibleTo::and`](crate::VisibleTo::and).
    pub fn and<N>(self, condition: N) -> Narrowed<Self, N>
    where
        N: Expression,
        N::SqlType: BoolOrNullableBool,
    {
        Narrowed::new(self, condition)
    }
}

impl<V: Expression, E: Expression> Expression for Narrowed<V, E> {
    type SqlType = Visible;
}

impl<V, E, QS: ?Sized> AppearsOnTable<QS> for Narrowed<V, E>
where
    V: AppearsOnTable<QS>,
    E: AppearsOnTable<QS>,
{
}

impl<V, E, QS: ?Sized> SelectableExpression<QS> for Narrowed<V, E>
where
    V: SelectableExpression<QS>,
    E: SelectableExpression<QS>,
{
}

impl<V, E, DB> QueryFragment<DB> for Narrowed<V, E>
where
    Self: Condition<DB>,
    DB: Lists,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        stands_alone(out.reborrow())?;
        self.write_condition(out)
    }
}

impl<V, E, DB> Condition<DB> for Narrowed<V, E>
where
    V: Condition<DB>,
    E: QueryFragment<DB>,
    DB: Backend,
{
    fn write_condition<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.visible.write_condition(out.reborrow())?;
        out.push_sql(" AND (");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql("))");
        Ok(())
    }
}
