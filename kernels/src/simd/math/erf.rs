//! The error function: an odd polynomial up to 1, beyond it 1 - e^(-x^2) times a polynomial.

use super::coefficients::*;
use super::exp::{exp, exp_f32_wide};
use super::fused::Fused;
use super::poly::poly;

#[inline(always)]
pub fn erf(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > 6.0 { 6.0 } else { a };
    let z = a * a;
    let near = a.madd(poly(z, &ERF), a);
    let far = 1.0 - exp(-z) * poly((a - 2.0) / (a + 2.0), &ERFCX);
    (if a < 1.0 { near } else { far }).copysign(x)
}

#[inline(always)]
pub fn erf_f32(x: f32) -> f32 {
    let a = (x as f64).abs();
    let a = if a > 6.0 { 6.0 } else { a };
    let z = a * a;
    let near = a.madd(poly(z, &ERF_F32), a);
    let far = 1.0 - exp_f32_wide(-z) * poly((a - 2.0) / (a + 2.0), &ERFCX_F32);
    ((if a < 1.0 { near } else { far }) as f32).copysign(x)
}
