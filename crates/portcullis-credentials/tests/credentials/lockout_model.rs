//! Attempts that overlap, clocks that jump: the counter against a model that keeps a plain list.

use crate::world::{RIGHT, T0, by, until_admin, world_with};
use portcullis_credentials::{Attempts, CredentialSettings, Lock, Reserve, Settle, Who};
use portcullis_id::{Timestamp, hours, minutes};
use portcullis_ledger::StoreExt;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Move {
    Reserve,
    /// One of the attempts in flight turns out right.
    Right(prop::sample::Index),
    /// One of them turns out wrong, or its program died.
    Wrong(prop::sample::Index),
    /// Of one of them nobody could say.
    Nobody(prop::sample::Index),
    Unlock,
    Clock(i64),
}

/// The serials of the attempts that count, and the lock with the serial that reached it.
#[derive(Default)]
struct Model {
    serial: i64,
    counts: Vec<i64>,
    last: Option<i64>,
    lock: Option<(i64, i64)>,
}

impl Model {
    fn reserve(&mut self, now: i64, x: usize, window: Option<i64>, lock: i64) -> Option<i64> {
        if self.lock.is_some_and(|(until, _)| until > now) {
            return None;
        }
        let old = match (self.last, window) {
            (Some(last), Some(window)) => now - last >= window,
            _ => false,
        };
        if self.lock.take().is_some() || old {
            self.counts.clear();
        }
        self.serial += 1;
        self.counts.push(self.serial);
        self.last = Some(now);
        if self.counts.len() >= x {
            self.lock = Some((lock, self.serial));
        }
        Some(self.serial)
    }

    fn right(&mut self, serial: i64) {
        self.counts.retain(|other| *other > serial);
        self.lock = self.lock.filter(|(_, by)| *by != serial);
    }

    /// Which attempts count is a number to the store: it takes back those among the last so many.
    fn nobody(&mut self, serial: i64) {
        if usize::try_from(self.serial - serial).is_ok_and(|later| later < self.counts.len()) {
            self.counts.remove(0);
            self.lock = None;
        }
    }
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => Just(Move::Reserve),
        2 => any::<prop::sample::Index>().prop_map(Move::Right),
        2 => any::<prop::sample::Index>().prop_map(Move::Wrong),
        2 => any::<prop::sample::Index>().prop_map(Move::Nobody),
        1 => Just(Move::Unlock),
        2 => (-20i64..1500).prop_map(|n| Move::Clock(n * 60_000)),
    ];
    prop::collection::vec(one, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn bug14_the_counter_does_what_the_model_does(moves in moves(), x in 1u32..7, timed: bool, window: bool) {
        let settings = CredentialSettings {
            lock_threshold: x,
            lock: if timed { Lock::Timed { minutes: 15 } } else { Lock::UntilAdmin },
            forget_after_hours: window.then_some(12),
            ..until_admin()
        };
        let world = world_with(settings);
        let (mut model, mut clock, mut flying) = (Model::default(), T0.millis(), Vec::new());
        for step in moves {
            match step {
                Move::Reserve => {
                    let now = Timestamp::from_millis(clock);
                    let until = if timed { now.after(minutes(15)) } else { Timestamp::MAX };
                    let reserve = Reserve {
                        who: Who::User(world.ada),
                        now,
                        threshold: i64::from(x),
                        forget_before: window.then(|| now.before(hours(12))),
                        lock_until: until,
                    };
                    let got = world.store.write(|tx| tx.reserve(&reserve)).unwrap();
                    let want = model.reserve(clock, x as usize, window.then_some(12 * 3_600_000), until.millis());
                    prop_assert_eq!(got.as_ref().map(|account| account.tries.serial), want);
                    flying.extend(got);
                }
                Move::Right(which) if !flying.is_empty() => {
                    let account = flying.swap_remove(which.index(flying.len()));
                    let settle = Settle { user: account.user, serial: account.tries.serial, epoch: account.epoch };
                    prop_assert!(world.store.write(|tx| tx.settle(&settle)).unwrap().is_some());
                    model.right(account.tries.serial);
                }
                Move::Wrong(which) if !flying.is_empty() => {
                    flying.swap_remove(which.index(flying.len()));
                }
                Move::Nobody(which) if !flying.is_empty() => {
                    let account = flying.swap_remove(which.index(flying.len()));
                    world.store.write(|tx| tx.release(account.user, account.tries.serial)).unwrap();
                    model.nobody(account.tries.serial);
                }
                Move::Unlock => {
                    world.store.write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0)).unwrap();
                    model.counts.clear();
                    model.last = None;
                    model.lock = None;
                }
                Move::Clock(by) => clock += by,
                Move::Right(_) | Move::Wrong(_) | Move::Nobody(_) => {}
            }
            prop_assert_eq!(world.tries().locked_until.map(Timestamp::millis), model.lock.map(|(until, _)| until));
            prop_assert_eq!(usize::try_from(world.tries().counted), Ok(model.counts.len()));
        }
        let now = Timestamp::from_millis(clock);
        let open = model.lock.is_none_or(|(until, _)| until <= clock);
        prop_assert_eq!(world.sign_in(RIGHT, now).is_ok(), open);
    }
}
