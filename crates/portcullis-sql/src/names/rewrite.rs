//! The one place where a statement gets other names than it was written for.

use super::Chosen;
use crate::pieces::pieces;

/// What every name of ours begins with where it is written.
pub(super) const OURS: &str = "portcullis_";

/// Our tables without their prefix; a test holds them against the migrations.
const TABLES: [&str; 27] = [
    "account",
    "affiliation",
    "affiliation_role",
    "audit",
    "client",
    "contact",
    "container",
    "default",
    "distribution",
    "factor",
    "factor_tries",
    "former_password",
    "item",
    "kind",
    "membership",
    "meta",
    "migration",
    "outbox",
    "portal",
    "rate",
    "recovery_code",
    "role",
    "scope_revision",
    "session",
    "token",
    "user",
    "user_role",
];

/// Tables get schema and prefix, and so does an index that SQLite is told to take, but for the
/// schema; what is no table is an alias, and stays.
pub(super) fn statement(sql: &str, chosen: &Chosen) -> String {
    each_name(sql, |text, name| {
        if TABLES.contains(&name.rest) {
            table(text, name, chosen);
        } else if name.before.trim_end().ends_with("INDEXED BY") {
            text.extend([&chosen.prefix, name.rest]);
        } else {
            text.extend([OURS, name.rest]);
        }
    })
}

/// What is no table is an index. It lies in the schema of its table, so CREATE INDEX takes none,
/// and DROP INDEX needs it.
pub(super) fn migration(sql: &str, chosen: &Chosen) -> String {
    each_name(sql, |text, name| {
        if TABLES.contains(&name.rest) || name.before.trim_end().ends_with("DROP INDEX") {
            table(text, name, chosen);
        } else {
            text.extend([&chosen.prefix, name.rest]);
        }
    })
}

/// A name of ours where it stands in a piece of code.
struct Name<'s> {
    before: &'s str,
    /// Without `portcullis_`.
    rest: &'s str,
    after: &'s str,
}

/// `table.column` names the row of a table in the statement, which knows it without the schema.
fn table(text: &mut String, name: &Name<'_>, chosen: &Chosen) {
    if let Some(schema) = &chosen.schema
        && !name.after.starts_with('.')
    {
        // In quotes, because a schema may be called what is a word of SQL.
        text.extend(["\"", &schema.replace('"', "\"\""), "\"."]);
    }
    text.extend([&chosen.prefix, name.rest]);
}

/// `sql` with every name of ours written by `write`. Columns are no names of ours: `d.portcullis_item`.
fn each_name(sql: &str, write: impl Fn(&mut String, &Name<'_>)) -> String {
    let mut text = String::with_capacity(sql.len() + sql.len() / 4);
    for (code, piece) in pieces(sql) {
        let mut copied = 0;
        if code {
            for (at, ours) in piece.match_indices(OURS) {
                let (before, from) = piece.split_at(at);
                let word = from.find(|c| !in_word(c)).unwrap_or(from.len());
                let (word, after) = from.split_at(word);
                let rest = word.strip_prefix(ours).unwrap_or_default();
                if !before.ends_with(|c| in_word(c) || c == '.') {
                    text.push_str(piece.get(copied..at).unwrap_or_default());
                    write(
                        &mut text,
                        &Name {
                            before,
                            rest,
                            after,
                        },
                    );
                    copied = at + word.len();
                }
            }
        }
        text.push_str(piece.get(copied..).unwrap_or_default());
    }
    text
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::sets;
    use std::collections::BTreeSet;

    fn chosen(schema: Option<&str>) -> Chosen {
        Chosen {
            schema: schema.map(str::to_owned),
            prefix: "acme_".to_owned(),
        }
    }

    #[test]
    fn a_table_is_named_anew_and_nothing_else_is() {
        for (written, expected) in [
            (
                "SELECT portcullis_role.id FROM portcullis_role",
                "SELECT acme_role.id FROM \"portal\".acme_role",
            ),
            (
                "FROM portcullis_item AS portcullis_i, portcullis_items",
                "FROM \"portal\".acme_item AS portcullis_i, portcullis_items",
            ),
            (
                "FROM portcullis_item AS i INDEXED BY portcullis_item_a",
                "FROM \"portal\".acme_item AS i INDEXED BY acme_item_a",
            ),
            (
                "d.portcullis_item = xportcullis_item",
                "d.portcullis_item = xportcullis_item",
            ),
            (
                "'portcullis_item' -- portcullis_item\n, portcullis_item",
                "'portcullis_item' -- portcullis_item\n, \"portal\".acme_item",
            ),
        ] {
            assert_eq!(statement(written, &chosen(Some("portal"))), expected);
        }
        let two = statement("portcullis_user_role,portcullis_user", &chosen(None));
        assert_eq!(two, "acme_user_role,acme_user");
    }

    #[test]
    fn an_index_lies_where_its_table_does() {
        let written = "CREATE INDEX portcullis_item_a ON portcullis_item (a); \
            DROP INDEX portcullis_item_a;";
        assert_eq!(
            migration(written, &chosen(Some("portal"))),
            "CREATE INDEX acme_item_a ON \"portal\".acme_item (a); \
             DROP INDEX \"portal\".acme_item_a;"
        );
    }

    #[test]
    fn the_tables_are_those_of_the_migrations() {
        let made: BTreeSet<&str> = sets()
            .iter()
            .flat_map(|set| set.migrations)
            .flat_map(|migration| migration.sql.split("CREATE TABLE portcullis_").skip(1))
            .filter_map(|from| from.split(|c| !in_word(c)).next())
            .chain(["migration"])
            .collect();
        let known: BTreeSet<&str> = TABLES.into();
        #[cfg(all(feature = "sharing", feature = "credentials"))]
        assert_eq!(made, known);
        assert!(made.is_subset(&known));
    }

    #[test]
    fn the_longest_name_fits_whatever_the_prefix() {
        for migration in sets().iter().flat_map(|set| set.migrations) {
            for word in migration.sql.split(|c| !in_word(c)) {
                if let Some(rest) = word.strip_prefix(OURS) {
                    let longest = super::super::LONGEST_PREFIX + rest.len();
                    assert!(longest <= super::super::LONGEST_NAME, "{word}");
                }
            }
        }
    }
}
