//! Eigenvalues and eigenvectors of Hermitian and of general matrices.

mod hessenberg;
pub(super) mod rotations;
mod tridiagonal;

use rotations::{C, Grid, Wide, moderate, widened};

use super::super::support::args::{self, Done};
use super::batch::{self, Part};
use super::{Real, Scalar, complex_dtype, is_finite, misfit, real_dtype, with_scalar};
use crate::operand::Operand;
use crate::table::Call;
use num_complex::Complex;
use numgrad_dense::{Dense, Mat};

const NOT_CONVERGED: &str = "eigenvalues did not converge";

/// The matrix (the last operand) and the side of all matrices.
fn square<'a>(call: &Call<'a>, routine: &str) -> Result<(&'a Operand, usize), crate::error::KernelError> {
    let (Some(w), Some(a)) = (call.operands.first(), call.operands.last()) else {
        return misfit(routine, call.operands);
    };
    let n = w.shape.last().copied().unwrap_or(0);
    let is_square = |x: &Operand| x.ndim() >= 2 && x.shape[x.ndim() - 2..] == [n, n];
    if !(2..=3).contains(&call.operands.len()) || w.ndim() == 0 || !call.operands[1..].iter().all(is_square) {
        return misfit(routine, call.operands);
    }
    Ok((a, n))
}

/// w[..., n] (real, ascending), v[..., n, n] (left out: values only), a[..., n, n] Hermitian; words [lower]: the triangle that is read.
pub fn eigh(call: &Call) -> Done {
    let (a, n) = square(call, "eigh")?;
    args::require_dtype("eigh", &call.operands[0], real_dtype(a.dtype))?;
    args::same_dtype("eigh", &call.operands[call.operands.len() - 2 + (call.operands.len() == 2) as usize], a)?;
    let lower = args::flag(call, 0);
    let cost = 4 * n * n * n;
    let only_values = call.operands.len() == 2;
    with_scalar!("eigh", a.dtype, T => {
        let work = |w: Part, v: Option<Part>, a: Part, parallel: bool| {
            let mut matrix = if lower { a.load::<T>() } else { a.load_adjoint::<T>() };
            // The diagonal counts as real.
            (0..n).for_each(|i| matrix[(i, i)] = T::from_size(matrix[(i, i)].real_part()));
            // Only the lower triangle counts.
            if (0..n).any(|j| (j..n).any(|i| !Into::<f64>::into(matrix[(i, j)].magnitude()).is_finite())) {
                return Err(NOT_CONVERGED);
            }
            if n <= tridiagonal::MOST && moderate(&matrix) {
                // The matrix was turned so that its lower triangle counts; LAPACK begins at the other end for an upper one.
                let whole = if lower { widened(&matrix) } else { Grid::from_fn(n, n, |i, j| matrix[(j, i)].wide().conj()) };
                // What does not converge so is left to the other algorithm.
                if let Some((values, vectors)) = tridiagonal::hermitian(&whole, !lower) {
                    (0..n).for_each(|i| w.set(&[i], T::narrow(C::from(values[i])).real_part()));
                    if let Some(v) = v {
                        v.save_with(|i, j| T::narrow(vectors[(i, j)]));
                    }
                    return Ok(());
                }
            }
            let (values, vectors) = T::hermitian(&matrix, v.is_some(), parallel).map_err(|_| NOT_CONVERGED)?;
            (0..n).for_each(|i| w.set(&[i], values[i].real_part()));
            if let Some(v) = v {
                v.save(vectors.as_ref());
            }
            Ok(())
        };
        if only_values {
            batch::each("eigh", args::operands(call, "eigh")?, [1, 2], cost, |[w, a], parallel| work(w, None, a, parallel))
        } else {
            batch::each("eigh", args::operands(call, "eigh")?, [1, 2, 2], cost, |[w, v, a], parallel| work(w, Some(v), a, parallel))
        }
    })
}

