use crate::sql_types::Id;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType, Nullable, Text, Untyped};
use portcullis_sql::{Val, statement};
use uuid::Uuid;

/// A statement of ours with its values, as Diesel sees it.
///
/// Diesel keeps it prepared under its text, of which there is a bounded number (pitfall 14).
#[derive(Clone, Copy)]
pub(crate) struct Statement<'s> {
    pub(crate) sql: &'s str,
    pub(crate) params: &'s [Val<'s>],
}

impl<DB> QueryFragment<DB> for Statement<'_>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Binary> + HasSqlType<Id> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    [u8]: ToSql<Binary, DB>,
    Uuid: ToSql<Id, DB>,
    str: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut params = self.params.iter();
        let mut first = true;
        for text in statement::between_parameters(self.sql) {
            if !first {
                let value = params.next().ok_or_else(|| self.miscounted())?;
                push(&mut out, value)?;
            }
            first = false;
            out.push_sql(text);
        }
        match params.next() {
            None => Ok(()),
            Some(_) => Err(self.miscounted()),
        }
    }
}

impl Statement<'_> {
    /// A value left out would silently be NULL on one database and an error on the other.
    fn miscounted(&self) -> Error {
        let what = format!(
            "a statement does not have {} parameters: {}",
            self.params.len(),
            self.sql
        );
        Error::QueryBuilderError(what.into())
    }
}

/// Binds one value; a NULL keeps its type, because PostgreSQL asks for it.
pub(crate) fn push<'b, DB>(out: &mut AstPass<'_, 'b, DB>, value: &'b Val<'_>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Binary> + HasSqlType<Id> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    [u8]: ToSql<Binary, DB>,
    Uuid: ToSql<Id, DB>,
    str: ToSql<Text, DB>,
{
    match value {
        Val::Int(number) => out.push_bind_param::<Nullable<BigInt>, Option<i64>>(number),
        Val::Id(id) => out.push_bind_param::<Nullable<Id>, Option<Uuid>>(id),
        Val::Text(Some(text)) => out.push_bind_param::<Text, str>(text),
        Val::Text(None) => out.push_bind_param::<Nullable<Text>, Option<&str>>(&None),
        Val::Bytes(Some(bytes)) => out.push_bind_param::<Binary, [u8]>(bytes),
        Val::Bytes(None) => out.push_bind_param::<Nullable<Binary>, Option<&[u8]>>(&None),
    }
}

impl QueryId for Statement<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Which columns there are is known to whoever reads the rows.
impl Query for Statement<'_> {
    type SqlType = Untyped;
}

impl<C> diesel::RunQueryDsl<C> for Statement<'_> {}
