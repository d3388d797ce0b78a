use portcullis_id::Timestamp;
use portcullis_ledger::StoreError;
use portcullis_sql::migrate::{Migrator, Tenancy, sets};
use portcullis_sql::{Dialect, Exec, Row, Val};

/// What a migration of an empty database sends, as one script.
pub(crate) fn migrations() -> String {
    let mut psql = Script(String::new());
    Migrator::new(sets(), Tenancy::Alone)
        .migrate(&mut psql, Timestamp::from_millis(1_700_000_000_000))
        .expect("migrations");
    format!("BEGIN;\n{}COMMIT;\n", psql.0)
}

/// An executor that writes down what it is told, and finds no table anywhere.
struct Script(String);

struct Zero;

impl Exec for Script {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        let mut params = params.iter();
        for part in sql.split_inclusive('?') {
            self.0.push_str(part.trim_end_matches('?'));
            match params.next() {
                Some(Val::Int(Some(number))) => self.0.push_str(&number.to_string()),
                Some(Val::Text(Some(text))) => self.0.extend(["'", text, "'"]),
                Some(other) => panic!("{other:?} in a migration"),
                None => {}
            }
        }
        self.0.push_str(";\n");
        Ok(1)
    }

    fn rows(
        &mut self,
        sql: &str,
        _: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.push_str(sql);
        self.0.push_str(";\n");
        each(&Zero)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.0.push_str(sql);
        self.0.push_str(";\n");
        Ok(())
    }
}

impl Row for Zero {
    fn opt_int(&self, _: usize) -> Result<Option<i64>, StoreError> {
        Ok(Some(0))
    }
    fn opt_id(&self, _: usize) -> Result<Option<uuid::Uuid>, StoreError> {
        Ok(None)
    }
    fn opt_text(&self, _: usize) -> Result<Option<&str>, StoreError> {
        Ok(None)
    }
    fn opt_bytes(&self, _: usize) -> Result<Option<&[u8]>, StoreError> {
        Ok(None)
    }
}
