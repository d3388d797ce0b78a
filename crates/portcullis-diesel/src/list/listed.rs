use super::behind::Narrowing;
use super::node::VisibleTo;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::dsl::Filter;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::QueryDsl;
use diesel::query_dsl::methods::{
    FilterDsl, LimitDsl, OffsetDsl, OrderDsl, SelectDsl, ThenOrderDsl,
};
use diesel::result::QueryResult;

/// Puts a list's condition on a query as the last one: nothing can be put beside it any more but
/// [`before`](crate::before), [`after`](crate::after) and [`also`](crate::also).
///
/// `filter` gives the same by the type of the condition, wherever Diesel keeps that type. This is
/// for where it does not: behind `into_boxed`, and on `diesel::delete`, which both take an
/// `or_filter` behind anything.
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
///     listed(query, visible).order(documents::id.desc()).limit(50).load(conn)
/// }
/// # fn main() {}
/// ```
pub fn listed<'a, Q, C, O, K>(
    query: Q,
    visible: VisibleTo<'a, C, O, K>,
) -> Listed<Filter<Q, VisibleTo<'a, C, O, K>>>
where
    Q: FilterDsl<VisibleTo<'a, C, O, K>>,
{
    Listed(FilterDsl::filter(query, visible))
}

/// A query with a list's condition that stays the last; [`listed`] makes one.
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
    P: Expression<SqlType = Narrowing>,
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
