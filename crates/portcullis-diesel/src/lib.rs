//! Portcullis on Diesel, for hosts that already are: kept in SQLite or PostgreSQL, inside the host's
//! own transaction, and in the host's own queries.

mod exec;
pub mod sql_types;
