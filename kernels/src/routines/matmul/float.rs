//! Products of real and complex matrices: faer's blocked kernel, direct loops for small ones, dot and axpy loops for vectors.

use super::Product;
use super::dot::{self, ROWS};
use super::vector;
use crate::parallel;
use crate::routines::support::copy;
use crate::routines::support::elem::Elem;
use crate::routines::support::par::Shared;
use crate::simd;
use numgrad_dense::{Dense, Strided};

/// Multiply-adds up to which a plain triple loop beats setting up the blocked kernel.
const SMALL: usize = 512;

/// Multiply-adds of a band of rows or columns that is worth a thread.
const BAND: usize = 1 << 18;

/// Rows or columns in a band are a multiple of this, which the registers' tiles divide or nearly so.
const EVEN: usize = 16;

/// An element of the blocked kernel.
pub(crate) trait Float: Elem + Dense + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> {
    /// The sum of the products of two packed rows of `n` items.
    ///
    /// # Safety
    /// Both must hold `n` items.
    unsafe fn dot(row: *const Self, x: *const Self, n: usize) -> Self {
        dot::plain(row, x, n)
    }

    /// The same of several rows at once, to the same bits.
    ///
    /// # Safety
    /// As [`Float::dot`].
    unsafe fn dots(rows: [*const Self; ROWS], x: *const Self, n: usize) -> [Self; ROWS] {
        rows.map(|row| unsafe { Self::dot(row, x, n) })
    }
}

macro_rules! real {
    ($t:ident $avx512:ident $avx2:ident) => {
        impl Float for $t {
            unsafe fn dot(row: *const $t, x: *const $t, n: usize) -> $t {
                match simd::isa() {
                    #[cfg(target_arch = "x86_64")]
                    simd::Isa::Avx512 => unsafe { dot::x86::$avx512([row], x, n)[0] },
                    #[cfg(target_arch = "x86_64")]
                    simd::Isa::Avx2 => unsafe { dot::x86::$avx2([row], x, n)[0] },
                    _ => dot::plain(row, x, n),
                }
            }
            unsafe fn dots(rows: [*const $t; ROWS], x: *const $t, n: usize) -> [$t; ROWS] {
                match simd::isa() {
                    #[cfg(target_arch = "x86_64")]
                    simd::Isa::Avx512 => unsafe { dot::x86::$avx512(rows, x, n) },
                    #[cfg(target_arch = "x86_64")]
                    simd::Isa::Avx2 => unsafe { dot::x86::$avx2(rows, x, n) },
                    _ => rows.map(|row| dot::plain(row, x, n)),
                }
            }
        }
    };
}
real!(f32 f32_avx512 f32_avx2);
real!(f64 f64_avx512 f64_avx2);
impl Float for num_complex::Complex<f32> {}
impl Float for num_complex::Complex<f64> {}

/// A matrix in items, ready for the blocked kernel.
struct Plain<T> {
    at: *mut T,
    strides: (isize, isize),
    /// Keeps a packed copy alive.
    _copy: Vec<T>,
}

/// The matrix itself when its strides are whole items (and not 0), else a packed copy.
unsafe fn plain<T: Elem>(at: *mut u8, (rows, cols): (usize, usize), strides: (isize, isize)) -> Plain<T> {
    let size = size_of::<T>() as isize;
    let whole = |dim: usize, stride: isize| dim == 1 || (stride % size == 0 && stride != 0);
    if at as usize % align_of::<T>() == 0 && whole(rows, strides.0) && whole(cols, strides.1) {
        let items = |dim: usize, stride: isize| if dim == 1 { 0 } else { stride / size };
        let (rs, cs) = (items(rows, strides.0), items(cols, strides.1));
        // A dimension of one item may have any stride: give it the one that reads as contiguous.
        let rs = if rows == 1 { cols as isize * cs.max(1) } else { rs };
        let cs = if cols == 1 { rows as isize * rs.max(1) } else { cs };
        return Plain { at: at as *mut T, strides: (rs, cs), _copy: Vec::new() };
    }
    let mut items = vec![T::ZERO; rows * cols];
    for (i, row) in items.chunks_exact_mut(cols).enumerate() {
        unsafe { copy::gather_line(row, at.wrapping_offset(i as isize * strides.0), strides.1) };
    }
    Plain { at: items.as_mut_ptr(), strides: (cols as isize, 1), _copy: items }
}

