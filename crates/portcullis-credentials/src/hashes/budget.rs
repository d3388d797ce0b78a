use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many password hashes may run at once, and how many callers may wait for a turn.
///
/// Each run holds its memory (19 MiB at the floor), so without a bound a flood of sign-ins takes
/// the machine. Beyond both numbers the answer is an honest
/// [`Cause::Overloaded`](crate::Cause::Overloaded), given before the attempt is counted.
#[derive(Debug)]
pub struct HashBudget {
    parallel: usize,
    waiting: usize,
    queue: Mutex<Queue>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    running: usize,
    waiting: usize,
}

/// A turn. Given back when dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Turn<'a>(&'a HashBudget);

impl HashBudget {
    /// At most `parallel` runs at once, and at most `waiting` callers in the queue.
    pub fn new(parallel: NonZeroUsize, waiting: usize) -> Self {
        Self {
            parallel: parallel.get(),
            waiting,
            queue: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// A turn, waited for if need be; `None` when the queue is full.
    pub(crate) fn turn(&self) -> Option<Turn<'_>> {
        let mut queue = self.lock();
        if queue.running >= self.parallel {
            if queue.waiting >= self.waiting {
                return None;
            }
            queue.waiting += 1;
            while queue.running >= self.parallel {
                queue = self
                    .freed
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            queue.waiting -= 1;
        }
        queue.running += 1;
        Some(Turn(self))
    }

    /// Two counters are never half-written, so a panic elsewhere does not spoil them.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for HashBudget {
    /// Two at once, 64 waiting: at 31 ms a run the last in the queue waits about a second.
    fn default() -> Self {
        Self::new(const { NonZeroUsize::new(2).unwrap() }, 64)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn bug29_beyond_runs_and_queue_the_answer_is_no() {
        let budget = HashBudget::new(NonZeroUsize::MIN, 0);
        let turn = budget.turn().unwrap();
        assert!(budget.turn().is_none());
        drop(turn);
        assert!(budget.turn().is_some());
    }

    #[test]
    fn bug29_never_more_than_the_bound_run_at_once() {
        let budget = HashBudget::new(NonZeroUsize::new(3).unwrap(), 39);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (arrive, arrived) = channel();
        std::thread::scope(|scope| {
            // Dropped with this closure, however it ends, so that nobody waits for ever.
            let arrived = arrived;
            for _ in 0..39 {
                let (arrive, (let_go, gone)) = (arrive.clone(), channel::<()>());
                let (budget, now, most) = (&budget, &now, &most);
                scope.spawn(move || {
                    let turn = budget.turn().unwrap();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let _ = arrive.send(let_go);
                    let _ = gone.recv();
                    now.fetch_sub(1, Ordering::SeqCst);
                    drop(turn);
                });
            }
            let next = || arrived.recv_timeout(Duration::from_secs(60)).unwrap();
            for round in 0..13 {
                let running = [next(), next(), next()];
                // Nobody goes on before the others have had the time to run as well.
                let left = 36 - 3 * round;
                while budget.lock().waiting < left && now.load(Ordering::SeqCst) == 3 {
                    std::thread::yield_now();
                }
                assert_eq!(
                    (now.load(Ordering::SeqCst), budget.lock().waiting),
                    (3, left)
                );
                drop(running);
            }
        });
        assert_eq!(most.into_inner(), 3);
    }

    #[test]
    fn bug29_a_panic_gives_its_turn_back() {
        let budget = HashBudget::new(NonZeroUsize::MIN, 0);
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _turn = budget.turn();
            panic!("in the middle of a run");
        }));
        assert!(budget.turn().is_some());
    }
}
