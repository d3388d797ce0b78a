use diesel::expression::TypedExpressionType;
use diesel::query_builder::QueryId;
use diesel::sql_types::is_nullable::{IsNullable, NotNull};
use diesel::sql_types::{
    Bool, BoolOrNullableBool, MaybeNullableType, OneIsNullable, SingleValue, SqlType,
};

/// The SQL type of a list's condition: a `Bool` behind which no `OR` can be put.
///
/// Diesel puts `AND` and `OR` between any two conditions whose types go together. This one goes
/// with every condition that stands before it, and behind it with [`Narrowing`] alone.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Visible;

/// The SQL type of the conditions that may stand behind a list's: [`before`](crate::before),
/// [`after`](crate::after) and [`also`](crate::also).
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Narrowing;

/// What may come behind a list's condition: nothing, but for [`Narrowing`].
#[diagnostic::on_unimplemented(
    message = "nothing but `before`, `after` and `also` comes behind `visible_to`",
    label = "a condition of your own behind the list's",
    note = "put `.filter(..)` with conditions of your own before the one with `visible_to`, or write `.filter(also(..))` behind it",
    note = "`.or_filter(..)` and `.or(..)` behind it would show rows that the viewer may not see"
)]
pub trait BehindAList {}

/// Of [`Visible`].
#[derive(Clone, Copy, Debug)]
pub struct NothingBehind;

/// Of what is made of something and [`Visible`].
#[derive(Clone, Copy, Debug)]
pub struct StillVisible;

/// Of [`Narrowing`].
#[derive(Clone, Copy, Debug)]
pub struct StillNarrowing;

impl SqlType for Visible {
    type IsNull = NothingBehind;
}

impl SqlType for Narrowing {
    type IsNull = StillNarrowing;
}

impl SingleValue for Visible {}
impl SingleValue for Narrowing {}
impl BoolOrNullableBool for Visible {}
impl BoolOrNullableBool for Narrowing {}

/// `left` and `right` make `out`, when they stand in this order.
macro_rules! together {
    ($($left:ty, $right:ty => $out:ty;)+) => { $(
        impl OneIsNullable<$right> for $left {
            type Out = $out;
        }
    )+ };
}

together! {
    NotNull, NothingBehind => StillVisible;
    IsNullable, NothingBehind => StillVisible;
    StillNarrowing, NothingBehind => StillVisible;
    NothingBehind, StillNarrowing => StillVisible;
    NothingBehind, NotNull => NothingBehind;
    NothingBehind, IsNullable => NothingBehind;

    NotNull, StillNarrowing => NotNull;
    IsNullable, StillNarrowing => IsNullable;
    StillNarrowing, NotNull => NotNull;
    StillNarrowing, IsNullable => IsNullable;
    StillNarrowing, StillNarrowing => StillNarrowing;

    // Asked for by Diesel, and never looked at: a condition's type is `Visible` again.
    StillVisible, NotNull => StillVisible;
    StillVisible, IsNullable => StillVisible;
}

impl MaybeNullableType<Bool> for StillVisible {
    type Out = Visible;
}

impl MaybeNullableType<Bool> for StillNarrowing {
    type Out = Narrowing;
}

/// Where Diesel finds that something stands behind a list's condition.
impl<O> MaybeNullableType<O> for NothingBehind
where
    O: BehindAList + SqlType + TypedExpressionType,
{
    type Out = O;
}

/// A list's condition in `select` is read as a `bool`.
macro_rules! read_as_bool {
    ($($feature:literal, $backend:ty;)+) => { $(
        #[cfg(feature = $feature)]
        impl diesel::sql_types::HasSqlType<Visible> for $backend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                <Self as diesel::sql_types::HasSqlType<Bool>>::metadata(lookup)
            }
        }

        #[cfg(feature = $feature)]
        impl diesel::deserialize::FromSql<Visible, $backend> for bool {
            fn from_sql(
                value: <$backend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                <Self as diesel::deserialize::FromSql<Bool, $backend>>::from_sql(value)
            }

            /// A row with NULL where a key should be is hidden.
            fn from_nullable_sql(
                value: Option<<$backend as diesel::backend::Backend>::RawValue<'_>>,
            ) -> diesel::deserialize::Result<Self> {
                value.map_or(Ok(false), <Self as diesel::deserialize::FromSql<Visible, $backend>>::from_sql)
            }
        }
    )+ };
}

read_as_bool! {
    "sqlite", diesel::sqlite::Sqlite;
    "postgres", diesel::pg::Pg;
    "mysql", diesel::mysql::Mysql;
}

/// The same for the backend of a host's `MultiConnection`.
#[doc(hidden)]
#[macro_export]
macro_rules! multi_connection_lists {
    ($backend:ty) => {
        impl diesel::sql_types::HasSqlType<$crate::list::Visible> for $backend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$crate::list::Visible>(lookup)
            }
        }

        impl diesel::deserialize::FromSql<$crate::list::Visible, $backend> for bool {
            fn from_sql(
                value: <$backend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                value.from_sql::<Self, $crate::list::Visible>()
            }

            fn from_nullable_sql(
                value: Option<<$backend as diesel::backend::Backend>::RawValue<'_>>,
            ) -> diesel::deserialize::Result<Self> {
                value.map_or(Ok(false), |value| {
                    value.from_sql::<Self, $crate::list::Visible>()
                })
            }
        }
    };
}
