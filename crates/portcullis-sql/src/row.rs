use crate::Id;
use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;
use uuid::Uuid;

/// One row of a result, read by the number of the column, from 0.
///
/// A value of another type than the one asked for, and a NULL where none may be, are
/// [`Corrupt`](portcullis_ledger::StoreErrorKind::Corrupt): nothing is decided on them. Texts and
/// bytes are lent, so that a driver that can lend its buffer copies nothing.
pub trait Row {
    /// The integer in `column`, if it is not NULL.
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError>;

    /// The id in `column`, if it is not NULL.
    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError>;

    /// The text in `column`, if it is not NULL.
    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError>;

    /// The bytes in `column`, if they are not NULL.
    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError>;

    /// The integer in `column`.
    fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| null(column))
    }

    /// The id in `column`.
    fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        self.opt_id(column)?.ok_or_else(|| null(column))
    }

    /// The text in `column`.
    fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.opt_text(column)?.ok_or_else(|| null(column))
    }

    /// The bytes in `column`.
    fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        self.opt_bytes(column)?.ok_or_else(|| null(column))
    }
}

/// A row read from left to right, so that decoding names no column numbers.
pub struct Cells<'r> {
    row: &'r dyn Row,
    next: usize,
}

impl<'r> Cells<'r> {
    /// Starts at the first column of `row`.
    pub fn new(row: &'r dyn Row) -> Self {
        Self { row, next: 0 }
    }

    /// The next integer.
    pub fn int(&mut self) -> Result<i64, StoreError> {
        let column = self.step();
        self.row.int(column)
    }

    /// The next integer, if it is not NULL.
    pub fn opt_int(&mut self) -> Result<Option<i64>, StoreError> {
        let column = self.step();
        self.row.opt_int(column)
    }

    /// The next id, as the type the caller asks for.
    pub fn id<T: Id>(&mut self) -> Result<T, StoreError> {
        let column = self.step();
        self.row.id(column).map(T::from_uuid)
    }

    /// The next id, if it is not NULL.
    pub fn opt_id<T: Id>(&mut self) -> Result<Option<T>, StoreError> {
        let column = self.step();
        Ok(self.row.opt_id(column)?.map(T::from_uuid))
    }

    /// The next text.
    pub fn text(&mut self) -> Result<&'r str, StoreError> {
        let column = self.step();
        self.row.text(column)
    }

    /// The next text, if it is not NULL.
    pub fn opt_text(&mut self) -> Result<Option<&'r str>, StoreError> {
        let column = self.step();
        self.row.opt_text(column)
    }

    /// The next bytes.
    pub fn bytes(&mut self) -> Result<&'r [u8], StoreError> {
        let column = self.step();
        self.row.bytes(column)
    }

    /// The next bytes, if they are not NULL.
    pub fn opt_bytes(&mut self) -> Result<Option<&'r [u8]>, StoreError> {
        let column = self.step();
        self.row.opt_bytes(column)
    }

    /// The next moment, kept as milliseconds.
    pub fn timestamp(&mut self) -> Result<Timestamp, StoreError> {
        self.int().map(Timestamp::from_millis)
    }

    /// The next moment, if it is not NULL.
    pub fn opt_timestamp(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int()?.map(Timestamp::from_millis))
    }

    /// The next flag. Anything but 0 and 1 is corrupt, never "true enough".
    pub fn flag(&mut self) -> Result<bool, StoreError> {
        let column = self.step();
        match self.row.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(StoreError::corrupt(format!(
                "column {column} holds {other} where a flag is 0 or 1; restore the row from a backup"
            ))),
        }
    }

    fn step(&mut self) -> usize {
        let column = self.next;
        self.next += 1;
        column
    }
}

impl std::fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cells")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

fn null(column: usize) -> StoreError {
    StoreError::corrupt(format!(
        "column {column} is NULL where a value must be; restore the row from a backup"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_id::ClientId;
    use portcullis_ledger::StoreErrorKind;

    /// Column 0 and 1 hold the integers, every later one is NULL.
    struct Ints([i64; 2]);

    impl Row for Ints {
        fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
            Ok(self.0.get(column).copied())
        }
        fn opt_id(&self, _: usize) -> Result<Option<Uuid>, StoreError> {
            Ok(None)
        }
        fn opt_text(&self, _: usize) -> Result<Option<&str>, StoreError> {
            Ok(None)
        }
        fn opt_bytes(&self, _: usize) -> Result<Option<&[u8]>, StoreError> {
            Ok(None)
        }
    }

    #[test]
    fn cells_are_read_from_left_to_right() {
        let row = Ints([1, 25]);
        let mut cells = Cells::new(&row);
        assert!(cells.flag().unwrap());
        assert_eq!(cells.timestamp().unwrap(), Timestamp::from_millis(25));
        assert_eq!(cells.opt_timestamp().unwrap(), None);
        assert_eq!(cells.opt_id::<ClientId>().unwrap(), None);
        assert_eq!(cells.opt_text().unwrap(), None);
        assert_eq!(cells.opt_bytes().unwrap(), None);
    }

    #[test]
    fn a_value_that_makes_no_sense_is_corrupt() {
        let row = Ints([2, 0]);
        let kinds = [
            Cells::new(&row).flag().unwrap_err().kind(),
            Cells::new(&row).id::<ClientId>().unwrap_err().kind(),
            Cells::new(&row).text().unwrap_err().kind(),
            Cells::new(&row).bytes().unwrap_err().kind(),
        ];
        assert_eq!(kinds, [StoreErrorKind::Corrupt; 4]);
    }
}
