use crate::{Cells, Dialect, Row, Val};
use portcullis_ledger::StoreError;

/// What a driver must do for Portcullis, on one connection.
///
/// It runs inside a transaction that the adapter, or the host, opened, and never begins or ends
/// one. Placeholders are `?`, in order. Statements are a bounded number of constant texts, so
/// preparing each once pays.
pub trait Exec {
    /// Which database answers.
    fn dialect(&self) -> Dialect;

    /// Runs one statement and tells how many rows it changed.
    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError>;

    /// Runs one statement and hands each of its rows to `each`, stopping at its first error.
    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Runs several statements without parameters: a migration.
    fn script(&mut self, sql: &str) -> Result<(), StoreError>;
}

impl<E: Exec + ?Sized> Exec for &mut E {
    fn dialect(&self) -> Dialect {
        (**self).dialect()
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        (**self).run(sql, params)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        (**self).rows(sql, params, each)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        (**self).script(sql)
    }
}

/// Rows decoded from left to right, for every [`Exec`].
pub trait ExecExt: Exec {
    /// All rows, decoded.
    fn list<T>(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        mut decode: impl FnMut(&mut Cells<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.rows(sql, params, &mut |row| {
            found.push(decode(&mut Cells::new(row))?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The row, if there is one. Two are [`Corrupt`](portcullis_ledger::StoreErrorKind::Corrupt):
    /// a key the statement relies on is not unique.
    fn optional<T>(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        mut decode: impl FnMut(&mut Cells<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.rows(sql, params, &mut |row| {
            if found.is_some() {
                return Err(StoreError::corrupt(format!(
                    "a statement that finds one row found two, restore the store from a backup: {sql}"
                )));
            }
            found = Some(decode(&mut Cells::new(row))?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The one row there always is: a count, the store's own row, what RETURNING gives back.
    fn one<T>(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        decode: impl FnMut(&mut Cells<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.optional(sql, params, decode)?.ok_or_else(|| {
            StoreError::corrupt(format!(
                "a row that must exist is gone, restore the store from a backup: {sql}"
            ))
        })
    }
}

impl<E: Exec + ?Sized> ExecExt for E {}
