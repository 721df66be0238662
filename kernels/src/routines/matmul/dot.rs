//! Sums of products of rows with one vector, in as many registers as hide the latency of a multiply-add. The vector instructions are named:
//! what the compiler makes of a loop over lanes keeps them in memory.

use crate::routines::support::elem::Elem;
use std::ops::{Add, Mul};

/// Rows that are multiplied at once: several streams of memory.
pub(super) const ROWS: usize = 4;

/// The products by the definition, in 16 sums: for complex items, and where there are no vector instructions.
pub(super) fn plain<T: Elem + Add<Output = T> + Mul<Output = T>>(row: *const T, x: *const T, n: usize) -> T {
    const SUMS: usize = 16;
    let at = |i: usize| unsafe { row.add(i).read_unaligned() * x.add(i).read_unaligned() };
    let mut sums = [T::ZERO; SUMS];
    let whole = n / SUMS * SUMS;
    for first in (0..whole).step_by(SUMS) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum = *sum + at(first + lane);
        }
    }
    let mut width = SUMS / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] = sums[lane] + sums[lane + width];
        }
        width /= 2;
    }
    (whole..n).fold(sums[0], |sum, i| sum + at(i))
}

#[cfg(target_arch = "x86_64")]
pub(super) mod x86 {
    use std::arch::x86_64::*;

    /// `R` rows with `S` registers of sums each. A row's result depends on `S` and `n` alone, so `S` is the same for any `R`.
    macro_rules! dots {
        ($name:ident $t:ident $features:literal $n:literal $s:literal $load:ident $store:ident $fma:ident $zero:ident $add:ident) => {
            #[target_feature(enable = $features)]
            #[allow(clippy::needless_range_loop)]
            pub unsafe fn $name<const R: usize>(rows: [*const $t; R], x: *const $t, n: usize) -> [$t; R] {
                const S: usize = $s;
                let mut sums = [[$zero(); S]; R];
                let whole = n / (S * $n) * (S * $n);
                let mut i = 0;
                while i < whole {
                    for s in 0..S {
                        let at = i + s * $n;
                        let v = unsafe { $load(x.add(at)) };
                        for r in 0..R {
                            sums[r][s] = $fma(unsafe { $load(rows[r].add(at)) }, v, sums[r][s]);
                        }
                    }
                    i += S * $n;
                }
                while i + $n <= n {
                    let v = unsafe { $load(x.add(i)) };
                    for r in 0..R {
                        sums[r][0] = $fma(unsafe { $load(rows[r].add(i)) }, v, sums[r][0]);
                    }
                    i += $n;
                }
                let mut out = [0.0; R];
                for r in 0..R {
                    let mut total = sums[r][0];
                    for s in 1..S {
                        total = $add(total, sums[r][s]);
                    }
                    let mut lanes = [0.0; $n];
                    unsafe { $store(lanes.as_mut_ptr(), total) };
                    let mut width = $n / 2;
                    while width > 0 {
                        for lane in 0..width {
                            lanes[lane] += lanes[lane + width];
                        }
                        width /= 2;
                    }
                    out[r] = lanes[0];
                    for k in i..n {
                        out[r] += unsafe { rows[r].add(k).read_unaligned() * x.add(k).read_unaligned() };
                    }
                }
                out
            }
        };
    }
    dots!(f32_avx512 f32 "avx512f" 16 4 _mm512_loadu_ps _mm512_storeu_ps _mm512_fmadd_ps _mm512_setzero_ps _mm512_add_ps);
    dots!(f64_avx512 f64 "avx512f" 8 4 _mm512_loadu_pd _mm512_storeu_pd _mm512_fmadd_pd _mm512_setzero_pd _mm512_add_pd);
    dots!(f32_avx2 f32 "avx2,fma" 8 2 _mm256_loadu_ps _mm256_storeu_ps _mm256_fmadd_ps _mm256_setzero_ps _mm256_add_ps);
    dots!(f64_avx2 f64 "avx2,fma" 4 2 _mm256_loadu_pd _mm256_storeu_pd _mm256_fmadd_pd _mm256_setzero_pd _mm256_add_pd);
}
