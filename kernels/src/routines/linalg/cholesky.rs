//! Cholesky factors of Hermitian positive definite matrices.

use super::super::support::args::{self, Done};
use super::super::support::elem::Elem;
use super::batch;
use super::{Scalar, misfit, with_scalar};
use crate::table::Call;
use numgrad_dense::Dense;

/// out[..., n, n], a[..., n, n]; words [upper]: a = L L^H from the lower triangle of a, or a = U^H U from the upper one.
pub fn cholesky(call: &Call) -> Done {
    let operands @ [out, a] = args::operands(call, "cholesky")?;
    args::same_dtype("cholesky", out, a)?;
    let n = a.shape.last().copied().unwrap_or(0);
    if out.shape != a.shape || a.ndim() < 2 || a.shape[a.ndim() - 2] != n {
        return misfit("cholesky", operands);
    }
    let upper = args::flag(call, 0);
    with_scalar!("cholesky", a.dtype, T => batch::each("cholesky", operands, [2, 2], n * n * n / 3, |[out, a], parallel| {
        let mut l = if upper { a.load_adjoint::<T>() } else { a.load::<T>() };
        if T::cholesky(&mut l, parallel).is_err() || (0..n).any(|i| l[(i, i)].is_nan()) {
            return Err("the matrix is not positive definite");
        }
        let item = |i: usize, j: usize| if i < j { T::ZERO } else { l[(i, j)] };
        if upper { out.save_with(|i, j| item(j, i).conjugate()) } else { out.save_with(item) }
        Ok(())
    }))
}
