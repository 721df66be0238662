//! Evaluation of polynomials.

use super::fused::Fused;

/// `c[0] + c[1] x + ...` in pairs (Estrin's scheme for the first step, Horner's above it), which halves the chain of dependent steps.
#[inline(always)]
pub fn poly<const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let square = x * x;
    let mut i = if N % 2 == 0 { N } else { N - 1 };
    let mut y = if N % 2 == 0 { 0.0 } else { c[N - 1] };
    let mut first = N % 2 == 0;
    while i >= 2 {
        i -= 2;
        let pair = c[i + 1].madd(x, c[i]);
        y = if first { pair } else { y.madd(square, pair) };
        first = false;
    }
    y
}
