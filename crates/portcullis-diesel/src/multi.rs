/// Lets Portcullis use a host's enum of connections that derives Diesel's `MultiConnection`: for a
/// store, inside its transactions, and in its lists.
///
/// ```
/// #[derive(diesel::MultiConnection)]
/// pub enum AnyConnection {
///     Server(diesel::PgConnection),
///     File(diesel::SqliteConnection),
/// }
///
/// portcullis_diesel::multi_connection!(AnyConnection {
///     Server => Postgres,
///     File => Sqlite,
/// });
/// # fn main() {}
/// ```
///
/// Each variant is named with the [`Dialect`](portcullis_sql::Dialect) that its database speaks.
#[macro_export]
macro_rules! multi_connection {
    ($connection:ident { $($variant:ident => $dialect:ident),+ $(,)? }) => {
        const _: () = {
            use $crate::reexported::{Dialect, Uuid, diesel};

            type MultiBackend = <$connection as diesel::Connection>::Backend;

            impl $crate::Speaks for $connection {
                fn dialect(&self) -> Dialect {
                    match self {
                        $(Self::$variant(_) => Dialect::$dialect,)+
                    }
                }
            }

            impl diesel::sql_types::HasSqlType<$crate::sql_types::Id> for MultiBackend {
                fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                    Self::lookup_sql_type::<$crate::sql_types::Id>(lookup)
                }
            }

            impl diesel::serialize::ToSql<$crate::sql_types::Id, MultiBackend> for Uuid {
                fn to_sql<'b>(
                    &'b self,
                    out: &mut diesel::serialize::Output<'b, '_, MultiBackend>,
                ) -> diesel::serialize::Result {
                    out.set_value(($crate::sql_types::Id, self));
                    Ok(diesel::serialize::IsNull::No)
                }
            }

            impl diesel::deserialize::FromSql<$crate::sql_types::Id, MultiBackend> for Uuid {
                fn from_sql(
                    value: <MultiBackend as diesel::backend::Backend>::RawValue<'_>,
                ) -> diesel::deserialize::Result<Self> {
                    value.from_sql::<Self, $crate::sql_types::Id>()
                }
            }

            $crate::multi_connection_lists!(MultiBackend: $($variant),+);
        };
    };
}

/// Without the lists there is nothing to add.
#[cfg(not(feature = "sharing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! multi_connection_lists {
    ($backend:ident: $($variant:ident),+) => {};
}
