//! The cube root and the inverse hyperbolic functions, branch-free: for WebAssembly, where the C library's formulas would emulate fused multiply-adds.

use super::exp::{MAGIC, power_of_two};
use super::log::{log1p, log1p_wide};
use std::f64::consts::LN_2;

/// The cube root of m to 4e-7 for m within 1..8.
#[inline(always)]
fn root(m: f64) -> f64 {
    let t = (0.7167346418604423 + 0.3288364544631474 * m) + m * m * (0.0016274953380330931 * m - 0.03402605365290486);
    // Halley's step
    let cube = t * t * t;
    t * (cube + 2.0 * m) / (2.0 * cube + m)
}

/// `(m, q)` with `a = m 2^(3 q)`, m within 1..8, for positive normal a; `q` has MAGIC added.
#[inline(always)]
fn thirds(a: f64) -> (f64, f64) {
    let exponent = f64::from_bits((a.to_bits() >> 52).wrapping_add(MAGIC.to_bits())) - (MAGIC + 1023.0);
    let q = (exponent - 1.0) * (1.0 / 3.0) + MAGIC;
    let whole = q.to_bits().wrapping_sub(MAGIC.to_bits());
    let triple = whole.wrapping_add(whole).wrapping_add(whole);
    (f64::from_bits(a.to_bits().wrapping_sub(triple << 52)), q)
}

/// `t`, nearly the root of m, made right to two thirds of a unit.
#[inline(always)]
fn polished(m: f64, t: f64) -> f64 {
    // of 24 bits, so that its square is exact
    let t = f64::from_bits(t.to_bits().wrapping_add(0x1000_0000) & !0x1fff_ffff);
    let r = m / (t * t);
    t + t * ((r - t) / (t + t + r))
}

#[inline(always)]
pub fn cbrt(x: f64) -> f64 {
    let a = x.abs();
    let tiny = a < f64::MIN_POSITIVE;
    let (m, q) = thirds(if tiny { a * 18014398509481984.0 } else { a });
    let y = polished(m, root(m)) * power_of_two(if tiny { q - 18.0 } else { q });
    if a > 0.0 && a < f64::INFINITY { y.copysign(x) } else { x }
}

#[inline(always)]
pub fn cbrt_f32(x: f32) -> f32 {
    let a = (x as f64).abs();
    let (m, q) = thirds(a);
    let t = root(m);
    // Newton's step
    let y = (t - (t - m / (t * t)) * (1.0 / 3.0)) * power_of_two(q);
    if a > 0.0 && a < f64::INFINITY { (y as f32).copysign(x) } else { x }
}

/// Beyond this 1 is nothing to x, and x^2 would soon leave the range.
const LARGE: f64 = 18014398509481984.0;

#[inline(always)]
pub fn asinh(x: f64) -> f64 {
    let a = x.abs();
    let square = a * a;
    let large = a > LARGE;
    // log(a + sqrt(a^2 + 1)), log 2a for large a
    let v = a + square / (1.0 + (square + 1.0).sqrt());
    (log1p(if large { a } else { v }) + if large { LN_2 } else { 0.0 }).copysign(x)
}

#[inline(always)]
pub fn acosh(x: f64) -> f64 {
    let t = x - 1.0;
    let large = x > LARGE;
    let v = t + (t * (x + 1.0)).sqrt();
    let y = log1p(if large { x } else { v }) + if large { LN_2 } else { 0.0 };
    if x < 1.0 { f64::NAN } else { y }
}

#[inline(always)]
pub fn atanh(x: f64) -> f64 {
    let a = x.abs();
    (0.5 * log1p((a + a) / (1.0 - a))).copysign(x)
}

#[inline(always)]
pub fn asinh_f32(x: f32) -> f32 {
    let a = (x as f64).abs();
    let square = a * a;
    let y = log1p_wide(a + square / (1.0 + (square + 1.0).sqrt()));
    // (small numbers and infinities are their own values)
    if x.abs() > 1e-20 && a < f64::INFINITY { (y as f32).copysign(x) } else { x }
}

#[inline(always)]
pub fn acosh_f32(x: f32) -> f32 {
    let wide = x as f64;
    let t = wide - 1.0;
    let y = log1p_wide(t + (t * (wide + 1.0)).sqrt());
    (if x < 1.0 { f64::NAN } else { y }) as f32
}

#[inline(always)]
pub fn atanh_f32(x: f32) -> f32 {
    let a = (x as f64).abs();
    let y = (0.5 * log1p_wide((a + a) / (1.0 - a))) as f32;
    if x.abs() > 1e-20 { y.copysign(x) } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arguments of every magnitude and both signs, with those at the ends.
    fn arguments() -> impl Iterator<Item = f64> {
        let ends = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0, -1.0, 1.5, 5e-324, -1e-310, f64::MAX, -f64::MAX, LARGE];
        (0..1u64 << 16)
            .map(|i| f64::from_bits(i.wrapping_mul(0x0001_0003_8001_2345)))
            .chain((0..1000).map(|i| i as f64 * 0.0107 - 5.0))
            .chain(ends)
    }

    fn check(name: &str, own: fn(f64) -> f64, exact: fn(f64) -> f64, single: fn(f32) -> f32, units: f64) {
        for x in arguments() {
            let (got, y) = (own(x), exact(x));
            let unit = f64::from_bits(y.abs().min(f64::MAX).to_bits() + 1) - y.abs().min(f64::MAX);
            let same = got == y && got.is_sign_negative() == y.is_sign_negative() || got.is_nan() && y.is_nan();
            assert!(same || (got - y).abs() <= units * unit, "{name}({x}) = {got}, not {y}");
            let narrow = x as f32;
            let (got, y) = (single(narrow), exact(narrow as f64) as f32);
            let unit = f32::from_bits(y.abs().min(f32::MAX).to_bits() + 1) - y.abs().min(f32::MAX);
            let same = got == y && got.is_sign_negative() == y.is_sign_negative() || got.is_nan() && y.is_nan();
            assert!(same || (got - y).abs() <= unit, "{name}({narrow}) = {got}, not {y} in single precision");
        }
    }

    #[test]
    fn roots_and_inverse_hyperbolic_functions_are_right_to_a_few_units() {
        check("cbrt", cbrt, f64::cbrt, cbrt_f32, 2.0);
        check("asinh", asinh, libm::asinh, asinh_f32, 4.0);
        check("acosh", acosh, |x| if x < 1.0 { f64::NAN } else { libm::acosh(x) }, acosh_f32, 4.0);
        check("atanh", atanh, libm::atanh, atanh_f32, 4.0);
    }
}
