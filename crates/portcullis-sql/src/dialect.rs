use portcullis_id::Timestamp;

/// Which database answers. The statements are the same; column types and the catalogue are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.37 or later (STRICT tables, RETURNING).
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

impl Dialect {
    /// The text of a migration in this dialect's types.
    ///
    /// `{id} {int} {text} {bytes}` are column types, `{serial}` is a primary key that counts by
    /// itself, `{strict}` ends a CREATE TABLE, `{now}` is the moment the migration runs, in
    /// milliseconds. STRICT, because otherwise SQLite stores `'7x'` in an integer column without a
    /// word (pitfall 17); `COLLATE "C"`, because access must not depend on a locale (pitfall 16).
    pub fn render(self, template: &str, now: Timestamp) -> String {
        let types = match self {
            Self::Sqlite => [
                ("{id}", "BLOB"),
                ("{int}", "INTEGER"),
                ("{text}", "TEXT"),
                ("{bytes}", "BLOB"),
                ("{serial}", "INTEGER PRIMARY KEY"),
                (" {strict}", " STRICT"),
            ],
            Self::Postgres => [
                ("{id}", "UUID"),
                ("{int}", "BIGINT"),
                ("{text}", "TEXT COLLATE \"C\""),
                ("{bytes}", "BYTEA"),
                (
                    "{serial}",
                    "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                ),
                (" {strict}", ""),
            ],
        };
        types
            .into_iter()
            .fold(template.to_owned(), |sql, (token, word)| {
                sql.replace(token, word)
            })
            .replace("{now}", &now.millis().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_the_types_of_its_dialect() {
        let template = "CREATE TABLE t (n {serial}, i {id}, t {text}, b {bytes}) {strict}; {now}";
        let now = Timestamp::from_millis(9);
        assert_eq!(
            Dialect::Sqlite.render(template, now),
            "CREATE TABLE t (n INTEGER PRIMARY KEY, i BLOB, t TEXT, b BLOB) STRICT; 9"
        );
        assert_eq!(
            Dialect::Postgres.render(template, now),
            "CREATE TABLE t (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, i UUID, \
             t TEXT COLLATE \"C\", b BYTEA); 9"
        );
    }
}
