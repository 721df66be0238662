//! Ranges of work split over rayon's threads.

use rayon::prelude::*;
use std::ops::Range;

/// A pointer that threads share; each writes its own part.
#[derive(Clone, Copy)]
pub struct Shared<T>(pub T);
unsafe impl<T> Send for Shared<T> {}
unsafe impl<T> Sync for Shared<T> {}

impl<T: Copy> Shared<T> {
    #[inline(always)]
    pub fn get(&self) -> T {
        self.0
    }
}

/// Elements below which a memory-bound pass is not worth a second thread.
pub const GRAIN: usize = 1 << 15;

/// Calls `work` on parts of `0..total` that hold at least `grain` items each, on several threads when there is more than one part.
pub fn ranges(total: usize, grain: usize, work: impl Fn(Range<usize>) + Sync) {
    let threads = rayon::current_num_threads();
    if total == 0 {
        return;
    }
    if threads == 1 || total < grain.saturating_mul(2) {
        return work(0..total);
    }
    let part = total.div_ceil(threads * 4).max(grain.max(1));
    (0..total.div_ceil(part))
        .into_par_iter()
        .for_each(|i| work(i * part..((i + 1) * part).min(total)));
}

/// As `ranges`, for work that can fail: the first error in order comes back.
pub fn try_ranges<E: Send>(total: usize, grain: usize, work: impl Fn(Range<usize>) -> Result<(), E> + Sync) -> Result<(), E> {
    let threads = rayon::current_num_threads();
    if total == 0 {
        return Ok(());
    }
    if threads == 1 || total < grain.saturating_mul(2) {
        return work(0..total);
    }
    let part = total.div_ceil(threads * 4).max(grain.max(1));
    let failures: Vec<Option<E>> = (0..total.div_ceil(part))
        .into_par_iter()
        .map(|i| work(i * part..((i + 1) * part).min(total)).err())
        .collect();
    failures.into_iter().flatten().next().map_or(Ok(()), Err)
}
