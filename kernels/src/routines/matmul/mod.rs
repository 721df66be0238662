//! Matrix products over the last two axes of any dtype, with broadcast leading axes.

mod dot;
mod float;
mod half;
mod int;
mod vector;

use super::support::args::{self, Done, refuse};
use super::support::par::{self, Shared};
use super::support::walk::Walk;
use crate::operand::{DType, Operand};
use crate::parallel;
use crate::table::Call;

/// One product `out[m, n] = a[m, k] b[k, n]` in bytes: addresses come apart, per item of the batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    /// (row stride, column stride) of out, a and b.
    pub out: (isize, isize),
    pub a: (isize, isize),
    pub b: (isize, isize),
}

/// out[..., m, n], a[..., m, k], b[..., k, n].
pub fn matmul(call: &Call) -> Done {
    let [out, a, b] = args::operands(call, "matmul")?;
    args::same_dtype("matmul", out, a)?;
    args::same_dtype("matmul", out, b)?;
    let d = out.ndim();
    if d < 2 || a.ndim() != d || b.ndim() != d {
        return refuse("matmul", "operands need the same number of dimensions, two or more");
    }
    let (m, n, k) = (out.shape[d - 2], out.shape[d - 1], a.shape[d - 1]);
    let batch = &out.shape[..d - 2];
    let agree = a.shape[d - 2] == m && b.shape[d - 2] == k && b.shape[d - 1] == n;
    if !agree || &a.shape[..d - 2] != batch || &b.shape[..d - 2] != batch {
        return refuse("matmul", format!("shapes {:?} and {:?} do not make {:?}", a.shape, b.shape, out.shape));
    }
    if out.is_empty() {
        return Ok(());
    }
    let last = |x: &Operand| (x.strides[d - 2], x.strides[d - 1]);
    let mut product = Product { m, n, k, out: last(out), a: last(a), b: last(b) };
    let mut dims = d - 2;
    while dims > 0 && fold_rows(&mut product, out.shape[dims - 1], [out.strides[dims - 1], a.strides[dims - 1], b.strides[dims - 1]]) {
        dims -= 1;
    }
    let walk = Walk::items(&out.shape[..dims], [&out.strides[..dims], &a.strides[..dims], &b.strides[..dims]]);
    run(out.dtype, product, &walk, [out.ptr, a.ptr, b.ptr]);
    Ok(())
}

/// Takes a batch dimension that `b` ignores into the rows, when the rows of `a` and `out` go on evenly.
fn fold_rows(p: &mut Product, dim: usize, [out, a, b]: [isize; 3]) -> bool {
    let even = |stride: isize, row: isize| stride == row.wrapping_mul(p.m as isize);
    if dim == 1 {
        return true;
    }
    if p.m == 1 && b == 0 {
        (p.m, p.out.0, p.a.0) = (dim, out, a);
        return true;
    }
    if b == 0 && even(out, p.out.0) && even(a, p.a.0) {
        p.m *= dim;
        return true;
    }
    false
}

/// Multiply-adds below which threads cost more than they bring.
const PARALLEL_WORK: usize = 1 << 18;

fn run(dtype: DType, product: Product, walk: &Walk<3>, bases: [*mut u8; 3]) {
    let work = product.m * product.n * product.k.max(1);
    let threads = parallel::current();
    let one = |at: [*mut u8; 3], parallel: bool| unsafe {
        match dtype {
            DType::F32 => float::product::<f32>(product, at, parallel),
            DType::F64 => float::product::<f64>(product, at, parallel),
            DType::C64 => float::product::<num_complex::Complex<f32>>(product, at, parallel),
            DType::C128 => float::product::<num_complex::Complex<f64>>(product, at, parallel),
            DType::F16 => half::product::<::half::f16>(product, at, parallel),
            DType::BF16 => half::product::<::half::bf16>(product, at, parallel),
            _ => int::product(dtype, product, at, parallel),
        }
    };
    if walk.lines == 1 || (walk.lines < threads * 2 && work >= PARALLEL_WORK * 8) {
        walk.each(0..walk.lines, bases, |at| one(at, work >= PARALLEL_WORK));
        return;
    }
    let bases = Shared(bases);
    par::ranges(walk.lines, (PARALLEL_WORK / work.max(1)).max(1), |range| walk.each(range, bases.get(), |at| one(at, false)));
}
