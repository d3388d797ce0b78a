//! SQL types of our own, for what Diesel has no one name for on every database.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;

/// An id, as each database keeps it: a UUID on PostgreSQL, 16 bytes on SQLite and `MySQL`.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Binary"))]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(mysql_type(name = "Blob"))]
pub struct Id;
