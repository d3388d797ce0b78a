//! The counter and the epoch move as the rows in memory do, whatever the order of calls.

use crate::world::{Draws, RIGHT, T0};
use portcullis_credentials::{
    Account, Accounts, Attempts, LoginName, PasswordHash, Reserve, Settle, Tries, Who,
};
use portcullis_id::{Epoch, Timestamp, UserId};
use portcullis_ledger::{StoreError, StoreExt};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Call {
    Reserve {
        by_name: bool,
        now: i64,
        threshold: i64,
        forget_before: Option<i64>,
        lock_until: i64,
    },
    /// An attempt that many reservations ago, in the epoch it was made in.
    Settle(usize),
    /// The same, when nobody could judge it.
    Release(usize),
    SetDirectory(bool),
    Unlock,
    Suspend,
    Resume,
    Disable,
    DemandChange,
    /// At the present epoch, or at another.
    SetPassword(bool),
}

fn call() -> impl Strategy<Value = Call> {
    let lock_until = prop_oneof![3 => 0..40_i64, 1 => Just(i64::MAX)];
    prop_oneof![
        8 => (any::<bool>(), 0..20_i64, 1..5_i64, option::of(0..20_i64), lock_until).prop_map(
            |(by_name, now, threshold, forget_before, lock_until)| Call::Reserve {
                by_name, now, threshold, forget_before, lock_until
            }
        ),
        4 => (0..4_usize).prop_map(Call::Settle),
        2 => (0..4_usize).prop_map(Call::Release),
        1 => any::<bool>().prop_map(Call::SetDirectory),
        1 => Just(Call::Unlock),
        1 => Just(Call::Suspend),
        1 => Just(Call::Resume),
        1 => Just(Call::Disable),
        1 => Just(Call::DemandChange),
        1 => any::<bool>().prop_map(Call::SetPassword),
    ]
}

/// What each call answered, and the account after it.
fn told(
    tx: &mut (impl Accounts + Attempts),
    ada: UserId,
    calls: &[Call],
) -> Result<Vec<String>, StoreError> {
    let mut reserved: Vec<Account> = Vec::new();
    let mut told = Vec::new();
    let account = Account {
        user: ada,
        name: LoginName::parse("ada").unwrap(),
        password: Some(PasswordHash::from_phc(RIGHT)),
        directory: false,
        change_due: false,
        suspended_at: None,
        disabled_at: None,
        expiry: None,
        epoch: Epoch::FIRST,
        tries: Tries::default(),
        created_at: T0,
    };
    tx.add_account(&account)?;
    for call in calls {
        let answer = match call {
            Call::Reserve {
                by_name,
                now,
                threshold,
                forget_before,
                lock_until,
            } => {
                let found = tx.reserve(&Reserve {
                    who: if *by_name {
                        Who::Named("ada")
                    } else {
                        Who::User(ada)
                    },
                    now: Timestamp::from_millis(*now),
                    threshold: *threshold,
                    forget_before: forget_before.map(Timestamp::from_millis),
                    lock_until: Timestamp::from_millis(*lock_until),
                })?;
                reserved.extend(found.clone());
                format!("{found:?}")
            }
            Call::Settle(ago) => match reserved.iter().rev().nth(*ago) {
                None => String::new(),
                Some(attempt) => {
                    let found = tx.settle(&Settle {
                        user: ada,
                        serial: attempt.tries.serial,
                        epoch: attempt.epoch,
                    })?;
                    format!("{found:?}")
                }
            },
            Call::Release(ago) => match reserved.iter().rev().nth(*ago) {
                None => String::new(),
                Some(attempt) => tx.release(ada, attempt.tries.serial)?.to_string(),
            },
            Call::SetDirectory(directory) => tx.set_directory(ada, *directory)?.to_string(),
            Call::Unlock => tx.unlock(ada)?.to_string(),
            Call::Suspend => tx.suspend(ada, T0)?.to_string(),
            Call::Resume => tx.resume(ada)?.to_string(),
            Call::Disable => tx.disable(ada, T0)?.to_string(),
            Call::DemandChange => tx.demand_change(ada)?.to_string(),
            Call::SetPassword(present) => {
                let epoch = tx.account(ada)?.unwrap().epoch;
                let epoch = if *present { epoch } else { epoch.next() };
                let hash = PasswordHash::from_phc("next");
                tx.set_password(ada, epoch, &hash, false)?.to_string()
            }
        };
        told.push(format!("{call:?}: {answer}; {:?}", tx.account(ada)?));
    }
    Ok(told)
}

proptest! {
    #[test]
    fn bug03_bug14_sqlite_counts_as_the_model_does(calls in vec(call(), 1..40)) {
        let ada = UserId::new(T0, &Draws::default()).unwrap();
        let model = portcullis_memory::Store::new();
        let store = portcullis_rusqlite::Store::in_memory().unwrap();
        store.migrate(T0).unwrap();
        prop_assert_eq!(
            store.write(|tx| told(tx, ada, &calls)).unwrap(),
            model.write(|tx| told(tx, ada, &calls)).unwrap()
        );
    }
}
