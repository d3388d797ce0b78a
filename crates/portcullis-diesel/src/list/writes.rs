use super::column::HostKeyType;
use super::database::{Lists, foreign};
use super::node::VisibleTo;
use crate::sql_types::Id;
use crate::statement::push;
use diesel::backend::Backend;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::{Error, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType, Text};
use portcullis_access::Error as SqlError;
use portcullis_id::KeyType;
use portcullis_sql::{Dialect, HostColumn, HostPart, Piece, Template, VisibleTo as SqlList};
use std::sync::OnceLock;
use uuid::Uuid;

/// Writes a part of a whole statement that is the host's.
pub type WritesPart<'w, 'b, DB> = dyn FnMut(HostPart, AstPass<'_, 'b, DB>) -> QueryResult<()> + 'w;

/// A list's condition that can be written for `DB`, alone and in a whole statement: that of every
/// [`VisibleTo`], if the types of its columns can hold a key.
pub trait Writes<DB: Backend> {
    /// What is written for every database.
    fn list(&self) -> &SqlList<'_>;

    /// Writes `template` with the columns, and with the parts that `part` writes.
    ///
    /// # Errors
    /// Whatever could be misunderstood is refused before anything is sent.
    fn write<'b>(
        &'b self,
        template: &'b Template,
        part: &mut WritesPart<'_, 'b, DB>,
        out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()>;
}

impl<C, O, K, DB> Writes<DB> for VisibleTo<'_, C, O, K>
where
    DB: Lists + HasSqlType<BigInt> + HasSqlType<Binary> + HasSqlType<Id> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    [u8]: ToSql<Binary, DB>,
    Uuid: ToSql<Id, DB>,
    str: ToSql<Text, DB>,
    C: Expression<SqlType: HostKeyType> + QueryFragment<DB>,
    O: Expression<SqlType: HostKeyType> + QueryFragment<DB>,
    K: Expression<SqlType: HostKeyType> + QueryFragment<DB>,
{
    fn list(&self) -> &SqlList<'_> {
        &self.list
    }

    fn write<'b>(
        &'b self,
        template: &'b Template,
        part: &mut WritesPart<'_, 'b, DB>,
        mut out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()> {
        if out.should_skip_from() {
            return Err(Error::QueryBuilderError(UNQUALIFIED.into()));
        }
        self.look_at_columns(&out)?;
        for piece in template.pieces() {
            if let Some(why) = out.backend().refuses(piece) {
                return Err(Error::QueryBuilderError(why.into()));
            }
            match piece {
                Piece::Text(text) => out.push_sql(text),
                Piece::Value(value) => push(&mut out, value)?,
                Piece::Part(which) => part(*which, out.reborrow())?,
                Piece::Column(column, key) => match column {
                    HostColumn::Item => write(&self.item, "item", *key, out.reborrow())?,
                    HostColumn::Owner => write(&self.owner, "client", *key, out.reborrow())?,
                    HostColumn::Container => {
                        write(&self.container, "container", *key, out.reborrow())?;
                    }
                },
            }
        }
        Ok(())
    }
}

impl<C, O, K> VisibleTo<'_, C, O, K> {
    /// Refuses columns that a subquery could take for its own.
    fn look_at_columns<DB>(&self, out: &AstPass<'_, '_, DB>) -> QueryResult<()>
    where
        DB: Lists,
        C: QueryFragment<DB>,
        O: QueryFragment<DB>,
        K: QueryFragment<DB>,
    {
        let columns = self.columns.get_or_init(|| {
            let foreign = foreign(&self.item, out)
                .and_then(|()| foreign(&self.owner, out))
                .and_then(|()| foreign(&self.container, out));
            foreign.map_err(|error| error.to_string())
        });
        columns.as_ref().copied().map_err(|error| refused(error))
    }
}

/// Written once for all of Diesel's walks: what is good for both databases, and for each.
#[derive(Clone, Debug, Default)]
pub(super) struct Templates([OnceLock<Result<Template, String>>; 3]);

impl Templates {
    /// What `make` makes of `list` on the database of `dialect`.
    pub(super) fn of<'a>(
        &self,
        list: &SqlList<'a>,
        dialect: Option<Dialect>,
        make: impl FnOnce(SqlList<'a>) -> Result<Template, SqlError>,
    ) -> QueryResult<&Template> {
        let [both, sqlite, postgres] = &self.0;
        let slot = match dialect {
            None => both,
            Some(Dialect::Sqlite) => sqlite,
            Some(Dialect::Postgres) => postgres,
        };
        let template = slot.get_or_init(|| {
            let list = match dialect {
                None => list.clone(),
                Some(dialect) => list.clone().on(dialect),
            };
            make(list).map_err(|error| error.to_string())
        });
        template.as_ref().map_err(|error| refused(error))
    }
}

fn refused(error: &str) -> Error {
    Error::QueryBuilderError(error.into())
}

/// Diesel leaves out the tables of columns in RETURNING on SQLite.
const UNQUALIFIED: &str = "a list's condition cannot stand in RETURNING on SQLite, where columns have no table; ask for it in a query of its own";

/// Writes a column, if its type is that of the keys it is compared with.
fn write<'b, C, DB>(
    column: &'b C,
    of: &str,
    key: KeyType,
    out: AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    C: Expression<SqlType: HostKeyType> + QueryFragment<DB>,
    DB: Backend,
{
    let has = <C::SqlType as HostKeyType>::KEY;
    if has == key {
        return column.walk_ast(out);
    }
    let what = format!(
        "the {of}'s column of a list holds keys of the type {has:?}, and the catalogue says {key:?}; hand over the column with the keys, or correct the catalogue"
    );
    Err(Error::QueryBuilderError(what.into()))
}
