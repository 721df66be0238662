//! Blocks of memory from the system: aligned, in huge pages when they are large.

/// Blocks of at least this size are aligned to it and live in pages of their own.
pub const HUGE: usize = 2 << 20;
const ALIGN: usize = 64;

/// Bytes that are reserved for a request: a size class, at most an eighth more than asked for (a little more for the smallest).
pub fn class_of(bytes: usize) -> Option<usize> {
    if bytes > 1 << 46 {
        return None;
    }
    let bytes = bytes.max(ALIGN);
    let step = (bytes.next_power_of_two() / 16).max(ALIGN);
    let class = bytes.next_multiple_of(step);
    Some(if class >= HUGE { class.next_multiple_of(HUGE) } else { class })
}

/// Reserves a block of a size class; none when the system refuses. `fresh` large blocks are zero.
#[cfg(unix)]
pub fn reserve(class: usize) -> Option<*mut u8> {
    if class < HUGE {
        return small(class);
    }
    unsafe {
        let room = class + HUGE;
        let p = libc::mmap(std::ptr::null_mut(), room, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0);
        if p == libc::MAP_FAILED {
            return None;
        }
        let start = p as usize;
        let aligned = start.next_multiple_of(HUGE);
        if aligned > start {
            libc::munmap(p, aligned - start);
        }
        let (end, room_end) = (aligned + class, start + room);
        if room_end > end {
            libc::munmap(end as *mut _, room_end - end);
        }
        #[cfg(target_os = "linux")]
        libc::madvise(aligned as *mut _, class, libc::MADV_HUGEPAGE);
        Some(aligned as *mut u8)
    }
}

#[cfg(not(unix))]
pub fn reserve(class: usize) -> Option<*mut u8> {
    small(class)
}

fn small(class: usize) -> Option<*mut u8> {
    let layout = std::alloc::Layout::from_size_align(class, ALIGN).ok()?;
    let p = unsafe { std::alloc::alloc(layout) };
    (!p.is_null()).then_some(p)
}

/// Whether a block straight from [`reserve`] is zero.
pub fn starts_zeroed(class: usize) -> bool {
    cfg!(unix) && class >= HUGE
}

/// Tells AddressSanitizer that a range must not be touched, or may be again; only in its own build (scripts/test-asan.mjs).
#[cfg(numgrad_asan)]
pub fn forbid(address: usize, bytes: usize, forbidden: bool) {
    unsafe extern "C" {
        fn __asan_poison_memory_region(address: *const u8, bytes: usize);
        fn __asan_unpoison_memory_region(address: *const u8, bytes: usize);
    }
    let mark = if forbidden { __asan_poison_memory_region } else { __asan_unpoison_memory_region };
    unsafe { mark(address as *const u8, bytes) };
}

#[cfg(not(numgrad_asan))]
#[inline(always)]
pub fn forbid(_address: usize, _bytes: usize, _forbidden: bool) {}

/// Gives a block back to the system.
pub fn free(p: *mut u8, class: usize) {
    forbid(p as usize, class, false);
    #[cfg(unix)]
    if class >= HUGE {
        unsafe { libc::munmap(p.cast(), class) };
        return;
    }
    unsafe { std::alloc::dealloc(p, std::alloc::Layout::from_size_align_unchecked(class, ALIGN)) }
}

/// Asks the C library to give its own free memory back.
pub fn trim() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    unsafe {
        libc::malloc_trim(0)
    };
}
