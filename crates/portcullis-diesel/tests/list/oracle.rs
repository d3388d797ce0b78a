//! The list is the rule, row by row.

use crate::host_rows::{COLUMNS, Columns};
use crate::stage::{Stage, database, tasks, worlds};
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use portcullis_access::{ContainerKind, Kind, UserKind};
use portcullis_diesel::{Lens, VisibleToDsl as _};
use portcullis_ledger::{Ledger as _, Scope, StoreExt as _};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

macro_rules! listed {
    ($name:ident, $connection:ty) => {
        fn $name(me: &Lens<'_>, columns: Columns, host: &mut $connection) -> Vec<i64> {
            let list = tasks::id.visible_to(me, Kind::TASK);
            let all = tasks::table.select(tasks::number).order(tasks::number);
            match columns {
                Columns::Key => all.filter(list).load(host),
                Columns::Owner => all.filter(list.owned_by(tasks::client_id)).load(host),
                Columns::Container => all.filter(list.in_container(tasks::project_id)).load(host),
                Columns::OwnerAndProject => all
                    .filter(
                        list.owned_by(tasks::client_id)
                            .in_container_of(ContainerKind::Project, tasks::project_id),
                    )
                    .load(host),
            }
            .unwrap()
        }
    };
}

listed!(in_a_file, SqliteConnection);
listed!(on_a_server, PgConnection);

type Seen = BTreeMap<(UserKind, bool, Columns), [usize; 2]>;

fn check(
    stage: &Stage,
    people: &[crate::host_rows::Person],
    seen: &mut Seen,
    mut list: impl FnMut(&Lens<'_>, Columns) -> Vec<i64>,
) {
    for person in people {
        let viewer = stage.viewer(person);
        for columns in COLUMNS {
            let allowed = stage.allowed(&viewer, columns);
            let listed = list(&stage.lens(&viewer), columns);
            assert_eq!(listed, allowed, "{columns:?} {person:?} {:#?}", stage.tasks);
            let who = (person.kind, viewer.every_client(), columns);
            let [shown, hidden] = seen.entry(who).or_default();
            *shown += allowed.len();
            *hidden += stage.tasks.len() - allowed.len();
        }
    }
}

/// Not degenerate: everybody sees something and is refused something, with all columns.
fn everybody_saw(seen: &Seen) {
    assert_eq!(seen.len(), 4 * COLUMNS.len(), "{seen:?}");
    for (who, [shown, hidden]) in seen {
        assert!(
            *shown > 10 && *hidden > 10,
            "{who:?}: {shown} shown, {hidden} hidden"
        );
    }
}

#[test]
fn l04_a_list_in_a_file_is_the_rule_row_by_row() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::new();
    for _ in 0..40 {
        let (raw, seeds, people) = worlds().new_tree(&mut runner).unwrap().current();
        let stage = Stage::in_a_file(&raw, &seeds);
        let mut host = SqliteConnection::establish(&stage.url).unwrap();
        check(&stage, &people, &mut seen, |me, columns| {
            in_a_file(me, columns, &mut host)
        });
    }
    everybody_saw(&seen);
}

#[test]
fn l04_a_list_on_a_server_is_the_rule_row_by_row() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::new();
    for _ in 0..40 {
        let Some(database) = database() else { return };
        let (raw, seeds, people) = worlds().new_tree(&mut runner).unwrap().current();
        let stage = Stage::on(&database, &raw, &seeds);
        let mut host = PgConnection::establish(&stage.url).unwrap();
        check(&stage, &people, &mut seen, |me, columns| {
            on_a_server(me, columns, &mut host)
        });
    }
    everybody_saw(&seen);
}

#[test]
fn l04_a_viewer_that_is_out_of_date_lists_nothing() {
    let (raw, seeds) = crate::stage::some_world();
    let stage = Stage::in_a_file(&raw, &seeds);
    let viewer = stage.viewer(&crate::stage::STAFF);
    let mut host = SqliteConnection::establish(&stage.url).unwrap();
    let mut list = |columns| in_a_file(&stage.lens(&viewer), columns, &mut host);
    for columns in COLUMNS {
        assert!(!list(columns).is_empty(), "{columns:?}");
    }
    let store = portcullis_rusqlite::Store::open_with_host_tables(&stage.url).unwrap();
    store.write(|tx| tx.bump(Scope::Policy)).unwrap();
    for columns in COLUMNS {
        assert!(list(columns).is_empty(), "{columns:?}");
    }
}
