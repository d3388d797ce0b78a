//! The laws of requirements 7.4, one property a file. Each is a function over a harness; the
//! [`suite!`](crate::suite) makes tests of them.

pub mod accounts;
pub mod addresses;
pub mod agreement;
pub mod at_once;
pub mod attempts;
pub mod backward_default;
pub mod beside;
pub mod deny_by_default;
pub mod directory;
pub mod factors;
pub mod file;
pub mod former_passwords;
pub mod guards;
pub mod host_list;
pub mod keyset;
pub mod last_administrator;
pub mod lock;
pub mod meanwhile;
pub mod monotone;
pub mod odd;
pub mod outbox;
pub mod own_sessions;
pub mod preview;
pub mod processes;
pub mod raise;
pub mod rates;
pub mod rekeying;
pub mod removed;
pub mod resets;
pub mod secrets;
pub mod sessions;
pub mod settled;
pub mod trace;
pub mod turns;
pub mod two_worlds;
pub mod worlds;

mod app;
mod ways;

use crate::Harness;
use std::ops::Range;

/// Says which world a law failed in.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in the world of PORTCULLIS_SEED={}", self.0);
        }
    }
}

/// Runs a property over the worlds of these seeds, or as many of them as the harness takes, or over
/// the one that was asked for.
fn over<H: Harness>(seeds: Range<u64>, property: impl Fn(u64)) {
    every(H::EVERY, seeds, property);
}

/// Runs a property over the worlds of every so many-th of these seeds.
fn every(step: usize, seeds: Range<u64>, property: impl Fn(u64)) {
    let asked = std::env::var("PORTCULLIS_SEED").ok();
    let seeds = match asked.and_then(|seed| seed.parse().ok()) {
        Some(seed) => seed..seed + 1,
        None => seeds,
    };
    for seed in seeds.step_by(step) {
        let said = Seed(seed);
        property(seed);
        drop(said);
    }
}
