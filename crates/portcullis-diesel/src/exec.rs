//! Running statements on a connection.
