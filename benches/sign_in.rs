//! What a sign-in costs beside its password hash. `--check` fails beyond the promise, `--smoke`
//! runs each part briefly, anything else is a criterion run.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench reads the clock, prints what it measured, and stops where its world is wrong"
)]

use cpu_time::ThreadTime;
use criterion::Criterion;
use portcullis_credentials::{
    Administrators, Argon2id, CredentialPolicy, CredentialSettings, Credentials, FirstPassword,
    Kdf, KdfError, LoginName, NewAccount, PasswordHash, SecretString, SessionSecret, SignIn,
    Source,
};
use portcullis_id::{Entropy, EntropyError, Timestamp, UserId};
use portcullis_ledger::{Actor, StoreExt};
use portcullis_rusqlite::Store;
use std::env;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// At most this much of one processor for a sign-in and its session, without the hash.
const MOST_CPU: Duration = Duration::from_millis(1);
const MOST_COMMITS: f64 = 3.0;
const MOST_STATEMENTS: f64 = 6.0;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const RIGHT: &str = "the right password";

fn main() -> ExitCode {
    let flags: Vec<_> = env::args().skip(1).collect();
    let given = |flag: &str| flags.iter().any(|given| given == flag);
    if given("--smoke") {
        measure(500, 5);
    } else if given("--check") {
        if !kept(&measure(20_000, 50)) {
            return ExitCode::FAILURE;
        }
    } else {
        with_criterion();
    }
    ExitCode::SUCCESS
}

/// What one sign-in took, on average over all of them.
struct Figures {
    cpu: Duration,
    commits: f64,
    statements: f64,
    /// Of the worst of those that are refused for their ten megabytes.
    huge: Duration,
}

fn kept(figures: &Figures) -> bool {
    figures.cpu <= MOST_CPU
        && figures.huge <= MOST_CPU
        && figures.commits <= MOST_COMMITS
        && figures.statements <= MOST_STATEMENTS
}

/// Measures and prints all parts, and hands the promised figures back.
fn measure(sign_ins: u32, hashes: u32) -> Figures {
    let portal = Portal::of(1_000, Arc::new(Null), &PasswordHash::from_phc(RIGHT));
    portal.sign_in_each(1_000);
    let before = portal.store.counters();
    let (cpu, wall) = (ThreadTime::now(), Instant::now());
    portal.sign_in_each(sign_ins);
    let (cpu, wall) = (cpu.elapsed() / sign_ins, wall.elapsed() / sign_ins);
    let counts = portal.store.counters() - before;
    let each = |count: u64| f64::from(u32::try_from(count).expect("few")) / f64::from(sign_ins);
    let figures = Figures {
        cpu,
        commits: each(counts.commits),
        statements: each(counts.statements),
        huge: portal.huge(),
    };
    println!("sign_in: {sign_ins} sign-ins of 1,000 accounts with a null hash, on average");
    println!(
        "  {cpu:.1?} of one processor (promise: at most {MOST_CPU:?}), {wall:.1?} by the clock"
    );
    println!(
        "  {} commits (promise: at most {MOST_COMMITS}), {} statements (promise: at most {MOST_STATEMENTS})",
        figures.commits, figures.statements
    );
    println!(
        "  {:.1?} of one processor with ten megabytes of password or name (promise: at most {MOST_CPU:?})",
        figures.huge
    );
    print_hashes(hashes);
    figures
}

/// What the hash adds, and whether a name that nobody has answers in the same time (bug 18).
fn print_hashes(runs: u32) {
    let kdf = Argon2id::default();
    let hash = kdf.hash(RIGHT, &System).expect("a hash");
    let portal = Portal::of(runs, Arc::new(kdf), &hash);
    let [mut alone, mut wrong, mut unknown] = [const { Vec::new() }; 3];
    for number in 0..runs {
        // In turns, so that what else the machine does falls on all three.
        alone.push(time(|| {
            kdf.verify("a wrong password", &hash).expect("a run")
        }));
        wrong.push(time(|| portal.refused(&name(number), "a wrong password")));
        unknown.push(time(|| portal.refused("nobody", RIGHT)));
    }
    let [alone, wrong, unknown] = [alone, wrong, unknown].map(median);
    println!("  {alone:.1?} one argon2id run of 19456 KiB, 2 passes, 1 lane (no promise)");
    println!(
        "  {wrong:.1?} a wrong password, {unknown:.1?} an unknown name, ratio {:.3} (no promise)",
        unknown.as_secs_f64() / wrong.as_secs_f64()
    );
}

