use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryBuilder, QueryFragment};
use diesel::result::{Error, QueryResult};
use portcullis_sql::{Dialect, Piece};

/// A database that lists can be asked of.
///
/// SQLite's, PostgreSQL's and `MySQL`'s are, and with [`multi_connection!`](crate::multi_connection)
/// the one of a host's `MultiConnection`.
#[diagnostic::on_unimplemented(
    message = "lists are not written for `{Self}`",
    label = "neither SQLite, PostgreSQL nor MySQL",
    note = "switch on the feature of portcullis-diesel for your database, or write `portcullis_diesel::multi_connection!` for your enum of connections"
)]
pub trait Lists: Backend {
    /// Writes what is looked at before anything is sent.
    fn builder(&self) -> Self::QueryBuilder;

    /// Counts a parameter that stands in a text which is still to be put into `builder`.
    fn skip_bind(builder: &mut Self::QueryBuilder) {
        builder.push_bind_param_value_only();
    }

    /// Which of the databases it is for which lists are written apart, if so.
    fn dialect(&self) -> Option<Dialect> {
        None
    }

    /// Why it would not understand a part of a condition as it is meant, if so.
    fn refuses(&self, _piece: &Piece) -> Option<&'static str> {
        None
    }
}

#[cfg(feature = "sqlite")]
impl Lists for diesel::sqlite::Sqlite {
    fn builder(&self) -> Self::QueryBuilder {
        Self::QueryBuilder::default()
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(Dialect::Sqlite)
    }
}

#[cfg(feature = "postgres")]
impl Lists for diesel::pg::Pg {
    fn builder(&self) -> Self::QueryBuilder {
        Self::QueryBuilder::default()
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(Dialect::Postgres)
    }
}

/// Renders, untested on a server.
#[cfg(feature = "mysql")]
impl Lists for diesel::mysql::Mysql {
    fn builder(&self) -> Self::QueryBuilder {
        Self::QueryBuilder::default()
    }

    fn refuses(&self, piece: &Piece) -> Option<&'static str> {
        let texts = match piece {
            Piece::Column(_, key) => *key == portcullis_id::KeyType::Text,
            Piece::Text(text) => text.contains("||"),
            Piece::Value(_) | Piece::Part(_) => false,
        };
        texts.then_some(TEXTS_ON_MYSQL)
    }
}

#[cfg(feature = "mysql")]
const TEXTS_ON_MYSQL: &str = "a list over keys of the type Text cannot be asked of MySQL, where `||` means OR and texts are compared without case; use keys of the type Int or Uuid";

/// The same for the backend of a host's `MultiConnection`.
#[doc(hidden)]
#[macro_export]
macro_rules! multi_connection_lists {
    ($backend:ident: $($variant:ident),+) => {
        type MultiBuilder = <$backend as diesel::backend::Backend>::QueryBuilder;

        impl $crate::list::Lists for $backend {
            fn builder(&self) -> MultiBuilder {
                match self {
                    $(Self::$variant(_) => MultiBuilder::$variant(Default::default()),)+
                }
            }

            fn skip_bind(builder: &mut MultiBuilder) {
                match builder {
                    $(MultiBuilder::$variant(builder) => {
                        diesel::query_builder::QueryBuilder::push_bind_param_value_only(builder)
                    })+
                }
            }

            fn dialect(&self) -> Option<$crate::reexported::Dialect> {
                match self {
                    $(Self::$variant(backend) => $crate::list::Lists::dialect(backend),)+
                }
            }
        }
    };
}

/// Refuses a column of a table or alias that has a name of the condition's own, because a subquery
/// of it would take the column for one of its own (pitfall 5).
pub(super) fn foreign<DB, C>(column: &C, out: &AstPass<'_, '_, DB>) -> QueryResult<()>
where
    DB: Lists,
    C: QueryFragment<DB>,
{
    let mut builder = out.backend().builder();
    column.to_sql(&mut builder, out.backend())?;
    let text = builder.finish();
    if !qualified_as_ours(&text) {
        return Ok(());
    }
    let what = format!(
        "the table or alias of `{text}` has a name that begins with `portcullis`, as those of a list's condition do; give your table another alias"
    );
    Err(Error::QueryBuilderError(what.into()))
}

/// Whether a name that begins like ours stands before a point, in whatever case and quotes.
fn qualified_as_ours(sql: &str) -> bool {
    let sql = sql.to_ascii_lowercase();
    let mut parts = sql.split('.').peekable();
    while let Some(before) = parts.next() {
        if parts.peek().is_some() && last_name(before).starts_with("portcullis") {
            return true;
        }
    }
    false
}

/// The name at the end of a text, without its quotes.
fn last_name(text: &str) -> &str {
    let text = text.trim_end();
    let unquoted = ['"', '`', ']'].into_iter().find_map(|close| {
        let open = if close == ']' { '[' } else { close };
        let inside = text.strip_suffix(close)?;
        Some(inside.rsplit(open).next().unwrap_or(inside))
    });
    unquoted.unwrap_or_else(|| {
        let of_a_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        text.rsplit(|c| !of_a_name(c)).next().unwrap_or(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall05_a_name_like_ours_before_a_point_is_found_in_any_quotes() {
        for sql in [
            "portcullis_i.id",
            "PORTCULLIS_I.id",
            "\"portcullis_i\".\"id\"",
            "`Portcullis_i`.`id`",
            "[portcullis_i].[id]",
            "\"host\".\"portcullis_item\".\"id\"",
            "\"portcullis of mine\".\"id\"",
            "lower(\"portcullis_i\" . \"id\")",
            "coalesce(`d`.`id`, `portcullis_c`.`id`)",
        ] {
            assert!(qualified_as_ours(sql), "{sql}");
        }
    }

    #[test]
    fn a_column_like_ours_of_a_table_that_is_not_is_the_hosts() {
        for sql in [
            "`documents`.`portcullis_id`",
            "d.portcullis_id",
            "\"my_portcullis\".\"id\"",
            "`not portcullis`.`id`",
            "portcullis_id",
            "",
        ] {
            assert!(!qualified_as_ours(sql), "{sql}");
        }
    }
}
