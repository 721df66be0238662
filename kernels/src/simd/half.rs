//! Conversions between float16 and float32 by the processor's own instructions.

use super::convert::Half;
use super::{Isa, Kernel, isa};
use crate::operand::DType;
use std::arch::x86_64::*;

macro_rules! loops {
    ($isa:ident $features:literal $lanes:literal, $widen:expr, $narrow:expr) => {
        mod $isa {
            use super::*;

            /// # Safety
            /// As [`Kernel`], but for alignment.
            #[target_feature(enable = $features)]
            pub unsafe fn widen(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
                let (d, a) = (d as *mut f32, a as *const u16);
                let whole = n / $lanes * $lanes;
                for i in (0..whole).step_by($lanes) {
                    unsafe { $widen(d.add(i), a.add(i)) };
                }
                for i in whole..n {
                    unsafe { d.add(i).write_unaligned(Half(a.add(i).read_unaligned()).widen()) };
                }
            }

            /// # Safety
            /// As [`Kernel`], but for alignment.
            #[target_feature(enable = $features)]
            pub unsafe fn narrow(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
                let (d, a) = (d as *mut u16, a as *const f32);
                let whole = n / $lanes * $lanes;
                for i in (0..whole).step_by($lanes) {
                    unsafe { $narrow(d.add(i), a.add(i)) };
                }
                for i in whole..n {
                    unsafe { d.add(i).write_unaligned(Half::narrow(a.add(i).read_unaligned()).0) };
                }
            }
        }
    };
}

loops!(
    avx512 "avx512f,avx512bw,avx512vl,f16c" 16,
    |d: *mut f32, a: *const u16| _mm512_storeu_ps(d, _mm512_cvtph_ps(_mm256_loadu_si256(a.cast()))),
    |d: *mut u16, a: *const f32| _mm256_storeu_si256(d.cast(), _mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(_mm512_loadu_ps(a)))
);
loops!(
    avx2 "avx2,f16c" 8,
    |d: *mut f32, a: *const u16| _mm256_storeu_ps(d, _mm256_cvtph_ps(_mm_loadu_si128(a.cast()))),
    |d: *mut u16, a: *const f32| _mm_storeu_si128(d.cast(), _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(_mm256_loadu_ps(a)))
);

/// The loop of a conversion between the two, where the processor has one.
pub fn find(from: DType, to: DType) -> Option<Kernel> {
    match (isa(), from, to) {
        (Isa::Avx512, DType::F16, DType::F32) => Some(avx512::widen),
        (Isa::Avx512, DType::F32, DType::F16) => Some(avx512::narrow),
        (Isa::Avx2, DType::F16, DType::F32) => Some(avx2::widen),
        (Isa::Avx2, DType::F32, DType::F16) => Some(avx2::narrow),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted<A, B: Default + Copy>(from: DType, to: DType, items: &[A]) -> Vec<B> {
        let mut out = vec![B::default(); items.len()];
        if let Some(kernel) = find(from, to) {
            unsafe { kernel(out.as_mut_ptr().cast(), items.as_ptr().cast(), std::ptr::null(), std::ptr::null(), items.len()) };
        }
        out
    }

    #[test]
    fn every_half_and_every_rounding_is_as_the_formulas_have_it() {
        if isa() == Isa::Scalar {
            return;
        }
        let halves: Vec<u16> = (0..=u16::MAX).collect();
        for (bits, x) in halves.iter().zip(converted::<u16, f32>(DType::F16, DType::F32, &halves)) {
            // (the processor quiets NaNs)
            let want = Half(*bits).widen();
            assert!(x.to_bits() == want.to_bits() || (want.is_nan() && x.to_bits() == want.to_bits() | 0x40_0000), "{bits:#x}");
        }
        // between any two halves, and beside what lies between
        let floats: Vec<f32> = (0u32..=0x8_0000)
            .flat_map(|i| [0u32, 1, 0x7ff, 0x800, 0x801, 0xfff, 0x1000, 0x1001, 0x1fff].map(|low| f32::from_bits((i << 13) ^ low)))
            .collect();
        for (x, bits) in floats.iter().zip(converted::<f32, u16>(DType::F32, DType::F16, &floats)) {
            assert_eq!(bits, Half::narrow(*x).0, "{x:e}");
        }
    }
}
