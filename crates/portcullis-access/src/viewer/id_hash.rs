//! A hash for our own ids. They are UUIDs of version 7 made here, whose last eight bytes are
//! random but for the two bits of the variant: nobody outside can choose them to collide, and they
//! are as spread as a hash would make them. Read from the left, the two fixed bits come to lie at
//! the top, where the table takes its tags from and not its buckets.

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
            self.0 ^= u64::from_be_bytes(low);
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
        self.0
    }
}
