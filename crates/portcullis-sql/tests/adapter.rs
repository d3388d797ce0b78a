//! What is alike in every adapter, on a driver that runs nothing and tells what it was asked.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_id::Timestamp;
use portcullis_ledger::{Ledger, Mode, Scope, StoreError, StoreErrorKind};
use portcullis_sql::adapter::{Savepoints, Tables, Transaction, configure, joined, verify};
use portcullis_sql::migrate::Tenancy;
use portcullis_sql::{Dialect, Exec, Names, Row, SqlTx, Val};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use uuid::Uuid;

/// Answers every question with a row of `answer`, and fails what begins with `fails`: a lock is gone
/// after twenty questions.
#[derive(Clone)]
struct Driver {
    dialect: Dialect,
    in_transaction: bool,
    answer: i64,
    fails: (&'static str, StoreErrorKind),
    asked: Rc<RefCell<Vec<String>>>,
}

const NOTHING: (&str, StoreErrorKind) = ("nothing", StoreErrorKind::Driver);

fn driver(dialect: Dialect) -> Driver {
    Driver {
        dialect,
        in_transaction: true,
        answer: 1,
        fails: NOTHING,
        asked: Rc::default(),
    }
}

impl Driver {
    fn ask(&self, sql: &str) -> Result<(), StoreError> {
        self.asked.borrow_mut().push(sql.to_owned());
        let (fails, kind) = self.fails;
        let gone = kind == StoreErrorKind::Busy && self.asked.borrow().len() > 20;
        if sql.starts_with(fails) && !gone {
            return Err(StoreError::new(kind, "told to fail"));
        }
        Ok(())
    }

    fn asked(&self, sql: &str) -> usize {
        let asked = self.asked.borrow();
        asked.iter().filter(|one| one.starts_with(sql)).count()
    }
}

struct Answer(i64);

impl Row for Answer {
    fn opt_int(&self, _: usize) -> Result<Option<i64>, StoreError> {
        Ok(Some(self.0))
    }

    fn opt_id(&self, _: usize) -> Result<Option<Uuid>, StoreError> {
        Ok(None)
    }

    fn opt_text(&self, _: usize) -> Result<Option<&str>, StoreError> {
        Ok(Some("unheard of"))
    }

    fn opt_bytes(&self, _: usize) -> Result<Option<&[u8]>, StoreError> {
        Ok(None)
    }
}

impl Exec for Driver {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn run(&mut self, sql: &str, _: &[Val<'_>]) -> Result<u64, StoreError> {
        self.ask(sql).map(|()| 1)
    }

    fn rows(
        &mut self,
        sql: &str,
        _: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.ask(sql)?;
        // Of the record of migrations there is none, so that none of them are unknown.
        if sql.contains("applied_at") || sql.contains("checksum") {
            return Ok(());
        }
        each(&Answer(self.answer))
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.ask(sql)
    }
}

impl Transaction for Driver {
    fn commit(self) -> Result<(), StoreError> {
        self.ask("COMMIT")
    }
}

impl Savepoints for Driver {
    fn in_transaction(&mut self) -> Result<bool, StoreError> {
        Ok(self.in_transaction)
    }

    fn savepoint(&mut self) -> Result<(), StoreError> {
        self.ask("SAVEPOINT")
    }

    fn release(&mut self) -> Result<(), StoreError> {
        self.ask("RELEASE")
    }

