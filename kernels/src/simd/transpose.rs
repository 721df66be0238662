//! Transposed copies of matrices of 4- and 8-byte items: blocks of 8 x 8 turned in registers, so that every line of memory is used whole.

use super::{Isa, isa};

/// Rows and columns of a block.
const BLOCK: usize = 8;

/// A turn of one block: source, bytes between its rows, destination, bytes between its rows.
type Turn = unsafe fn(*const u8, isize, *mut u8, isize);

/// `dst[i][j] = src[j][i]` for `rows` x `cols` items of `size` bytes, rows of both packed and any number of bytes apart; whether it was
/// done: not for other sizes, nor for matrices without a whole block.
///
/// # Safety
/// Both matrices must lie in valid memory and not overlap.
pub unsafe fn transpose(size: usize, dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize, rows: usize, cols: usize) -> bool {
    if rows < BLOCK || cols < BLOCK {
        return false;
    }
    unsafe {
        match size {
            4 => blocks::<u32>(turn_4(), dst, dst_row, src, src_row, rows, cols),
            8 => blocks::<u64>(turn_8(), dst, dst_row, src, src_row, rows, cols),
            _ => return false,
        }
    }
    true
}

unsafe fn blocks<T: Copy>(turn: Turn, dst: *mut u8, dst_row: isize, src: *const u8, src_row: isize, rows: usize, cols: usize) {
    let to = |i: usize, j: usize| dst.wrapping_offset(i as isize * dst_row).wrapping_add(j * size_of::<T>());
    let from = |i: usize, j: usize| src.wrapping_offset(j as isize * src_row).wrapping_add(i * size_of::<T>());
    let single = |i: usize, j: usize| unsafe { (to(i, j) as *mut T).write_unaligned((from(i, j) as *const T).read_unaligned()) };
    // A line of the source is 8 or 16 items of as many rows of the result.
    let group = 64 / size_of::<T>();
    let (whole_rows, whole_cols) = (rows / BLOCK * BLOCK, cols / BLOCK * BLOCK);
    for first in (0..whole_rows).step_by(group) {
        for j in (0..whole_cols).step_by(BLOCK) {
            for i in (first..(first + group).min(whole_rows)).step_by(BLOCK) {
                unsafe { turn(from(i, j), src_row, to(i, j), dst_row) };
            }
        }
    }
    for i in 0..rows {
        for j in if i < whole_rows { whole_cols } else { 0 }..cols {
            single(i, j);
        }
    }
}

fn turn_8() -> Turn {
    match isa() {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => x86::turn_8_avx512,
        _ => plain::<u64>,
    }
}

fn turn_4() -> Turn {
    match isa() {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 | Isa::Avx2 => x86::turn_4_avx2,
        _ => plain::<u32>,
    }
}

unsafe fn plain<T: Copy>(src: *const u8, src_row: isize, dst: *mut u8, dst_row: isize) {
    for i in 0..BLOCK {
        for j in 0..BLOCK {
            unsafe {
                let item = (src.offset(j as isize * src_row) as *const T).add(i).read_unaligned();
                (dst.offset(i as isize * dst_row) as *mut T).add(j).write_unaligned(item);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(clippy::needless_range_loop)]
mod x86 {
    use std::arch::x86_64::*;

    // Plain loops: closures would not be inlined into functions of another instruction set, such as those of iterators.

    /// Pairs, then quarters of registers change places, until row i holds column i.
    #[target_feature(enable = "avx512f")]
    pub unsafe fn turn_8_avx512(src: *const u8, src_row: isize, dst: *mut u8, dst_row: isize) {
        let mut row = [_mm512_setzero_pd(); 8];
        for j in 0..8 {
            row[j] = unsafe { _mm512_loadu_pd(src.offset(j as isize * src_row).cast()) };
        }
        let mut pairs = [[_mm512_setzero_pd(); 4]; 2];
        for k in 0..4 {
            pairs[0][k] = _mm512_unpacklo_pd(row[2 * k], row[2 * k + 1]);
            pairs[1][k] = _mm512_unpackhi_pd(row[2 * k], row[2 * k + 1]);
        }
        for odd in 0..2 {
            let p = pairs[odd];
            let (low, more_low) = (_mm512_shuffle_f64x2::<0x88>(p[0], p[1]), _mm512_shuffle_f64x2::<0x88>(p[2], p[3]));
            let (high, more_high) = (_mm512_shuffle_f64x2::<0xdd>(p[0], p[1]), _mm512_shuffle_f64x2::<0xdd>(p[2], p[3]));
            let out = [
                _mm512_shuffle_f64x2::<0x88>(low, more_low),
                _mm512_shuffle_f64x2::<0x88>(high, more_high),
                _mm512_shuffle_f64x2::<0xdd>(low, more_low),
                _mm512_shuffle_f64x2::<0xdd>(high, more_high),
            ];
            for i in 0..4 {
                unsafe { _mm512_storeu_pd(dst.offset((2 * i + odd) as isize * dst_row).cast(), out[i]) };
            }
        }
    }

    #[target_feature(enable = "avx2")]
    pub unsafe fn turn_4_avx2(src: *const u8, src_row: isize, dst: *mut u8, dst_row: isize) {
        let mut row = [_mm256_setzero_ps(); 8];
        for j in 0..8 {
            row[j] = unsafe { _mm256_loadu_ps(src.offset(j as isize * src_row).cast()) };
        }
        let mut quads = [[_mm256_setzero_pd(); 4]; 2];
        for half in 0..2 {
            let (r0, r1, r2, r3) = (row[4 * half], row[4 * half + 1], row[4 * half + 2], row[4 * half + 3]);
            let (a, b) = (_mm256_castps_pd(_mm256_unpacklo_ps(r0, r1)), _mm256_castps_pd(_mm256_unpacklo_ps(r2, r3)));
            let (c, d) = (_mm256_castps_pd(_mm256_unpackhi_ps(r0, r1)), _mm256_castps_pd(_mm256_unpackhi_ps(r2, r3)));
            quads[half] = [_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b), _mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d)];
        }
        for i in 0..4 {
            let (x, y) = (quads[0][i], quads[1][i]);
            unsafe {
                _mm256_storeu_pd(dst.offset(i as isize * dst_row).cast(), _mm256_permute2f128_pd::<0x20>(x, y));
                _mm256_storeu_pd(dst.offset((i as isize + 4) * dst_row).cast(), _mm256_permute2f128_pd::<0x31>(x, y));
            }
        }
    }
}
