//! Vectors of integers that sorts are made of: least and greatest, exchanges of lanes, and the splitting at a pivot.

/// One register of `N` integers. All functions need the processor features of their implementation.
pub(super) trait Lanes: Copy {
    type Item: Copy + Ord + Send + 'static;
    const N: usize;
    /// Registers that one small sort keeps at once.
    const ROWS: usize;
    /// Places between `left` and `right` that `split` needs.
    const ROOM: usize;
    unsafe fn splat(x: Self::Item) -> Self;
    unsafe fn load(from: *const Self::Item) -> Self;
    unsafe fn store(self, to: *mut Self::Item);
    /// The first `n` lanes from memory, the greatest integer in the others.
    unsafe fn load_some(from: *const Self::Item, n: usize) -> Self;
    unsafe fn store_some(self, to: *mut Self::Item, n: usize);
    unsafe fn min(self, other: Self) -> Self;
    unsafe fn max(self, other: Self) -> Self;
    /// Lane `i` takes lane `i ^ K`.
    unsafe fn cross<const K: usize>(self) -> Self;
    /// The lanes of `high` where the bit `BIT` of the lane's number is set, those of `low` elsewhere.
    unsafe fn pick<const BIT: usize>(low: Self, high: Self) -> Self;
    /// Writes the lanes below the pivot from `left` on and the others up to `right`; how many were below. May write anything else to
    /// the `ROOM` places between.
    unsafe fn split(self, pivot: Self, left: *mut Self::Item, right: *mut Self::Item) -> usize;
}

/// Entry `m` holds the lanes whose bit in `m` is set, then the others, each as its `parts` parts.
const fn orders<const MASKS: usize>(lanes: usize, parts: usize) -> [[u8; 8]; MASKS] {
    let mut table = [[0u8; 8]; MASKS];
    let mut mask = 0;
    while mask < MASKS {
        let mut at = 0;
        let mut turn = 0;
        while turn < 2 {
            let mut lane = 0;
            while lane < lanes {
                if (mask >> lane & 1 == 1) == (turn == 0) {
                    let mut part = 0;
                    while part < parts {
                        table[mask][at] = (lane * parts + part) as u8;
                        at += 1;
                        part += 1;
                    }
                }
                lane += 1;
            }
            turn += 1;
        }
        mask += 1;
    }
    table
}

pub(super) mod avx512 {
    use super::Lanes;
    use std::arch::x86_64::*;

    #[derive(Clone, Copy)]
    pub struct Wide(__m512i);
    #[derive(Clone, Copy)]
    pub struct Narrow(__m512i);

