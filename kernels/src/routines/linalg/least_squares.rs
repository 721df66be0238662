//! Least squares solutions of smallest norm.

use super::super::support::args::{self, Done};
use super::super::support::elem::Elem;
use super::batch;
use super::numbers::Number;
use super::svd::decompose;
use super::{Scalar, misfit, real_dtype, with_scalar};
use crate::operand::{DType, Operand};
use crate::table::Call;
use numgrad_dense::{Mat, Vectors};

/// x[..., n, k], rank int64 [...], s[..., min(m, n)] (real), a[..., m, n], b[..., m, k]; words [rcond]: singular values of at most rcond times
/// the largest count as zero (negative: the epsilon of the dtype).
pub fn lstsq(call: &Call) -> Done {
    let operands @ [x, rank, s, a, b] = args::operands(call, "lstsq")?;
    args::same_dtype("lstsq", x, a)?;
    args::same_dtype("lstsq", b, a)?;
    args::require_dtype("lstsq", rank, DType::I64)?;
    args::require_dtype("lstsq", s, real_dtype(a.dtype))?;
    if [x, a, b].iter().any(|x| x.ndim() < 2) {
        return misfit("lstsq", operands);
    }
    let last = |x: &Operand| (x.shape[x.ndim() - 2], x.shape[x.ndim() - 1]);
    let ((m, n), (bm, k)) = (last(a), last(b));
    let size = m.min(n);
    if bm != m || last(x) != (n, k) || s.shape.last() != Some(&size) {
        return misfit("lstsq", operands);
    }
    let rcond = args::number(call, "lstsq", 0)?;
    with_scalar!("lstsq", a.dtype, T => batch::each("lstsq", operands, [2, 0, 1, 2, 2], 8 * m * n * size, |[x, rank, s, a, b], parallel| {
        type R = <T as Scalar>::Norm;
        let svd = decompose(&a.load::<T>(), Vectors::Thin, parallel)?;
        let b = b.load::<T>();
        let value = |i: usize| svd.s[i].real_part();
        (0..size).for_each(|i| s.set(&[i], value(i)));
        let cut = if size == 0 { 0.0 } else { value(0) as f64 * if rcond < 0.0 { <R as Number>::EPSILON } else { rcond } };
        let count = (0..size).take_while(|&i| value(i) as f64 > cut).count();
        rank.set(&[], count as i64);
        // y = diag(1 / s) u^H b, x = v y.
        let y = Mat::<T>::from_fn(count, k, |i, j| {
            let dot = (0..m).fold(T::ZERO, |sum, l| Elem::add(sum, svd.u[(l, i)].conjugate() * b[(l, j)]));
            dot / T::from_size(value(i))
        });
        x.save_with(|i, j| (0..count).fold(T::ZERO, |sum, l| Elem::add(sum, svd.v[(i, l)] * y[(l, j)])));
        Ok(())
    }))
}
