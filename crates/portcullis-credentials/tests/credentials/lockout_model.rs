//! Attempts that overlap, clocks that jump: both counters, under every lock, against a model that
//! keeps a list of what was attempted and what became of it.

use crate::world::{RIGHT, T0, WRONG, World, by, until_admin, world_with};
use portcullis_credentials::{
    Account, Attempts, CredentialSettings, FactorAttempts, FactorKind, Lock, Reached, Reserve,
    ReserveFactor, Settle, SignIn, Tries, Who,
};
use portcullis_id::{State, Timestamp, hours};
use portcullis_ledger::StoreExt;
use proptest::prelude::*;
use proptest::sample::Index;
use std::num::NonZeroU32;

#[derive(Clone, Debug)]
enum Move {
    /// An attempt begins, and is in flight.
    Reserve,
    /// One of those in flight turns out right.
    Right(Index),
    /// One of them turns out wrong and its program dies before it says so.
    Died(Index),
    /// Of one of them nobody could say.
    Nobody(Index),
    /// A whole sign-in with a wrong password, or with the right one.
    SignIn(bool),
    Unlock,
    /// The account ends so many days from now, or never.
    Expire(Option<NonZeroU32>),
    Clock(i64),
    ClockTo(i64),
}

/// The reference: every attempt since what forgot them, with its fate, and the lock with the serial
/// that reached it. What counts is read off the lists.
#[derive(Default)]
struct Model {
    serial: i64,
    counts: Made,
    row: Made,
    last: Option<i64>,
    lock: Option<(i64, i64)>,
}

/// Attempts that were made and not forgotten.
#[derive(Default)]
struct Made(Vec<Attempt>);

struct Attempt {
    serial: i64,
    /// Nobody could judge it, so it is to be held against nobody.
    taken_back: bool,
}

impl Made {
    fn attempt(&mut self, serial: i64) {
        let taken_back = false;
        self.0.push(Attempt { serial, taken_back });
    }

    /// A right one forgets itself and those before it.
    fn forget_until(&mut self, serial: i64) {
        self.0.retain(|made| made.serial > serial);
    }

    /// Whether it was there, and whether all others still count.
    fn take_back(&mut self, serial: i64) -> (bool, bool) {
        let others = self.0.iter().all(|made| !made.taken_back);
        let made = self.0.iter_mut().find(|made| made.serial == serial);
        let there = made.map(|made| made.taken_back = true).is_some();
        (there, others)
    }

    /// A store keeps a number and not a list: of those that were taken back it may still hold some
    /// against the account, and must not miss one that counts. Where none was, that is one number.
    fn may_be(&self, number: i64) -> bool {
        let counting = self.0.iter().filter(|made| !made.taken_back).count();
        (counting..=self.0.len()).contains(&usize::try_from(number).unwrap())
    }
}

const MAX: i128 = i64::MAX as i128;

impl Model {
    /// `before` is what the store held against the account, which was within what the lists allow.
    fn reserve(&mut self, now: i64, rules: &Rules, before: &Tries) -> Option<i64> {
        if self.lock.is_some_and(|(until, _)| until > now) {
            return None;
        }
        let pause = self
            .last
            .map_or(0, |last| i128::from(now) - i128::from(last));
        let (mut counted, row) = (before.counted + 1, before.in_a_row + 1);
        if self.lock.take().is_some() || rules.window.is_some_and(|window| pause >= window) {
            self.counts.0.clear();
            counted = 1;
        }
        (self.serial, self.last) = (self.serial + 1, Some(now));
        self.counts.attempt(self.serial);
        self.row.attempt(self.serial);
        let (locks, last) = (row / rules.x, row >= rules.straw);
        if counted >= rules.x || last {
            let grown = rules
                .first
                .saturating_mul(1_i128 << (locks.max(1) - 1).min(100));
            let length = if last {
                rules.longest
            } else {
                grown.min(rules.longest)
            };
            let beyond = locks > 1 && i128::from(now) + rules.longest > MAX;
            let until = (i128::from(now) + if beyond { MAX } else { length }).min(MAX);
            self.lock = Some((i64::try_from(until).unwrap(), self.serial));
        }
        Some(self.serial)
    }

    fn right(&mut self, serial: i64) {
        self.counts.forget_until(serial);
        self.row.forget_until(serial);
        self.lock = self.lock.filter(|(_, by)| *by != serial);
    }

    /// Whether it counted, so that it must be one fewer and the lock gone that it helped to reach;
    /// `None` where the store may have lost sight of it.
    fn nobody(&mut self, serial: i64) -> Option<bool> {
        let (counted, all_counted) = self.counts.take_back(serial);
        self.row.take_back(serial);
        (all_counted || !counted).then_some(counted)
    }
}

