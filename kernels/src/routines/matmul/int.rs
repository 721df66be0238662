//! Products of integer and boolean matrices: blocked loops in wrapping arithmetic (booleans: or of ands).

use super::Product;
use crate::operand::DType;
use crate::parallel;
use crate::routines::support::copy;
use crate::routines::support::elem::{Elem, Flag};
use crate::routines::support::par::{self, Shared};

pub(crate) unsafe fn product(dtype: DType, p: Product, at: [*mut u8; 3], parallel: bool) {
    // Signed and unsigned wrap to the same bits.
    unsafe {
        match dtype {
            DType::Bool => blocked::<Flag>(p, at, parallel),
            DType::I8 | DType::U8 => blocked::<u8>(p, at, parallel),
            DType::I16 | DType::U16 => blocked::<u16>(p, at, parallel),
            DType::I32 | DType::U32 => blocked::<u32>(p, at, parallel),
            _ => blocked::<u64>(p, at, parallel),
        }
    }
}

/// Rows of b in a packed block, and its bytes a row.
const DEPTH: usize = 128;
const WIDTH_BYTES: usize = 2048;

/// Splits the output into row bands; each band goes through packed blocks of b.
unsafe fn blocked<T: Elem>(p: Product, [out, a, b]: [*mut u8; 3], parallel: bool) {
    let shared = Shared([out, a, b]);
    let threads = if parallel { parallel::current() } else { 1 };
    let (by_columns, total) = if p.m >= threads * 4 { (false, p.m) } else { (true, p.n) };
    let grain = if threads == 1 { total } else { total.div_ceil(threads * 2).max(4) };
    par::ranges(total, grain, |range| {
        let [out, a, b] = shared.get();
        let start = range.start as isize;
        let at = if by_columns {
            [out.wrapping_offset(start * p.out.1), a, b.wrapping_offset(start * p.b.1)]
        } else {
            [out.wrapping_offset(start * p.out.0), a.wrapping_offset(start * p.a.0), b]
        };
        let part = if by_columns { Product { n: range.len(), ..p } } else { Product { m: range.len(), ..p } };
        unsafe { band::<T>(part, at) };
    });
}

unsafe fn band<T: Elem>(p: Product, [out, a, b]: [*mut u8; 3]) {
    let width = (WIDTH_BYTES / size_of::<T>()).min(p.n);
    let depth = DEPTH.min(p.k.max(1));
    let mut block = vec![T::ZERO; depth * width];
    let mut sums = vec![T::ZERO; 4 * width];
    let mut column = [[T::ZERO; 4]; DEPTH];
    for j0 in (0..p.n).step_by(width) {
        let w = width.min(p.n - j0);
        let out_at = |i: usize| out.wrapping_offset(i as isize * p.out.0 + j0 as isize * p.out.1);
        for k0 in (0..p.k.max(1)).step_by(depth) {
            let d = depth.min(p.k - k0.min(p.k));
            for l in 0..d {
                let from = b.wrapping_offset((k0 + l) as isize * p.b.0 + j0 as isize * p.b.1);
                unsafe { copy::gather_line(&mut block[l * width..l * width + w], from, p.b.1) };
            }
            for i0 in (0..p.m).step_by(4) {
                let rows = 4.min(p.m - i0);
                for (l, items) in column[..d].iter_mut().enumerate() {
                    for (r, item) in items[..rows].iter_mut().enumerate() {
                        *item = unsafe { copy::read(a.wrapping_offset((i0 + r) as isize * p.a.0 + (k0 + l) as isize * p.a.1)) };
                    }
                }
                for r in 0..rows {
                    let sum = &mut sums[r * width..r * width + w];
                    if k0 == 0 {
                        sum.fill(T::ZERO);
                    } else {
                        unsafe { copy::gather_line(sum, out_at(i0 + r), p.out.1) };
                    }
                }
                unsafe { accumulate(&mut sums, width, w, &block, &column[..d]) };
                for r in 0..rows {
                    unsafe { copy::scatter_line(out_at(i0 + r), p.out.1, &sums[r * width..r * width + w]) };
                }
            }
        }
    }
}

/// sums[r][j] += column[l][r] * block[l][j] for four rows.
#[inline(always)]
fn accumulate_body<T: Elem>(sums: &mut [T], width: usize, w: usize, block: &[T], column: &[[T; 4]]) {
    let (s0, rest) = sums.split_at_mut(width);
    let (s1, rest) = rest.split_at_mut(width);
    let (s2, s3) = rest.split_at_mut(width);
    let (s0, s1, s2, s3) = (&mut s0[..w], &mut s1[..w], &mut s2[..w], &mut s3[..w]);
    for (items, row) in column.iter().zip(block.chunks(width)) {
        let row = &row[..w];
        for j in 0..w {
            s0[j] = s0[j].add(items[0].mul(row[j]));
            s1[j] = s1[j].add(items[1].mul(row[j]));
            s2[j] = s2[j].add(items[2].mul(row[j]));
            s3[j] = s3[j].add(items[3].mul(row[j]));
        }
    }
}

unsafe fn accumulate<T: Elem>(sums: &mut [T], width: usize, w: usize, block: &[T], column: &[[T; 4]]) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2")]
        fn avx512<T: Elem>(sums: &mut [T], width: usize, w: usize, block: &[T], column: &[[T; 4]]) {
            accumulate_body(sums, width, w, block, column)
        }
        #[target_feature(enable = "avx2")]
        fn avx2<T: Elem>(sums: &mut [T], width: usize, w: usize, block: &[T], column: &[[T; 4]]) {
            accumulate_body(sums, width, w, block, column)
        }
        if is_x86_feature_detected!("avx512vl") && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512bw") {
            return unsafe { avx512(sums, width, w, block, column) };
        }
        if is_x86_feature_detected!("avx2") {
            return unsafe { avx2(sums, width, w, block, column) };
        }
    }
    accumulate_body(sums, width, w, block, column)
}
