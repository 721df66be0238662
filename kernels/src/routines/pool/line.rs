//! Maxima of windows along packed lines of float32 with AVX-512: sixteen windows at a time, their taps one after another.

use super::Line;
use crate::simd::{Isa, isa};
use std::arch::x86_64::*;

/// Values and places of a line; false where the processor or the distance has no such code.
///
/// # Safety
/// All that the line names must be inside its blocks.
pub(super) unsafe fn maxima(line: &Line) -> bool {
    match (isa(), line.distance) {
        (Isa::Avx512, 1) => unsafe { run::<1>(line) },
        (Isa::Avx512, 2) => unsafe { run::<2>(line) },
        _ => return false,
    }
    true
}

/// The lowest `n` bits.
fn lowest(n: usize) -> __mmask16 {
    if n >= 16 { !0 } else { (1 << n) - 1 }
}

/// Windows `D` elements apart.
#[target_feature(enable = "avx512f")]
unsafe fn run<const D: usize>(line: &Line) {
    let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let apart = _mm512_mullo_epi32(lanes, _mm512_set1_epi32(D as i32));
    for first in (0..line.n).step_by(16) {
        let left = line.n - first;
        // what the windows from here on read of a tap
        let reach = (left - 1) * D + 1;
        let mut best = _mm512_set1_ps(f32::NEG_INFINITY);
        let mut places = _mm512_setzero_si512();
        for (k, &(place, offset)) in line.taps.iter().enumerate() {
            let from = line.from.wrapping_offset(offset).cast::<f32>().wrapping_add(first * D);
            let low = unsafe { _mm512_maskz_loadu_ps(lowest(reach), from) };
            let items = if D == 1 {
                low
            } else {
                let high = unsafe { _mm512_maskz_loadu_ps(lowest(reach.saturating_sub(16)), from.wrapping_add(16)) };
                _mm512_permutex2var_ps(low, apart, high)
            };
            let above = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(items, best) | _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(items, items);
            let take = if k == 0 { !0 } else { above };
            best = _mm512_mask_mov_ps(best, take, items);
            places = _mm512_mask_mov_epi32(places, take, _mm512_set1_epi32(place));
        }
        places = _mm512_add_epi32(_mm512_add_epi32(places, apart), _mm512_set1_epi32((first * D) as i32));
        let to = line.index.cast::<i64>().wrapping_add(first);
        unsafe {
            _mm512_mask_storeu_ps(line.value.cast::<f32>().wrapping_add(first), lowest(left), best);
            _mm512_mask_storeu_epi64(to, lowest(left) as u8, _mm512_cvtepi32_epi64(_mm512_castsi512_si256(places)));
            let rest = lowest(left.saturating_sub(8)) as u8;
            _mm512_mask_storeu_epi64(to.wrapping_add(8), rest, _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64::<1>(places)));
        }
    }
}
