//! Threads that take part in the caller's loops. They wait awake for a while after each loop, since the next one is often only
//! microseconds away, and waking a thread costs some fifty (more on a virtual machine); then they sleep.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::sync::{Arc, Mutex, OnceLock, TryLockError};
use std::thread::{Builder, Thread, yield_now};
use std::time::{Duration, Instant};

/// How long a thread without work waits awake.
const AWAKE: Duration = Duration::from_millis(1);

/// What every thread of the crew calls, and once each.
type Work<'a> = &'a (dyn Fn() + Sync);

thread_local! {
    /// Whether this thread is inside a crew's work.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Whether the caller is inside a crew's work, where further loops run on it alone.
pub fn busy() -> bool {
    BUSY.get()
}

/// `state` holds the number of the loop in its upper half, then one bit that says that it may be joined, then how many have joined.
struct Shared {
    state: AtomicU64,
    work: UnsafeCell<Option<Work<'static>>>,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    ended: AtomicBool,
    /// Whether threads wait awake: not where there are more of them than processors.
    awake: bool,
}

// `work` is written while nobody has joined or may join, and read by those who have.
unsafe impl Sync for Shared {}
unsafe impl Send for Shared {}

const OPEN: u64 = 1 << 31;
const JOINED: u64 = OPEN - 1;

struct Member {
    asleep: AtomicBool,
    thread: OnceLock<Thread>,
}

pub struct Crew {
    shared: Arc<Shared>,
    members: Vec<Arc<Member>>,
    /// Held by the loop that has the crew.
    taken: Mutex<()>,
}

impl Crew {
    /// A crew of `count` threads beside the caller; fewer where the system gives no more.
    pub fn new(count: usize) -> Crew {
        let awake = std::thread::available_parallelism().is_ok_and(|n| count < n.get());
        let shared = Arc::new(Shared {
            state: AtomicU64::new(0),
            work: UnsafeCell::new(None),
            panic: Mutex::new(None),
            ended: AtomicBool::new(false),
            awake,
        });
        let mut members = vec![];
        for i in 0..count {
            let member = Arc::new(Member { asleep: AtomicBool::new(false), thread: OnceLock::new() });
            let (mine, all) = (member.clone(), shared.clone());
            let Ok(handle) = Builder::new().name(format!("numgrad-{i}")).spawn(move || all.serve(&mine)) else { break };
            let _ = member.thread.set(handle.thread().clone());
            members.push(member);
        }
        Crew { shared, members, taken: Mutex::new(()) }
    }

    /// Calls `work` on the caller and at the same time on up to `helpers` threads; false, without a call, when another loop has the crew.
    /// `work` must be such that the caller's call alone does everything that is left.
    pub fn run(&self, helpers: usize, work: Work) -> bool {
        let _taken = match self.taken.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        let shared = &*self.shared;
        drop(shared.panic.lock().ok().and_then(|mut slot| slot.take()));
        // Nobody keeps the reference past `close`, which the guard calls before this function is left.
        unsafe { *shared.work.get() = Some(std::mem::transmute::<Work, Work<'static>>(work)) };
        let number = (shared.state.load(Relaxed) >> 32).wrapping_add(1);
        shared.state.store(number << 32 | OPEN, SeqCst);
        for member in self.members.iter().take(helpers) {
            if member.asleep.load(SeqCst) && member.asleep.swap(false, SeqCst) {
                if let Some(thread) = member.thread.get() {
                    thread.unpark();
                }
            }
        }
        let closing = Closing(shared);
        BUSY.set(true);
        work();
        drop(closing);
        if let Some(panic) = shared.panic.lock().ok().and_then(|mut slot| slot.take()) {
            resume_unwind(panic);
        }
        true
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        for thread in self.members.iter().filter_map(|member| member.thread.get()) {
            thread.unpark();
        }
    }
}

/// Ends a loop when it is dropped, also by a panic: no one may join any more, and those who have come to their end.
struct Closing<'a>(&'a Shared);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        BUSY.set(false);
        self.0.state.fetch_and(!OPEN, AcqRel);
        let mut rounds = 0u32;
        while self.0.state.load(Acquire) & JOINED != 0 {
            rounds += 1;
            if rounds % 4096 == 0 { yield_now() } else { std::hint::spin_loop() }
        }
    }
}

impl Shared {
    /// What a thread of the crew does, to the crew's end.
    fn serve(&self, me: &Member) {
        BUSY.set(true);
        let mut seen = 0;
        while !self.ended.load(Relaxed) {
            let state = self.news(seen, me);
            seen = state >> 32;
            if state & OPEN == 0 || self.state.compare_exchange(state, state + 1, AcqRel, Relaxed).is_err() {
                // Over, or another joined in between: look again.
                if state & OPEN != 0 {
                    seen = seen.wrapping_sub(1);
                }
                continue;
            }
            // Joined: the work stays until this thread leaves.
            if let Some(work) = unsafe { *self.work.get() } {
                if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
                    if let Ok(mut slot) = self.panic.lock() {
                        *slot = Some(panic);
                    }
                }
            }
            self.state.fetch_sub(1, AcqRel);
        }
    }

    /// The state once it is of another loop than `seen` (or the crew ended): awake for a while, then asleep.
    fn news(&self, seen: u64, me: &Member) -> u64 {
        let fresh = |state: u64| state >> 32 != seen || self.ended.load(Relaxed);
        if self.awake {
            let begun = Instant::now();
            while begun.elapsed() < AWAKE {
                for _ in 0..256 {
                    let state = self.state.load(Acquire);
                    if fresh(state) {
                        return state;
                    }
                    std::hint::spin_loop();
                }
                yield_now();
            }
        }
        loop {
            me.asleep.store(true, SeqCst);
            let state = self.state.load(SeqCst);
            if fresh(state) {
                me.asleep.store(false, SeqCst);
                return state;
            }
            std::thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn sum(crew: &Crew, count: usize) -> usize {
        let (next, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            loop {
                let i = next.fetch_add(1, Relaxed);
                if i >= count {
                    return;
                }
                total.fetch_add(i, Relaxed);
            }
        };
        if !crew.run(usize::MAX, &work) {
            work();
        }
        total.load(Relaxed)
    }

    #[test]
    fn loops_in_a_row_and_after_sleep() {
        let crew = Crew::new(3);
        for round in 0..2000 {
            assert_eq!(sum(&crew, 100), 4950, "round {round}");
            if round % 500 == 0 {
                std::thread::sleep(4 * AWAKE);
            }
        }
    }

    #[test]
    fn callers_on_several_threads() {
        let crew = Crew::new(2);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..500).for_each(|_| assert_eq!(sum(&crew, 50), 1225)));
            }
        });
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_crew_goes_on() {
        let crew = Crew::new(2);
        for _ in 0..20 {
            let caught = catch_unwind(AssertUnwindSafe(|| crew.run(2, &|| panic!("on purpose"))));
            assert!(caught.is_err());
            assert_eq!(sum(&crew, 10), 45);
            assert!(!busy());
        }
    }
}
