use crate::sql_types::Id;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, SmallInt, SqlType, Text, is_nullable};
use portcullis_id::KeyType;

/// A type that a host's column of keys can have.
///
/// Whole numbers of any width, for a catalogue that says [`KeyType::Int`]; `Text` for
/// [`KeyType::Text`]; and for [`KeyType::Uuid`] `Uuid` on PostgreSQL and 16 bytes as `Binary` on
/// SQLite. Each may be `Nullable`. A column whose type is not the one of the catalogue makes the
/// query fail before anything is sent.
#[diagnostic::on_unimplemented(
    message = "a column of the type `{Self}` cannot hold a host's key",
    label = "not a `BigInt`, `Integer`, `SmallInt`, `Uuid`, `Binary` or `Text` column",
    note = "hand over the column with the key itself, and declare in the catalogue which type the keys of the kind have (`Catalogue::with_keys`, `Catalogue::keyed_by`)",
    note = "for a SQL type of your own, cast the column in the query or declare it as `BigInt`, `Uuid` or `Text` in `table!`"
)]
pub trait HostKeyType {
    /// What the catalogue must say of such a column.
    const KEY: KeyType;
}

macro_rules! keys {
    ($($sql_type:ty => $key:ident,)+) => { $(
        impl HostKeyType for $sql_type {
            const KEY: KeyType = KeyType::$key;
        }
    )+ };
}

keys! {
    BigInt => Int,
    Integer => Int,
    SmallInt => Int,
    Binary => Uuid,
    Id => Uuid,
    Text => Text,
}

#[cfg(feature = "postgres")]
keys! {
    diesel::sql_types::Uuid => Uuid,
}

impl<ST> HostKeyType for Nullable<ST>
where
    ST: HostKeyType + SqlType<IsNull = is_nullable::NotNull>,
{
    const KEY: KeyType = ST::KEY;
}

/// That an expression is made of a column: Diesel writes columns with their table or alias, so that
/// none is taken for one of the condition's own (pitfall 5). Raw SQL is not, and refused.
#[diagnostic::on_unimplemented(
    message = "a list needs a column of a table, and this is none",
    label = "raw SQL, a value or an aggregate",
    note = "hand over the column as `table!` or `alias!` declares it, such as `documents::id`",
    note = "raw SQL can leave out the table, and the list would then take the name for a column of its own"
)]
pub trait OfATable {}

impl OfATable for is_aggregate::No {}

/// In the place of a column that the list does without.
#[derive(Clone, Copy, Debug)]
pub struct NoColumn;

impl Expression for NoColumn {
    type SqlType = BigInt;
}

impl<QS: ?Sized> AppearsOnTable<QS> for NoColumn {}
impl<QS: ?Sized> SelectableExpression<QS> for NoColumn {}

impl<GB> ValidGrouping<GB> for NoColumn {
    type IsAggregate = is_aggregate::Never;
}

impl<DB: Backend> QueryFragment<DB> for NoColumn {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}