    impl Lanes for Wide {
        type Item = i64;
        const N: usize = 8;
        const ROWS: usize = 16;
        const ROOM: usize = 8;
        #[inline(always)]
        unsafe fn splat(x: i64) -> Self {
            unsafe { Wide(_mm512_set1_epi64(x)) }
        }
        #[inline(always)]
        unsafe fn load(from: *const i64) -> Self {
            unsafe { Wide(_mm512_loadu_epi64(from)) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut i64) {
            unsafe { _mm512_storeu_epi64(to, self.0) }
        }
        #[inline(always)]
        unsafe fn load_some(from: *const i64, n: usize) -> Self {
            unsafe { Wide(_mm512_mask_loadu_epi64(_mm512_set1_epi64(i64::MAX), ((1u32 << n) - 1) as u8, from)) }
        }
        #[inline(always)]
        unsafe fn store_some(self, to: *mut i64, n: usize) {
            unsafe { _mm512_mask_storeu_epi64(to, ((1u32 << n) - 1) as u8, self.0) }
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            unsafe { Wide(_mm512_min_epi64(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { Wide(_mm512_max_epi64(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn cross<const K: usize>(self) -> Self {
            unsafe {
                Wide(match K {
                    1 => _mm512_permutex_epi64::<0b10_11_00_01>(self.0),
                    2 => _mm512_permutex_epi64::<0b01_00_11_10>(self.0),
                    3 => _mm512_permutex_epi64::<0b00_01_10_11>(self.0),
                    4 => _mm512_shuffle_i64x2::<0b01_00_11_10>(self.0, self.0),
                    7 => _mm512_permutexvar_epi64(_mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), self.0),
                    _ => unreachable!(),
                })
            }
        }
        #[inline(always)]
        unsafe fn pick<const BIT: usize>(low: Self, high: Self) -> Self {
            let mask = match BIT {
                1 => 0b10101010,
                2 => 0b11001100,
                _ => 0b11110000,
            };
            unsafe { Wide(_mm512_mask_blend_epi64(mask, low.0, high.0)) }
        }
        #[inline(always)]
        unsafe fn split(self, pivot: Self, left: *mut i64, right: *mut i64) -> usize {
            unsafe {
                let below = _mm512_cmplt_epi64_mask(self.0, pivot.0);
                let count = below.count_ones() as usize;
                _mm512_storeu_epi64(left, _mm512_maskz_compress_epi64(below, self.0));
                let above = _mm512_maskz_compress_epi64(!below, self.0);
                _mm512_mask_storeu_epi64(right.sub(8 - count), (255u32 >> count) as u8, above);
                count
            }
        }
    }

    impl Lanes for Narrow {
        type Item = i32;
        const N: usize = 16;
        const ROWS: usize = 16;
        const ROOM: usize = 16;
        #[inline(always)]
        unsafe fn splat(x: i32) -> Self {
            unsafe { Narrow(_mm512_set1_epi32(x)) }
        }
        #[inline(always)]
        unsafe fn load(from: *const i32) -> Self {
            unsafe { Narrow(_mm512_loadu_epi32(from)) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut i32) {
            unsafe { _mm512_storeu_epi32(to, self.0) }
        }
        #[inline(always)]
        unsafe fn load_some(from: *const i32, n: usize) -> Self {
            unsafe { Narrow(_mm512_mask_loadu_epi32(_mm512_set1_epi32(i32::MAX), ((1u32 << n) - 1) as u16, from)) }
        }
        #[inline(always)]
        unsafe fn store_some(self, to: *mut i32, n: usize) {
            unsafe { _mm512_mask_storeu_epi32(to, ((1u32 << n) - 1) as u16, self.0) }
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            unsafe { Narrow(_mm512_min_epi32(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { Narrow(_mm512_max_epi32(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn cross<const K: usize>(self) -> Self {
            unsafe {
                Narrow(match K {
                    1 => _mm512_shuffle_epi32::<0b10_11_00_01>(self.0),
                    2 => _mm512_shuffle_epi32::<0b01_00_11_10>(self.0),
                    3 => _mm512_shuffle_epi32::<0b00_01_10_11>(self.0),
                    4 => _mm512_permutex_epi64::<0b01_00_11_10>(self.0),
                    7 => _mm512_permutexvar_epi32(_mm512_set_epi32(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7), self.0),
                    8 => _mm512_shuffle_i64x2::<0b01_00_11_10>(self.0, self.0),
                    15 => _mm512_permutexvar_epi32(_mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), self.0),
                    _ => unreachable!(),
                })
            }
        }
        #[inline(always)]
        unsafe fn pick<const BIT: usize>(low: Self, high: Self) -> Self {
            let mask = match BIT {
                1 => 0xAAAA,
                2 => 0xCCCC,
                4 => 0xF0F0,
                _ => 0xFF00,
            };
            unsafe { Narrow(_mm512_mask_blend_epi32(mask, low.0, high.0)) }
        }
        #[inline(always)]
        unsafe fn split(self, pivot: Self, left: *mut i32, right: *mut i32) -> usize {
            unsafe {
                let below = _mm512_cmplt_epi32_mask(self.0, pivot.0);
                let count = below.count_ones() as usize;
                _mm512_storeu_epi32(left, _mm512_maskz_compress_epi32(below, self.0));
                let above = _mm512_maskz_compress_epi32(!below, self.0);
                _mm512_mask_storeu_epi32(right.sub(16 - count), (0xFFFFu32 >> count) as u16, above);
                count
            }
        }
    }
}

pub(super) mod avx2 {
    use super::{Lanes, orders};
    use std::arch::x86_64::*;

    #[derive(Clone, Copy)]
    pub struct Wide(__m256i);
    #[derive(Clone, Copy)]
    pub struct Narrow(__m256i);

    // (As halves of 32 bits: there is a shuffle of those by a register.)
    static WIDE: [[u8; 8]; 16] = orders(4, 2);
    static NARROW: [[u8; 8]; 256] = orders(8, 1);

    /// All ones in the first `n` lanes.
    #[inline(always)]
    unsafe fn first_wide(n: usize) -> __m256i {
        unsafe { _mm256_cmpgt_epi64(_mm256_set1_epi64x(n as i64), _mm256_set_epi64x(3, 2, 1, 0)) }
    }
    #[inline(always)]
    unsafe fn first_narrow(n: usize) -> __m256i {
        unsafe { _mm256_cmpgt_epi32(_mm256_set1_epi32(n as i32), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0)) }
    }

    impl Lanes for Wide {
        type Item = i64;
        const N: usize = 4;
        const ROWS: usize = 8;
        const ROOM: usize = 8;
        #[inline(always)]
        unsafe fn splat(x: i64) -> Self {
            unsafe { Wide(_mm256_set1_epi64x(x)) }
        }
        #[inline(always)]
        unsafe fn load(from: *const i64) -> Self {
            unsafe { Wide(_mm256_loadu_si256(from.cast())) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut i64) {
            unsafe { _mm256_storeu_si256(to.cast(), self.0) }
        }
        #[inline(always)]
        unsafe fn load_some(from: *const i64, n: usize) -> Self {
            unsafe {
                let first = first_wide(n);
                Wide(_mm256_blendv_epi8(_mm256_set1_epi64x(i64::MAX), _mm256_maskload_epi64(from, first), first))
            }
        }
        #[inline(always)]
        unsafe fn store_some(self, to: *mut i64, n: usize) {
            unsafe { _mm256_maskstore_epi64(to, first_wide(n), self.0) }
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            unsafe { Wide(_mm256_blendv_epi8(self.0, other.0, _mm256_cmpgt_epi64(self.0, other.0))) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { Wide(_mm256_blendv_epi8(other.0, self.0, _mm256_cmpgt_epi64(self.0, other.0))) }
        }
        #[inline(always)]
        unsafe fn cross<const K: usize>(self) -> Self {
            unsafe {
                Wide(match K {
                    1 => _mm256_shuffle_epi32::<0b01_00_11_10>(self.0),
                    2 => _mm256_permute4x64_epi64::<0b01_00_11_10>(self.0),
                    3 => _mm256_permute4x64_epi64::<0b00_01_10_11>(self.0),
                    _ => unreachable!(),
                })
            }
        }
        #[inline(always)]
        unsafe fn pick<const BIT: usize>(low: Self, high: Self) -> Self {
            unsafe {
                Wide(match BIT {
                    1 => _mm256_blend_epi32::<0b11001100>(low.0, high.0),
                    _ => _mm256_blend_epi32::<0b11110000>(low.0, high.0),
                })
            }
        }
        #[inline(always)]
        unsafe fn split(self, pivot: Self, left: *mut i64, right: *mut i64) -> usize {
            unsafe {
                let below = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(pivot.0, self.0))) as usize;
                let order = _mm256_cvtepu8_epi32(_mm_loadl_epi64(WIDE[below & 15].as_ptr().cast()));
                let apart = Wide(_mm256_permutevar8x32_epi32(self.0, order));
                apart.store(left);
                apart.store(right.sub(4));
                below.count_ones() as usize
            }
        }
    }

    impl Lanes for Narrow {
        type Item = i32;
        const N: usize = 8;
        const ROWS: usize = 8;
        const ROOM: usize = 16;
        #[inline(always)]
        unsafe fn splat(x: i32) -> Self {
            unsafe { Narrow(_mm256_set1_epi32(x)) }
        }
        #[inline(always)]
        unsafe fn load(from: *const i32) -> Self {
            unsafe { Narrow(_mm256_loadu_si256(from.cast())) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut i32) {
            unsafe { _mm256_storeu_si256(to.cast(), self.0) }
        }
        #[inline(always)]
        unsafe fn load_some(from: *const i32, n: usize) -> Self {
            unsafe {
                let first = first_narrow(n);
                Narrow(_mm256_blendv_epi8(_mm256_set1_epi32(i32::MAX), _mm256_maskload_epi32(from, first), first))
            }
        }
        #[inline(always)]
        unsafe fn store_some(self, to: *mut i32, n: usize) {
            unsafe { _mm256_maskstore_epi32(to, first_narrow(n), self.0) }
        }
        #[inline(always)]
        unsafe fn min(self, other: Self) -> Self {
            unsafe { Narrow(_mm256_min_epi32(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            unsafe { Narrow(_mm256_max_epi32(self.0, other.0)) }
        }
        #[inline(always)]
        unsafe fn cross<const K: usize>(self) -> Self {
            unsafe {
                Narrow(match K {
                    1 => _mm256_shuffle_epi32::<0b10_11_00_01>(self.0),
                    2 => _mm256_shuffle_epi32::<0b01_00_11_10>(self.0),
                    3 => _mm256_shuffle_epi32::<0b00_01_10_11>(self.0),
                    4 => _mm256_permute4x64_epi64::<0b01_00_11_10>(self.0),
                    7 => _mm256_permutevar8x32_epi32(self.0, _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7)),
                    _ => unreachable!(),
                })
            }
        }
        #[inline(always)]
        unsafe fn pick<const BIT: usize>(low: Self, high: Self) -> Self {
            unsafe {
                Narrow(match BIT {
                    1 => _mm256_blend_epi32::<0b10101010>(low.0, high.0),
                    2 => _mm256_blend_epi32::<0b11001100>(low.0, high.0),
                    _ => _mm256_blend_epi32::<0b11110000>(low.0, high.0),
                })
            }
        }
        #[inline(always)]
        unsafe fn split(self, pivot: Self, left: *mut i32, right: *mut i32) -> usize {
            unsafe {
                let below = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(pivot.0, self.0))) as usize;
                let order = _mm256_cvtepu8_epi32(_mm_loadl_epi64(NARROW[below & 255].as_ptr().cast()));
                let apart = Narrow(_mm256_permutevar8x32_epi32(self.0, order));
                apart.store(left);
                apart.store(right.sub(8));
                below.count_ones() as usize
            }
        }
    }
}
