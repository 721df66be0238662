//! Functions served by scalar calls: to the C library, the crate `libm`, or `special.rs`.

use super::{polynomials, special, special_gamma};
use crate::opcodes::*;
use crate::simd::Kernel;
use crate::simd::body::{self, Binary, Unary};

unsafe fn u1<T: Copy, F: Unary<T, T>>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
    unsafe { body::unary::<T, T, F>(d, a, n) }
}

unsafe fn b2<T: Copy, F: Binary<T, T>>(d: *mut u8, a: *const u8, b: *const u8, _c: *const u8, n: usize) {
    unsafe { body::binary::<T, T, F>(d, a, b, n) }
}

/// f64 by the formula, f32 through f64 and one rounding.
macro_rules! rows {
    (unary { $($uop:ident $u:ident |$x:ident| $ue:expr;)* } binary { $($bop:ident $b:ident |$y:ident, $z:ident| $be:expr;)* }) => {
        $(
            struct $u;
            impl Unary<f64, f64> for $u { fn f($x: f64) -> f64 { $ue } }
            impl Unary<f32, f32> for $u { fn f(x: f32) -> f32 { <$u as Unary<f64, f64>>::f(x as f64) as f32 } }
        )*
        $(
            struct $b;
            impl Binary<f64, f64> for $b { fn f($y: f64, $z: f64) -> f64 { $be } }
            impl Binary<f32, f32> for $b { fn f(x: f32, y: f32) -> f32 { <$b as Binary<f64, f64>>::f(x as f64, y as f64) as f32 } }
        )*
        pub fn find(op: u32, ty: u32) -> Option<Kernel> {
            Some(match (op, ty) {
                $(($uop, REG_F32) => u1::<f32, $u>, ($uop, REG_F64) => u1::<f64, $u>,)*
                $(($bop, REG_F32) => b2::<f32, $b>, ($bop, REG_F64) => b2::<f64, $b>,)*
                _ => return None,
            })
        }
    };
}

rows! {
    unary {
    OP_CBRT Cbrt |x| x.cbrt();
    OP_EXP Exp |x| x.exp();
    OP_EXP2 Exp2 |x| x.exp2();
    OP_EXPM1 Expm1 |x| x.exp_m1();
    OP_LOG Log |x| x.ln();
    OP_LOG2 Log2 |x| x.log2();
    OP_LOG10 Log10 |x| x.log10();
    OP_LOG1P Log1p |x| x.ln_1p();
    OP_SIN Sin |x| x.sin();
    OP_COS Cos |x| x.cos();
    OP_TAN Tan |x| x.tan();
    OP_ASIN Asin |x| x.asin();
    OP_ACOS Acos |x| x.acos();
    OP_ATAN Atan |x| x.atan();
    OP_SINH Sinh |x| x.sinh();
    OP_COSH Cosh |x| x.cosh();
    OP_TANH Tanh |x| x.tanh();
    OP_ASINH Asinh |x| libm::asinh(x);
    OP_ACOSH Acosh |x| if x < 1.0 { f64::NAN } else { libm::acosh(x) };
    OP_ATANH Atanh |x| libm::atanh(x);
    OP_ERFC Erfc |x| libm::erfc(x);
    OP_LGAMMA Lgamma |x| libm::lgamma(x);
    OP_ERFINV Erfinv |x| special::erfinv(x);
    OP_NDTRI Ndtri |x| special::ndtri(x);
    OP_DIGAMMA Digamma |x| special::digamma(x);
    OP_TRIGAMMA Trigamma |x| special::trigamma(x);
    OP_I0 I0 |x| special::i0(x);
    OP_I0E I0e |x| special::i0e(x);
    OP_I1 I1 |x| special::i1(x);
    OP_I1E I1e |x| special::i1e(x);
    }
    binary {
    OP_ATAN2 Atan2 |x, y| x.atan2(y);
    OP_HYPOT Hypot |x, y| x.hypot(y);
    OP_POLYGAMMA Polygamma |n, x| special::polygamma(n, x);
    OP_ZETA Zeta |x, q| special::zeta(x, q);
    OP_IGAMMA Igamma |a, x| special_gamma::igamma(a, x);
    OP_IGAMMAC Igammac |a, x| special_gamma::igammac(a, x);
    OP_CHEBYSHEV_T ChebyshevT |x, n| polynomials::chebyshev_t(x, n);
    OP_CHEBYSHEV_U ChebyshevU |x, n| polynomials::chebyshev_u(x, n);
    OP_CHEBYSHEV_V ChebyshevV |x, n| polynomials::chebyshev_v(x, n);
    OP_CHEBYSHEV_W ChebyshevW |x, n| polynomials::chebyshev_w(x, n);
    OP_HERMITE_H HermiteH |x, n| polynomials::hermite_h(x, n);
    OP_HERMITE_HE HermiteHe |x, n| polynomials::hermite_he(x, n);
    OP_LAGUERRE_L LaguerreL |x, n| polynomials::laguerre_l(x, n);
    OP_LEGENDRE_P LegendreP |x, n| polynomials::legendre_p(x, n);
    }
}
