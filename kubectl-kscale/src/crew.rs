//! Work on all cores, with results in the order of the work.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Jobs taken at a time: enough that taking them costs nothing, few enough that nobody waits for the last one long.
const BLOCK: usize = 32;

/// How many work at once on `count` jobs.
pub(crate) fn size(count: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.min(count.div_ceil(BLOCK)).max(1)
}

/// Does jobs 0 to `count`, each worker with a state of its own, and gives what they made in their order.
pub(crate) fn each<S, T: Send>(
    count: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let workers = size(count);
    if workers == 1 {
        let mut state = start();
        return (0..count).map(|job| work(&mut state, job)).collect();
    }
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut state = start();
        let mut blocks = Vec::new();
        loop {
            let first = next.fetch_add(BLOCK, Ordering::Relaxed);
            if first >= count {
                return blocks;
            }
            let jobs = first..(first + BLOCK).min(count);
            let made: Vec<T> = jobs.map(|job| work(&mut state, job)).collect();
            blocks.push((first, made));
        }
    };
    let mut blocks: Vec<(usize, Vec<T>)> = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut blocks = worker();
        for other in others {
            // A worker that panics is a mistake in here; its panic goes on in this thread.
            blocks.extend(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        blocks
    });
    blocks.sort_by_key(|&(first, _)| first);
    blocks.into_iter().flat_map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_work() {
        for count in [0, 1, BLOCK, 10 * BLOCK + 7] {
            let made = each(
                count,
                || 0usize,
                |done, job| {
                    *done += 1;
                    job * 2
                },
            );
            assert_eq!(made, (0..count).map(|job| job * 2).collect::<Vec<_>>());
        }
    }
}
