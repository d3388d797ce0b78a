//! The memory that runs fill, kept from one to the next.
//!
//! Given back to the allocator after each run, a flood of sign-ins costs ten times what its parallel
//! runs hold: glibc keeps a freed buffer in the arena of the thread that had it, and has eight arenas
//! a core. Here there are never more than ran at once.

use crate::KdfError;
use argon2::Block;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroize;

/// Larger ones are an imported hash's, and not kept for the next: in blocks of a KiB.
const KEPT: usize = 65_536;

static FREE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// A buffer of at least so many blocks. It goes back when dropped, also by a panic, and wiped: what a
/// run leaves in it is as good as the password's hash.
#[derive(Debug)]
pub(super) struct Buffer(Vec<Block>);

impl Buffer {
    pub(super) fn of(blocks: usize) -> Result<Self, KdfError> {
        let free = free().pop();
        let mut buffer = free.unwrap_or_default();
        if buffer.len() < blocks {
            // Before the larger one is asked for.
            buffer = Vec::new();
            buffer
                .try_reserve_exact(blocks)
                .map_err(|error| KdfError::Failed(error.into()))?;
            buffer.resize(blocks, Block::new());
        }
        Ok(Self(buffer))
    }
}

impl AsMut<[Block]> for Buffer {
    fn as_mut(&mut self) -> &mut [Block] {
        &mut self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        for block in &mut self.0 {
            block.zeroize();
        }
        if self.0.len() <= KEPT {
            free().push(std::mem::take(&mut self.0));
        }
    }
}

fn free() -> std::sync::MutexGuard<'static, Vec<Vec<Block>>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bug29_a_buffer_serves_run_after_run_and_a_huge_one_is_let_go() {
        let mut small = Buffer::of(40_000).unwrap();
        if let Some(last) = small.as_mut().last_mut() {
            last.as_mut().fill(7);
        }
        drop(small);
        let wiped = |block: &Block| block.as_ref().iter().all(|&word| word == 0);
        let kept = |free: &Vec<Block>| free.len() >= 40_000 && free.iter().all(wiped);
        assert!(free().iter().any(kept));
        let huge = Buffer::of(KEPT + 1).unwrap();
        assert!(huge.0.len() > KEPT);
        drop(huge);
        assert!(free().iter().all(|free| free.len() <= KEPT));
    }
}
