use super::database::Lists;
use super::parts::{Both, By, NoCondition, NoOrder, Tables, columns};
use super::writes::{Templates, Writes};
use diesel::RunQueryDsl;
use diesel::expression::{
    AppearsOnTable, Expression, NonAggregate, SelectableExpression, ValidGrouping,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::QueryDsl;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OrderDsl, SelectDsl, ThenOrderDsl};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, BoolOrNullableBool, HasSqlType};
use portcullis_sql::HostPart;
use std::marker::PhantomData;

/// The rows of the host's tables that a viewer may see, as a whole query:
/// [`VisibleTo::rows`](crate::VisibleTo::rows) makes one.
///
/// Every `filter` narrows it and there is no `or_filter`, so nothing can be put beside the list's
/// condition. On SQLite our rows stand beside the host's, which a condition in a `filter` cannot have,
/// and which is up to a third quicker.
///
/// ```
/// use diesel::prelude::*;
/// use portcullis_access::Kind;
/// use portcullis_diesel::{Lens, VisibleToDsl as _, before};
///
/// diesel::table! {
///     documents { id -> BigInt, client_id -> BigInt, title -> Text, created_at -> BigInt, }
/// }
///
/// #[derive(Queryable, Selectable)]
/// struct Document {
///     id: i64,
///     title: String,
/// }
///
/// fn page(
///     me: &Lens<'_>,
///     cursor: Option<(i64, i64)>,
///     conn: &mut SqliteConnection,
/// ) -> QueryResult<Vec<Document>> {
///     documents::id
///         .visible_to(me, Kind::DOCUMENT)
///         .owned_by(documents::client_id)
///         .rows(documents::table)
///         .filter(documents::title.not_like("draft%"))
///         .filter(before((documents::created_at, documents::id), cursor))
///         .order((documents::created_at.desc(), documents::id.desc()))
///         .limit(50)
///         .select(Document::as_select())
///         .load(conn)
/// }
/// # fn main() {}
/// ```
///
/// The tables are a table, an alias or a join of these, before any condition. What else Diesel can put
/// into a query, such as a grouping, an offset or a lock, it has around the condition:
/// `documents::table.filter(visible)`, or [`listed`](crate::listed).
///
/// On SQLite write columns with their tables in raw SQL of your own (`documents.title`): a name that a
/// table of ours has too keeps the slower text.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Rows<V, T, S = <T as Tables>::Columns, F = NoCondition, B = NoOrder>
where
    T: Tables,
{
    visible: V,
    templates: Templates,
    tables: T::From,
    selection: S,
    conditions: F,
    order: B,
    limit: Option<i64>,
    of: PhantomData<fn() -> T>,
}

impl<V, T: Tables> Rows<V, T> {
    pub(super) fn new(visible: V, tables: &T) -> Self {
        Self {
            visible,
            templates: Templates::default(),
            tables: tables.from(),
            selection: tables.columns(),
            conditions: NoCondition,
            order: NoOrder,
            limit: None,
            of: PhantomData,
        }
    }
}

impl<V, T: Tables, S, F, B> Rows<V, T, S, F, B> {
    fn with<S2, F2, B2>(
        self,
        change: impl FnOnce(S, F, B) -> (S2, F2, B2),
    ) -> Rows<V, T, S2, F2, B2> {
        let (selection, conditions, order) = change(self.selection, self.conditions, self.order);
        Rows {
            visible: self.visible,
            // Which text it is depends on these.
            templates: Templates::default(),
            tables: self.tables,
            selection,
            conditions,
            order,
            limit: self.limit,
            of: PhantomData,
        }
    }
}

impl<V, T: Tables, S, F, B> QueryDsl for Rows<V, T, S, F, B> {}

impl<V, T, S, F, B, N> SelectDsl<N> for Rows<V, T, S, F, B>
where
    T: Tables,
    N: SelectableExpression<T> + ValidGrouping<()>,
{
    type Output = Rows<V, T, N, F, B>;

    fn select(self, selection: N) -> Self::Output {
        self.with(|_, conditions, order| (selection, conditions, order))
    }
}

impl<V, T, S, F, B, P> FilterDsl<P> for Rows<V, T, S, F, B>
where
    T: Tables,
    P: AppearsOnTable<T> + NonAggregate,
    P::SqlType: BoolOrNullableBool,
{
    type Output = Rows<V, T, S, Both<F, P>, B>;

    fn filter(self, predicate: P) -> Self::Output {
        self.with(|selection, conditions, order| (selection, Both(conditions, predicate), order))
    }
}

impl<V, T, S, F, B, E> OrderDsl<E> for Rows<V, T, S, F, B>
where
    T: Tables,
    E: AppearsOnTable<T>,
{
    type Output = Rows<V, T, S, F, By<E>>;

    fn order(self, by: E) -> Self::Output {
        self.with(|selection, conditions, _| (selection, conditions, By(by)))
    }
}

impl<V, T, S, F, B, E> ThenOrderDsl<E> for Rows<V, T, S, F, By<B>>
where
    T: Tables,
    E: AppearsOnTable<T>,
{
    type Output = Rows<V, T, S, F, By<(B, E)>>;

    fn then_order_by(self, by: E) -> Self::Output {
        self.with(|selection, conditions, By(before)| (selection, conditions, By((before, by))))
    }
}

impl<V, T: Tables, S, F, B> LimitDsl for Rows<V, T, S, F, B> {
    type Output = Self;

    fn limit(self, limit: i64) -> Self::Output {
        Self {
            limit: Some(limit),
            ..self
        }
    }
}

impl<V, T, S, F, B> Query for Rows<V, T, S, F, B>
where
    V: AppearsOnTable<T>,
    T: Tables,
    S: Expression,
{
    type SqlType = S::SqlType;
}

impl<V, T: Tables, S, F, B, Conn> RunQueryDsl<Conn> for Rows<V, T, S, F, B> {}

/// As [`VisibleTo`](crate::VisibleTo): kept under its text.
impl<V, T: Tables, S, F, B> QueryId for Rows<V, T, S, F, B> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<V, T, S, F, B, DB> QueryFragment<DB> for Rows<V, T, S, F, B>
where
    DB: Lists + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
    V: Writes<DB>,
    T: Tables,
    T::From: QueryFragment<DB>,
    S: QueryFragment<DB>,
    F: QueryFragment<DB>,
    B: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let dialect = out.backend().dialect();
        let others: [&dyn QueryFragment<DB>; 3] = [&self.tables, &self.conditions, &self.order];
        let template = self.templates.of(self.visible.list(), dialect, |list| {
            list.rows_template(columns(&self.selection, &others, &out))
        })?;
        let mut part = |which, out: AstPass<'_, 'b, DB>| match which {
            HostPart::Selection => self.selection.walk_ast(out),
            HostPart::Tables => self.tables.walk_ast(out),
            HostPart::Conditions => self.conditions.walk_ast(out),
        };
        self.visible.write(template, &mut part, out.reborrow())?;
        self.order.walk_ast(out.reborrow())?;
        let Some(limit) = &self.limit else {
            return Ok(());
        };
        // As our own statements have it, because SQLite looks at a bare `LIMIT ?` and prepares the
        // statement anew for every value. MySQL takes no CAST there.
        let (before, behind) = match dialect {
            Some(_) => (" LIMIT CAST(", " AS BIGINT)"),
            None => (" LIMIT ", ""),
        };
        out.push_sql(before);
        out.push_bind_param::<BigInt, i64>(limit)?;
        out.push_sql(behind);
        Ok(())
    }
}