/// w[..., n] (complex), v[..., n, n] (complex; left out: values only), a[..., n, n] real or complex. Vectors have norm 1, and their largest
/// component is real when they are complex.
pub fn eig(call: &Call) -> Done {
    let (a, n) = square(call, "eig")?;
    for out in &call.operands[..call.operands.len() - 1] {
        args::require_dtype("eig", out, complex_dtype(a.dtype))?;
    }
    with_scalar!("eig", a.dtype, T => {
        let work = |w: Part, v: Option<Part>, a: Part, parallel: bool| {
            let a = a.load::<T>();
            if !is_finite(&a) {
                return Err("the matrix has items that are not finite");
            }
            if n == 0 {
                return Ok(());
            }
            if n <= hessenberg::MOST
                && moderate(&a)
                && let Some((values, vectors)) = small(widened(&a), v.is_some(), T::COMPLEX)
            {
                let narrow = |z: C| Complex::<<T as Scalar>::Norm>::narrow(z);
                values.iter().enumerate().for_each(|(i, &value)| w.set(&[i], narrow(value)));
                if let Some(v) = v {
                    v.save_with(|i, j| narrow(vectors[(i, j)]));
                }
                return Ok(());
            }
            let (values, mut vectors) = T::general(&a, v.is_some(), parallel).map_err(|_| NOT_CONVERGED)?;
            values.iter().enumerate().for_each(|(i, &value)| w.set(&[i], value));
            if let Some(v) = v {
                (0..n).for_each(|j| normalise(&mut vectors, j));
                v.save(vectors.as_ref());
            }
            Ok(())
        };
        let cost = 25 * n * n * n;
        if call.operands.len() == 2 {
            batch::each("eig", args::operands(call, "eig")?, [1, 2], cost, |[w, a], parallel| work(w, None, a, parallel))
        } else {
            batch::each("eig", args::operands(call, "eig")?, [1, 2, 2], cost, |[w, v, a], parallel| work(w, Some(v), a, parallel))
        }
    })
}

/// Eigenvalues and vectors of a small matrix, in LAPACK's order.
fn small(mut a: Grid, wanted: bool, complex: bool) -> Option<(Vec<C>, Grid)> {
    let balance = hessenberg::balance(&mut a);
    let (h, q) = hessenberg::hessenberg(a, balance.low, balance.high);
    let schur = if complex { hessenberg::complex_schur } else { hessenberg::real_schur }(h, q, balance.low, balance.high)?;
    if !wanted {
        return Some((schur.values, schur.z));
    }
    let mut vectors = hessenberg::vectors(&schur);
    balance.undo(&mut vectors);
    let n = vectors.rows;
    for j in 0..n {
        let norm = (0..n).fold(0.0, |norm: f64, i| norm.hypot(vectors[(i, j)].norm()));
        let largest = (0..n).fold(0, |k, i| if vectors[(i, j)].norm_sqr() > vectors[(k, j)].norm_sqr() { i } else { k });
        let head = vectors[(largest, j)];
        // The largest component of a complex vector is made real: positive, or of a real matrix with the sign of its real part.
        let turn = match (complex, schur.values[j].im != 0.0) {
            (true, _) if head.norm() > 0.0 => head.conj() / head.norm(),
            (false, true) if head.norm() > 0.0 => head.conj() / head.norm() * rotations::sign(1.0, head.re),
            _ => C::ONE,
        };
        (0..n).for_each(|i| vectors[(i, j)] *= turn / norm);
        if turn != C::ONE || complex {
            vectors[(largest, j)].im = 0.0;
        }
        if !complex && schur.values[j].im < 0.0 {
            (0..n).for_each(|i| vectors[(i, j)] = vectors[(i, j - 1)].conj());
        }
    }
    Some((schur.values, vectors))
}

fn normalise<R: Real>(vectors: &mut Mat<Complex<R>>, j: usize)
where
    Complex<R>: Scalar<Norm = R>,
{
    let n = vectors.nrows();
    let zero = R::from_double(0.0);
    let norm = (0..n).fold(zero, |norm, i| norm.hypotenuse(vectors[(i, j)].magnitude()));
    let (mut largest, mut place) = (zero, 0);
    for i in 0..n {
        let size = vectors[(i, j)].magnitude();
        if size > largest {
            (largest, place) = (size, i);
        }
    }
    if !(norm > zero) {
        return;
    }
    let head = vectors[(place, j)];
    let is_real = (0..n).all(|i| vectors[(i, j)].im == zero);
    let turn = if is_real { Complex::from_size(norm) } else { head * Complex::from_size(norm) / Complex::from_size(largest) };
    for i in 0..n {
        vectors[(i, j)] = vectors[(i, j)] / turn;
    }
    if !is_real {
        vectors[(place, j)].im = zero;
    }
}
