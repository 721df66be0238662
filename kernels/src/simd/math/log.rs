//! The logarithms: log, log2, log10, log1p, branch-free.
//!
//! x = 2^k (1 + f) with 1 + f within sqrt(1/2)..sqrt(2); log(1 + f) = 2 atanh(s) with s = f / (2 + f), arranged so that the large
//! part f - f^2/2 is rounded last (W. Kahan's and K. C. Ng's arrangement, as the C libraries have it).

use super::coefficients::*;
use super::exp::MAGIC;
use super::fused::Fused;
use super::poly::poly;
use std::f64::consts::FRAC_1_SQRT_2;

/// `(k, m)` with `x = 2^k m`, m within sqrt(1/2)..sqrt(2), for positive normal x.
#[inline(always)]
pub fn split(x: f64) -> (f64, f64) {
    let offset = x.to_bits().wrapping_sub(FRAC_1_SQRT_2.to_bits());
    // the exponent's difference, biased so that a logical shift keeps its sign
    let k = (offset.wrapping_add(1 << 63) >> 52).wrapping_sub(1 << 11);
    let m = (offset & 0x000f_ffff_ffff_ffff).wrapping_add(FRAC_1_SQRT_2.to_bits());
    (f64::from_bits(k.wrapping_add(MAGIC.to_bits())) - MAGIC, f64::from_bits(m))
}

/// As [`split`], for subnormal x too.
#[inline(always)]
fn split_any(x: f64) -> (f64, f64) {
    let tiny = x < f64::MIN_POSITIVE;
    let (k, m) = split(if tiny { x * 18014398509481984.0 } else { x });
    (if tiny { k - 54.0 } else { k }, m)
}

/// `(f^2 / 2, r)` with log(1 + f) = f - (f^2/2 - r).
#[inline(always)]
fn parts(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    (half_square, s * (half_square + z * poly(z, &LOG)))
}

/// The values that every logarithm of `argument` shares: -inf at 0, NaN below, infinity and NaN as they are.
#[inline(always)]
fn special(argument: f64, y: f64) -> f64 {
    let y = if argument == 0.0 { f64::NEG_INFINITY } else { y };
    let y = if argument < 0.0 { f64::NAN } else { y };
    if argument < f64::INFINITY { y } else { argument }
}

#[inline(always)]
pub fn log(x: f64) -> f64 {
    let (k, m) = split_any(x);
    let f = m - 1.0;
    let (half_square, r) = parts(f);
    let y = k.madd(LN2_SPLIT[0], f - (half_square - k.madd(LN2_SPLIT[1], r)));
    special(x, y)
}

/// `k * scale + log(m) / log(base)` with `1 / log(base)` and `scale` in two parts.
#[inline(always)]
fn based(x: f64, inverse: &[f64; 2], scale: &[f64; 2]) -> f64 {
    let (k, m) = split_any(x);
    let f = m - 1.0;
    let (half_square, r) = parts(f);
    let high = f - half_square;
    let low = (f - high) - half_square + r;
    // (high + low) * (inverse[0] + inverse[1]), the leading product exact
    let product = high * inverse[0];
    let rest = high.lost(inverse[0], product) + low.madd(inverse[0], high * inverse[1]);
    let whole = k * scale[0];
    let sum = whole + product;
    // the larger of the two terms comes first, so that what rounding lost is exact
    let (large, small) = if whole == 0.0 { (product, whole) } else { (whole, product) };
    let lost = (large - sum) + small;
    special(x, sum + (lost + k.madd(scale[1], rest)))
}

#[inline(always)]
pub fn log2(x: f64) -> f64 {
    based(x, &LOG2E, &[1.0, 0.0])
}

#[inline(always)]
pub fn log10(x: f64) -> f64 {
    based(x, &LOG10E, &LOG10_2_SPLIT)
}

#[inline(always)]
pub fn log1p(x: f64) -> f64 {
    let u = 1.0 + x;
    let (k, m) = split(u);
    // what 1 + x lost, relative to u; where x is large, 1 is what was lost
    let lost = if x > 1.0 { 1.0 - (u - x) } else { x - (u - 1.0) };
    let direct = k == 0.0;
    let c = if direct || x > 1e20 { 0.0 } else { lost / u };
    let f = if direct { x } else { m - 1.0 };
    let (half_square, r) = parts(f);
    let y = k.madd(LN2_SPLIT[0], f - (half_square - (r + k.madd(LN2_SPLIT[1], c))));
    let y = if x.abs() < 1e-300 { x } else { y };
    special(u, y)
}

/// log(1 + f) for results of 24 bits, 1 + f within sqrt(1/2)..sqrt(2).
#[inline(always)]
fn log_f32_part(f: f64) -> f64 {
    (f * f).madd(poly(f, &LOG_F32), f)
}

#[inline(always)]
fn based_f32(x: f32, factor: f64, scale: f64) -> f32 {
    let x = x as f64;
    let (k, m) = split(x);
    let y = k.madd(scale, log_f32_part(m - 1.0) * factor);
    special(x, y) as f32
}

#[inline(always)]
pub fn log_f32(x: f32) -> f32 {
    based_f32(x, 1.0, LN2[0])
}

#[inline(always)]
pub fn log2_f32(x: f32) -> f32 {
    based_f32(x, LOG2E[0], 1.0)
}

#[inline(always)]
pub fn log10_f32(x: f32) -> f32 {
    based_f32(x, LOG10E[0], LOG10_2_SPLIT[0] + LOG10_2_SPLIT[1])
}

/// log(1 + x) for results of 24 bits.
#[inline(always)]
pub fn log1p_wide(x: f64) -> f64 {
    let u = 1.0 + x;
    let (k, m) = split(u);
    let f = if k == 0.0 { x } else { m - 1.0 };
    special(u, k.madd(LN2[0], log_f32_part(f)))
}

#[inline(always)]
pub fn log1p_f32(x: f32) -> f32 {
    let y = log1p_wide(x as f64);
    if x == 0.0 { x } else { y as f32 }
}
