use super::history::{self, History};
use super::{Migration, Migrator};
use crate::Dialect;
use portcullis_id::Timestamp;
use portcullis_ledger::{StoreError, StoreErrorKind};

impl Migrator<'_> {
    /// The same as SQL text, for a host with a migrator of its own: what a store lacks that was
    /// brought up to the versions in `from`, all of it where that is empty.
    ///
    /// The text records what it does, so that after it nothing is [`pending`](Self::pending). It
    /// neither begins nor commits, and a schema must exist. `now` goes into the record.
    ///
    /// ```
    /// use portcullis_id::Timestamp;
    /// use portcullis_sql::migrate::{Migrator, Tenancy, sets};
    /// use portcullis_sql::{Dialect, Names};
    ///
    /// let names = Names::prefixed("acme_")?;
    /// let migrator = Migrator::new(sets(), Tenancy::Shared).named(&names);
    /// let now = Timestamp::from_millis(1_700_000_000_000);
    /// let first = migrator.script(Dialect::Postgres, &[], now)?;
    /// assert!(first.contains("CREATE TABLE acme_audit"));
    /// let later = migrator.script(Dialect::Postgres, &[("ledger", 1)], now)?;
    /// assert!(!later.contains("CREATE TABLE acme_audit"));
    /// # Ok::<(), portcullis_ledger::StoreError>(())
    /// ```
    ///
    /// # Errors
    /// [`Misuse`](StoreErrorKind::Misuse) for a set or a version that there is not, and for names
    /// that the database cannot have.
    pub fn script(
        &self,
        dialect: Dialect,
        from: &[(&str, u32)],
        now: Timestamp,
    ) -> Result<String, StoreError> {
        self.names.check(dialect)?;
        let history = self.up_to(from)?;
        let mut text = String::new();
        if !history.recorded {
            text.push_str(&dialect.render(history::TABLE, now));
            text.push('\n');
        }
        for (set, migration) in self.missing(&history) {
            let sql = dialect.render(migration.sql, now);
            text.extend([
                &format!("\n-- {set} {}: {}\n\n", migration.version, migration.name),
                sql.trim_end(),
                "\n\n",
                &applied(set, migration, now),
                ";\n",
            ]);
        }
        Ok(self.names.migration(&text).into_owned())
    }

    fn up_to(&self, from: &[(&str, u32)]) -> Result<History, StoreError> {
        for (name, version) in from {
            let known = self.sets.iter().find(|set| set.name == *name);
            if known.is_none_or(|set| *version > set.last()) {
                let what = format!("there is no migration {name} {version}; name one there is");
                return Err(StoreError::new(StoreErrorKind::Misuse, what));
            }
        }
        Ok(History::of(from))
    }
}

/// The line of the record, with its values written out.
fn applied(set: &str, migration: &Migration, now: Timestamp) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut values = [
        quoted(set),
        migration.version.to_string(),
        quoted(migration.name),
        quoted(&migration.checksum()),
        now.millis().to_string(),
    ]
    .into_iter();
    let parts = history::APPLY.split('?');
    parts
        .flat_map(|part| [part.to_owned(), values.next().unwrap_or_default()])
        .collect()
}
