//! The functions of `parallel` over rayon's threads.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

static THREADS: AtomicUsize = AtomicUsize::new(0);
static POOL: RwLock<Option<Arc<ThreadPool>>> = RwLock::new(None);

fn default_threads() -> usize {
    let asked = std::env::var("NUMGRAD_THREADS").ok().and_then(|v| v.parse().ok());
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get())).clamp(1, 1024)
}

/// Number of threads that kernels may use.
pub fn threads() -> usize {
    match THREADS.load(Ordering::Relaxed) {
        0 => {
            let n = default_threads();
            THREADS.store(n, Ordering::Relaxed);
            n
        }
        n => n,
    }
}

/// Sets the number of threads; at least 1, at most 1024.
pub fn set_threads(n: usize) {
    let n = n.clamp(1, 1024);
    if n != threads() {
        THREADS.store(n, Ordering::Relaxed);
        *POOL.write().unwrap_or_else(|e| e.into_inner()) = None;
    }
}

fn pool() -> Option<Arc<ThreadPool>> {
    if threads() < 2 {
        return None;
    }
    if let Some(pool) = &*POOL.read().unwrap_or_else(|e| e.into_inner()) {
        return Some(pool.clone());
    }
    let mut slot = POOL.write().unwrap_or_else(|e| e.into_inner());
    if slot.is_none() {
        // Where threads cannot be had the loops run on the caller alone.
        *slot = ThreadPoolBuilder::new().num_threads(threads()).thread_name(|i| format!("numgrad-{i}")).build().ok().map(Arc::new);
    }
    slot.clone()
}

/// Runs `f` inside the thread pool, so that rayon's iterators use [`threads`] threads; without a pool, on the caller.
pub fn install<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    match pool() {
        Some(pool) => pool.install(f),
        None => f(),
    }
}

/// Calls `f` on every part of `0..count`, in parts of `grain`, on the caller and the pool's threads; in order on the caller alone
/// when there is one part or one thread. `f` must not care which thread runs a part.
pub fn for_each(count: usize, grain: usize, f: impl Fn(Range<usize>) + Sync) {
    let grain = grain.max(1);
    let parts = count.div_ceil(grain);
    if parts <= 1 || threads() < 2 {
        if count > 0 {
            f(0..count);
        }
        return;
    }
    let Some(pool) = pool() else {
        return f(0..count);
    };
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= parts {
                return;
            }
            f(part * grain..((part + 1) * grain).min(count));
        }
    };
    pool.in_place_scope(|scope| {
        for _ in 1..threads().min(parts) {
            scope.spawn(|_| work());
        }
        work();
    });
}

/// Number of threads that the present work may be split over.
pub fn current() -> usize {
    rayon::current_num_threads()
}

/// Calls `f` for each of `0..count`, one task each.
pub fn each(count: usize, f: &(dyn Fn(usize) + Sync)) {
    (0..count).into_par_iter().for_each(f);
}

/// What `f` gives for each of `0..count`, in order.
pub fn gather<R: Send>(count: usize, f: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
    (0..count).into_par_iter().map(f).collect()
}

/// Runs both, at once where there is a thread free.
pub fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    rayon::join(a, b);
}
