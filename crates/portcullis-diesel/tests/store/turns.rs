//! On a database with many writers: who waits for whom.

use portcullis::Portal;
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::UserId;
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::Server;
use portcullis_diesel::Store;
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use std::sync::{Barrier, Mutex, mpsc};

type Pg = Store<diesel::PgConnection>;

fn store() -> Option<Pg> {
    let store = Pg::open(Server::shared()?.database().url()).unwrap();
    store.migrate(NOW).unwrap();
    Some(store)
}

/// Two administrators, each about to remove the other: each sees that another one is left.
#[test]
fn p05_two_administrators_cannot_remove_each_other_at_once() {
    let Some(store) = store() else { return };
    let mut profile = portcullis::presets::safe();
    profile.access.starts_active = true;
    let portal = Portal::new(store, profile).unwrap();
    let mut left = administrator(&portal, "ada");
    for round in 0..10 {
        let other = administrator(&portal, &format!("bob-{round}"));
        let both = Barrier::new(2);
        let removed: Vec<UserId> = std::thread::scope(|scope| {
            let removing: Vec<_> = [(left, other), (other, left)]
                .into_iter()
                .map(|(me, them)| {
                    let (portal, both) = (&portal, &both);
                    scope.spawn(move || {
                        let vouched = portal.vouched(me, "sso", NOW);
                        // Who panics before it leaves the other waiting.
                        both.wait();
                        let me = vouched.unwrap();
                        portal.acting(&me).remove_user(them).map(|()| them)
                    })
                })
                .collect();
            let ended = removing.into_iter().map(|one| one.join().unwrap());
            ended.flatten().collect()
        });
        let [gone] = removed[..] else {
            panic!("round {round}: {removed:?} were removed");
        };
        left = if gone == left { other } else { left };
    }
}

fn administrator(portal: &Portal<Pg>, name: &str) -> UserId {
    let login = NewLogin {
        name: name.to_owned(),
        login: name.to_owned(),
        email: Some(format!("{name}@provider.example")),
        rights: vec!["users.manage".to_owned()],
        password: FirstLogin::Invited,
        expires_in_days: None,
    };
    let (id, invitation) = portal
        .operator("setup", NOW)
        .add_staff(login, true)
        .unwrap();
    drop(invitation);
    id
}

#[test]
fn a_writer_waits_for_its_turn_and_what_only_counts_does_not() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let store = Pg::open(database.url()).unwrap();
    store.migrate(NOW).unwrap();
    let (inside, entered) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let order = Mutex::new(Vec::new());
    let done = |who| order.lock().unwrap().push(who);
    std::thread::scope(|scope| {
        // Dropped with this closure, however it ends, so that nobody waits for ever.
        let go_on = go_on;
        let (store, done) = (&store, &done);
        scope.spawn(move || {
            let first = store.write(|tx| {
                tx.revision(Scope::Policy)?;
                inside.send(()).unwrap();
                let _ = told.recv();
                done("first");
                Ok::<_, StoreError>(())
            });
            first.unwrap();
        });
        entered.recv().unwrap();
        // The first writer has not ended, so whoever waited for it would wait in vain.
        all_at_once(store, CONNECTIONS).unwrap();
        let second = scope.spawn(move || {
            store.write(|tx| tx.revision(Scope::Policy)).unwrap();
            done("second");
        });
        database.wait_for_a_waiter(|| second.is_finished());
        // However many commands there are, they have none of the connections of the others.
        all_at_once(store, CONNECTIONS).unwrap();
        drop(go_on);
    });
    assert_eq!(order.into_inner().unwrap(), ["first", "second"]);
}

/// As many as a store has connections for, beside its commands.
const CONNECTIONS: usize = 8;

/// So many units of work that are no commands, all open until the last, which counts.
fn all_at_once(store: &Pg, left: usize) -> Result<(), StoreError> {
    if left > 1 {
        return store.read(|_| all_at_once(store, left - 1));
    }
    let counted = store.conditionally(|tx| tx.revision(Scope::Policy));
    counted.map(drop)
}

#[test]
fn a_unit_of_work_that_reads_cannot_write() {
    let Some(store) = store() else { return };
    let refused = store.read(|tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse, "{refused}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.db");
    let store = Store::<diesel::SqliteConnection>::open(file.to_str().unwrap()).unwrap();
    store.migrate(NOW).unwrap();
    let refused = store.read(|tx| tx.bump(Scope::Policy)).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Misuse, "{refused}");
}
