//! Ranges of work split over the pool's threads.

use super::args::Done;
use crate::parallel;
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
/// (By reference, so that the machinery of the pool is compiled once and not for every loop.)
pub fn ranges(total: usize, grain: usize, work: impl Fn(Range<usize>) + Sync) {
    split(total, grain, &work);
}

fn split(total: usize, grain: usize, work: &(dyn Fn(Range<usize>) + Sync)) {
    match part(total, grain) {
        0 => {}
        part if part == total => work(0..total),
        part => parallel::each(total.div_ceil(part), &|i| work(i * part..((i + 1) * part).min(total))),
    }
}

/// As `ranges`, for work that can fail: the first error in order comes back.
pub fn try_ranges(total: usize, grain: usize, work: impl Fn(Range<usize>) -> Done + Sync) -> Done {
    try_split(total, grain, &work)
}

fn try_split(total: usize, grain: usize, work: &(dyn Fn(Range<usize>) -> Done + Sync)) -> Done {
    match part(total, grain) {
        0 => Ok(()),
        part if part == total => work(0..total),
        part => {
            let done = |i: usize| work(i * part..((i + 1) * part).min(total)).err();
            parallel::gather(total.div_ceil(part), &done).into_iter().flatten().next().map_or(Ok(()), Err)
        }
    }
}

/// Calls `work` for `0..count`, one task each.
pub fn tasks(count: usize, work: impl Fn(usize) + Sync) {
    split(count, 1, &|range| range.for_each(&work));
}

/// Items of one part of `0..total`; all of them when one thread does the work.
fn part(total: usize, grain: usize) -> usize {
    let threads = parallel::current();
    if threads == 1 || total < grain.saturating_mul(2) { total } else { total.div_ceil(threads * 4).max(grain.max(1)) }
}
