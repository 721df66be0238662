//! The generic forms of the functions, one call of faer each.

use crate::{Failed, Strided};
use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::evd::{ComputeEigenvectors, evd_cplx, evd_real, evd_scratch, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as reflections_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply_reflections,
};
use faer::linalg::lu::partial_pivoting::factor::{lu_in_place, lu_in_place_scratch};
use faer::linalg::qr::no_pivoting::factor::{qr_in_place, qr_in_place_scratch, recommended_block_size};
use faer::linalg::svd::{ComputeSvdVectors, svd_scratch};
use faer::linalg::triangular_solve as triangular;
use faer::{Accum, Conj, Mat, MatMut, MatRef, Par};
use faer_traits::{ComplexField, RealField};
use num_complex::Complex;

/// Which singular vectors are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vectors {
    None,
    /// The first min(m, n).
    Thin,
    Full,
}

#[cfg(feature = "threads")]
fn par(parallel: bool) -> Par {
    match crate::threads() {
        n if parallel && n > 1 => Par::rayon(n),
        _ => Par::Seq,
    }
}

#[cfg(not(feature = "threads"))]
fn par(_parallel: bool) -> Par {
    Par::Seq
}

/// Runs a block with its workspace.
fn with_stack<R>(need: StackReq, run: impl FnOnce(&mut MemStack) -> R) -> R {
    let mut memory = MemBuffer::new(need);
    run(MemStack::new(&mut memory))
}

fn identity<T: ComplexField>(rows: usize, columns: usize) -> Mat<T> {
    Mat::from_fn(rows, columns, |i, j| if i == j { T::one_impl() } else { T::zero_impl() })
}

pub(crate) unsafe fn product<T: ComplexField>(
    [m, n, k]: [usize; 3],
    out: Strided<*mut T>,
    a: Strided<*const T>,
    b: Strided<*const T>,
) {
    let (out, a, b) = unsafe {
        (
            MatMut::from_raw_parts_mut(out.0, m, n, out.1, out.2),
            MatRef::from_raw_parts(a.0, m, k, a.1, a.2),
            MatRef::from_raw_parts(b.0, k, n, b.1, b.2),
        )
    };
    faer::linalg::matmul::matmul(out, Accum::Replace, a, b, T::one_impl(), Par::Seq);
}

pub(crate) fn cholesky<T: ComplexField>(a: &mut Mat<T>, parallel: bool) -> Result<(), Failed> {
    let par = par(parallel);
    let need = cholesky_in_place_scratch::<T>(a.nrows(), par, Default::default());
    with_stack(need, |stack| cholesky_in_place(a.as_mut(), Default::default(), par, stack, Default::default()))
        .map_or(Err(Failed), |_| Ok(()))
}

pub(crate) fn lu<T: ComplexField>(a: &mut Mat<T>, parallel: bool) -> (Vec<usize>, bool) {
    let (m, n) = a.shape();
    let mut rows: Vec<usize> = (0..m).collect();
    if m == 0 || n == 0 {
        return (rows, false);
    }
    let mut back = rows.clone();
    let par = par(parallel);
    let need = lu_in_place_scratch::<usize, T>(m, n, par, Default::default());
    let info = with_stack(need, |stack| lu_in_place(a.as_mut(), &mut rows, &mut back, par, stack, Default::default()).0);
    (rows, info.transposition_count % 2 == 1)
}

pub(crate) fn solve_triangular<T: ComplexField>(a: &Mat<T>, upper: bool, unit: bool, b: &mut Mat<T>, parallel: bool) {
    let (a, b, par) = (a.as_ref(), b.as_mut(), par(parallel));
    match (upper, unit) {
        (true, true) => triangular::solve_unit_upper_triangular_in_place(a, b, par),
        (true, false) => triangular::solve_upper_triangular_in_place(a, b, par),
        (false, true) => triangular::solve_unit_lower_triangular_in_place(a, b, par),
        (false, false) => triangular::solve_lower_triangular_in_place(a, b, par),
    }
}

pub(crate) fn qr<T: ComplexField>(a: &mut Mat<T>, columns: usize, parallel: bool) -> Mat<T> {
    let (m, n) = a.shape();
    let size = m.min(n);
    let mut q = identity(m, columns);
    if size == 0 {
        return q;
    }
    let par = par(parallel);
    let block = recommended_block_size::<T>(m, n);
    let mut factors = Mat::zeros(block, size);
    with_stack(qr_in_place_scratch::<T>(m, n, block, par, Default::default()), |stack| {
        qr_in_place(a.as_mut(), factors.as_mut(), par, stack, Default::default());
    });
    if columns > 0 {
        let basis = a.as_ref().get(.., ..size);
        with_stack(reflections_scratch::<T>(m, block, columns), |stack| {
            apply_reflections(basis, factors.as_ref(), Conj::No, q.as_mut(), par, stack);
        });
    }
    q
}

