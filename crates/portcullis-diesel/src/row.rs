use crate::sql_types::Id;
use diesel::backend::Backend;
use diesel::deserialize::FromSql;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use portcullis_ledger::StoreError;
use std::cell::OnceCell;
use std::marker::PhantomData;
use uuid::Uuid;

/// A row of Diesel's, read as one of ours.
///
/// Diesel hands texts out, where our rows lend them: each that is asked for is kept here.
pub(crate) struct Lent<'r, R, DB> {
    row: &'r R,
    texts: Kept<String>,
    bytes: Kept<Vec<u8>>,
    database: PhantomData<fn() -> DB>,
}

impl<'r, R, DB> Lent<'r, R, DB> {
    pub(crate) const fn new(row: &'r R) -> Self {
        Self {
            row,
            texts: Kept::new(),
            bytes: Kept::new(),
            database: PhantomData,
        }
    }
}

impl<'a, R, DB> Lent<'_, R, DB>
where
    DB: Backend,
    R: diesel::row::Row<'a, DB>,
{
    fn cell<ST, T>(&self, column: usize) -> Result<Option<T>, StoreError>
    where
        Option<T>: FromSql<Nullable<ST>, DB>,
        ST: diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>,
    {
        let value = self.row.get_value::<Nullable<ST>, Option<T>, usize>(column);
        value.map_err(|error| {
            let what = format!(
                "column {column} holds another type than must be there; restore the row from a backup: {error}"
            );
            StoreError::corrupt(what)
        })
    }
}

impl<'a, R, DB> portcullis_sql::Row for Lent<'_, R, DB>
where
    DB: Backend,
    R: diesel::row::Row<'a, DB>,
    i64: FromSql<BigInt, DB>,
    String: FromSql<Text, DB>,
    Vec<u8>: FromSql<Binary, DB>,
    Uuid: FromSql<Id, DB>,
{
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.cell::<BigInt, i64>(column)
    }

    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        self.cell::<Id, Uuid>(column)
    }

    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        let width = self.row.field_count();
        let text = self
            .texts
            .of(column, width, || self.cell::<Text, String>(column))?;
        Ok(text.map(String::as_str))
    }

    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        let width = self.row.field_count();
        let bytes = self
            .bytes
            .of(column, width, || self.cell::<Binary, Vec<u8>>(column))?;
        Ok(bytes.map(Vec::as_slice))
    }
}

/// The values of one type that were asked for, by column; nothing until the first.
struct Kept<T>(OnceCell<Vec<OnceCell<Option<T>>>>);

impl<T> Kept<T> {
    const fn new() -> Self {
        Self(OnceCell::new())
    }

    fn of(
        &self,
        column: usize,
        width: usize,
        read: impl FnOnce() -> Result<Option<T>, StoreError>,
    ) -> Result<Option<&T>, StoreError> {
        let cells = self
            .0
            .get_or_init(|| (0..width).map(|_| OnceCell::new()).collect());
        let cell = cells.get(column).ok_or_else(|| {
            StoreError::corrupt(format!("a row has {width} columns and no column {column}"))
        })?;
        if cell.get().is_none() {
            let _ = cell.set(read()?);
        }
        Ok(cell.get().and_then(Option::as_ref))
    }
}
