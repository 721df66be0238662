//! Matrix products and decompositions (on faer) and Fourier transforms (on rustfft) for f32, f64 and their complex numbers. A crate of its own, so that this code, which takes
//! minutes to compile, is compiled once: the kernels call plain functions of four types.

mod decompose;
mod fourier;

pub use decompose::Vectors;
pub use faer::diag::Diag;
pub use faer::{Mat, MatRef};
use faer_traits::ComplexField;
pub use fourier::Fourier;
use num_complex::Complex;

/// Threads that a decomposition may use.
#[cfg(feature = "threads")]
static THREADS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(1);

/// Sets how many threads a decomposition may use.
#[cfg(feature = "threads")]
pub fn set_threads(n: usize) {
    THREADS.store(n, std::sync::atomic::Ordering::Relaxed);
}

#[cfg(feature = "threads")]
fn threads() -> usize {
    THREADS.load(std::sync::atomic::Ordering::Relaxed)
}

/// A strided matrix by its first item, and row and column strides in items.
pub type Strided<P> = (P, isize, isize);

/// What a decomposition that did not converge or does not exist comes back as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed;

/// A number that matrices are made of. The argument `parallel` says whether several threads may be used.
pub trait Dense: ComplexField + Copy {
    type Size;

    /// out[m, n] = a[m, k] b[k, n].
    ///
    /// # Safety
    /// The pointers are aligned and valid for all items; `out` overlaps neither `a` nor `b`.
    unsafe fn product(shape: [usize; 3], out: Strided<*mut Self>, a: Strided<*const Self>, b: Strided<*const Self>);

    /// The Cholesky factor in place of the lower triangle.
    fn cholesky(a: &mut Mat<Self>, parallel: bool) -> Result<(), Failed>;

    /// L and U in place; row i of the factored matrix is row `rows[i]` of a. The flag: whether that permutation is odd.
    fn lu(a: &mut Mat<Self>, parallel: bool) -> (Vec<usize>, bool);

    /// op(a)^-1 b in place of b, from one triangle of a.
    fn solve_triangular(a: &Mat<Self>, upper: bool, unit: bool, b: &mut Mat<Self>, parallel: bool);

    /// R in place of the upper triangle; the first columns of Q come back. Reflections as faer makes them: for real numbers they are LAPACK's.
    fn qr(a: &mut Mat<Self>, columns: usize, parallel: bool) -> Mat<Self>;

    /// a = u diag(s) v^H; the matrix must be finite.
    fn svd(a: &Mat<Self>, vectors: Vectors, parallel: bool) -> Result<(Mat<Self>, Diag<Self>, Mat<Self>), Failed>;

    /// Eigenvalues (ascending) and vectors from the lower triangle of a finite Hermitian matrix.
    fn hermitian(a: &Mat<Self>, vectors: bool, parallel: bool) -> Result<(Diag<Self>, Mat<Self>), Failed>;

    /// Eigenvalues and vectors of a finite matrix.
    #[allow(clippy::type_complexity)]
    fn general(a: &Mat<Self>, vectors: bool, parallel: bool) -> Result<(Vec<Complex<Self::Size>>, Mat<Complex<Self::Size>>), Failed>;
}

macro_rules! dense {
    ($($T:ty, $R:ty, $general:path;)*) => {$(
        impl Dense for $T {
            type Size = $R;

            unsafe fn product(
                shape: [usize; 3],
                out: Strided<*mut Self>,
                a: Strided<*const Self>,
                b: Strided<*const Self>,
            ) {
                unsafe { decompose::product(shape, out, a, b) }
            }
            fn cholesky(a: &mut Mat<Self>, parallel: bool) -> Result<(), Failed> {
                decompose::cholesky(a, parallel)
            }
            fn lu(a: &mut Mat<Self>, parallel: bool) -> (Vec<usize>, bool) {
                decompose::lu(a, parallel)
            }
            fn solve_triangular(a: &Mat<Self>, upper: bool, unit: bool, b: &mut Mat<Self>, parallel: bool) {
                decompose::solve_triangular(a, upper, unit, b, parallel)
            }
            fn qr(a: &mut Mat<Self>, columns: usize, parallel: bool) -> Mat<Self> {
                decompose::qr(a, columns, parallel)
            }
            fn svd(a: &Mat<Self>, vectors: Vectors, parallel: bool) -> Result<(Mat<Self>, Diag<Self>, Mat<Self>), Failed> {
                decompose::svd(a, vectors, parallel)
            }
            fn hermitian(a: &Mat<Self>, vectors: bool, parallel: bool) -> Result<(Diag<Self>, Mat<Self>), Failed> {
                decompose::hermitian(a, vectors, parallel)
            }
            fn general(a: &Mat<Self>, vectors: bool, parallel: bool) -> Result<(Vec<Complex<$R>>, Mat<Complex<$R>>), Failed> {
                $general(a, vectors, parallel)
            }
        }
    )*};
}
dense! {
    f32, f32, decompose::general_real;
    f64, f64, decompose::general_real;
    Complex<f32>, f32, decompose::general_complex;
    Complex<f64>, f64, decompose::general_complex;
}