/// What a policy means to the model, in milliseconds.
struct Rules {
    lock: Lock,
    x: i64,
    first: i128,
    longest: i128,
    straw: i64,
    for_good: i64,
    window: Option<i128>,
}

impl Rules {
    fn of(lock: Lock, x: u32, window: bool) -> Self {
        let (day, never) = (24 * 60, i64::MAX);
        let (first, longest, straw, for_good) = match lock {
            Lock::UntilAdmin => (day, day, never, 0),
            Lock::Timed { minutes } => (minutes, minutes, never, never),
            Lock::Backoff {
                minutes,
                longest_minutes,
            } => (minutes, longest_minutes, never, never),
            Lock::Mixed {
                minutes,
                longest_minutes,
                until_admin_at: straw,
            } => (minutes, longest_minutes, i64::from(straw), i64::from(straw)),
            other => panic!("{other:?}"),
        };
        let millis = |minutes| i128::from(minutes) * 60_000;
        Self {
            lock,
            x: i64::from(x),
            first: millis(first),
            longest: millis(longest),
            straw,
            for_good,
            window: window.then_some(12 * 3_600_000),
        }
    }
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let ends = prop_oneof![
        Just(i64::MIN),
        Just(i64::MIN + 1),
        Just(0),
        Just(i64::MAX - 100_000_000),
        Just(i64::MAX - 60_000),
        Just(i64::MAX - 1),
        any::<i64>(),
    ];
    let one = prop_oneof![
        8 => Just(Move::Reserve),
        2 => any::<Index>().prop_map(Move::Right),
        3 => any::<Index>().prop_map(Move::Died),
        2 => any::<Index>().prop_map(Move::Nobody),
        6 => any::<bool>().prop_map(Move::SignIn),
        6 => Just(Move::SignIn(false)),
        1 => Just(Move::Unlock),
        1 => prop::option::of(1..4_u32).prop_map(|n| Move::Expire(n.and_then(NonZeroU32::new))),
        4 => (-20i64..3000).prop_map(|n| Move::Clock(n * 60_000)),
        1 => ends.prop_map(Move::ClockTo),
    ];
    prop::collection::vec(one, 1..120)
}

fn locks() -> impl Strategy<Value = (Lock, u32)> {
    let first = prop_oneof![4 => 1..30_u32, 1 => Just(525_600)];
    let longer = prop_oneof![4 => 0..3000_u32, 1 => Just(525_600)];
    (0..4, 1..7_u32, first, longer, 0..30_u32).prop_map(|(mode, x, minutes, longer, straw)| {
        let longest_minutes = (minutes + longer).min(525_600);
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
                until_admin_at: x + straw,
            },
        };
        (lock, x)
    })
}

/// One of the two counters of Ada's.
struct Counter<'w> {
    world: &'w World,
    rules: &'w Rules,
    codes: bool,
}

