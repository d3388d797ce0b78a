//! What the suite really runs: behind each law every text that is new is explained, and behind the
//! last it is counted what there was.

use super::explain::{Read, explain};
use crate::whole::{constants, read_whole};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use portcullis_conformance::LAWS;
use portcullis_sql::Dialect;
use portcullis_sql::statement::{Statement, numbered};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The constant statements that not every run of the suite comes to. They are explained with all
/// others, and run by tests of their own.
const NEVER: [&str; 19] = [
    // The worlds' keys are of other types.
    "access::clients::CLIENT_BY_TEXT",
    "access::clients::CLIENT_BY_UUID",
    "access::contacts::CONTACT_BY_INT",
    "access::contacts::CONTACT_BY_TEXT",
    "access::contacts::CONTACT_BY_UUID",
    "access::users::USER_BY_INT",
    "access::users::USER_BY_UUID",
    "sharing::containers::CONTAINER_BY_INT",
    "sharing::containers::CONTAINER_BY_TEXT",
    "sharing::containers::CONTAINER_BY_UUID",
    "sharing::items::ITEM_BY_INT",
    "sharing::items::ITEM_BY_UUID",
    // Every store of the suite is new; on PostgreSQL one is opened again.
    "migrate::history::APPLIED",
    // No law asks for it, or not in every world.
    "access::affiliations::AFFILIATIONS_AT",
    "credentials::factor_attempts::KEEP_FACTOR_LOCK",
    "credentials::sessions::TOUCH_SESSION",
    "ledger::SCOPE_REVISION",
    "sharing::containers::UNOWNED_ROOT",
    "sharing::memberships::STOP_DISTRIBUTING",
];

/// What the connections to one database have prepared.
pub(super) struct Watch {
    dialect: Dialect,
    seen: Mutex<Seen>,
}

struct Seen {
    texts: BTreeSet<String>,
    unexplained: Vec<String>,
    held: BTreeSet<&'static str>,
}

pub(super) static SQLITE: Watch = Watch::of(Dialect::Sqlite);
pub(super) static POSTGRES: Watch = Watch::of(Dialect::Postgres);

/// Has every connection from now on tell what it prepares.
pub(super) fn watch() {
    let told: fn() -> Option<Box<dyn Instrumentation>> = || {
        let mut watch = &SQLITE;
        Some(Box::new(
            move |event: InstrumentationEvent<'_>| match event {
                InstrumentationEvent::StartEstablishConnection { url, .. }
                    if url.starts_with("postgres") =>
                {
                    watch = &POSTGRES;
                }
                InstrumentationEvent::CacheQuery { sql, .. } => watch.saw(sql),
                _ => {}
            },
        ))
    };
    set_default_instrumentation(told).unwrap();
}

impl Watch {
    const fn of(dialect: Dialect) -> Self {
        let seen = Seen {
            texts: BTreeSet::new(),
            unexplained: Vec::new(),
            held: BTreeSet::new(),
        };
        Self {
            dialect,
            seen: Mutex::new(seen),
        }
    }

    /// Explains what has come since another law held: of this one, or of those beside it.
    pub(super) fn held(&self, law: &'static str) {
        let new = std::mem::take(&mut self.seen().unexplained);
        let reads = explain(self.dialect, &new);
        let wrong: Vec<String> = new
            .iter()
            .zip(&reads)
            .filter_map(|(sql, read)| self.wrong(sql, read))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let mut seen = self.seen();
        seen.held.insert(law);
        if LAWS.concat().iter().all(|law| seen.held.contains(law)) {
            self.count(&seen.texts);
        }
    }

    /// What is read whole that must not be.
    fn wrong(&self, sql: &str, read: &Read) -> Option<String> {
        let constant = constants().find(|constant| self.sent(constant) == sql);
        let may = |table: &String| match constant {
            Some(constant) => read_whole().contains(&(constant.name, table.clone())),
            None => !narrowed(sql) || !(table.starts_with("portcullis_") || table == "documents"),
        };
        let wrong: Vec<&String> = read.whole.iter().filter(|table| !may(table)).collect();
        (!wrong.is_empty()).then(|| {
            let name = constant.map_or("a list", |constant| constant.name);
            format!("{name} reads {wrong:?} whole: {sql}\n{}", read.plan)
        })
    }

    /// An empty recording explains nothing.
    fn count(&self, texts: &BTreeSet<String>) {
        let (run, never): (Vec<_>, Vec<_>) =
            constants().partition(|constant| texts.contains(&self.sent(constant)));
        let unknown: Vec<&str> = never
            .iter()
            .map(|constant| constant.name)
            .filter(|name| !NEVER.contains(name))
            .collect();
        assert!(unknown.is_empty(), "no law runs {unknown:?}");
        let run: BTreeSet<String> = run.iter().map(|constant| self.sent(constant)).collect();
        let lists: Vec<&String> = texts.difference(&run).collect();
        assert!(lists.len() > 100, "{}", lists.len());
        let hosts = lists.iter().filter(|sql| sql.contains("documents"));
        let hosts = hosts.filter(|sql| narrowed(sql)).count();
        assert!(hosts > 10, "{hosts}");
    }

    /// A constant text, as Diesel sends it.
    fn sent(&self, constant: &Statement) -> String {
        match self.dialect {
            Dialect::Sqlite => constant.sql.to_owned(),
            Dialect::Postgres => numbered(constant.sql, 1),
        }
    }

    fn saw(&self, sql: &str) {
        // A store names the schema in which it found its tables, and holds an account while it
        // hangs something on it.
        let sql = sql.replace("\"public\".", "").replace(" FOR KEY SHARE", "");
        let mut seen = self.seen();
        if seen.texts.insert(sql.clone()) {
            seen.unexplained.push(sql);
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a list asks for the rows of some. Who sees every client's passes by nothing that is
/// foreign: a page of theirs ends at its limit, a count at its cap.
fn narrowed(sql: &str) -> bool {
    const SOME: [&str; 8] = [
        ".client_id = ?",
        ".client_id = $",
        ".client_id IN (",
        ".id = ?",
        ".id = $",
        ".id IN (",
        ".container_id IN (",
        ".user_id = ",
    ];
    SOME.iter().any(|some| sql.contains(some))
}

/// The checks above fail where they must.
#[test]
fn a_table_read_whole_is_found_out() {
    let wrong = |sql: &str, table: &str| {
        let whole = vec![table.to_owned()];
        let plan = String::new();
        SQLITE.wrong(sql, &Read { whole, plan }).is_some()
    };
    let text = |name| constants().find(|one| one.name == name).unwrap().sql;
    let end = text("credentials::sessions::END_SESSIONS");
    assert!(wrong(end, "portcullis_session"));
    let purge = text("credentials::sessions::DROP_SESSIONS");
    assert!(!wrong(purge, "portcullis_session"));
    assert!(wrong(purge, "portcullis_user"));
    let own = "SELECT d.id FROM documents AS d WHERE d.client_id IN (SELECT k.key_int";
    assert!(wrong(own, "documents"));
    assert!(!wrong(
        "SELECT COUNT(*) FROM documents LIMIT 9",
        "documents"
    ));
}

#[test]
#[should_panic(expected = "no law runs")]
fn a_suite_that_ran_nothing_is_found_out() {
    POSTGRES.count(&BTreeSet::new());
}
