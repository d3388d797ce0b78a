use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::dsl::{Limit, Select, sql};
use diesel::expression::SqlLiteral;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::{LimitDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Integer};

/// How many rows `query` has, counted up to `cap`: with one more than is told, `1000+` is known by the
/// answer. A count without a bound reads every row of the list, which no page needs.
///
/// Give it the list without order, limit and select.
///
/// ```
/// use diesel::prelude::*;
/// use portcullis_diesel::capped_count;
///
/// diesel::table! { documents { id -> BigInt, client_id -> BigInt, } }
///
/// fn badge(client: i64, conn: &mut SqliteConnection) -> QueryResult<String> {
///     let theirs = documents::table.filter(documents::client_id.eq(client));
///     let count: i64 = capped_count(theirs, 1_001).get_result(conn)?;
///     Ok(if count > 1_000 { "1000+".to_owned() } else { count.to_string() })
/// }
/// # fn main() {}
/// ```
pub fn capped_count<Q>(query: Q, cap: u32) -> CappedCount<Limit<Select<Q, SqlLiteral<Integer>>>>
where
    Q: SelectDsl<SqlLiteral<Integer>>,
    Select<Q, SqlLiteral<Integer>>: LimitDsl,
{
    let ones = SelectDsl::select(query, sql::<Integer>("1"));
    CappedCount(LimitDsl::limit(ones, i64::from(cap)))
}

/// What [`capped_count`] makes: `SELECT COUNT(*) FROM (SELECT 1 .. LIMIT ?)`.
#[derive(Clone, Copy, Debug, QueryId)]
#[must_use = "a count is asked for with `get_result`"]
pub struct CappedCount<Q>(Q);

impl<Q: Query> Query for CappedCount<Q> {
    type SqlType = BigInt;
}

impl<Q, Conn> RunQueryDsl<Conn> for CappedCount<Q> {}

impl<Q, DB> QueryFragment<DB> for CappedCount<Q>
where
    Q: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // PostgreSQL before 16 and MySQL want a name for it.
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS capped");
        Ok(())
    }
}
