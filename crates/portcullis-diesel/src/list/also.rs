use super::behind::Narrowing;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::BoolOrNullableBool;

/// A condition of the host's own behind a list's: `.filter(also(documents::title.like("%a%")))`.
///
/// It belongs into `filter` or `and`, where it leaves rows out; in `or_filter` it would bring rows
/// in.
pub fn also<E>(condition: E) -> Also<E>
where
    E: Expression,
    E::SqlType: BoolOrNullableBool,
{
    Also(condition)
}

/// What [`also`] makes.
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
#[must_use = "a condition that is in no query leaves nothing out"]
pub struct Also<E>(E);

impl<E: Expression> Expression for Also<E> {
    type SqlType = Narrowing;
}

impl<E: AppearsOnTable<QS>, QS: ?Sized> AppearsOnTable<QS> for Also<E> {}
impl<E: SelectableExpression<QS>, QS: ?Sized> SelectableExpression<QS> for Also<E> {}

impl<E: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Also<E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
