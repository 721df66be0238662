//! Copies past the caches: for results so large that the caches could not keep them, writing saves reading the old contents.

use crate::simd::isa;

/// Alignment that destinations must have.
pub const LINE: usize = 64;

/// Bytes of a result from which on it is written past the caches. Far more than the caches hold: at 32 MB, with an idle machine and a cache
/// of 32 MiB, ordinary stores are a quarter faster (docs/decisions/0010). `usize::MAX` where that is not to be had.
pub const THRESHOLD: usize = if cfg!(target_arch = "x86_64") { 256 << 20 } else { usize::MAX };

/// Copies `bytes` bytes; whole lines go past the caches. [`fence`] ends a series of such copies.
///
/// # Safety
/// The two must be valid and not overlap, `dst` a multiple of [`LINE`].
#[inline]
pub unsafe fn copy(dst: *mut u8, src: *const u8, bytes: usize) {
    let whole = bytes / LINE * LINE;
    unsafe {
        lines(dst, src, whole);
        std::ptr::copy_nonoverlapping(src.add(whole), dst.add(whole), bytes - whole);
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn lines(dst: *mut u8, src: *const u8, bytes: usize) {
    use crate::simd::Isa;
    unsafe {
        match isa() {
            Isa::Avx512 => lines_avx512(dst, src, bytes),
            Isa::Avx2 => lines_avx2(dst, src, bytes),
            _ => std::ptr::copy_nonoverlapping(src, dst, bytes),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn lines_avx512(dst: *mut u8, src: *const u8, bytes: usize) {
    use std::arch::x86_64::*;
    for at in (0..bytes).step_by(64) {
        unsafe { _mm512_stream_si512(dst.add(at).cast(), _mm512_loadu_si512(src.add(at).cast())) };
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn lines_avx2(dst: *mut u8, src: *const u8, bytes: usize) {
    use std::arch::x86_64::*;
    for at in (0..bytes).step_by(32) {
        unsafe { _mm256_stream_si256(dst.add(at).cast(), _mm256_loadu_si256(src.add(at).cast())) };
    }
}

#[cfg(not(target_arch = "x86_64"))]
unsafe fn lines(dst: *mut u8, src: *const u8, bytes: usize) {
    let _ = isa;
    unsafe { std::ptr::copy_nonoverlapping(src, dst, bytes) };
}

/// Asks for memory to be brought into the caches; it may lie anywhere.
#[inline(always)]
pub fn prefetch(p: *const u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    for at in (0..bytes).step_by(LINE) {
        unsafe { std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(p.wrapping_add(at).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (p, bytes);
}

/// Makes what was copied visible to other threads in order.
pub fn fence() {
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_sfence()
    };
}
