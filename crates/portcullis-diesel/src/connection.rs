use crate::error::store_error;
use crate::row::Lent;
use crate::sql_types::Id;
use crate::statement::Statement;
use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::deserialize::FromSql;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::{RunQueryDsl, expression::QueryMetadata, sql_types::Untyped};
use portcullis_ledger::StoreError;
use portcullis_sql::{Dialect, Row, Val};
use uuid::Uuid;

/// A connection that knows which database it is one to.
///
/// Diesel's own to SQLite and PostgreSQL do; a host's `MultiConnection` of both does after
/// [`multi_connection!`](crate::multi_connection).
#[diagnostic::on_unimplemented(
    message = "Portcullis does not know which database `{Self}` is a connection to",
    label = "needs a connection to SQLite or PostgreSQL",
    note = "turn on the feature `sqlite` or `postgres` of portcullis-diesel; for an enum that derives `MultiConnection`, write `portcullis_diesel::multi_connection!(YourEnum {{ Variant => Sqlite, .. }})` beside it; a connection of diesel-async can only be used for lists"
)]
pub trait Speaks: diesel::Connection {
    /// Which database answers.
    fn dialect(&self) -> Dialect;
}

#[cfg(feature = "sqlite")]
impl Speaks for diesel::SqliteConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
}

#[cfg(feature = "postgres")]
impl Speaks for diesel::PgConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
}

/// A connection that Portcullis can run its statements on: every one that [`Speaks`].
///
/// The two methods are all the difference there is between a driver and the port of each domain;
/// [`Exec`](portcullis_sql::Exec) is made of them, inside a transaction.
pub trait HostConnection: Speaks {
    /// Runs one statement of ours and tells how many rows it changed.
    #[doc(hidden)]
    fn run_statement(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError>;

    /// Runs one statement of ours and hands each row to `each`; how many there were.
    #[doc(hidden)]
    fn statement_rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError>;
}

impl<C> HostConnection for C
where
    C: Speaks + LoadConnection<DefaultLoadingMode>,
    C::Backend: QueryMetadata<Untyped>,
    for<'s> Statement<'s>: QueryFragment<C::Backend>,
    i64: FromSql<BigInt, C::Backend>,
    String: FromSql<Text, C::Backend>,
    Vec<u8>: FromSql<Binary, C::Backend>,
    Uuid: FromSql<Id, C::Backend>,
{
    fn run_statement(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        let changed = Statement { sql, params }.execute(self);
        changed.map(|rows| rows as u64).map_err(store_error)
    }

    fn statement_rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let rows = self.load(Statement { sql, params }).map_err(store_error)?;
        let mut seen = 0;
        for row in rows {
            let row = row.map_err(store_error)?;
            seen += 1;
            each(&Lent::<_, C::Backend>::new(&row))?;
        }
        Ok(seen)
    }
}
