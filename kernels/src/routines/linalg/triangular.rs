//! Solutions of triangular systems.

use super::super::support::args::{self, Done};
use super::batch;
use super::{Scalar, misfit, with_scalar};
use crate::table::Call;
use numgrad_dense::Dense;

/// x[..., n, k], a[..., n, n], b[..., n, k]; words [upper, op, unit]: op(a) x = b with op 0 a, 1 its transpose, 2 its conjugate transpose, from
/// one triangle of a; unit: the diagonal is taken for ones. Zeros on the diagonal give infinities.
pub fn triangular_solve(call: &Call) -> Done {
    let operands @ [x, a, b] = args::operands(call, "triangular_solve")?;
    args::same_dtype("triangular_solve", x, a)?;
    args::same_dtype("triangular_solve", x, b)?;
    let n = a.shape.last().copied().unwrap_or(0);
    if a.ndim() < 2 || a.shape[a.ndim() - 2] != n || b.ndim() < 2 || b.shape[b.ndim() - 2] != n || x.shape != b.shape {
        return misfit("triangular_solve", operands);
    }
    let k = b.shape[b.ndim() - 1];
    let (upper, op, unit) = (args::flag(call, 0), args::count(call, "triangular_solve", 1)?, args::flag(call, 2));
    with_scalar!("triangular_solve", a.dtype, T => batch::each("triangular_solve", operands, [2, 2, 2], n * n * k, |[x, a, b], parallel| {
        let mut matrix = if op == 0 { a.load::<T>() } else { a.load_adjoint::<T>() };
        if op == 1 && T::COMPLEX {
            for j in 0..n {
                for i in 0..n {
                    matrix[(i, j)] = matrix[(i, j)].conjugate();
                }
            }
        }
        let mut rhs = b.load::<T>();
        T::solve_triangular(&matrix, upper != (op != 0), unit, &mut rhs, parallel);
        x.save(rhs.as_ref());
        Ok(())
    }))
}
