//! LU decompositions with partial pivoting, and what rests on them: solutions, inverses and determinants.

use super::super::support::args::{self, Done};
use super::super::support::elem::Elem;
use super::batch;
use super::numbers::Number;
use super::{Scalar, misfit, real_dtype, with_scalar};
use crate::operand::{DType, Operand};
use crate::table::Call;
use numgrad_dense::Mat;

/// P a = L U packed into one matrix; row i of P a is row `rows[i]` of a.
struct Lu<T> {
    packed: Mat<T>,
    rows: Vec<usize>,
    odd: bool,
}

fn decompose<T: Scalar>(mut a: Mat<T>, parallel: bool) -> Lu<T> {
    let (rows, odd) = T::lu(&mut a, parallel);
    Lu { packed: a, rows, odd }
}

impl<T: Scalar> Lu<T> {
    fn is_singular(&self) -> bool {
        (0..self.packed.nrows()).any(|i| !self.packed[(i, i)].is_nonzero())
    }

    /// a^-1 b in place of b.
    fn solve(&self, b: &Mat<T>, parallel: bool) -> Mat<T> {
        let mut x = Mat::from_fn(b.nrows(), b.ncols(), |i, j| b[(self.rows[i], j)]);
        T::solve_triangular(&self.packed, false, true, &mut x, parallel);
        T::solve_triangular(&self.packed, true, false, &mut x, parallel);
        x
    }
}

fn is_square(a: &Operand) -> bool {
    a.ndim() >= 2 && a.shape[a.ndim() - 1] == a.shape[a.ndim() - 2]
}

/// packed[..., m, n], rows int64 [..., m], pivots int64 [..., min(m, n)], sign int64 [...], a[..., m, n]: row i of the factored matrix is row
/// `rows[i]` of a; pivots are LAPACK's swaps counted from 0; sign is that of the permutation.
pub fn lu(call: &Call) -> Done {
    let operands @ [packed, rows, pivots, sign, a] = args::operands(call, "lu")?;
    args::same_dtype("lu", packed, a)?;
    for whole in [rows, pivots, sign] {
        args::require_dtype("lu", whole, DType::I64)?;
    }
    let d = a.ndim();
    if d < 2 || packed.shape != a.shape {
        return misfit("lu", operands);
    }
    let (m, n) = (a.shape[d - 2], a.shape[d - 1]);
    let k = m.min(n);
    if rows.shape.last() != Some(&m) || pivots.shape.last() != Some(&k) {
        return misfit("lu", operands);
    }
    with_scalar!("lu", a.dtype, T => batch::each("lu", operands, [2, 1, 1, 0, 2], m * n * k, |[packed, rows, pivots, sign, a], parallel| {
        let lu = decompose(a.load::<T>(), parallel);
        packed.save(lu.packed.as_ref());
        sign.set(&[], if lu.odd { -1i64 } else { 1 });
        let mut now: Vec<usize> = (0..m).collect();
        let mut place = now.clone();
        for i in 0..m {
            let row = lu.rows[i];
            rows.set(&[i], row as i64);
            if i < k {
                let from = place[row];
                pivots.set(&[i], from as i64);
                now.swap(i, from);
                place.swap(now[i], now[from]);
            }
        }
        Ok(())
    }))
}

/// x[..., n, k], a[..., n, n], b[..., n, k].
pub fn solve(call: &Call) -> Done {
    let operands @ [x, a, b] = args::operands(call, "solve")?;
    args::same_dtype("solve", x, a)?;
    args::same_dtype("solve", x, b)?;
    if !is_square(a) || b.ndim() < 2 || x.shape != b.shape || b.shape[b.ndim() - 2] != a.shape[a.ndim() - 1] {
        return misfit("solve", operands);
    }
    let (n, k) = (a.shape[a.ndim() - 1], b.shape[b.ndim() - 1]);
    with_scalar!("solve", a.dtype, T => batch::each("solve", operands, [2, 2, 2], n * n * (n / 3 + k), |[x, a, b], parallel| {
        let lu = decompose(a.load::<T>(), parallel);
        if lu.is_singular() {
            return Err("the matrix is singular");
        }
        x.save(lu.solve(&b.load::<T>(), parallel).as_ref());
        Ok(())
    }))
}

/// out[..., n, n], a[..., n, n].
pub fn inv(call: &Call) -> Done {
    let operands @ [out, a] = args::operands(call, "inv")?;
    args::same_dtype("inv", out, a)?;
    if !is_square(a) || out.shape != a.shape {
        return misfit("inv", operands);
    }
    let n = a.shape[a.ndim() - 1];
    with_scalar!("inv", a.dtype, T => batch::each("inv", operands, [2, 2], 2 * n * n * n, |[out, a], parallel| {
        let lu = decompose(a.load::<T>(), parallel);
        if lu.is_singular() {
            return Err("the matrix is singular");
        }
        let identity = Mat::from_fn(n, n, |i, j| if i == j { T::ONE } else { T::ZERO });
        out.save(lu.solve(&identity, parallel).as_ref());
        Ok(())
    }))
}

/// The sign (of magnitude 1, or 0) and the logarithm of the magnitude of the determinant.
fn sign_and_log<T: Scalar>(lu: &Lu<T>) -> (T, T::Norm) {
    let mut sign = if lu.odd { T::from_size(T::Norm::from_double(-1.0)) } else { T::ONE };
    let mut log = T::Norm::from_double(0.0);
    for i in 0..lu.packed.nrows() {
        let pivot = lu.packed[(i, i)];
        let size = pivot.magnitude();
        if !pivot.is_nonzero() {
            return (T::ZERO, T::Norm::from_double(f64::NEG_INFINITY));
        }
        sign = sign * (pivot / T::from_size(size));
        log = log.add(size.log());
    }
    (sign, log)
}

/// out[...], a[..., n, n]; words [how]: 0 the exponential of the sum of logarithms (NumPy), 1 the product of the pivots (PyTorch).
pub fn det(call: &Call) -> Done {
    let operands @ [out, a] = args::operands(call, "det")?;
    args::same_dtype("det", out, a)?;
    if !is_square(a) {
        return misfit("det", operands);
    }
    let n = a.shape[a.ndim() - 1];
    let product = args::flag(call, 0);
    with_scalar!("det", a.dtype, T => batch::each("det", operands, [0, 2], n * n * n / 3, |[out, a], parallel| {
        let lu = decompose(a.load::<T>(), parallel);
        if product {
            let start = if lu.odd { T::from_size(Number::from_double(-1.0)) } else { T::ONE };
            out.set(&[], (0..n).fold(start, |product, i| product * lu.packed[(i, i)]));
        } else {
            let (sign, log) = sign_and_log(&lu);
            out.set(&[], sign * T::from_size(log.exponential()));
        }
        Ok(())
    }))
}

/// sign[...], log[...] (real), a[..., n, n].
pub fn slogdet(call: &Call) -> Done {
    let operands @ [sign, log, a] = args::operands(call, "slogdet")?;
    args::same_dtype("slogdet", sign, a)?;
    args::require_dtype("slogdet", log, real_dtype(a.dtype))?;
    if !is_square(a) {
        return misfit("slogdet", operands);
    }
    let n = a.shape[a.ndim() - 1];
    with_scalar!("slogdet", a.dtype, T => batch::each("slogdet", operands, [0, 0, 2], n * n * n / 3, |[sign, log, a], parallel| {
        let lu = decompose(a.load::<T>(), parallel);
        let (phase, size) = sign_and_log(&lu);
        sign.set(&[], phase);
        log.set(&[], size);
        Ok(())
    }))
}
