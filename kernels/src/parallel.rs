//! Threads: how many, and loops over ranges whose results do not depend on how many there are. Without the feature `threads` the
//! same functions run everything on the caller.

#[cfg(feature = "threads")]
mod crew;
#[cfg(feature = "threads")]
mod pool;
#[cfg(feature = "threads")]
pub use pool::*;

#[cfg(not(feature = "threads"))]
pub use alone::*;

#[cfg(not(feature = "threads"))]
mod alone {
    use std::ops::Range;

    /// Number of threads that kernels may use.
    pub fn threads() -> usize {
        1
    }

    /// Number of threads that the present work may be split over.
    pub fn current() -> usize {
        1
    }

    /// Calls `f` on all of `0..count`.
    pub fn for_each(count: usize, _grain: usize, f: impl Fn(Range<usize>)) {
        if count > 0 {
            f(0..count);
        }
    }

    /// Calls `f` for each of `0..count`.
    pub fn each(count: usize, f: &dyn Fn(usize)) {
        (0..count).for_each(f);
    }

    /// What `f` gives for each of `0..count`, in order.
    pub fn gather<R>(count: usize, f: &dyn Fn(usize) -> R) -> Vec<R> {
        (0..count).map(f).collect()
    }

    /// Runs both.
    pub fn join(a: impl FnOnce(), b: impl FnOnce()) {
        a();
        b();
    }
}
