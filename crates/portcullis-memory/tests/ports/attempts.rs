use crate::rows::{NOW, account, read, user_id, write};
use portcullis_credentials::{Account, Accounts, Attempts, LockTimes, Reserve, Settle, Who};
use portcullis_id::{Epoch, Timestamp, minutes};
use portcullis_ledger::StoreExt;
use portcullis_memory::Store;

const ADA: Who<'static> = Who::Named("ada");

fn with_ada() -> Store {
    let store = Store::new();
    write(&store, |tx| tx.add_account(&account(1, "ada")));
    store
}

fn reserve(store: &Store, who: Who<'_>, now: Timestamp) -> Option<Account> {
    let reserve = Reserve {
        who,
        now,
        forget_before: Some(now.before(minutes(60))),
        lock: LockTimes::until(5, now.after(minutes(15))),
    };
    store.write(|tx| tx.reserve(&reserve)).unwrap()
}

fn settle(store: &Store, attempt: &Account) -> Option<Account> {
    let settle = Settle {
        user: attempt.user,
        serial: attempt.tries.serial,
        epoch: attempt.epoch,
    };
    store.write(|tx| tx.settle(&settle)).unwrap()
}

#[test]
fn bug01_forty_threads_reserve_exactly_as_often_as_the_threshold_allows() {
    let store = with_ada();
    let reserved = std::thread::scope(|scope| {
        let all: Vec<_> = (0..40)
            .map(|n| {
                let who = if n % 2 == 0 {
                    ADA
                } else {
                    Who::User(user_id(1))
                };
                let store = &store;
                scope.spawn(move || reserve(store, who, NOW))
            })
            .collect();
        let all = all.into_iter().map(|one| one.join().unwrap());
        all.flatten()
            .map(|account| account.tries.serial)
            .collect::<Vec<_>>()
    });
    let mut serials = reserved;
    serials.sort_unstable();
    assert_eq!(serials, [1, 2, 3, 4, 5]);
    let tries = read(&store, |tx| tx.account(user_id(1))).unwrap().tries;
    assert_eq!((tries.serial, tries.counted), (5, 5));
    assert_eq!(tries.locked_until, Some(NOW.after(minutes(15))));
}

#[test]
fn s24_only_an_account_that_is_open_and_has_a_password_counts() {
    let store = with_ada();
    let mut invited = account(2, "bob");
    invited.password = None;
    write(&store, |tx| tx.add_account(&invited));
    assert!(reserve(&store, Who::Named("bob"), NOW).is_none());
    assert!(reserve(&store, Who::Named("carl"), NOW).is_none());
    assert!(reserve(&store, Who::User(user_id(9)), NOW).is_none());
    assert!(reserve(&store, ADA, NOW).is_some());
}

#[test]
fn a_lock_that_was_sat_out_starts_the_count_anew() {
    let store = with_ada();
    for _ in 0..5 {
        assert!(reserve(&store, ADA, NOW).is_some());
    }
    let end = NOW.after(minutes(15));
    let before = Timestamp::from_millis(end.millis() - 1);
    assert!(reserve(&store, ADA, before).is_none());
    let tries = reserve(&store, ADA, end).unwrap().tries;
    assert_eq!((tries.serial, tries.counted), (6, 1));
    assert_eq!((tries.last_at, tries.locked_until), (Some(end), None));
}

#[test]
fn a_pause_that_is_long_enough_starts_the_count_anew() {
    let store = with_ada();
    for _ in 0..3 {
        reserve(&store, ADA, NOW);
    }
    let end = NOW.after(minutes(60));
    let before = Timestamp::from_millis(end.millis() - 1);
    assert_eq!(reserve(&store, ADA, before).unwrap().tries.counted, 4);
    let store = with_ada();
    reserve(&store, ADA, NOW);
    assert_eq!(reserve(&store, ADA, end).unwrap().tries.counted, 1);
}

#[test]
fn s25_unlocking_leaves_the_serial() {
    let store = with_ada();
    for _ in 0..5 {
        reserve(&store, ADA, NOW);
    }
    assert!(write(&store, |tx| tx.unlock(user_id(1))));
    let tries = read(&store, |tx| tx.account(user_id(1))).unwrap().tries;
    assert_eq!((tries.serial, tries.counted), (5, 0));
    assert_eq!((tries.last_at, tries.locked_until), (None, None));
}

#[test]
fn bug03_choice23_settling_forgets_up_to_its_own_attempt() {
    let store = with_ada();
    let second = [(); 2].map(|()| reserve(&store, ADA, NOW).unwrap());
    reserve(&store, ADA, NOW);
    let after = settle(&store, &second[1]).unwrap().tries;
    assert_eq!((after.counted, after.locked_until), (1, None));
    for _ in 0..4 {
        reserve(&store, ADA, NOW);
    }
    let locked = settle(&store, &second[1]).unwrap().tries;
    assert_eq!(locked.counted, 5, "never more than there were");
    assert!(locked.locked_until.is_some(), "others reached the lock");
}

#[test]
fn the_attempt_that_reached_the_lock_takes_it_away_when_it_was_right() {
    let store = with_ada();
    let fifth = [(); 5].map(|()| reserve(&store, ADA, NOW).unwrap());
    assert!(fifth[4].tries.locked_until.is_some());
    let after = settle(&store, &fifth[4]).unwrap().tries;
    assert_eq!((after.counted, after.locked_until), (0, None));
}

#[test]
fn bug06_an_account_that_has_left_the_epoch_is_not_settled() {
    let store = with_ada();
    let mut attempt = reserve(&store, ADA, NOW).unwrap();
    attempt.epoch = Epoch::from_number(1);
    assert!(settle(&store, &attempt).is_none());
    attempt.user = user_id(2);
    attempt.epoch = Epoch::FIRST;
    assert!(settle(&store, &attempt).is_none());
    let tries = read(&store, |tx| tx.account(user_id(1))).unwrap().tries;
    assert_eq!(tries.counted, 1);
}
