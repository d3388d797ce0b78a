mod rewrite;

use crate::Dialect;
use portcullis_ledger::{StoreError, StoreErrorKind};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What the tables are called when nobody chose: `portcullis_item`, in the schema where the
/// connection finds them.
static PORTCULLIS: Names = Names(None);

/// With a longer prefix PostgreSQL, which keeps 63 bytes of a name, would cut off the names of
/// indexes.
const LONGEST_PREFIX: usize = 40;

/// What PostgreSQL keeps of a name.
const LONGEST_NAME: usize = 63;

/// What our tables are called: a prefix, and on PostgreSQL the schema they lie in.
///
/// Statements are written for `portcullis_item` and the like. With other names their text is
/// rewritten in one place on its way to the driver; with the default it is passed on as it is.
/// `search_path` is never touched, so a connection shared with the host's queries stays as it was.
/// Names without a schema leave it to that path, once, when a store is opened: the names of an open
/// store on PostgreSQL have the schema that was found.
///
/// ```
/// use portcullis_sql::Names;
///
/// let names = Names::prefixed("acme_")?.in_schema("portal")?;
/// assert_eq!(
///     names.statement("SELECT i.id FROM portcullis_item AS i"),
///     "SELECT i.id FROM \"portal\".acme_item AS i",
/// );
/// assert_eq!(Names::default().prefix(), "portcullis_");
/// # Ok::<(), portcullis_ledger::StoreError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Names(Option<Arc<Chosen>>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Chosen {
    schema: Option<String>,
    prefix: String,
}

impl Names {
    /// Tables that begin with `prefix`: `acme_` gives `acme_item`.
    ///
    /// Of two portals in one schema, neither prefix may begin with the other: `acme_` makes the table
    /// `acme_user_role`, and so does `acme_user_`; the second `migrate` would stop at it.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for anything but 1 to 40 of a-z, 0-9 and `_`, not
    /// beginning with a digit, and for the beginnings that a database keeps to itself.
    pub fn prefixed(prefix: &str) -> Result<Self, StoreError> {
        plain("prefix", prefix, LONGEST_PREFIX)?;
        // SQLite refuses `sqlite_item` and `sqlite_x_item`, and `current_role` is a word of SQL.
        if prefix.starts_with("sqlite_") || ["pg_", "current_", "session_"].contains(&prefix) {
            return Err(misuse(&format!(
                "the prefix `{prefix}` makes names that databases keep to themselves; choose another"
            )));
        }
        Ok(Self::default().with(|chosen| prefix.clone_into(&mut chosen.prefix)))
    }

    /// The same in a schema of PostgreSQL's. The host creates it, and says who may use it.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for anything but 1 to 63 of a-z, 0-9 and `_`, not
    /// beginning with a digit or `pg_`.
    pub fn in_schema(self, schema: &str) -> Result<Self, StoreError> {
        plain("schema", schema, LONGEST_NAME)?;
        if schema.starts_with("pg_") {
            return Err(misuse(&format!(
                "the schema `{schema}` is one of the database's own; choose another"
            )));
        }
        Ok(self.with(|chosen| chosen.schema = Some(schema.to_owned())))
    }

    /// The same in the schema in which a connection found them, unless one is named already.
    pub(crate) fn found_in(self, schema: Option<String>) -> Self {
        if schema.is_none() || self.schema().is_some() {
            return self;
        }
        self.with(|chosen| chosen.schema = schema)
    }

    /// What every table's name begins with.
    pub fn prefix(&self) -> &str {
        self.0
            .as_ref()
            .map_or(rewrite::OURS, |chosen| &chosen.prefix)
    }

    /// The schema, if one was named, or found when the store was opened.
    pub fn schema(&self) -> Option<&str> {
        self.0.as_ref().and_then(|chosen| chosen.schema.as_deref())
    }

    /// Whether a database can have tables of these names; an adapter asks before it opens one.
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for a schema on SQLite, which has none.
    pub fn check(&self, dialect: Dialect) -> Result<(), StoreError> {
        match (dialect, self.schema()) {
            (Dialect::Sqlite, Some(schema)) => Err(misuse(&format!(
                "SQLite has no schema `{schema}`; name the tables by a prefix alone"
            ))),
            _ => Ok(()),
        }
    }

