//! Products of float16 and bfloat16 matrices: panels converted to float32, sums in float32.

use super::Product;
use super::float;
use crate::routines::support::copy;
use crate::routines::support::elem::Elem;

/// A 16-bit float.
pub(crate) trait Half: Elem {
    fn widen(self) -> f32;
    fn narrow(value: f32) -> Self;
}
impl Half for half::f16 {
    fn widen(self) -> f32 {
        self.to_f32()
    }
    fn narrow(value: f32) -> Self {
        half::f16::from_f32(value)
    }
}
impl Half for half::bf16 {
    fn widen(self) -> f32 {
        self.to_f32()
    }
    fn narrow(value: f32) -> Self {
        half::bf16::from_f32(value)
    }
}

/// Rows of `a` that are converted at once.
const PANEL: usize = 512;

pub(crate) unsafe fn product<T: Half>(p: Product, [out, a, b]: [*mut u8; 3], parallel: bool) {
    let mut rhs = vec![0f32; p.k * p.n];
    unsafe { widen::<T>(&mut rhs, b, (p.k, p.n), p.b) };
    let panel = PANEL.min(p.m);
    let mut lhs = vec![0f32; panel * p.k];
    let mut sums = vec![0f32; panel * p.n];
    let mut line = vec![T::ZERO; p.n];
    let row_strides = |n: usize| ((n * 4) as isize, 4isize);
    for start in (0..p.m).step_by(panel) {
        let rows = panel.min(p.m - start);
        let here = |base: *mut u8, row: isize| base.wrapping_offset((start as isize).wrapping_mul(row));
        unsafe {
            widen::<T>(&mut lhs[..rows * p.k], here(a, p.a.0), (rows, p.k), p.a);
            let part = Product { m: rows, out: row_strides(p.n), a: row_strides(p.k), b: row_strides(p.n), ..p };
            let at = [sums.as_mut_ptr() as *mut u8, lhs.as_mut_ptr() as *mut u8, rhs.as_mut_ptr() as *mut u8];
            float::product::<f32>(part, at, parallel);
            for (i, row) in sums[..rows * p.n].chunks_exact(p.n).enumerate() {
                line.iter_mut().zip(row).for_each(|(to, &from)| *to = T::narrow(from));
                copy::scatter_line(here(out, p.out.0).wrapping_offset(i as isize * p.out.0), p.out.1, &line);
            }
        }
    }
}

unsafe fn widen<T: Half>(to: &mut [f32], from: *mut u8, (rows, cols): (usize, usize), strides: (isize, isize)) {
    if rows == 0 || cols == 0 {
        return;
    }
    let mut line = vec![T::ZERO; cols];
    for (i, row) in to.chunks_exact_mut(cols).enumerate() {
        unsafe { copy::gather_line(&mut line, from.wrapping_offset(i as isize * strides.0), strides.1) };
        row.iter_mut().zip(&line).for_each(|(to, &from)| *to = from.widen());
    }
}
