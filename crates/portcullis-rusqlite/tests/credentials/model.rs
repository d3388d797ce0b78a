//! The counter and the epoch move as the rows in memory do, whatever the order of calls.

use crate::world::{Draws, RIGHT, T0};
use portcullis_credentials::{
    Account, Accounts, Attempts, FactorAttempts, FactorKind, Lock, LockTimes, LoginName,
    PasswordHash, Reached, Reserve, ReserveFactor, Settle, Tries, Who,
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
        now: Timestamp,
        forget_before: Option<Timestamp>,
        lock: LockTimes,
    },
    ReserveFactor {
        kind: FactorKind,
        now: Timestamp,
        lock: LockTimes,
    },
    SettleFactor(FactorKind, usize),
    /// The lock that an attempt reached that many reservations ago is made to last.
    Lock(usize),
    LockFactor(FactorKind, usize),
    UnlockFactors,
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
    let kind = || prop_oneof![Just(FactorKind::Totp), Just(FactorKind::Recovery)];
    let forget = option::of(moment());
    prop_oneof![
        8 => (any::<bool>(), moment(), forget, any::<bool>(), lock()).prop_map(
            |(by_name, now, forget_before, timed, (lock, threshold))| Call::Reserve {
                by_name,
                now,
                forget_before,
                lock: if timed { LockTimes::until(threshold, now) } else { lock.times(threshold, now) },
            }
        ),
        8 => (kind(), moment(), lock()).prop_map(|(kind, now, (lock, threshold))| {
            Call::ReserveFactor { kind, now, lock: lock.times(threshold, now) }
        }),
        4 => (0..4_usize).prop_map(Call::Settle),
        3 => (kind(), 0..4_usize).prop_map(|(kind, ago)| Call::SettleFactor(kind, ago)),
        3 => (0..3_usize).prop_map(Call::Lock),
        2 => (kind(), 0..3_usize).prop_map(|(kind, ago)| Call::LockFactor(kind, ago)),
        1 => Just(Call::UnlockFactors),
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

fn moment() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        9 => (0..60_i64).prop_map(|minutes| minutes * 60_000),
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX - 1), any::<i64>()],
    ]
    .prop_map(Timestamp::from_millis)
}

fn lock() -> impl Strategy<Value = (Lock, u32)> {
    (0..4, 1..4_u32, 0..30_u32, 1..5_u32, 0..9_u32).prop_map(
        |(mode, minutes, longer, threshold, straw)| {
            let longest_minutes = minutes + longer;
            let lock = match mode {
                0 => Lock::UntilAdmin,
                1 => Lock::Timed { minutes },
                2 => Lock::Backoff {
                    minutes,
                    longest_minutes,
                },
                _ => Lock::Mixed {
                    minutes,
                    longest_minutes,
                    until_admin_at: threshold + straw,
                },
            };
            (lock, threshold)
        },
    )
}

/// What each call answered, and the account after it.
fn told(
    tx: &mut (impl Accounts + Attempts + FactorAttempts),
    ada: UserId,
    calls: &[Call],
) -> Result<Vec<String>, StoreError> {
    let mut reserved: Vec<Account> = Vec::new();
    let mut codes: Vec<Tries> = Vec::new();
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
                forget_before,
                lock,
            } => {
                let found = tx.reserve(&Reserve {
                    who: if *by_name {
                        Who::Named("ada")
                    } else {
                        Who::User(ada)
                    },
                    now: *now,
                    forget_before: *forget_before,
                    lock: *lock,
                })?;
                reserved.extend(found.clone());
                format!("{found:?}")
            }
            Call::Lock(ago) => match reserved.iter().rev().nth(*ago) {
                None => String::new(),
                Some(attempt) => tx
                    .lock_until_admin(&reached(ada, &attempt.tries))?
                    .to_string(),
            },
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
            code => of_codes(tx, ada, &mut codes, code)?,
        };
        let codes = [FactorKind::Totp, FactorKind::Recovery].map(|kind| tx.factor_tries(ada, kind));
        told.push(format!(
            "{call:?}: {answer}; {:?} {codes:?}",
            tx.account(ada)?
        ));
    }
    Ok(told)
}

/// What a call about codes answered.
fn of_codes(
    tx: &mut impl FactorAttempts,
    ada: UserId,
    codes: &mut Vec<Tries>,
    call: &Call,
) -> Result<String, StoreError> {
    Ok(match call {
        Call::ReserveFactor { kind, now, lock } => {
            let (user, kind, now, lock) = (ada, *kind, *now, *lock);
            let reserve = ReserveFactor {
                user,
                kind,
                now,
                lock,
            };
            let found = tx.reserve_factor(&reserve)?;
            codes.extend(found);
            format!("{found:?}")
        }
        Call::SettleFactor(kind, ago) => match codes.iter().rev().nth(*ago) {
            None => String::new(),
            Some(tries) => tx.settle_factor(ada, *kind, tries.serial)?.to_string(),
        },
        Call::LockFactor(kind, ago) => match codes.iter().rev().nth(*ago) {
            None => String::new(),
            Some(tries) => tx
                .lock_factor_until_admin(*kind, &reached(ada, tries))?
                .to_string(),
        },
        Call::UnlockFactors => tx.unlock_factors(ada)?.to_string(),
        other => panic!("{other:?}"),
    })
}

fn reached(user: UserId, tries: &Tries) -> Reached {
    Reached {
        user,
        serial: tries.serial,
        until: tries.locked_until.unwrap_or(T0),
    }
}

proptest! {
    #[test]
    fn bug03_bug14_sqlite_counts_as_the_model_does(calls in vec(call(), 1..60)) {
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
