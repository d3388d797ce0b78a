//! What the laws of the conformance suite really run, each text explained when it first comes.

use crate::explain::{Plan, migrated};
use crate::statements::may_scan;
use portcullis_conformance::{Harness, law};
use portcullis_ledger::{Mode, Store, StoreError};
use portcullis_rusqlite::Joined;
use portcullis_sql::{Dialect, Exec, Row, SqlTx, Val, statement};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

#[test]
fn nothing_that_the_suite_runs_reads_a_table_it_may_not() {
    law::agreement::lists_are_what_decide_allows::<Watched>();
    law::agreement::containers_are_entered_as_decided::<Watched>();
    law::agreement::who_can_is_what_each_sees::<Watched>();
    law::file::an_export_of_an_import_equals_it::<Watched>();
    law::preview::a_preview_is_the_contacts_own_session::<Watched>();
    law::raise::fixed_roles_stay_fixed::<Watched>();
    law::sessions::bug38_what_ends_a_session_ends_it_at_once::<Watched>();
    law::settled::verdicts_are_settled_after_every_write::<Watched>();
    law::accounts::bug26_a_token_is_redeemed_once::<Watched>();
    law::accounts::what_is_refused_changes_nothing::<Watched>();
    law::rates::a_rate_is_dropped_when_it_is_paid_back::<Watched>();
    law::former_passwords::k06_the_newest_former_passwords_are_kept::<Watched>();
    let seen = SEEN.lock().unwrap();
    let constant: BTreeSet<&str> = statement::all().map(|statement| statement.sql).collect();
    let (known, lists): (Vec<_>, Vec<_>) =
        seen.iter().partition(|sql| constant.contains(sql.as_str()));
    assert!(known.len() > 60, "{} of {}", known.len(), constant.len());
    assert!(lists.len() > 20, "{}", lists.len());
}

struct Watched;

impl Harness for Watched {
    type Store = OneConnection;
    // The profiles differ more than the statements do.
    const EVERY: usize = 5;

    fn fresh() -> OneConnection {
        OneConnection {
            connection: Arc::new(Mutex::new(migrated())),
            turn: Mutex::new(()),
        }
    }
}

/// A store of one connection, for units of work one after the other.
struct OneConnection {
    connection: Arc<Mutex<Connection>>,
    turn: Mutex<()>,
}

impl Store for OneConnection {
    type Tx = SqlTx<Explaining>;

    fn with_tx(
        &self,
        mode: Mode,
        work: &mut dyn FnMut(&mut Self::Tx) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let control = |sql| self.connection.lock().unwrap().execute_batch(sql).unwrap();
        control(Dialect::Sqlite.begin(mode));
        let mut tx = SqlTx::new(Explaining(Arc::clone(&self.connection)));
        let outcome = work(&mut tx);
        control(if outcome.is_ok() {
            "COMMIT"
        } else {
            "ROLLBACK"
        });
        outcome
    }
}

struct Explaining(Arc<Mutex<Connection>>);

impl Explaining {
    fn explained<R>(
        &self,
        sql: &str,
        run: impl FnOnce(&mut Joined<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let connection = self.0.lock().unwrap();
        if SEEN.lock().unwrap().insert(sql.to_owned()) {
            let plan = Plan::of(&connection, sql);
            for scan in plan.scans() {
                assert!(may_scan(sql, scan), "{scan}: {plan:#?}");
            }
        }
        run(&mut Joined::new(&connection)?)
    }
}

impl Exec for Explaining {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run(&mut self, sql: &str, params: &[Val<'_>]) -> Result<u64, StoreError> {
        self.explained(sql, |joined| joined.run(sql, params))
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Val<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.explained(sql, |joined| joined.rows(sql, params, each))
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        panic!("the suite migrates nothing: {sql}");
    }
}
