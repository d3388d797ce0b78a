//! Every statement there is, by name, for the test that has PostgreSQL prepare each of them.

use crate::pieces::pieces;
use crate::{Dialect, Val};
use std::iter::once;

/// A statement and where it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its module and constant, as `portcullis_sql::ledger::BUMP_POLICY`.
    pub name: &'static str,
    /// Its text, with `?` for parameters.
    pub sql: &'static str,
}

/// All statements of all domains whose feature is on.
pub fn all() -> impl Iterator<Item = Statement> {
    let all = once(crate::ledger::ALL).chain(once(crate::migrate::ALL));
    #[cfg(feature = "access")]
    let all = all.chain(crate::access::ALL);
    #[cfg(feature = "credentials")]
    let all = all.chain(crate::credentials::ALL);
    #[cfg(feature = "sharing")]
    let all = all.chain(crate::sharing::ALL);
    all.flatten().copied()
}

/// A statement that is put together at run time, of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What it lists: `page one client every open`.
    pub name: String,
    /// Its text, with `?` for parameters.
    pub sql: String,
    /// The values of its `?`: those of a first page of 50.
    pub params: Vec<Val<'static>>,
}

/// The statements that are put together at run time: one of each shape that a list can take in
/// `dialect`, for the user and the clients 1 (and 2 and 3), documents, at the beginning of time.
pub fn shapes(dialect: Dialect) -> Vec<Shape> {
    #[cfg(feature = "sharing")]
    return crate::sharing::shapes(dialect);
    #[cfg(not(feature = "sharing"))]
    {
        let _ = dialect;
        Vec::new()
    }
}

/// `sql` with `$from`, `$from+1` .. in place of its `?`, as PostgreSQL's own protocol wants them.
///
/// A `?` inside quotes or a comment is text and stays.
///
/// ```
/// use portcullis_sql::statement::numbered;
/// assert_eq!(numbered("SELECT '?' WHERE a = ? AND b = ?", 3), "SELECT '?' WHERE a = $3 AND b = $4");
/// ```
pub fn numbered(sql: &str, from: usize) -> String {
    let mut text = String::with_capacity(sql.len() + 8);
    for (place, part) in between_parameters(sql).enumerate() {
        if place > 0 {
            text.push('$');
            text.push_str(&(from + place - 1).to_string());
        }
        text.push_str(part);
    }
    text
}

/// The texts before, between and behind the `?` of `sql`: one more than it has parameters.
///
/// ```
/// use portcullis_sql::statement::between_parameters;
/// let parts: Vec<_> = between_parameters("SELECT '?' WHERE a = ? LIMIT ?").collect();
/// assert_eq!(parts, ["SELECT '?' WHERE a = ", " LIMIT ", ""]);
/// ```
pub fn between_parameters(sql: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    parameters(sql).chain(once(sql.len())).map(move |end| {
        let part = sql.get(from..end).unwrap_or_default();
        from = end + 1;
        part
    })
}

/// Where the `?` stand that are code.
fn parameters(sql: &str) -> impl Iterator<Item = usize> {
    let mut end = 0;
    pieces(sql).flat_map(move |(code, piece)| {
        let begin = end;
        end += piece.len();
        let found = piece.match_indices('?').map(move |(at, _)| begin + at);
        found.filter(move |_| code)
    })
}

/// Declares a module's statements as constants, and all of them in its `ALL`.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $sql;)+

        /// All statements of this module.
        pub(crate) const ALL: &[$crate::statement::Statement] = &[$(
            $crate::statement::Statement {
                name: concat!(module_path!(), "::", stringify!($name)),
                sql: $name,
            }
        ),+];
    };
}
pub(crate) use statements;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_question_mark_in_quotes_or_comments_is_no_parameter() {
        let sql = "SELECT 'it''s ?', \"a?\" -- why?\n, ? - ?, '--', /* ? */ ?";
        let expected = "SELECT 'it''s ?', \"a?\" -- why?\n, $1 - $2, '--', /* ? */ $3";
        assert_eq!(numbered(sql, 1), expected);
    }

    #[test]
    fn every_statement_has_a_name_of_its_own() {
        let names: Vec<_> = all().map(|statement| statement.name).collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert!(
            names.contains(&"portcullis_sql::ledger::BUMP_POLICY"),
            "{names:?}"
        );
    }

    proptest! {
        #[test]
        fn text_in_quotes_is_never_touched(text in "[a-z?\" -]{0,20}") {
            let sql = format!("SELECT '{text}'");
            prop_assert_eq!(numbered(&sql, 1), sql);
        }
    }
}
