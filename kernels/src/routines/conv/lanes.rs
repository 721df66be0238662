//! Vectors of a few items: what the inner loops of convolution are written in, once for every instruction set.

use crate::routines::support::elem::Elem;

/// A vector. Every method is inlined into a caller that has the instructions.
pub(super) trait Lanes: Copy {
    type Item: Elem;
    const N: usize;
    unsafe fn splat(x: Self::Item) -> Self;
    unsafe fn load(at: *const Self::Item) -> Self;
    unsafe fn store(self, at: *mut Self::Item);
    /// self + a b
    unsafe fn plus_product(self, a: Self, b: Self) -> Self;
}

impl<T: Elem, const N: usize> Lanes for [T; N] {
    type Item = T;
    const N: usize = N;
    #[inline(always)]
    unsafe fn splat(x: T) -> Self {
        [x; N]
    }
    #[inline(always)]
    unsafe fn load(at: *const T) -> Self {
        unsafe { (at as *const Self).read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(self, at: *mut T) {
        unsafe { (at as *mut Self).write_unaligned(self) }
    }
    #[inline(always)]
    unsafe fn plus_product(mut self, a: Self, b: Self) -> Self {
        for i in 0..N {
            self[i] = self[i].add(a[i].mul(b[i]));
        }
        self
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Lanes;
    use std::arch::x86_64::*;

    macro_rules! lanes {
        ($($V:ty, $T:ty, $n:expr, $splat:ident, $load:ident, $store:ident, $fma:ident;)*) => {$(
            impl Lanes for $V {
                type Item = $T;
                const N: usize = $n;
                #[inline(always)]
                unsafe fn splat(x: $T) -> Self {
                    unsafe { $splat(x) }
                }
                #[inline(always)]
                unsafe fn load(at: *const $T) -> Self {
                    unsafe { $load(at) }
                }
                #[inline(always)]
                unsafe fn store(self, at: *mut $T) {
                    unsafe { $store(at, self) }
                }
                #[inline(always)]
                unsafe fn plus_product(self, a: Self, b: Self) -> Self {
                    unsafe { $fma(a, b, self) }
                }
            }
        )*};
    }
    lanes! {
        __m512, f32, 16, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_fmadd_ps;
        __m512d, f64, 8, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_fmadd_pd;
        __m256, f32, 8, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_fmadd_ps;
        __m256d, f64, 4, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_fmadd_pd;
    }
}
