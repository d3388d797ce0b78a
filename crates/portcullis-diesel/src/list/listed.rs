use super::beside::Visible;
use super::place::Condition;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::dsl::Filter;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::QueryDsl;
use diesel::query_dsl::methods::{
    FilterDsl, LimitDsl, OffsetDsl, OrderDsl, SelectDsl, ThenOrderDsl,
};
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, BoolOrNullableBool};

/// Puts a list's condition on a query of any kind, so that whatever comes behind only leaves rows out:
/// the query that it makes has a `filter` for conditions of the host's own, and no `or_filter`.
///
/// `filter` takes a list's condition alone. This is for a query that has conditions already, and for
/// where Diesel forgets types, so that conditions beside the list's would compile and be refused only
/// when the query runs: behind `into_boxed`, and on what `diesel::delete` makes.
///
/// ```
/// use diesel::prelude::*;
/// use portcullis_access::Kind;
/// use portcullis_diesel::{Lens, VisibleToDsl as _, listed};
///
/// diesel::table! { documents { id -> BigInt, client_id -> BigInt, title -> Text, } }
///
/// fn search(
///     me: &Lens<'_>,
///     title: Option<&str>,
///     conn: &mut SqliteConnection,
/// ) -> QueryResult<Vec<i64>> {
///     let mut query = documents::table.select(documents::id).into_boxed();
///     if let Some(title) = title {
///         query = query.filter(documents::title.eq(title));
///     }
///     let visible = documents::id.visible_to(me, Kind::DOCUMENT).owned_by(documents::client_id);
///     listed(query, visible)
///         .filter(documents::title.ne("draft"))
///         .order(documents::id.desc())
///         .limit(50)
///         .load(conn)
/// }
/// # fn main() {}
/// ```
pub fn listed<Q, V>(query: Q, visible: V) -> Listed<Filter<Q, InAList<V>>>
where
    V: Expression<SqlType = Visible>,
    Q: FilterDsl<InAList<V>>,
{
    Listed(FilterDsl::filter(query, InAList(visible)))
}

/// A query of what a list shows; [`listed`] makes one.
#[derive(Clone, Copy, Debug, QueryId)]
#[must_use = "a query does nothing until it is run"]
pub struct Listed<Q>(Q);

impl<Q> QueryDsl for Listed<Q> {}

impl<Q: Query> Query for Listed<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for Listed<Q> {}

impl<Q, DB> QueryFragment<DB> for Listed<Q>
where
    Q: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

impl<Q, P> FilterDsl<P> for Listed<Q>
where
    Q: FilterDsl<P>,
    P: Expression,
    P::SqlType: BoolOrNullableBool,
{
    type Output = Listed<Q::Output>;

    fn filter(self, predicate: P) -> Self::Output {
        Listed(self.0.filter(predicate))
    }
}

macro_rules! passed_on {
    ($($dsl:ident: $method:ident($argument:ident);)+) => { $(
        impl<Q, E> $dsl<E> for Listed<Q>
        where
            Q: $dsl<E>,
            E: Expression,
        {
            type Output = Listed<Q::Output>;

            fn $method(self, $argument: E) -> Self::Output {
                Listed(self.0.$method($argument))
            }
        }
    )+ };
}

passed_on! {
    OrderDsl: order(by);
    SelectDsl: select(what);
    ThenOrderDsl: then_order_by(by);
}

impl<Q: LimitDsl> LimitDsl for Listed<Q> {
    type Output = Listed<Q::Output>;

    fn limit(self, limit: i64) -> Self::Output {
        Listed(self.0.limit(limit))
    }
}

impl<Q: OffsetDsl> OffsetDsl for Listed<Q> {
    type Output = Listed<Q::Output>;

    fn offset(self, offset: i64) -> Self::Output {
        Listed(self.0.offset(offset))
    }
}

/// A list's condition where nothing but [`Listed`] can put anything beside it.
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
pub struct InAList<V>(V);

impl<V: Expression> Expression for InAList<V> {
    type SqlType = Bool;
}

impl<V: AppearsOnTable<QS>, QS: ?Sized> AppearsOnTable<QS> for InAList<V> {}
impl<V: SelectableExpression<QS>, QS: ?Sized> SelectableExpression<QS> for InAList<V> {}

impl<V: Condition<DB>, DB: Backend> QueryFragment<DB> for InAList<V> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.write_condition(out)
    }
}