fn with_criterion() {
    let mut criterion = Criterion::default().configure_from_args();
    let portal = Portal::of(1_000, Arc::new(Null), &PasswordHash::from_phc(RIGHT));
    let mut number = 0;
    criterion.bench_function("sign-in/null-hash", |bencher| {
        bencher.iter(|| {
            number = (number + 1) % 1_000;
            portal.sign_in(&name(number))
        });
    });
    let kdf = Argon2id::default();
    let hash = kdf.hash(RIGHT, &System).expect("a hash");
    criterion.bench_function("argon2id/19456-2-1", |bencher| {
        bencher.iter(|| kdf.verify(RIGHT, &hash).expect("a run"));
    });
    criterion.final_summary();
}

/// A portal in a file, where every account has the same password.
struct Portal {
    store: Store,
    credentials: Credentials,
    accounts: u32,
    asked: AtomicU32,
    _folder: TempDir,
}

impl Portal {
    fn of(accounts: u32, kdf: Arc<dyn Kdf>, hash: &PasswordHash) -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(folder.path().join("portal.db")).expect("a store");
        store.migrate(NOW).expect("the tables");
        let policy = CredentialPolicy::new(CredentialSettings::default()).expect("a policy");
        let credentials = Credentials::new(policy, Administrators::none(), kdf, Arc::new(System))
            .expect("the rules");
        let by = Actor::Operator("bench".to_owned());
        store
            .write(|tx| {
                (0..accounts).try_for_each(|number| {
                    let new = NewAccount {
                        user: UserId::new(NOW, &System)?,
                        name: LoginName::parse(&name(number)).expect("a name"),
                        password: FirstPassword::Imported {
                            hash: hash.clone(),
                            change_due: false,
                        },
                        expiry: None,
                    };
                    credentials.create_account(tx, new, &by, NOW)
                })
            })
            .expect("the accounts");
        Self {
            store,
            credentials,
            accounts,
            asked: AtomicU32::new(0),
            _folder: folder,
        }
    }

    fn sign_in_each(&self, times: u32) {
        for number in 0..times {
            self.sign_in(&name(number % self.accounts));
        }
    }

    fn sign_in(&self, name: &str) -> SessionSecret {
        match self.outcome(name, RIGHT) {
            SignIn::Done(proof) => self
                .credentials
                .start_session(&self.store, proof, NOW)
                .expect("a session"),
            other => panic!("{name} was not signed in: {other:?}"),
        }
    }

    fn refused(&self, name: &str, password: &str) {
        match self.outcome(name, password) {
            SignIn::Refused(_) => {}
            other => panic!("{name} was let in: {other:?}"),
        }
    }

    /// What ten megabytes of password cost, and of name, whichever is more: the median of eleven.
    fn huge(&self) -> Duration {
        let text = "0123456789".repeat(1_000_000);
        let (known, right) = (name(0), SecretString::from(RIGHT));
        let long = SecretString::from(text.clone());
        [(known.as_str(), &long), (&text, &right)]
            .map(|(name, password)| {
                let refused = || match self.answer(name, password) {
                    SignIn::Refused(_) => {}
                    other => panic!("ten megabytes were let in: {other:?}"),
                };
                median((0..11).map(|_| time(refused)).collect())
            })
            .into_iter()
            .max()
            .expect("two")
    }

    fn outcome(&self, name: &str, password: &str) -> SignIn {
        self.answer(name, &SecretString::from(password))
    }

    fn answer(&self, name: &str, password: &SecretString) -> SignIn {
        // Each asks from elsewhere: one source alone has not so many attempts.
        let from = Ipv4Addr::from_bits(self.asked.fetch_add(1, Ordering::Relaxed));
        let source = Source::new(&from.to_string());
        self.credentials
            .sign_in(&self.store, name, password, &source, NOW)
            .expect("an outcome")
    }
}

fn name(number: u32) -> String {
    format!("user{number}@client.example")
}

/// By the processor: what else the machine does would tell two equal answers apart.
fn time<R>(work: impl FnOnce() -> R) -> Duration {
    let start = ThreadTime::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    *times.get(times.len() / 2).expect("at least one run")
}

/// Costs nothing, so that the rest of a sign-in is what is measured.
struct Null;

impl Kdf for Null {
    fn hash(&self, password: &str, _: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        Ok(PasswordHash::from_phc(password))
    }
    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        Ok(hash.expose() == password)
    }
    fn check(&self, _: &PasswordHash) -> Result<(), KdfError> {
        Ok(())
    }
}

/// The system's generator, as in earnest: ids and secrets are part of what a sign-in costs.
struct System;

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(|_| EntropyError::exhausted())
    }
}
