//! The two inner loops of convolution, with all sums in registers: a tile of channels by positions, and a tile of channels by taps.

use super::lanes::Lanes;
use crate::routines::support::elem::{Complex, Elem};

/// What a tile reads: planes of the padded source, and in each the places that the taps look at.
pub(super) struct Taps<'a> {
    pub planes: usize,
    /// Items from one plane to the next.
    pub plane: usize,
    pub offsets: &'a [u32],
}

/// What a tile of weights reads: lines of both sides for every item of a batch.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    pub batch: usize,
    /// Items from one batch item to the next.
    pub y_step: usize,
    pub x_step: usize,
    /// Items from one channel of y to the next.
    pub y_row: usize,
    /// Positions, a multiple of `Kernel::lanes`.
    pub length: usize,
}

/// The inner loops of an item type on this machine.
pub(super) struct Kernel<A: 'static> {
    /// Channels and positions of a full tile.
    pub rows: usize,
    pub tile: usize,
    /// Taps of a tile of weights, and its channels.
    pub taps: usize,
    pub channels: usize,
    pub lanes: usize,
    /// out[rows][tile] = bias[rows] + sum over planes and taps of weights[rows] source[offset..]; rows is 1, 2, 4 or `rows`.
    pub sum: unsafe fn(rows: usize, source: *const A, taps: &Taps, weights: *const A, bias: *const A, out: *mut A),
    /// out[channels][taps] += sum over batch and positions of y[row] x[offset..]; `channels` is 1 or `channels`.
    pub dots: unsafe fn(channels: usize, y: *const A, x: *const A, offsets: &[u32], lines: Lines, out: *mut A),
}

#[inline(always)]
unsafe fn sum<V: Lanes, const R: usize, const C: usize>(
    source: *const V::Item,
    taps: &Taps,
    mut weights: *const V::Item,
    bias: *const V::Item,
    out: *mut V::Item,
) {
    unsafe {
        let mut sums = [[V::splat(V::Item::ZERO); C]; R];
        if !bias.is_null() {
            for r in 0..R {
                sums[r] = [V::splat(*bias.add(r)); C];
            }
        }
        for plane in 0..taps.planes {
            let base = source.add(plane * taps.plane);
            for &offset in taps.offsets {
                let at = base.add(offset as usize);
                let mut x = [V::splat(V::Item::ZERO); C];
                for c in 0..C {
                    x[c] = V::load(at.add(c * V::N));
                }
                for r in 0..R {
                    let w = V::splat(*weights.add(r));
                    for c in 0..C {
                        sums[r][c] = sums[r][c].plus_product(w, x[c]);
                    }
                }
                weights = weights.add(R);
            }
        }
        for r in 0..R {
            for c in 0..C {
                sums[r][c].store(out.add((r * C + c) * V::N));
            }
        }
    }
}

/// The sum of a vector's items, pairwise.
#[inline(always)]
unsafe fn total<V: Lanes>(v: V) -> V::Item {
    let mut items = [V::Item::ZERO; 16];
    unsafe { v.store(items.as_mut_ptr()) };
    let mut width = V::N / 2;
    while width > 0 {
        for i in 0..width {
            items[i] = items[i].add(items[i + width]);
        }
        width /= 2;
    }
    items[0]
}

#[inline(always)]
unsafe fn dots<V: Lanes, const R: usize, const C: usize>(
    y: *const V::Item,
    x: *const V::Item,
    offsets: &[u32],
    lines: Lines,
    out: *mut V::Item,
) {
    unsafe {
        // the last taps may be fewer: the last one is then worked out again
        let mut at = [0usize; C];
        for c in 0..C {
            at[c] = offsets[c.min(offsets.len() - 1)] as usize;
        }
        let mut sums = [[V::splat(V::Item::ZERO); C]; R];
        for n in 0..lines.batch {
            let y = y.add(n * lines.y_step);
            let x = x.add(n * lines.x_step);
            let mut i = 0;
            while i < lines.length {
                let mut a = [V::splat(V::Item::ZERO); R];
                for r in 0..R {
                    a[r] = V::load(y.add(r * lines.y_row + i));
                }
                for c in 0..C {
                    let b = V::load(x.add(at[c] + i));
                    for r in 0..R {
                        sums[r][c] = sums[r][c].plus_product(a[r], b);
                    }
                }
                i += V::N;
            }
        }
        for r in 0..R {
            for c in 0..C {
                let to = out.add(r * C + c);
                *to = (*to).add(total::<V>(sums[r][c]));
            }
        }
    }
}

/// An item that sums are kept in.
pub(super) trait Summed: Elem {
    fn kernel() -> &'static Kernel<Self>;
}

/// The loops of one vector type, compiled with the given attribute.
macro_rules! kernel {
    ($V:ty, rows $R:literal, columns $C:literal, channels $D:literal, taps $E:literal, #[$attribute:meta]) => {{
        type A = <$V as Lanes>::Item;
        #[$attribute]
        unsafe fn run_sum(rows: usize, source: *const A, taps: &Taps, weights: *const A, bias: *const A, out: *mut A) {
            unsafe {
                match rows {
                    1 => sum::<$V, 1, $C>(source, taps, weights, bias, out),
                    2 => sum::<$V, 2, $C>(source, taps, weights, bias, out),
                    4 => sum::<$V, 4, $C>(source, taps, weights, bias, out),
                    _ => sum::<$V, $R, $C>(source, taps, weights, bias, out),
                }
            }
        }
        #[$attribute]
        unsafe fn run_dots(channels: usize, y: *const A, x: *const A, offsets: &[u32], lines: Lines, out: *mut A) {
            unsafe {
                match channels {
                    1 => dots::<$V, 1, $E>(y, x, offsets, lines, out),
                    _ => dots::<$V, $D, $E>(y, x, offsets, lines, out),
                }
            }
        }
        static KERNEL: Kernel<A> =
            Kernel { rows: $R, tile: $C * <$V as Lanes>::N, taps: $E, channels: $D, lanes: <$V as Lanes>::N, sum: run_sum, dots: run_dots };
        &KERNEL
    }};
}

macro_rules! summed_float {
    ($T:ty, $wide:ident, $narrow:ident, $plain:ty) => {
        impl Summed for $T {
            fn kernel() -> &'static Kernel<Self> {
                #[cfg(target_arch = "x86_64")]
                {
                    use crate::simd::{Isa, isa};
                    use std::arch::x86_64::*;
                    match isa() {
                        Isa::Avx512 => {
                            return kernel!($wide, rows 8, columns 3, channels 4, taps 6, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]);
                        }
                        Isa::Avx2 => return kernel!($narrow, rows 4, columns 3, channels 4, taps 3, #[target_feature(enable = "avx2,fma")]),
                        _ => {}
                    }
                }
                kernel!($plain, rows 4, columns 2, channels 4, taps 2, #[inline])
            }
        }
    };
}
summed_float!(f32, __m512, __m256, [f32; 4]);
summed_float!(f64, __m512d, __m256d, [f64; 2]);

macro_rules! summed {
    ($($T:ty)*) => {$(
        impl Summed for $T {
            fn kernel() -> &'static Kernel<Self> {
                kernel!([$T; 4], rows 4, columns 1, channels 4, taps 2, #[inline])
            }
        }
    )*};
}
summed!(i8 i16 i32 i64 u8 u16 u32 u64 Complex<f32> Complex<f64>);