/// The blocked kernel, on bands of the longer side when threads share the work. Items are the same for any bands: how the kernel cuts
/// a sum depends on its length alone.
unsafe fn bands<T: Float>([m, n, k]: [usize; 3], out: Strided<*mut T>, a: Strided<*const T>, b: Strided<*const T>, parallel: bool) {
    let by_rows = m >= n;
    let (side, other) = if by_rows { (m, n) } else { (n, m) };
    let threads = if parallel { parallel::current().min(m * n * k / BAND) } else { 1 };
    if threads < 2 || side < 2 * EVEN {
        return unsafe { T::product([m, n, k], out, a, b) };
    }
    // Two bands a thread where they stay long: one that is held up keeps the others waiting for half as long.
    let count = if side / (2 * threads) >= 256 && other >= 256 { 2 * threads } else { threads };
    let band = side.div_ceil(count).next_multiple_of(EVEN);
    let shared = Shared((out, a, b));
    parallel::for_each(side.div_ceil(band), 1, |range| {
        for start in range.map(|i| i * band) {
            let (out, a, b) = shared.get();
            let (len, by) = (band.min(side - start), start as isize);
            unsafe {
                if by_rows {
                    T::product([len, n, k], (out.0.offset(by * out.1), out.1, out.2), (a.0.offset(by * a.1), a.1, a.2), b)
                } else {
                    T::product([m, len, k], (out.0.offset(by * out.2), out.1, out.2), a, (b.0.offset(by * b.2), b.1, b.2))
                }
            };
        }
    });
}

pub(crate) unsafe fn product<T: Float>(p: Product, [out, a, b]: [*mut u8; 3], parallel: bool) {
    unsafe {
        if p.k == 0 || p.m * p.n * p.k <= SMALL {
            return small::<T>(p, [out, a, b]);
        }
        if p.n == 1 && vector::times_vector::<T>(p.m, p.k, (out, p.out.0), (a, p.a), (b, p.b.0), parallel) {
            return;
        }
        if p.m == 1 && vector::times_vector::<T>(p.n, p.k, (out, p.out.1), (b, (p.b.1, p.b.0)), (a, p.a.1), parallel) {
            return;
        }
        let a = plain::<T>(a, (p.m, p.k), p.a);
        let b = plain::<T>(b, (p.k, p.n), p.b);
        let size = size_of::<T>() as isize;
        let direct = out as usize % align_of::<T>() == 0
            && p.out.0 % size == 0
            && p.out.1 % size == 0
            && (p.out.0 == size || p.out.1 == size || p.m == 1 || p.n == 1);
        let shape = [p.m, p.n, p.k];
        let lhs = (a.at as *const T, a.strides.0, a.strides.1);
        let rhs = (b.at as *const T, b.strides.0, b.strides.1);
        if direct {
            bands::<T>(shape, (out as *mut T, p.out.0 / size, p.out.1 / size), lhs, rhs, parallel);
            return;
        }
        let mut items = vec![T::ZERO; p.m * p.n];
        bands::<T>(shape, (items.as_mut_ptr(), p.n as isize, 1), lhs, rhs, parallel);
        for (i, row) in items.chunks_exact(p.n).enumerate() {
            copy::scatter_line(out.wrapping_offset(i as isize * p.out.0), p.out.1, row);
        }
    }
}

/// The definition, as it stands; a row of up to 8 packed items at a time, to the same bits.
unsafe fn small<T: Float>(p: Product, [out, a, b]: [*mut u8; 3]) {
    let size = size_of::<T>() as isize;
    if p.a.1 == size && p.b.1 == size && p.out.1 == size {
        unsafe {
            match p.n {
                2 => return small_rows::<T, 2>(p, [out, a, b]),
                3 => return small_rows::<T, 3>(p, [out, a, b]),
                4 => return small_rows::<T, 4>(p, [out, a, b]),
                5 => return small_rows::<T, 5>(p, [out, a, b]),
                6 => return small_rows::<T, 6>(p, [out, a, b]),
                7 => return small_rows::<T, 7>(p, [out, a, b]),
                8 => return small_rows::<T, 8>(p, [out, a, b]),
                _ => {}
            }
        }
    }
    let at = |base: *mut u8, i: usize, j: usize, s: (isize, isize)| base.wrapping_offset(i as isize * s.0 + j as isize * s.1);
    for i in 0..p.m {
        for j in 0..p.n {
            let mut sum = T::ZERO;
            for l in 0..p.k {
                sum = sum + unsafe { copy::read::<T>(at(a, i, l, p.a)) * copy::read::<T>(at(b, l, j, p.b)) };
            }
            unsafe { copy::write(at(out, i, j, p.out), sum) };
        }
    }
}

unsafe fn small_rows<T: Float, const N: usize>(p: Product, [out, a, b]: [*mut u8; 3]) {
    for i in 0..p.m as isize {
        let row = a.wrapping_offset(i * p.a.0) as *const T;
        let mut sums = [T::ZERO; N];
        for l in 0..p.k {
            unsafe {
                let x = row.add(l).read_unaligned();
                let items = (b.wrapping_offset(l as isize * p.b.0) as *const [T; N]).read_unaligned();
                for j in 0..N {
                    sums[j] = sums[j] + x * items[j];
                }
            }
        }
        unsafe { (out.wrapping_offset(i * p.out.0) as *mut [T; N]).write_unaligned(sums) };
    }
}
