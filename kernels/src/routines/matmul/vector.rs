//! Matrix times vector: bound by memory, so plain loops over rows (dots) or columns (axpys) with the widest instructions there are.

use super::dot::ROWS;
use super::float::Float;
use crate::routines::support::copy;
use crate::routines::support::par::{self, Shared};

/// Instantiates a loop for the baseline, AVX2 and AVX-512, and calls the best one the machine has.
macro_rules! widest {
    ($name:ident, $body:ident, ($($arg:ident: $ty:ty),*) $(-> $ret:ty)?) => {
        #[inline]
        unsafe fn $name<T: Float>($($arg: $ty),*) $(-> $ret)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                unsafe fn avx512<T: Float>($($arg: $ty),*) $(-> $ret)? { unsafe { $body::<T>($($arg),*) } }
                #[target_feature(enable = "avx2,fma")]
                unsafe fn avx2<T: Float>($($arg: $ty),*) $(-> $ret)? { unsafe { $body::<T>($($arg),*) } }
                if is_x86_feature_detected!("avx512vl") && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512bw") {
                    return unsafe { avx512::<T>($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    return unsafe { avx2::<T>($($arg),*) };
                }
            }
            unsafe { $body::<T>($($arg),*) }
        }
    };
}

/// y += x0 a0 + x1 a1 + x2 a2 + x3 a3 over four columns.
#[inline(always)]
unsafe fn axpy4_body<T: Float>(y: *mut T, n: usize, columns: [*const T; 4], x: [T; 4]) {
    for i in 0..n {
        unsafe {
            let term = |j: usize| columns[j].add(i).read_unaligned() * x[j];
            *y.add(i) = *y.add(i) + ((term(0) + term(1)) + (term(2) + term(3)));
        }
    }
}
widest!(axpy4, axpy4_body, (y: *mut T, n: usize, columns: [*const T; 4], x: [T; 4]));

/// Multiply-adds for one more thread.
const GRAIN: usize = 1 << 16;

/// out[rows] = a[rows, k] x[k]; false when no axis of `a` is contiguous.
pub(super) unsafe fn times_vector<T: Float>(
    rows: usize,
    k: usize,
    (out, out_step): (*mut u8, isize),
    (a, (rs, cs)): (*mut u8, (isize, isize)),
    (x, x_step): (*mut u8, isize),
    parallel: bool,
) -> bool {
    let size = size_of::<T>() as isize;
    if cs != size && rs != size {
        return false;
    }
    let mut vector = vec![T::ZERO; k];
    unsafe { copy::gather_line(&mut vector, x, x_step) };
    let shared = Shared((out, a));
    let grain = if parallel { GRAIN.div_ceil(k) } else { rows };
    if cs == size {
        par::ranges(rows.div_ceil(ROWS), grain.div_ceil(ROWS), |range| {
            let (out, a) = shared.get();
            let row = |r: usize| a.wrapping_offset(r as isize * rs) as *const T;
            let put = |r: usize, sum: T| unsafe { copy::write(out.wrapping_offset(r as isize * out_step), sum) };
            for first in range.map(|part| part * ROWS) {
                if first + ROWS <= rows {
                    let sums = unsafe { T::dots([row(first), row(first + 1), row(first + 2), row(first + 3)], vector.as_ptr(), k) };
                    for (r, &sum) in sums.iter().enumerate() {
                        put(first + r, sum);
                    }
                } else {
                    for r in first..rows {
                        put(r, unsafe { T::dot(row(r), vector.as_ptr(), k) });
                    }
                }
            }
        });
        return true;
    }
    // Columns are contiguous: blocks of rows that stay in the first-level cache, four columns at a time.
    const BLOCK: usize = 2048;
    par::ranges(rows.div_ceil(BLOCK), grain.div_ceil(BLOCK), |range| {
        let (out, a) = shared.get();
        let mut y = Vec::with_capacity(BLOCK);
        for block in range {
            let start = block * BLOCK;
            let n = BLOCK.min(rows - start);
            y.clear();
            y.resize(n, T::ZERO);
            let column = |j: usize| a.wrapping_offset(start as isize * rs + j as isize * cs) as *const T;
            let mut j = 0;
            while j < k {
                let left = k - j;
                let columns = std::array::from_fn(|c| column(j + if c < left { c } else { 0 }));
                if left >= 4 {
                    unsafe { axpy4::<T>(y.as_mut_ptr(), n, columns, std::array::from_fn(|c| vector[j + c])) };
                    j += 4;
                    continue;
                }
                for (i, item) in y.iter_mut().enumerate() {
                    *item = *item + unsafe { columns[0].add(i).read_unaligned() * vector[j] };
                }
                j += 1;
            }
            unsafe { copy::scatter_line(out.wrapping_offset(start as isize * out_step), out_step, &y) };
        }
    });
    true
}
