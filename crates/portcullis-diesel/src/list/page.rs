use super::database::Lists;
use super::page_end::PageEnd;
use super::parts::Tables;
use super::writes::{Templates, Writes};
use crate::sql_types::Id;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, FromStaticSqlRow, Queryable};
use diesel::expression::{AppearsOnTable, Expression, NonAggregate, SelectableExpression};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::QueryDsl;
use diesel::query_dsl::methods::SelectDsl;
use diesel::result::{Error, QueryResult};
use diesel::sql_types::BigInt;
use portcullis_id::ItemId;
use portcullis_sql::{Dialect, HostPart, PageToken};
use std::marker::PhantomData;
use uuid::Uuid;

/// One page of the host's tables in the order of our own lists, the newest first:
/// [`VisibleTo::page`](crate::VisibleTo::page) makes one.
///
/// The keys of the page are read from our own indexes, which hold what is hidden apart, and then the
/// host's rows by their keys. So a page costs the page however much is hidden before it, and whatever
/// indexes the host has beside its primary key. It has its order and its limit, and takes no
/// condition: [`Rows`](crate::Rows) does. What it shows and leaves out is said at
/// [`HostPage`](portcullis_sql::HostPage), which is the same as text.
///
/// ```
/// use diesel::prelude::*;
/// use portcullis_access::Kind;
/// use portcullis_diesel::{End, Lens, Placed, VisibleToDsl as _};
/// use portcullis_sql::PageToken;
///
/// diesel::table! { documents { id -> BigInt, client_id -> BigInt, title -> Text, } }
///
/// #[derive(Queryable, Selectable)]
/// struct Document {
///     id: i64,
///     title: String,
/// }
///
/// fn page(
///     me: &Lens<'_>,
///     after: Option<PageToken>,
///     conn: &mut SqliteConnection,
/// ) -> QueryResult<(Vec<Document>, Option<PageToken>)> {
///     let page = documents::id
///         .visible_to(me, Kind::DOCUMENT)
///         .owned_by(documents::client_id)
///         .page(documents::table, after, 50);
///     let end = page.end();
///     let page: Vec<Placed<Document>> = page.select(Document::as_select()).load(conn)?;
///     let next = match page.last() {
///         Some(last) => Some(last.token),
///         // Of fifty items there may be no row left in the table, and older ones behind them.
///         None => end.get_result::<End>(conn).optional()?.map(|end| end.token),
///     };
///     Ok((page.into_iter().map(|placed| placed.row).collect(), next))
/// }
/// # fn main() {}
/// ```
///
/// On `MySQL` it is refused.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Page<V, T, S = <T as Tables>::Columns>
where
    T: Tables,
{
    visible: V,
    templates: Templates,
    tables: T::From,
    selection: S,
    after: Option<PageToken>,
    limit: u32,
    of: PhantomData<fn() -> T>,
}

/// A row of a [`Page`] as the host selected it, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<R> {
    /// What was selected.
    pub row: R,
    /// That of the last row of a page is what the next begins behind.
    pub token: PageToken,
}

impl<V, T: Tables> Page<V, T> {
    pub(super) fn new(visible: V, tables: &T, after: Option<PageToken>, limit: u32) -> Self {
        Self {
            visible,
            templates: Templates::default(),
            tables: tables.from(),
            selection: tables.columns(),
            after,
            limit,
            of: PhantomData,
        }
    }
}

impl<V: Clone, T: Tables, S> Page<V, T, S> {
    /// The question where this page ends, for when it turns out to have no rows: behind which place the
    /// next one begins, if the list does not end here.
    pub fn end(&self) -> PageEnd<V> {
        PageEnd::new(self.visible.clone(), self.after, self.limit)
    }
}

impl<V, T: Tables, S> QueryDsl for Page<V, T, S> {}

impl<V, T, S, N> SelectDsl<N> for Page<V, T, S>
where
    T: Tables,
    N: SelectableExpression<T> + NonAggregate,
{
    type Output = Page<V, T, N>;

    fn select(self, selection: N) -> Self::Output {
        Page {
            visible: self.visible,
            templates: self.templates,
            tables: self.tables,
            selection,
            after: self.after,
            limit: self.limit,
            of: PhantomData,
        }
    }
}

impl<V, T, S> Query for Page<V, T, S>
where
    V: AppearsOnTable<T>,
    T: Tables,
    S: Expression,
{
    type SqlType = (S::SqlType, (BigInt, Id));
}

impl<ST, R, DB> Queryable<(ST, (BigInt, Id)), DB> for Placed<R>
where
    DB: Backend,
    (R, (i64, OurId)): FromStaticSqlRow<(ST, (BigInt, Id)), DB>,
{
    type Row = (R, (i64, OurId));

    fn build((row, place): Self::Row) -> deserialize::Result<Self> {
        Ok(Self {
            row,
            token: token(place),
        })
    }
}

/// As it is read whether the host has Diesel read UUIDs or not.
#[derive(Clone, Copy, Debug, FromSqlRow)]
pub struct OurId(Uuid);

impl<DB> FromSql<Id, DB> for OurId
where
    DB: Backend,
    Uuid: FromSql<Id, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Uuid::from_sql(value).map(Self)
    }
}

impl<V, T: Tables, S, Conn> RunQueryDsl<Conn> for Page<V, T, S> {}

/// As [`VisibleTo`](crate::VisibleTo): kept under its text.
impl<V, T: Tables, S> QueryId for Page<V, T, S> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<V, T, S, DB> QueryFragment<DB> for Page<V, T, S>
where
    DB: Lists,
    V: Writes<DB>,
    T: Tables,
    T::From: QueryFragment<DB>,
    S: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let dialect = with_our_order(&out)?;
        let template = self.templates.of(self.visible.list(), dialect, |list| {
            list.page_template(self.after, self.limit)
        })?;
        let mut part = |which, out: AstPass<'_, 'b, DB>| match which {
            HostPart::Selection => self.selection.walk_ast(out),
            HostPart::Tables => self.tables.walk_ast(out),
            HostPart::Conditions => Ok(()),
        };
        self.visible.write(template, &mut part, out)
    }
}

/// What the last two columns say.
pub(super) fn token((sort, OurId(item)): (i64, OurId)) -> PageToken {
    let item = ItemId::from_uuid(item);
    PageToken { sort, item }
}

/// The database, if pages in our own order are written for it.
pub(super) fn with_our_order<DB: Lists>(out: &AstPass<'_, '_, DB>) -> QueryResult<Option<Dialect>> {
    let dialect = out.backend().dialect();
    if dialect.is_none() {
        return Err(Error::QueryBuilderError(NEITHER.into()));
    }
    Ok(dialect)
}

const NEITHER: &str = "a page in our own order is written for SQLite and PostgreSQL alone; take `rows` with an order of your own";
