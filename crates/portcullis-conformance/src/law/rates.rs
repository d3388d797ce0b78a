//! What is limited is limited exactly, however many ask at once (bugs 1, 2, 12 and 16).

use super::attempts::Accounts;
use crate::patient::Patient;
use crate::{CredentialHarness, NOW};
use portcullis::credentials::{Cause, CredentialTx, Lock, Rate, Rates as _, Source, Spend};
use portcullis::id::{Timestamp, hours};
use portcullis::ledger::{Store, StoreExt};
use std::sync::Barrier;

/// One in ten milliseconds, five at once.
const AT_ONCE: usize = 5;

/// Of twenty who ask at once as many are let through as there is room for; what is refused changes
/// nothing; each key has its own; time alone gives back.
pub fn bug12_spent_exactly_under_threads<H: CredentialHarness>() {
    let store = Patient(H::fresh());
    let (here, there) = (Source::new("10.0.0.1"), Source::new("10.0.0.2"));
    let won = std::thread::scope(|scope| {
        let ask = || spend(&store, &here, NOW).is_some();
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(ask)).collect();
        let won = threads.into_iter().map(|one| one.join().unwrap());
        won.filter(|won| *won).count()
    });
    assert_eq!(won, AT_ONCE);
    assert_eq!(spend(&store, &here, later(9)), None, "a tick too early");
    assert_eq!(
        spend(&store, &there, NOW),
        Some(later(10)),
        "it has its own"
    );
    assert_eq!(
        spend(&store, &here, later(10)),
        Some(later(60)),
        "one is paid back"
    );
    assert_eq!(spend(&store, &here, later(10)), None);
    assert_eq!(spend(&store, &here, later(60)), Some(later(70)), "all are");
    let ahead = spend(&store, &here, later(1_000_000));
    assert_eq!(ahead, Some(later(1_000_010)));
    assert_eq!(spend(&store, &here, later(70)), Some(later(80)), "set back");
    // At the ends of time nothing wraps.
    for end in [Timestamp::MAX, Timestamp::from_millis(i64::MIN)] {
        assert!(spend(&store, &there, end).is_some(), "{end}");
    }
}

/// A row goes on the tick on which it counts for nothing; given up, nothing was spent.
pub fn a_rate_is_dropped_when_it_is_paid_back<H: CredentialHarness>() {
    let store = H::fresh();
    let (here, there) = (Source::new("10.0.0.1"), Source::new("2001:db8::7"));
    assert_eq!(spend(&store, &here, NOW), Some(later(10)));
    assert_eq!(spend(&store, &there, later(1)), Some(later(11)));
    let drop = |now| store.write(|tx| tx.drop_rates("source", now)).unwrap();
    let other = store.write(|tx| tx.drop_rates("reset", Timestamp::MAX));
    assert_eq!(other.unwrap(), 0, "of another kind");
    assert_eq!(
        [
            drop(later(9)),
            drop(later(10)),
            drop(later(10)),
            drop(later(11))
        ],
        [0, 1, 0, 1]
    );
    let given_up: Result<(), portcullis::ledger::StoreError> = store.conditionally(|tx| {
        tx.spend(&one(&here, NOW))?;
        Err(portcullis::ledger::StoreError::corrupt("given up"))
    });
    assert!(given_up.is_err());
    assert_eq!(drop(Timestamp::MAX), 0);
}

/// A purge drops what was paid back while visitors ask for resets, each of whom spends of two limits:
/// none waits for another in a circle.
pub fn bug26_a_purge_beside_requests<H: CredentialHarness>() {
    const USERS: u8 = 6;
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let credentials = &accounts.credentials;
    let name = |n: u8| format!("user-{n}");
    for n in 0..USERS {
        let _ = accounts.add(&name(n));
    }
    let ask = |n: u8, net: u8, now| {
        let source = Source::new(&format!("10.0.{net}.{n}"));
        let asked = credentials.request_reset(&store, &name(n), &source, now);
        assert_eq!(asked.unwrap(), Ok(()));
    };
    for round in 0..12 {
        let now = NOW.after(hours(4 * round));
        // The rows of users come first in the table, where a purge comes first to what is first.
        for n in 0..USERS {
            ask(n, 1, now);
        }
        for n in 0..USERS {
            let source = Source::new(&format!("10.0.0.{n}"));
            let asked = credentials.request_reset(&store, "nobody", &source, now);
            assert_eq!(asked.unwrap(), Ok(()));
        }
        let now = now.after(hours(2));
        let together = Barrier::new(usize::from(USERS) + 1);
        std::thread::scope(|scope| {
            for n in 0..USERS {
                let (together, ask) = (&together, &ask);
                scope.spawn(move || {
                    together.wait();
                    ask(n, 0, now);
                });
            }
            together.wait();
            credentials.purge(&store, now).unwrap();
        });
    }
    credentials.purge(&store, Timestamp::MAX).unwrap();
    let left = Rate::KINDS.map(|what| store.write(|tx| tx.drop_rates(what, Timestamp::MAX)));
    assert_eq!(left.map(Result::unwrap), [0; 3], "it drops every kind");
}

/// A source over its limit is told to try later, whoever it means and whatever it knows; a success
/// gives nothing back.
pub fn bug12_bug16_a_source_has_so_many_attempts<H: CredentialHarness>() {
    let store = H::fresh();
    let accounts = Accounts::of(&store, Lock::UntilAdmin, 64);
    let burst = accounts.credentials.policy().settings().source_burst;
    accounts.add("ada");
    accounts.add("mallory");
    let right = super::attempts::RIGHT;
    assert_eq!(
        accounts.attempt("ada", "some wrong password", NOW),
        Err(Cause::WrongPassword)
    );
    for _ in 1..burst {
        assert!(accounts.attempt("mallory", right, NOW).is_ok());
    }
    let runs = accounts.kdf.runs();
    for (name, password) in [
        ("ada", right),
        ("ada", "wrong"),
        ("nobody", right),
        ("", right),
    ] {
        assert_eq!(
            accounts.attempt(name, password, NOW),
            Err(Cause::TooManyFromSource)
        );
    }
    assert_eq!(accounts.kdf.runs(), runs, "no hash is run");
    let account = accounts.read(|tx| tx.account_named("ada")).unwrap();
    assert_eq!(account.tries.counted, 1, "nothing is counted");
}

fn one(source: &Source, now: Timestamp) -> Spend<'_> {
    let after = |millis| now.after(later(millis).since(NOW));
    let cost = later(10).since(NOW);
    Spend {
        rate: Rate::Source(source),
        now,
        cost,
        paid: after(10),
        latest: after(40).min(Timestamp::MAX.before(cost)),
        beyond: after(60_050),
    }
}

fn later(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW.millis() + millis)
}

fn spend<S>(store: &S, source: &Source, now: Timestamp) -> Option<Timestamp>
where
    S: Store,
    S::Tx: CredentialTx,
{
    store
        .conditionally(|tx| tx.spend(&one(source, now)))
        .unwrap()
}
