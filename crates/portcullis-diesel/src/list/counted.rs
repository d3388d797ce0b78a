use super::database::Lists;
use super::parts::{Both, NoCondition, Tables, columns};
use super::writes::{Templates, Writes};
use diesel::RunQueryDsl;
use diesel::expression::{AppearsOnTable, NonAggregate};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::QueryDsl;
use diesel::query_dsl::methods::FilterDsl;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, BoolOrNullableBool};
use portcullis_sql::HostPart;
use std::marker::PhantomData;

/// How many rows of the host's tables a viewer may see, counted up to a cap: with one more than is
/// told, `1000+` is known by the answer. [`VisibleTo::count`](crate::VisibleTo::count) makes one.
///
/// It is what [`capped_count`](crate::capped_count) makes of a query, written as is quickest on each
/// database: the rows of a client user are read from our lists.
///
/// ```
/// use diesel::prelude::*;
/// use portcullis_access::Kind;
/// use portcullis_diesel::{Lens, VisibleToDsl as _};
///
/// diesel::table! { documents { id -> BigInt, client_id -> BigInt, title -> Text, } }
///
/// fn badge(me: &Lens<'_>, conn: &mut SqliteConnection) -> QueryResult<String> {
///     let count: i64 = documents::id
///         .visible_to(me, Kind::DOCUMENT)
///         .owned_by(documents::client_id)
///         .count(documents::table, 1_001)
///         .filter(documents::title.not_like("draft%"))
///         .get_result(conn)?;
///     Ok(if count > 1_000 { "1000+".to_owned() } else { count.to_string() })
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
#[must_use = "a count is asked for with `get_result`"]
pub struct Counted<V, T: Tables, F = NoCondition> {
    visible: V,
    templates: Templates,
    tables: T::From,
    conditions: F,
    cap: u32,
    of: PhantomData<fn() -> T>,
}

impl<V, T: Tables> Counted<V, T> {
    pub(super) fn new(visible: V, tables: &T, cap: u32) -> Self {
        Self {
            visible,
            templates: Templates::default(),
            tables: tables.from(),
            conditions: NoCondition,
            cap,
            of: PhantomData,
        }
    }
}

impl<V, T: Tables, F> QueryDsl for Counted<V, T, F> {}

impl<V, T, F, P> FilterDsl<P> for Counted<V, T, F>
where
    T: Tables,
    P: AppearsOnTable<T> + NonAggregate,
    P::SqlType: BoolOrNullableBool,
{
    type Output = Counted<V, T, Both<F, P>>;

    fn filter(self, predicate: P) -> Self::Output {
        Counted {
            visible: self.visible,
            templates: Templates::default(),
            tables: self.tables,
            conditions: Both(self.conditions, predicate),
            cap: self.cap,
            of: PhantomData,
        }
    }
}

impl<V, T, F> Query for Counted<V, T, F>
where
    V: AppearsOnTable<T>,
    T: Tables,
{
    type SqlType = BigInt;
}

impl<V, T: Tables, F, Conn> RunQueryDsl<Conn> for Counted<V, T, F> {}

/// As [`VisibleTo`](crate::VisibleTo): kept under its text.
impl<V, T: Tables, F> QueryId for Counted<V, T, F> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<V, T, F, DB> QueryFragment<DB> for Counted<V, T, F>
where
    DB: Lists,
    V: Writes<DB>,
    T: Tables,
    T::From: QueryFragment<DB>,
    F: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let dialect = out.backend().dialect();
        let template = self.templates.of(self.visible.list(), dialect, |list| {
            let columns = columns(&NoCondition, &[&self.tables, &self.conditions], &out);
            list.count_template(self.cap, columns)
        })?;
        let mut part = |which, out: AstPass<'_, 'b, DB>| match which {
            HostPart::Selection => Ok(()),
            HostPart::Tables => self.tables.walk_ast(out),
            HostPart::Conditions => self.conditions.walk_ast(out),
        };
        self.visible.write(template, &mut part, out)
    }
}