    /// `sql`, written for `portcullis_item` and the like, with these names.
    ///
    /// Quoted text, comments, columns and aliases stay; with the default names all of it does, and
    /// is not looked at.
    pub fn statement<'s>(&self, sql: &'s str) -> Cow<'s, str> {
        match &self.0 {
            None => Cow::Borrowed(sql),
            Some(chosen) => Cow::Owned(rewrite::statement(sql, chosen)),
        }
    }

    /// The same for the text of a migration, in which names of indexes stand too.
    pub(crate) fn migration<'s>(&self, sql: &'s str) -> Cow<'s, str> {
        match &self.0 {
            None => Cow::Borrowed(sql),
            Some(chosen) => Cow::Owned(rewrite::migration(sql, chosen)),
        }
    }

    pub(crate) const fn portcullis() -> &'static Self {
        &PORTCULLIS
    }

    fn with(self, change: impl FnOnce(&mut Chosen)) -> Self {
        let mut chosen = self.0.map_or_else(
            || Chosen {
                schema: None,
                prefix: rewrite::OURS.to_owned(),
            },
            Arc::unwrap_or_clone,
        );
        change(&mut chosen);
        // One value for one set of names, so that equality holds and the default costs nothing.
        let default = chosen.schema.is_none() && chosen.prefix == rewrite::OURS;
        Self((!default).then(|| Arc::new(chosen)))
    }
}

/// A store whose tables lie in a SQL database, where a host may have tables of its own: it was told
/// the names once, when it was opened.
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps nothing in a SQL database",
    label = "lists over a host's tables and joined transactions need one",
    note = "give the portal a store of portcullis-rusqlite or portcullis-diesel"
)]
pub trait SqlStore {
    /// What its tables are called.
    fn names(&self) -> &Names;

    /// Which database it is in.
    fn dialect(&self) -> Dialect;
}

/// The beginning of every table's name, as `portal.acme_`.
impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.schema() {
            write!(f, "{schema}.")?;
        }
        f.write_str(self.prefix())
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Names({self})")
    }
}

fn plain(what: &str, name: &str, longest: usize) -> Result<(), StoreError> {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=longest).contains(&name.len())
        && name.bytes().all(letters)
        && !name.starts_with(|first: char| first.is_ascii_digit())
    {
        return Ok(());
    }
    Err(misuse(&format!(
        "`{name}` is no {what}; use 1 to {longest} of a-z, 0-9 and `_`, and no digit at the beginning"
    )))
}

fn misuse(what: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Misuse, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_database_would_take_for_something_else_is_refused() {
        let long = "a".repeat(LONGEST_PREFIX + 1);
        for prefix in [
            "",
            "1a_",
            "a-b",
            "a b",
            "A_",
            "ä_",
            "a.b",
            "a\"",
            &long,
            "pg_",
            "sqlite_",
            "sqlite_x_",
        ] {
            assert!(Names::prefixed(prefix).is_err(), "{prefix}");
        }
        for schema in ["", "1", "a.b", "Portal", "pg_catalog", "a;b"] {
            assert!(Names::default().in_schema(schema).is_err(), "{schema}");
        }
        let refused = Names::prefixed("Acme").unwrap_err();
        assert_eq!(refused.kind(), StoreErrorKind::Misuse);
        assert!(refused.to_string().contains("a-z, 0-9"), "{refused}");
    }

    #[test]
    fn the_default_chosen_in_words_is_the_default() {
        let said = Names::prefixed("portcullis_").unwrap();
        assert_eq!(said, Names::default());
        assert!(matches!(said.statement("SELECT 1"), Cow::Borrowed(_)));
        let schema = Names::default().in_schema("portal").unwrap();
        assert_eq!(schema.to_string(), "portal.portcullis_");
        assert_ne!(schema, said);
    }

    #[test]
    fn sqlite_has_no_schema() {
        let names = Names::prefixed("acme_").unwrap();
        assert!(names.check(Dialect::Sqlite).is_ok());
        let names = names.in_schema("portal").unwrap();
        assert!(names.check(Dialect::Postgres).is_ok());
        let refused = names.check(Dialect::Sqlite).unwrap_err();
        assert!(refused.to_string().contains("a prefix alone"), "{refused}");
    }
}
