use portcullis_conformance::postgres::Database;
use portcullis_ledger::{StoreError, StoreErrorKind};
use portcullis_sql::statement::numbered;
use portcullis_sql::{Dialect, Exec, Row, Val};
use uuid::Uuid;

const CELL: &str = "\u{1f}";
const NULL: &str = "\u{1e}";

/// An executor through psql: each statement is prepared, executed with literals for its
/// parameters, and committed, in a session of its own.
pub(crate) struct Psql<'d>(pub(crate) &'d Database);

impl Psql<'_> {
    fn execute(&self, flags: &[&str], sql: &str, params: &[Val<'_>]) -> Result<String, StoreError> {
        let literals: Vec<String> = params.iter().map(literal).collect();
        let arguments = if literals.is_empty() {
            String::new()
        } else {
            format!("({})", literals.join(", "))
        };
        let mut psql = self.0.psql();
        psql.args(["-A", "-t", "-F", CELL, "-P"])
            .arg(format!("null={NULL}"))
            .args(["-v", "ON_ERROR_STOP=1"])
            .args(flags)
            .arg("-c")
            .arg(format!("PREPARE it AS {}", numbered(sql, 1)))
            .arg("-c")
            .arg(format!("EXECUTE it{arguments}"));
        let output = psql.output().expect("psql");
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout).expect("text"));
        }
        let what = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(StoreError::new(StoreErrorKind::Driver, what))
    }
}

impl Exec for Psql<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        // The last line is the command's tag: `INSERT 0 1`.
        let told = self.execute(&[], sql, params)?;
        let count = told.split_whitespace().next_back();
        Ok(count.and_then(|count| count.parse().ok()).expect("a count"))
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for line in self.execute(&["-q"], sql, params)?.lines() {
            each(&Line::read(line))?;
        }
        Ok(())
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        assert_eq!(self.0.complaints(sql), "");
        Ok(())
    }
}

struct Line<'l> {
    cells: Vec<&'l str>,
    /// Of cells that are bytes, which are lent from here.
    bytes: Vec<Option<Vec<u8>>>,
}

impl<'l> Line<'l> {
    fn read(line: &'l str) -> Self {
        let cells: Vec<_> = line.split(CELL).collect();
        let bytes = cells.iter().map(|cell| {
            let hex = cell.strip_prefix("\\x")?.as_bytes();
            data_encoding::HEXLOWER.decode(hex).ok()
        });
        Self {
            bytes: bytes.collect(),
            cells,
        }
    }

    fn cell(&self, column: usize) -> Option<&str> {
        let cell = *self.cells.get(column).expect("a column");
        (cell != NULL).then_some(cell)
    }
}

impl Row for Line<'_> {
    fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Ok(self
            .cell(column)
            .map(|cell| cell.parse().expect("a number")))
    }
    fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        Ok(self.cell(column).map(|cell| cell.parse().expect("an id")))
    }
    fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        Ok(self.cell(column))
    }
    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        let bytes = self.bytes.get(column).expect("a column").as_deref();
        match (bytes, self.cell(column)) {
            (None, Some(other)) => panic!("{other} is no bytes"),
            _ => Ok(bytes),
        }
    }
}

pub(crate) fn literal(value: &Val<'_>) -> String {
    match value {
        Val::Int(Some(number)) => number.to_string(),
        Val::Id(Some(id)) => format!("'{id}'"),
        Val::Text(Some(text)) => format!("'{}'", text.replace('\'', "''")),
        Val::Bytes(Some(bytes)) => format!("'\\x{}'", data_encoding::HEXLOWER.encode(bytes)),
        Val::Int(None) | Val::Id(None) | Val::Text(None) | Val::Bytes(None) => "NULL".to_owned(),
    }
}
