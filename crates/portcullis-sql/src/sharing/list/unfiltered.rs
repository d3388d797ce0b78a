//! Keeps SQLite from reading a table whole before the first row of a page.
//!
//! Where ANALYZE has told it that a join looks up more rows than the table has, SQLite reads the table
//! once into a Bloom filter, if a condition on that table alone leaves rows out: right for a report, and
//! a thousand times the page for a page of fifty. A condition that names a column of another table too
//! is none of that table alone. `typeof` does, which is never folded as `IS NOT NULL` is of a column
//! that cannot be NULL.

use super::sql::Sql;

/// Writes `condition` so that it hangs on `column`, of the table that is read before; false where that
/// is NULL.
pub(super) fn tied(sql: &mut Sql, column: &str, condition: impl FnOnce(&mut Sql)) {
    sql.with("CASE WHEN typeof(@) <> 'null' THEN ", column);
    condition(sql);
    sql.push(" ELSE 0 END");
}

/// The joins of `text` with their values tied in the same way.
pub(super) fn tied_values(text: &str, column: &str) -> String {
    let value = format!("= CASE WHEN typeof({column}) <> 'null' THEN ? ELSE NULL END");
    text.replace("= ?", &value)
}
