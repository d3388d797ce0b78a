use portcullis::id::{Entropy, EntropyError};
use std::sync::atomic::{AtomicU64, Ordering};

/// Repeatable randomness: `SplitMix64` from a seed. As an [`Entropy`] it makes ids and secrets, as
/// dice it makes worlds. Two of the same seed say the same, from one thread.
#[derive(Debug)]
pub struct Draws(AtomicU64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Draws {
    /// The draws of `seed`.
    pub const fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0xD134_2543_DE82_EF95)))
    }

    /// The next 64 bits.
    pub fn next(&self) -> u64 {
        let mut z = self.0.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }

    /// Yes in so many of 100 cases.
    pub fn percent(&self, yes: usize) -> bool {
        self.below(100) < yes
    }

    /// One of these.
    pub fn pick<'t, T>(&self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// Each of these with so many of 100 chances, in their order.
    pub fn some<T: Clone>(&self, from: &[T], each: usize) -> Vec<T> {
        let kept = from.iter().filter(|_| self.percent(each));
        kept.cloned().collect()
    }
}

impl Entropy for Draws {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
