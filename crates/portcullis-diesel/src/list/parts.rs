use super::database::Lists;
use diesel::QuerySource;
use diesel::backend::Backend;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, QueryBuilder as _, QueryFragment};
use diesel::result::QueryResult;
use portcullis_sql::HostColumns;

/// What rows are of: one table or more of the host's, before any condition.
#[diagnostic::on_unimplemented(
    message = "rows are of a table, an alias or a join of these, and this is more",
    label = "a query with a condition, an order or a select",
    note = "put conditions behind, where they narrow the list: `visible.rows(documents::table).filter(..).order(..).select(..)`",
    note = "or put the condition around a query that has some already: `listed(query, visible)`"
)]
pub trait Tables {
    /// What stands behind FROM.
    type From;
    /// Every column.
    type Columns: Expression;

    /// Says what to read.
    fn from(&self) -> Self::From;

    /// Says what is selected where nothing else is.
    fn columns(&self) -> Self::Columns;
}

#[diagnostic::do_not_recommend]
impl<T: QuerySource> Tables for T {
    type From = T::FromClause;
    type Columns = T::DefaultSelection;

    fn from(&self) -> Self::From {
        self.from_clause()
    }

    fn columns(&self) -> Self::Columns {
        self.default_selection()
    }
}

/// No condition beside the list's.
#[derive(Clone, Copy, Debug)]
pub struct NoCondition;

impl<DB: Backend> QueryFragment<DB> for NoCondition {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

/// Conditions, and one more: ` AND (..)` behind them.
#[derive(Clone, Copy, Debug)]
pub struct Both<F, P>(pub(super) F, pub(super) P);

impl<F, P, DB> QueryFragment<DB> for Both<F, P>
where
    F: QueryFragment<DB>,
    P: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" AND (");
        self.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// No order.
#[derive(Clone, Copy, Debug)]
pub struct NoOrder;

impl<DB: Backend> QueryFragment<DB> for NoOrder {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

/// An order: ` ORDER BY ..`.
#[derive(Clone, Copy, Debug)]
pub struct By<E>(pub(super) E);

impl<E, DB> QueryFragment<DB> for By<E>
where
    E: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(" ORDER BY ");
        self.0.walk_ast(out)
    }
}

/// How the columns of a statement of these parts are called.
pub(super) fn columns<DB: Lists>(
    selected: &dyn QueryFragment<DB>,
    others: &[&dyn QueryFragment<DB>],
    out: &AstPass<'_, '_, DB>,
) -> HostColumns {
    let text = |part: &dyn QueryFragment<DB>| {
        let mut builder = out.backend().builder();
        let written = part.to_sql(&mut builder, out.backend());
        written.map(|()| builder.finish())
    };
    let others: QueryResult<Vec<_>> = others.iter().map(|part| text(*part)).collect();
    match (text(selected), others) {
        (Ok(selected), Ok(others)) => {
            let others: Vec<_> = others.iter().map(String::as_str).collect();
            HostColumns::of(&selected, &others)
        }
        // Whoever cannot be written says why when it is.
        _ => HostColumns::Every,
    }
}
