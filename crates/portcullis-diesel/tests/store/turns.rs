//! On a database with many writers: who waits for whom.

use portcullis::Portal;
use portcullis::desk::{FirstLogin, NewLogin};
use portcullis::id::UserId;
use portcullis_conformance::NOW;
use portcullis_conformance::postgres::Server;
use portcullis_diesel::Store;
use portcullis_ledger::{Ledger, Scope, StoreError, StoreErrorKind, StoreExt};
use std::sync::{Barrier, Mutex, mpsc};
use std::time::Duration;

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
                        let me = portal.vouched(me, "sso", NOW).unwrap();
                        both.wait();
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
    let (go_on, told) = mpsc::channel();
    let order = Mutex::new(Vec::new());
    let done = |who| order.lock().unwrap().push(who);
    std::thread::scope(|scope| {
        let (store, done) = (&store, &done);
        scope.spawn(move || {
            let first = store.write(|tx| {
                tx.revision(Scope::Policy)?;
                inside.send(()).unwrap();
                told.recv().unwrap();
                done("first");
                Ok::<_, StoreError>(())
            });
            first.unwrap();
        });
        entered.recv().unwrap();
        // The first writer has not ended, so whoever waited for it would wait in vain.
        store
            .conditionally(|tx| tx.revision(Scope::Policy))
            .unwrap();
        store.read(|tx| tx.revision(Scope::Policy)).unwrap();
        scope.spawn(move || {
            store.write(|tx| tx.revision(Scope::Policy)).unwrap();
            done("second");
        });
        // Until the second waits, or has gone through without a turn.
        let waiting = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database());";
        while database.answer(waiting).trim() != "1" && order.lock().unwrap().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        go_on.send(()).unwrap();
    });
    assert_eq!(order.into_inner().unwrap(), ["first", "second"]);
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
