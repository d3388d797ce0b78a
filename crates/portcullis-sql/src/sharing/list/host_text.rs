//! How texts of the host's are compared with ours, which are compared as bytes (pitfall 16).
//!
//! A comparison has one collation, and serves an index of the same alone. So there are two of them:
//!
//! - a row of the host's is *sought* under the collation of the host's own column, whichever it is, so
//!   that its index serves. What it finds may be another key, where the collation takes one for the
//!   other, so each is compared once more as bytes;
//! - a row of ours is looked up as bytes, which is what our own indexes hold.
//!
//! On PostgreSQL ours give way to the host's column when they are said to be of the collation
//! `default`, and `COLLATE "C"` on the host's side is bytes. SQLite takes the collation of the side
//! before `=` and `IN`, and what is put together has none. A text that is good for both can say
//! neither: there a column must be `COLLATE "C"` or of the database's default collation, whose
//! index then does not serve.

use super::host_form::{Host, name};
use crate::Dialect;
use portcullis_id::KeyType;

impl Host<'_> {
    /// A column of the host's before `=` or `IN`, compared as bytes.
    pub(super) fn in_bytes(&self, column: &str, key: KeyType) -> String {
        match (key, self.dialect) {
            (KeyType::Int | KeyType::Uuid, _) => column.to_owned(),
            (KeyType::Text, Some(Dialect::Postgres)) => format!("{column} COLLATE \"C\""),
            (KeyType::Text, Some(Dialect::Sqlite) | None) => format!("{column} || ''"),
        }
    }

    /// A column of the host's behind `=`, by which a row of ours is looked up.
    pub(super) fn as_ours(&self, column: &str, key: KeyType) -> String {
        if self.collated(key) {
            format!("{column} COLLATE \"C\"")
        } else {
            column.to_owned()
        }
    }

    /// The key of ours by which a row of the host's is sought.
    pub(super) fn as_theirs(&self, alias: &str, key: KeyType) -> String {
        let column = name(key);
        if self.collated(key) {
            format!("{alias}.{column} COLLATE \"default\"")
        } else {
            format!("{alias}.{column}")
        }
    }

    fn collated(&self, key: KeyType) -> bool {
        key == KeyType::Text && self.dialect == Some(Dialect::Postgres)
    }
}
