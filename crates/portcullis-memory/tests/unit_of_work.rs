//! The laws of a unit of work: Ok keeps all of it, Err and panic none of it.

#![expect(clippy::unwrap_used, reason = "support of tests stands beside them")]

use portcullis_id::{AuditId, ClientId, MailId, Timestamp, UserId};
use portcullis_ledger::{
    Actor, AuditEntry, Ledger, Mail, Recipient, Scope, StoreError, StoreErrorKind, StoreExt,
};
use portcullis_memory::{Store, joined};
use std::panic::{AssertUnwindSafe, catch_unwind};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn each(test: impl Fn(&Store)) {
    test(&Store::new());
}

fn policy(store: &Store) -> i64 {
    store
        .read(|tx| tx.revision(Scope::Policy))
        .unwrap()
        .number()
}

fn entry(n: u128) -> AuditEntry {
    AuditEntry {
        id: AuditId::from_uuid(Uuid::from_u128(n)),
        at: NOW,
        by: Actor::Operator("founding".to_owned()),
        action: "client.add".to_owned(),
        client: Some(ClientId::from_uuid(Uuid::from_u128(7))),
        target: format!("client:{n}"),
        detail: "it's 100 % \"new\"; -- ?".to_owned(),
    }
}

fn mail(n: u128) -> Mail {
    Mail {
        id: MailId::from_uuid(Uuid::from_u128(n)),
        at: NOW,
        to: Recipient::User(UserId::from_uuid(Uuid::from_u128(9))),
        event: "invitation".to_owned(),
        item: None,
        container: None,
        sealed: None,
    }
}

#[test]
fn ok_keeps_all_of_it() {
    each(|store| {
        let revision = store
            .write(|tx| {
                tx.record(&entry(1))?;
                tx.post(&mail(1))?;
                tx.bump(Scope::Policy)
            })
            .unwrap();
        assert_eq!(revision.number(), 1);
        assert_eq!(store.read(|tx| tx.audit(9)).unwrap(), [entry(1)]);
        assert_eq!(store.read(|tx| tx.outbox(9)).unwrap(), [mail(1)]);
    });
}

#[test]
fn err_leaves_no_trace() {
    each(|store| {
        let error = store
            .write(|tx| {
                tx.record(&entry(1))?;
                tx.bump(Scope::Policy)?;
                Err::<(), _>(StoreError::corrupt("changed my mind"))
            })
            .unwrap_err();
        assert_eq!(error.to_string(), "changed my mind");
        assert_eq!(policy(store), 0);
        assert_eq!(store.read(|tx| tx.audit(9)).unwrap(), []);
    });
}

#[test]
fn pitfall15_a_panic_rolls_back_and_the_store_works_on() {
    each(|store| {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.write(|tx| {
                tx.bump(Scope::Policy)?;
                panic!("in the middle");
                #[expect(unreachable_code, reason = "gives the closure its type")]
                Ok::<(), StoreError>(())
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(policy(store), 0);
        store.write(|tx| tx.bump(Scope::Policy)).unwrap();
        assert_eq!(policy(store), 1);
    });
}

#[test]
fn a_unit_of_work_that_may_only_read_refuses_to_write() {
    each(|store| {
        let refused = [
            store.read(|tx| tx.bump(Scope::Policy)).unwrap_err(),
            store.read(|tx| tx.bump(Scope::Unowned)).unwrap_err(),
            store.read(|tx| tx.record(&entry(1))).unwrap_err(),
            store.read(|tx| tx.post(&mail(1))).unwrap_err(),
            store.read(|tx| tx.take_mail(mail(1).id)).unwrap_err(),
        ];
        for error in refused {
            assert_eq!(error.kind(), StoreErrorKind::Misuse, "{error}");
        }
        assert_eq!(
            store.write(|tx| tx.bump(Scope::Policy)).unwrap().number(),
            1
        );
    });
}

#[test]
fn more_threads_than_connections_wait_for_their_turn() {
    each(|store| {
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        store.write(|tx| tx.bump(Scope::Policy)).unwrap();
                        store.read(|tx| tx.revision(Scope::Policy)).unwrap();
                    }
                });
            }
        });
        assert_eq!(policy(store), 200);
    });
}

