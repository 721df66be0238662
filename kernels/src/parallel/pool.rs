//! The functions of `parallel` over the crew's threads, and rayon's for work that splits itself as it goes.

use super::crew::{self, Crew};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

static THREADS: AtomicUsize = AtomicUsize::new(0);
static CREW: RwLock<Option<Arc<Crew>>> = RwLock::new(None);

fn default_threads() -> usize {
    let asked = ["NUMGRAD_NUM_THREADS", "NUMGRAD_THREADS"].iter().find_map(|name| std::env::var(name).ok()).and_then(|v| v.parse().ok());
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get())).clamp(1, 1024)
}

/// Number of threads that kernels may use.
pub fn threads() -> usize {
    match THREADS.load(Ordering::Relaxed) {
        0 => {
            let n = default_threads();
            THREADS.store(n, Ordering::Relaxed);
            numgrad_dense::set_threads(n);
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
        numgrad_dense::set_threads(n);
        *CREW.write().unwrap_or_else(|e| e.into_inner()) = None;
    }
}

/// The crew of [`threads`] threads; none where there is but the caller.
fn crew() -> Option<Arc<Crew>> {
    if threads() < 2 || crew::busy() {
        return None;
    }
    if let Some(crew) = &*CREW.read().unwrap_or_else(|e| e.into_inner()) {
        return Some(crew.clone());
    }
    let mut slot = CREW.write().unwrap_or_else(|e| e.into_inner());
    Some(slot.get_or_insert_with(|| Arc::new(Crew::new(threads() - 1))).clone())
}

/// Calls `f` on every part of `0..count`, in parts of `grain`, on the caller and the crew; in order on the caller alone
/// when there is one part or one thread, and inside another loop. `f` must not care which thread runs a part.
pub fn for_each(count: usize, grain: usize, f: impl Fn(Range<usize>) + Sync) {
    let grain = grain.max(1);
    let parts = count.div_ceil(grain);
    let crew = if parts > 1 { crew() } else { None };
    let Some(crew) = crew else {
        if count > 0 {
            f(0..count);
        }
        return;
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
    if !crew.run(parts - 1, &work) {
        work();
    }
}

/// Number of threads that the present work may be split over.
pub fn current() -> usize {
    if crew::busy() { 1 } else { threads() }
}

/// Calls `f` for each of `0..count`, one task each.
pub fn each(count: usize, f: &(dyn Fn(usize) + Sync)) {
    for_each(count, 1, |range| range.for_each(f));
}

/// What `f` gives for each of `0..count`, in order.
pub fn gather<R: Send>(count: usize, f: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
    let slots: Vec<Mutex<Option<R>>> = (0..count).map(|_| Mutex::new(None)).collect();
    each(count, &|i| *slots[i].lock().unwrap_or_else(|e| e.into_inner()) = Some(f(i)));
    slots.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_else(|e| e.into_inner())).collect()
}

/// Runs both, at once where there is a thread free.
pub fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    if current() < 2 {
        a();
        b();
    } else {
        rayon::join(a, b);
    }
}