pub(crate) fn svd<T: ComplexField>(a: &Mat<T>, vectors: Vectors, parallel: bool) -> Result<(Mat<T>, Diag<T>, Mat<T>), Failed> {
    let (m, n) = a.shape();
    let k = m.min(n);
    let (compute, p, q) = match vectors {
        Vectors::None => (ComputeSvdVectors::No, 0, 0),
        Vectors::Thin => (ComputeSvdVectors::Thin, k, k),
        Vectors::Full => (ComputeSvdVectors::Full, m, n),
    };
    let (mut u, mut s, mut v) = (identity(m, p), Diag::<T>::zeros(k), identity(n, q));
    if k > 0 {
        let par = par(parallel);
        with_stack(svd_scratch::<T>(m, n, compute, compute, par, Default::default()), |stack| {
            let wanted = vectors != Vectors::None;
            let (u, v) = if wanted { (Some(u.as_mut()), Some(v.as_mut())) } else { (None, None) };
            faer::linalg::svd::svd(a.as_ref(), s.as_mut(), u, v, par, stack, Default::default())
        })
        .map_err(|_| Failed)?;
    }
    Ok((u, s, v))
}

fn compute(vectors: bool) -> ComputeEigenvectors {
    if vectors { ComputeEigenvectors::Yes } else { ComputeEigenvectors::No }
}

pub(crate) fn hermitian<T: ComplexField>(a: &Mat<T>, vectors: bool, parallel: bool) -> Result<(Diag<T>, Mat<T>), Failed> {
    let n = a.nrows();
    let size = if vectors { n } else { 0 };
    let (mut values, mut basis) = (Diag::<T>::zeros(n), Mat::<T>::zeros(size, size));
    if n > 0 {
        let par = par(parallel);
        with_stack(self_adjoint_evd_scratch::<T>(n, compute(vectors), par, Default::default()), |stack| {
            let basis = vectors.then(|| basis.as_mut());
            self_adjoint_evd(a.as_ref(), values.as_mut(), basis, par, stack, Default::default())
        })
        .map_err(|_| Failed)?;
    }
    Ok((values, basis))
}

type Pairs<R> = (Vec<Complex<R>>, Mat<Complex<R>>);

pub(crate) fn general_complex<R: RealField + Copy>(a: &Mat<Complex<R>>, vectors: bool, parallel: bool) -> Result<Pairs<R>, Failed> {
    let n = a.nrows();
    let par = par(parallel);
    let (mut values, mut basis) = (Diag::<Complex<R>>::zeros(n), Mat::<Complex<R>>::zeros(n, n));
    let need = evd_scratch::<Complex<R>>(n, ComputeEigenvectors::No, compute(vectors), par, Default::default());
    with_stack(need, |stack| {
        let right = vectors.then(|| basis.as_mut());
        evd_cplx(a.as_ref(), values.as_mut(), None, right, par, stack, Default::default())
    })
    .map_err(|_| Failed)?;
    Ok(((0..n).map(|i| values[i]).collect(), basis))
}

pub(crate) fn general_real<R: RealField + Copy>(a: &Mat<R>, vectors: bool, parallel: bool) -> Result<Pairs<R>, Failed> {
    let n = a.nrows();
    let par = par(parallel);
    let (mut re, mut im, mut basis) = (Diag::<R>::zeros(n), Diag::<R>::zeros(n), Mat::<R>::zeros(n, n));
    let need = evd_scratch::<R>(n, ComputeEigenvectors::No, compute(vectors), par, Default::default());
    with_stack(need, |stack| {
        let right = vectors.then(|| basis.as_mut());
        evd_real(a.as_ref(), re.as_mut(), im.as_mut(), None, right, par, stack, Default::default())
    })
    .map_err(|_| Failed)?;
    let values: Vec<Complex<R>> = (0..n).map(|i| Complex { re: re[i], im: im[i] }).collect();
    // Columns j and j + 1 of a conjugate pair are the real and imaginary part of the first vector.
    let zero = R::zero_impl();
    let mut pairs = Mat::<Complex<R>>::zeros(n, n);
    let mut j = 0;
    while vectors && j < n {
        let paired = im[j] != zero && j + 1 < n;
        for i in 0..n {
            let part = if paired { basis[(i, j + 1)] } else { zero };
            pairs[(i, j)] = Complex { re: basis[(i, j)], im: part };
            if paired {
                pairs[(i, j + 1)] = Complex { re: basis[(i, j)], im: -part };
            }
        }
        j += 1 + paired as usize;
    }
    Ok((values, pairs))
}
