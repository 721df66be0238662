//! Singular value decompositions.

mod bidiagonal;

use super::eigen::rotations::{Wide, moderate, widened};

use super::super::support::args::{self, Done};
use super::batch;
use super::{Scalar, is_finite, misfit, real_dtype, with_scalar};
use crate::operand::Operand;
use crate::table::Call;
use numgrad_dense::{Diag, Mat, Vectors};

/// u[..., m, p], s[..., k] (real, descending), vh[..., q, n], a[..., m, n] with k = min(m, n) and p = q = k, or p = m and q = n; or s, a.
pub fn svd(call: &Call) -> Done {
    let a = match call.operands {
        [_, a] | [_, _, _, a] => a,
        _ => return misfit("svd", call.operands),
    };
    if a.ndim() < 2 {
        return misfit("svd", call.operands);
    }
    let last = |x: &Operand| (x.shape[x.ndim() - 2], x.shape[x.ndim() - 1]);
    let (m, n) = last(a);
    let k = m.min(n);
    let values = &call.operands[if call.operands.len() == 2 { 0 } else { 1 }];
    args::require_dtype("svd", values, real_dtype(a.dtype))?;
    if values.shape.last() != Some(&k) {
        return misfit("svd", call.operands);
    }
    let cost = 4 * m * n * k;
    if call.operands.len() == 2 {
        let operands = args::operands(call, "svd")?;
        return with_scalar!("svd", a.dtype, T => batch::each("svd", operands, [1, 2], cost, |[s, a], parallel| {
            let a = a.load::<T>();
            if let Some(factors) = small(&a)? {
                (0..k).for_each(|i| s.set(&[i], T::narrow(factors.s[i].into()).real_part()));
                return Ok(());
            }
            let factors = decompose(&a, Vectors::None, parallel)?;
            (0..k).for_each(|i| s.set(&[i], factors.s[i].real_part()));
            Ok(())
        }));
    }
    let operands @ [u, _, vh, _] = args::operands(call, "svd")?;
    args::same_dtype("svd", u, a)?;
    args::same_dtype("svd", vh, a)?;
    if u.ndim() < 2 || vh.ndim() < 2 {
        return misfit("svd", call.operands);
    }
    let thin = last(u) == (m, k) && last(vh) == (k, n);
    if !thin && (last(u) != (m, m) || last(vh) != (n, n)) {
        return misfit("svd", call.operands);
    }
    let vectors = if thin { Vectors::Thin } else { Vectors::Full };
    with_scalar!("svd", a.dtype, T => batch::each("svd", operands, [2, 1, 2, 2], cost, |[u, s, vh, a], parallel| {
        let a = a.load::<T>();
        if let Some(factors) = small(&a)? {
            u.save_with(|i, j| T::narrow(factors.u[(i, j)]));
            (0..k).for_each(|i| s.set(&[i], T::narrow(factors.s[i].into()).real_part()));
            vh.save_with(|i, j| T::narrow(factors.vh[(i, j)]));
            return Ok(());
        }
        let factors = decompose(&a, vectors, parallel)?;
        u.save(factors.u.as_ref());
        (0..k).for_each(|i| s.set(&[i], factors.s[i].real_part()));
        vh.save_with(|i, j| factors.v[(j, i)].conjugate());
        Ok(())
    }))
}

/// The decomposition of a small matrix as LAPACK makes it; None for others.
fn small<T: Scalar + Wide>(a: &Mat<T>) -> Result<Option<bidiagonal::Factors>, &'static str> {
    let few = a.nrows().min(a.ncols());
    if few == 0 || few > bidiagonal::MOST || a.nrows().max(a.ncols()) > 4 * bidiagonal::MOST || !is_finite(a) || !moderate(a) {
        return Ok(None);
    }
    // What does not converge so is left to the other algorithm.
    Ok(bidiagonal::decompose(widened(a), T::COMPLEX))
}

/// a = u diag(s) v^H.
pub(super) struct Svd<T> {
    pub u: Mat<T>,
    pub s: Diag<T>,
    pub v: Mat<T>,
}

pub(super) fn decompose<T: Scalar>(a: &Mat<T>, vectors: Vectors, parallel: bool) -> Result<Svd<T>, &'static str> {
    // What is not finite never converges.
    if !is_finite(a) {
        return Err("SVD did not converge");
    }
    let (u, s, v) = T::svd(a, vectors, parallel).map_err(|_| "SVD did not converge")?;
    Ok(Svd { u, s, v })
}
