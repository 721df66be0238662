//! Decompositions and solvers of real and complex floating point matrices, over any number of leading batch axes.

mod batch;
mod cholesky;
mod eigen;
mod least_squares;
mod lu;
mod qr;
mod svd;
mod triangular;

#[cfg(not(target_arch = "wasm32"))]
pub use {
    cholesky::cholesky,
    eigen::{eig, eigh},
    least_squares::lstsq,
    lu::{det, inv, lu, slogdet, solve},
    qr::qr,
    svd::svd,
    triangular::triangular_solve,
};
#[cfg(target_arch = "wasm32")]
mod wide;
#[cfg(target_arch = "wasm32")]
pub use wide::*;

use super::support::args::refuse;
use super::support::elem::Elem;
use crate::error::KernelError;
use num_complex::Complex;
use numgrad_dense::Dense;

/// A number that decompositions work on.
pub(super) trait Scalar: Elem + Dense<Size = Self::Norm> + std::ops::Mul<Output = Self> + std::ops::Div<Output = Self> {
    /// The type of norms, singular values and eigenvalues of Hermitian matrices.
    type Norm: Real;
    const COMPLEX: bool;
    fn from_size(size: Self::Norm) -> Self;
    fn conjugate(self) -> Self;
    fn magnitude(self) -> Self::Norm;
    fn real_part(self) -> Self::Norm;
    fn complex(self) -> Complex<Self::Norm>;
}

/// A real number that decompositions work on.
pub(super) trait Real: Elem + PartialOrd + numbers::Number {}

/// The few operations on real numbers that are used by name.
pub(super) mod numbers {
    pub trait Number: Copy + Into<f64> {
        fn from_double(x: f64) -> Self;
        fn log(self) -> Self;
        fn exponential(self) -> Self;
        fn hypotenuse(self, other: Self) -> Self;
        const EPSILON: f64;
    }
    macro_rules! numbers {
        ($($T:ty)*) => {$(
            impl Number for $T {
                const EPSILON: f64 = <$T>::EPSILON as f64;
                fn from_double(x: f64) -> Self {
                    x as $T
                }
                fn log(self) -> Self {
                    self.ln()
                }
                fn exponential(self) -> Self {
                    self.exp()
                }
                fn hypotenuse(self, other: Self) -> Self {
                    <$T>::hypot(self, other)
                }
            }
        )*};
    }
    numbers!(f32 f64);
}

macro_rules! scalars {
    ($($T:ty)*) => {$(
        impl Scalar for $T {
            type Norm = $T;
            const COMPLEX: bool = false;
            fn from_size(size: $T) -> Self {
                size
            }
            fn conjugate(self) -> Self {
                self
            }
            fn magnitude(self) -> $T {
                self.abs()
            }
            fn real_part(self) -> $T {
                self
            }
            fn complex(self) -> Complex<$T> {
                Complex::new(self, 0.0)
            }
        }
        impl Real for $T {}
        impl Scalar for Complex<$T> {
            type Norm = $T;
            const COMPLEX: bool = true;
            fn from_size(size: $T) -> Self {
                Complex::new(size, 0.0)
            }
            fn conjugate(self) -> Self {
                self.conj()
            }
            fn magnitude(self) -> $T {
                self.re.hypot(self.im)
            }
            fn real_part(self) -> $T {
                self.re
            }
            fn complex(self) -> Complex<$T> {
                self
            }
        }
    )*};
}
scalars!(f32 f64);

/// Runs a block with `$T` standing for the scalar type of a floating point dtype.
macro_rules! with_scalar {
    ($routine:expr, $dtype:expr, $T:ident => $body:expr) => {{
        use crate::operand::DType::*;
        match $dtype {
            // (in WebAssembly single precision is widened before, see wide.rs)
            #[cfg(not(target_arch = "wasm32"))]
            F32 => {
                type $T = f32;
                $body
            }
            F64 => {
                type $T = f64;
                $body
            }
            #[cfg(not(target_arch = "wasm32"))]
            C64 => {
                type $T = num_complex::Complex<f32>;
                $body
            }
            C128 => {
                type $T = num_complex::Complex<f64>;
                $body
            }
            dtype => $crate::routines::support::args::refuse($routine, format!("dtype {dtype:?} is not supported")),
        }
    }};
}
pub(super) use with_scalar;

/// The dtype of the real numbers that belong to a dtype.
pub(super) fn real_dtype(dtype: crate::operand::DType) -> crate::operand::DType {
    use crate::operand::DType::*;
    match dtype {
        C64 => F32,
        C128 => F64,
        other => other,
    }
}

/// The complex dtype that belongs to a dtype.
pub(super) fn complex_dtype(dtype: crate::operand::DType) -> crate::operand::DType {
    use crate::operand::DType::*;
    match dtype {
        F32 => C64,
        F64 => C128,
        other => other,
    }
}

/// An error about the shapes of operands.
pub(super) fn misfit<T>(routine: &str, operands: &[crate::operand::Operand]) -> Result<T, KernelError> {
    let shapes: Vec<_> = operands.iter().map(|x| x.shape.as_slice()).collect();
    refuse(routine, format!("shapes do not fit: {shapes:?}"))
}

/// Whether all items of a matrix are finite.
pub(super) fn is_finite<T: Scalar>(a: &numgrad_dense::Mat<T>) -> bool {
    (0..a.ncols()).all(|j| (0..a.nrows()).all(|i| Into::<f64>::into(a[(i, j)].magnitude()).is_finite()))
}
