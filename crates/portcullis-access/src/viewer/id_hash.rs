//! A hash for our own ids. They are UUIDs of version 7 made here, whose last eight bytes are
//! random, so nobody outside can choose them to collide and one multiplication spreads them.

use std::hash::{BuildHasherDefault, Hasher};

pub(super) type ById = BuildHasherDefault<IdHasher>;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        if let [_, _, _, _, _, _, _, _, low @ ..] = bytes
            && let Ok(low) = <[u8; 8]>::try_from(low)
        {
            self.0 ^= u64::from_le_bytes(low);
        } else {
            for byte in bytes {
                self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
            }
        }
    }

    #[inline]
    fn write_usize(&mut self, _length: usize) {}

    #[inline]
    fn finish(&self) -> u64 {
        // The table takes its buckets from the low bits and its tags from the high ones.
        let spread = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        spread ^ (spread >> 32)
    }
}