    fn undo(&mut self) {
        self.ask("UNDO").unwrap();
    }
}

fn tables(driver: &Driver) -> Tables {
    Tables::of(&mut driver.clone(), Tenancy::Shared, Names::default()).unwrap()
}

/// A statement that fails, and whose error nobody hears of.
fn drops_an_error(tx: &mut SqlTx<Driver>) -> Result<(), StoreError> {
    tx.bump(Scope::Policy).map(drop).or(Ok(()))
}

#[test]
fn a_database_is_looked_at_with_patience_and_before_anything_is_set() {
    for (dialect, patience) in [
        (Dialect::Sqlite, "PRAGMA busy_timeout"),
        (Dialect::Postgres, "SET lock_timeout"),
    ] {
        let driver = driver(dialect);
        tables(&driver);
        let asked = driver.asked.borrow();
        assert!(asked.first().unwrap().starts_with(patience), "{asked:?}");
        assert!(asked.iter().skip(1).all(|sql| sql.starts_with("SELECT")));
    }
}

#[test]
fn a_store_is_asked_what_it_lacks_until_it_lacks_nothing() {
    let driver = driver(Dialect::Sqlite);
    let tables = tables(&driver);
    let look = || driver.asked("SELECT set_name");
    for _ in 0..2 {
        let before = look();
        let refused = tables.with_tx(Mode::Write, driver.clone(), &mut |_| {
            panic!("in no such store")
        });
        assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::NeedsMigration);
        assert_eq!((look() - before, driver.asked("COMMIT")), (1, 0));
    }
    tables
        .migrate(|| Ok(driver.clone()), Timestamp::MAX)
        .unwrap();
    assert_eq!(driver.asked("COMMIT"), 1);
    let before = look();
    tables
        .with_tx(Mode::Write, driver.clone(), &mut |_| Ok(()))
        .unwrap();
    assert_eq!((look() - before, driver.asked("COMMIT")), (0, 2));
}

#[test]
fn a_migration_waits_for_its_turn_longer_than_a_command_and_not_for_ever() {
    let driver = driver(Dialect::Sqlite);
    let tables = tables(&driver);
    let mut waits = 0;
    let mut busy_until = |last: u32, kind| {
        waits = 0;
        let begin = || {
            waits += 1;
            let busy = StoreError::new(kind, "somebody migrates");
            (waits >= last).then(|| driver.clone()).ok_or(busy)
        };
        let outcome = tables.migrate(begin, Timestamp::MAX);
        (waits, outcome.map_err(|error| error.kind()))
    };
    assert_eq!(busy_until(100, StoreErrorKind::Busy), (100, Ok(())));
    let in_vain = busy_until(u32::MAX, StoreErrorKind::Busy);
    assert_eq!(in_vain, (120, Err(StoreErrorKind::Busy)));
    let gone = busy_until(2, StoreErrorKind::Driver);
    assert_eq!(gone, (1, Err(StoreErrorKind::Driver)));
}

#[test]
fn work_that_drops_an_error_is_refused_where_that_loses_all_of_it() {
    for (dialect, commits) in [(Dialect::Sqlite, 1), (Dialect::Postgres, 0)] {
        let good = driver(dialect);
        let tables = tables(&good);
        tables.migrate(|| Ok(good.clone()), Timestamp::MAX).unwrap();
        let mut bad = driver(dialect);
        bad.fails = ("UPDATE", StoreErrorKind::Conflict);
        let outcome = tables.with_tx(Mode::Write, bad.clone(), &mut drops_an_error);
        assert_eq!(bad.asked("COMMIT"), commits);
        assert_eq!(outcome.is_ok(), commits == 1, "{outcome:?}");
        assert_eq!(bad.asked("UPDATE"), 1);
    }
}

#[test]
fn pitfall06_a_joined_call_is_released_or_undone() {
    let driver = driver(Dialect::Sqlite);
    let names = Names::default();
    let ends = || (driver.asked("RELEASE"), driver.asked("UNDO"));
    joined(driver.clone(), &names, |_| Ok::<_, StoreError>(())).unwrap();
    assert_eq!(ends(), (1, 0));
    let failed = joined(driver.clone(), &names, |_| {
        Err::<(), _>(StoreError::corrupt("changed my mind"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "changed my mind");
    assert_eq!(ends(), (1, 1));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        joined(driver.clone(), &names, |_| -> Result<(), StoreError> {
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!((ends(), driver.asked("SAVEPOINT")), ((1, 2), 3));
    let mut stuck = driver.clone();
    stuck.fails = ("RELEASE", StoreErrorKind::Driver);
    assert!(joined(stuck, &names, |_| Ok::<_, StoreError>(())).is_err());
    assert_eq!(ends(), (2, 3), "a release that fails keeps nothing");
}

#[test]
fn a_call_joins_nothing_but_a_transaction_that_sees_all() {
    for (dialect, in_transaction, answer, told) in [
        (Dialect::Sqlite, false, 1, "begin one"),
        (Dialect::Sqlite, true, 0, "enforce foreign keys"),
        (Dialect::Postgres, false, 1, "begin one"),
        (Dialect::Postgres, true, 0, "READ COMMITTED"),
    ] {
        let host = Driver {
            in_transaction,
            answer,
            ..driver(dialect)
        };
        let refused = joined(host.clone(), &Names::default(), drops_an_error).unwrap_err();
        assert!(refused.to_string().contains(told), "{refused}");
        assert_eq!(host.asked("SAVEPOINT"), host.asked("UNDO"));
        assert_eq!(host.asked("UPDATE"), 0);
    }
    let schema = Names::default().in_schema("portal").unwrap();
    let refused = joined(driver(Dialect::Sqlite), &schema, drops_an_error).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse);
}

#[test]
fn a_unit_of_work_begins_in_one_text() {
    let begins = |dialect| {
        let tables = tables(&driver(dialect));
        [Mode::Read, Mode::Write, Mode::Conditional].map(|mode| tables.begin(mode))
    };
    let [read, write, conditional] = begins(Dialect::Sqlite);
    assert_eq!(read, "PRAGMA query_only = 1; BEGIN DEFERRED");
    assert_eq!(write, "PRAGMA query_only = 0; BEGIN IMMEDIATE");
    assert_eq!(conditional, write);
    let [read, write, conditional] = begins(Dialect::Postgres);
    assert!(read.ends_with("READ ONLY"), "{read}");
    let (begin, turn) = write.split_once("; ").unwrap();
    assert!(turn.contains("pg_advisory_xact_lock"), "{turn}");
    assert_eq!(conditional, begin, "what counts or burns takes no turn");
}

#[test]
fn pitfall02_a_setting_that_does_not_take_is_told_by_its_name() {
    let mut driver = driver(Dialect::Postgres);
    let refused = configure(&mut driver).unwrap_err().to_string();
    assert!(refused.starts_with("the setting lock_timeout is unheard of and must be 5s"));
    assert!(refused.ends_with("on a local disk"), "{refused}");
    let refused = verify(&mut driver, ", or ask Ada").unwrap_err().to_string();
    assert!(
        refused.ends_with("on a local disk, or ask Ada"),
        "{refused}"
    );
    assert_eq!(driver.asked("SET"), 1, "nothing was set to look");
}

/// SQLite does not wait by itself for another program that turns WAL on.
#[test]
fn pitfall02_somebody_who_changes_the_same_setting_is_waited_for() {
    let mut driver = driver(Dialect::Sqlite);
    driver.fails = ("PRAGMA", StoreErrorKind::Busy);
    let refused = configure(&mut driver).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse, "{refused}");
    assert_eq!(driver.asked("PRAGMA busy_timeout"), 21);
}
