//! A thousand sign-ins at once take the memory of so many hashes as may run, and a little more
//! (bug 29). In a binary of its own, with one test: what is measured is the whole process.

#![expect(
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong, in its helpers too"
)]

use portcullis_credentials::{
    Administrators, Argon2id, Cause, CredentialPolicy, Credentials, HashBudget, Kdf, KdfError,
    PasswordHash, SecretString, SignIn, Source,
};
use portcullis_id::{Entropy, EntropyError, Timestamp};
use portcullis_memory::Store;
use std::fs;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const FLOOD: usize = 1_000;
const PARALLEL: usize = 2;
const WAITING: usize = 40;
/// What one run at the floor takes, in KiB.
const BUFFER: u64 = 19_456;
/// What all else may take: threads, answers, the audit.
const REST: u64 = 50 * 1024;

#[test]
fn bug29_a_flood_of_sign_ins_takes_no_more_memory_than_its_hashes_may() {
    let kdf = Arc::new(Watched::default());
    let budget = HashBudget::new(NonZeroUsize::new(PARALLEL).unwrap(), WAITING);
    let credentials = Credentials::new(
        CredentialPolicy::default(),
        Administrators::none(),
        kdf.clone(),
        Arc::new(Draws::default()),
    );
    let (credentials, store) = (credentials.unwrap().with_budget(budget), Store::new());
    let (start, overloaded) = (Barrier::new(FLOOD), AtomicUsize::new(0));
    let before = resident("VmRSS:");
    std::thread::scope(|scope| {
        for number in 0..FLOOD {
            let small = std::thread::Builder::new().stack_size(256 * 1024);
            // From a thousand places: no limit per source holds it back.
            let from = Source::new(&format!("10.0.{}.{}", number / 250, number % 250));
            let (credentials, store, start, overloaded) =
                (&credentials, &store, &start, &overloaded);
            let knock = move || {
                start.wait();
                let password = SecretString::from("a guess");
                let outcome = credentials.sign_in(store, "nobody", &password, &from, NOW);
                let Ok(SignIn::Refused(refusal)) = outcome else {
                    unreachable!("nobody signs in");
                };
                if refusal.cause() == Cause::Overloaded {
                    overloaded.fetch_add(1, Ordering::SeqCst);
                }
            };
            small.spawn_scoped(scope, knock).unwrap();
        }
    });
    let (runs, most) = (
        kdf.runs.load(Ordering::SeqCst),
        kdf.most.load(Ordering::SeqCst),
    );
    assert_eq!(runs + overloaded.into_inner(), FLOOD, "each has an answer");
    assert!(runs >= PARALLEL + WAITING, "{runs} had a turn");
    assert!(most <= PARALLEL, "{most} hashes at once");
    match (before, resident("VmHWM:")) {
        (Some(before), Some(peak)) => {
            let took = peak.saturating_sub(before);
            let may = u64::try_from(PARALLEL).unwrap() * BUFFER + REST;
            assert!(took > BUFFER, "{took} KiB: no hash was measured");
            assert!(took <= may, "{took} KiB of {may}");
        }
        _ => println!("skipped: this system does not tell what a process takes"),
    }
}

/// What this process takes, in KiB, as Linux tells it.
fn resident(line: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|text| text.strip_prefix(line))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

/// Argon2id at its floor, with the number of runs at once.
#[derive(Default)]
struct Watched {
    function: Argon2id,
    runs: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Kdf for Watched {
    fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<PasswordHash, KdfError> {
        self.function.hash(password, entropy)
    }

    fn verify(&self, password: &str, hash: &PasswordHash) -> Result<bool, KdfError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let answer = self.function.verify(password, hash);
        self.now.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), KdfError> {
        self.function.check(hash)
    }
}

/// No two draws are the same.
#[derive(Default)]
struct Draws(AtomicUsize);

impl Entropy for Draws {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
            chunk.copy_from_slice(&next[next.len() - chunk.len()..]);
        }
        Ok(())
    }
}
