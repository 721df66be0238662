//! QR decompositions with the signs of LAPACK's Householder reflections.

use super::super::support::args::{self, Done, refuse};
use super::super::support::elem::Elem;
use super::batch;
use super::numbers::Number;
use super::{Scalar, misfit, with_scalar};
use crate::operand::Operand;
use crate::table::Call;
use numgrad_dense::Mat;

/// q[..., m, k], r[..., k, n], a[..., m, n] with k = min(m, n) or k = m; or r[..., k, n], a for R alone.
pub fn qr(call: &Call) -> Done {
    let (q, r, a) = match call.operands {
        [q, r, a] => (Some(q), r, a),
        [r, a] => (None, r, a),
        _ => return refuse("qr", "takes two or three operands"),
    };
    args::same_dtype("qr", r, a)?;
    if a.ndim() < 2 || r.ndim() != a.ndim() {
        return misfit("qr", call.operands);
    }
    let last = |x: &Operand| (x.shape[x.ndim() - 2], x.shape[x.ndim() - 1]);
    let ((m, n), (k, rn)) = (last(a), last(r));
    if rn != n || (k != m && k != m.min(n)) {
        return misfit("qr", call.operands);
    }
    let cost = m * n * m.min(n);
    let Some(q) = q else {
        let operands = args::operands(call, "qr")?;
        return with_scalar!("qr", a.dtype, T => batch::each("qr", operands, [2, 2], cost, |[r, a], parallel| {
            r.save(decompose(a.load::<T>(), 0, k, parallel).1.as_ref());
            Ok(())
        }));
    };
    args::same_dtype("qr", q, a)?;
    if q.ndim() != a.ndim() || last(q) != (m, k) {
        return misfit("qr", call.operands);
    }
    let operands = args::operands(call, "qr")?;
    with_scalar!("qr", a.dtype, T => batch::each("qr", operands, [2, 2, 2], cost, |[q, r, a], parallel| {
        let (orthogonal, upper) = decompose(a.load::<T>(), k, k, parallel);
        q.save(orthogonal.as_ref());
        r.save(upper.as_ref());
        Ok(())
    }))
}

/// The first `columns` columns of Q and the first `rows` rows of R.
fn decompose<T: Scalar>(a: Mat<T>, columns: usize, rows: usize, parallel: bool) -> (Mat<T>, Mat<T>) {
    if T::COMPLEX {
        return reflect(a, columns, rows);
    }
    let mut a = a;
    let n = a.ncols();
    let q = T::qr(&mut a, columns, parallel);
    let r = Mat::from_fn(rows, n, |i, j| if i <= j { a[(i, j)] } else { T::ZERO });
    (q, r)
}

/// One reflection I - tau v v^H a column with a real diagonal of R, as LAPACK's complex routines choose them; v[0] = 1 is not stored.
fn reflect<T: Scalar>(mut a: Mat<T>, columns: usize, rows: usize) -> (Mat<T>, Mat<T>) {
    let (m, n) = a.shape();
    let mut taus = Vec::new();
    let zero = T::Norm::from_double(0.0);
    for k in 0..m.min(n) {
        let head = a[(k, k)];
        let tail = (k + 1..m).fold(zero, |norm, i| norm.hypotenuse(a[(i, k)].magnitude()));
        if tail == zero && head.complex().im == zero {
            taus.push(T::ZERO);
            continue;
        }
        let norm = tail.hypotenuse(head.magnitude());
        let beta = T::from_size(if head.real_part() >= zero { norm.mul(T::Norm::from_double(-1.0)) } else { norm });
        let minus = T::from_size(T::Norm::from_double(-1.0));
        let tau = Elem::add(beta, head * minus) / beta;
        let divisor = Elem::add(head, beta * minus);
        for i in k + 1..m {
            a[(i, k)] = a[(i, k)] / divisor;
        }
        a[(k, k)] = beta;
        apply(&a.clone(), k, tau.conjugate(), &mut a, k + 1);
        taus.push(tau);
    }
    let mut q = Mat::from_fn(m, columns, |i, j| if i == j { T::ONE } else { T::ZERO });
    for (k, &tau) in taus.iter().enumerate().rev() {
        apply(&a, k, tau, &mut q, 0);
    }
    let r = Mat::from_fn(rows, n, |i, j| if i <= j { a[(i, j)] } else { T::ZERO });
    (q, r)
}

/// x[k.., first..] -= tau v (v^H x) with v in column k of `basis`.
fn apply<T: Scalar>(basis: &Mat<T>, k: usize, tau: T, x: &mut Mat<T>, first: usize) {
    let m = basis.nrows();
    let v = |i: usize| if i == k { T::ONE } else { basis[(i, k)] };
    for j in first..x.ncols() {
        let dot = (k..m).fold(T::ZERO, |sum, i| Elem::add(sum, v(i).conjugate() * x[(i, j)]));
        let scaled = tau * dot * T::from_size(T::Norm::from_double(-1.0));
        for i in k..m {
            x[(i, j)] = Elem::add(x[(i, j)], v(i) * scaled);
        }
    }
}
