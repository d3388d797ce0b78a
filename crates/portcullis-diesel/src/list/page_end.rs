use super::database::Lists;
use super::page::{OurId, token, with_our_order};
use super::writes::{Templates, Writes};
use crate::sql_types::Id;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromStaticSqlRow, Queryable};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::BigInt;
use portcullis_sql::PageToken;

/// The question where a [`Page`](crate::Page) ends, for one without rows:
/// [`Page::end`](crate::Page::end) makes one, and it is answered by an [`End`], or by no row where the
/// list ends with the page.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct PageEnd<V> {
    visible: V,
    templates: Templates,
    after: Option<PageToken>,
    limit: u32,
}

impl<V> PageEnd<V> {
    pub(super) fn new(visible: V, after: Option<PageToken>, limit: u32) -> Self {
        Self {
            visible,
            templates: Templates::default(),
            after,
            limit,
        }
    }
}

/// Where a page ends that has no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Behind which the next page begins.
    pub token: PageToken,
}

impl<DB> Queryable<(BigInt, Id), DB> for End
where
    DB: Backend,
    (i64, OurId): FromStaticSqlRow<(BigInt, Id), DB>,
{
    type Row = (i64, OurId);

    fn build(place: Self::Row) -> deserialize::Result<Self> {
        Ok(Self {
            token: token(place),
        })
    }
}

impl<V> Query for PageEnd<V> {
    type SqlType = (BigInt, Id);
}

impl<V, Conn> RunQueryDsl<Conn> for PageEnd<V> {}

/// As [`VisibleTo`](crate::VisibleTo): kept under its text.
impl<V> QueryId for PageEnd<V> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<V, DB> QueryFragment<DB> for PageEnd<V>
where
    DB: Lists,
    V: Writes<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let dialect = with_our_order(&out)?;
        let template = self.templates.of(self.visible.list(), dialect, |list| {
            list.page_end_template(self.after, self.limit)
        })?;
        self.visible.write(template, &mut |_, _| Ok(()), out)
    }
}