impl Counter<'_> {
    fn tries(&self) -> Tries {
        let (kind, user) = (FactorKind::Totp, self.world.ada);
        if !self.codes {
            return self.world.tries();
        }
        let tries = self.world.store.read(|tx| tx.factor_tries(user, kind));
        tries.unwrap().unwrap_or_default()
    }

    fn reserve(&self, now: Timestamp) -> Option<Tries> {
        let lock = self
            .rules
            .lock
            .times(u32::try_from(self.rules.x).unwrap(), now);
        let user = self.world.ada;
        if self.codes {
            let kind = FactorKind::Totp;
            let reserve = ReserveFactor {
                user,
                kind,
                now,
                lock,
            };
            return self
                .world
                .store
                .write(|tx| tx.reserve_factor(&reserve))
                .unwrap();
        }
        let forget = hours(12).num_milliseconds();
        let forget = self
            .rules
            .window
            .and_then(|_| now.millis().checked_sub(forget));
        let reserve = Reserve {
            who: Who::User(user),
            now,
            forget_before: forget.map(Timestamp::from_millis),
            lock,
        };
        let found: Option<Account> = self.world.store.write(|tx| tx.reserve(&reserve)).unwrap();
        found.map(|account| account.tries)
    }

    fn settle(&self, serial: i64) {
        let user = self.world.ada;
        let epoch = self.world.epoch();
        let settle = Settle {
            user,
            serial,
            epoch,
        };
        let settled = self.world.store.write(|tx| {
            if self.codes {
                return tx.settle_factor(user, FactorKind::Totp, serial);
            }
            Ok(tx.settle(&settle)?.is_some())
        });
        assert!(settled.unwrap());
    }

    /// A whole attempt, through the rules where it is a password; its serial if it was counted, and
    /// whether it was let in.
    fn attempt(&self, right: bool, now: Timestamp) -> (Option<i64>, bool) {
        if self.codes {
            let tries = self.reserve(now);
            let reached = tries.and_then(|tries| {
                let (user, serial) = (self.world.ada, tries.serial);
                let until = tries.locked_until?;
                let lasts = self.rules.for_good <= tries.in_a_row;
                (lasts && !right).then_some(Reached {
                    user,
                    serial,
                    until,
                })
            });
            if let Some(reached) = reached {
                let lasts = |tx: &mut crate::store::Rows| {
                    tx.lock_factor_until_admin(FactorKind::Totp, &reached)
                };
                assert!(self.world.store.write(lasts).unwrap());
            }
            if let Some(tries) = tries.filter(|_| right) {
                self.settle(tries.serial);
            }
            return (tries.map(|tries| tries.serial), right && tries.is_some());
        }
        let before = self.tries().serial;
        let password = if right { RIGHT } else { WRONG };
        let outcome = self.world.try_sign_in("ada", password, now);
        let after = self.tries().serial;
        let done = matches!(outcome, SignIn::Done(_));
        ((after > before).then_some(after), done)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn bug14_both_counters_do_what_the_model_does(
        moves in moves(), (lock, x) in locks(), window: bool, codes: bool
    ) {
        let world = world_with(CredentialSettings {
            lock_threshold: x,
            source_attempts_per_minute: None,
            lock,
            forget_after_hours: window.then_some(12),
            ..until_admin()
        });
        let rules = Rules::of(lock, x, window && !codes);
        let counter = Counter { world: &world, rules: &rules, codes };
        let (mut model, mut clock, mut flying) = (Model::default(), T0.millis(), Vec::new());
        for step in moves {
            let now = Timestamp::from_millis(clock);
            let before = counter.tries();
            match step {
                Move::Reserve => {
                    let got = counter.reserve(now).map(|tries| tries.serial);
                    prop_assert_eq!(got, model.reserve(clock, &rules, &before));
                    flying.extend(got);
                }
                Move::SignIn(right) => {
                    let (got, done) = counter.attempt(right, now);
                    let want = model.reserve(clock, &rules, &before);
                    prop_assert_eq!(got, want, "{:?}", model.lock);
                    let usable = codes || world.standing().at(now) == State::Usable;
                    prop_assert_eq!(done, right && usable && want.is_some());
                    match (want, &mut model.lock) {
                        (Some(serial), _) if done => model.right(serial),
                        // One that a program died over lasts from when somebody meets it.
                        (met, Some((until, _)))
                            if (met.is_some() || !codes)
                                && *until > clock
                                && before.in_a_row + i64::from(met.is_some()) >= rules.for_good =>
                        {
                            *until = i64::MAX;
                        }
                        _ => {}
                    }
                }
                Move::Right(which) if !flying.is_empty() => {
                    let serial = flying.swap_remove(which.index(flying.len()));
                    counter.settle(serial);
                    model.right(serial);
                }
                Move::Died(which) if !flying.is_empty() => {
                    flying.swap_remove(which.index(flying.len()));
                }
                Move::Nobody(which) if !flying.is_empty() && !codes => {
                    let serial = flying.swap_remove(which.index(flying.len()));
                    world.store.write(|tx| tx.release(world.ada, serial)).unwrap();
                    let after = counter.tries();
                    match model.nobody(serial) {
                        Some(counted) => {
                            prop_assert_eq!(before.counted - after.counted, i64::from(counted));
                            model.lock = model.lock.filter(|_| !counted);
                        }
                        None if after.locked_until.is_none() => model.lock = None,
                        None => {}
                    }
                }
                Move::Unlock => {
                    world.store.write(|tx| world.credentials.unlock(tx, world.ada, &by(), T0)).unwrap();
                    model = Model { serial: model.serial, ..Model::default() };
                }
                Move::Expire(days) => {
                    let expire = world.store.write(|tx| {
                        world.credentials.set_expiry(tx, world.ada, days, &by(), now)
                    });
                    expire.unwrap();
                }
                Move::Clock(by) => clock = clock.saturating_add(by),
                Move::ClockTo(then) => clock = then,
                Move::Right(_) | Move::Died(_) | Move::Nobody(_) => {}
            }
            let tries = counter.tries();
            prop_assert_eq!(tries.locked_until.map(Timestamp::millis), model.lock.map(|(until, _)| until));
            prop_assert!(model.counts.may_be(tries.counted), "{} counted", tries.counted);
            prop_assert!(model.row.may_be(tries.in_a_row), "{} in a row", tries.in_a_row);
        }
    }
}