#[test]
fn scopes_are_counted_apart() {
    each(|store| {
        let client = |n| Scope::Client(ClientId::from_uuid(Uuid::from_u128(n)));
        store
            .write(|tx| {
                tx.bump(client(1))?;
                tx.bump(client(1))?;
                tx.bump(client(2))?;
                tx.bump(Scope::Unowned)
            })
            .unwrap();
        let scopes = [
            client(1),
            client(2),
            client(3),
            Scope::Unowned,
            Scope::Policy,
        ];
        let found = store
            .read(|tx| {
                scopes
                    .into_iter()
                    .map(|scope| tx.revision(scope))
                    .collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        let numbers: Vec<i64> = found
            .into_iter()
            .map(portcullis_ledger::Revision::number)
            .collect();
        assert_eq!(numbers, [2, 1, 0, 1, 0]);
    });
}

#[test]
fn entries_of_one_moment_keep_their_order() {
    each(|store| {
        // Ids that do not rise, so that only the order of insertion can be meant.
        for n in [5, 1, 3] {
            store
                .write(|tx| tx.record(&entry(n)).and_then(|()| tx.post(&mail(n))))
                .unwrap();
        }
        assert_eq!(store.read(|tx| tx.audit(2)).unwrap(), [entry(3), entry(1)]);
        assert_eq!(store.read(|tx| tx.outbox(2)).unwrap(), [mail(5), mail(1)]);
    });
}

#[test]
fn an_id_that_is_taken_is_a_conflict() {
    each(|store| {
        store
            .write(|tx| tx.record(&entry(1)).and_then(|()| tx.post(&mail(1))))
            .unwrap();
        let again = store.write(|tx| tx.record(&entry(1))).unwrap_err();
        assert_eq!(again.kind(), StoreErrorKind::Conflict);
        let again = store.write(|tx| tx.post(&mail(1))).unwrap_err();
        assert_eq!(again.kind(), StoreErrorKind::Conflict);
    });
}

#[test]
fn a_reader_keeps_its_snapshot_while_a_writer_commits() {
    each(|store| {
        store
            .read(|tx| {
                store.write(|tx| tx.bump(Scope::Policy))?;
                assert_eq!(tx.revision(Scope::Policy)?.number(), 0);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(policy(store), 1);
    });
}

#[test]
fn pitfall06_a_joined_call_that_fails_leaves_the_rest() {
    each(|store| {
        store
            .write(|tx| {
                tx.bump(Scope::Policy)?;
                let error = joined(tx, |tx| {
                    tx.bump(Scope::Policy)?;
                    Err::<(), _>(StoreError::corrupt("changed my mind"))
                });
                assert!(error.is_err());
                joined(tx, |tx| tx.bump(Scope::Unowned))
            })
            .unwrap();
        assert_eq!(policy(store), 1);
        assert_eq!(
            store
                .read(|tx| tx.revision(Scope::Unowned))
                .unwrap()
                .number(),
            1
        );
    });
}

#[test]
fn pitfall15_a_panic_in_a_joined_call_undoes_that_call_alone() {
    each(|store| {
        store
            .write(|tx| {
                tx.bump(Scope::Policy)?;
                let panicked = catch_unwind(AssertUnwindSafe(|| {
                    joined(tx, |tx| {
                        tx.bump(Scope::Policy)?;
                        panic!("in the middle");
                        #[expect(unreachable_code, reason = "gives the closure its type")]
                        Ok::<(), StoreError>(())
                    })
                }));
                assert!(panicked.is_err());
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(policy(store), 1);
    });
}

#[test]
fn a_writer_inside_a_writer_is_busy_and_no_deadlock() {
    let store = Store::new();
    let inner = store.write(|_| Ok::<_, StoreError>(store.write(|tx| tx.bump(Scope::Policy))));
    assert_eq!(inner.unwrap().unwrap_err().kind(), StoreErrorKind::Busy);
    assert_eq!(
        store.write(|tx| tx.bump(Scope::Policy)).unwrap().number(),
        1
    );
}
