//! The exponential family: exp, exp2, expm1, sinh, cosh, tanh, branch-free.
//!
//! Every function reduces to e^r with x = n ln 2 + r, |r| <= ln 2 / 2, from one polynomial.

use super::coefficients::*;
use super::fused::Fused;
use super::poly::poly;

/// Adding this rounds a double below 2^51 to an integer, found in the low bits.
pub const MAGIC: f64 = 6755399441055744.0;

/// `2^n` for integral `n` in -1022..=1023, given as `n + MAGIC`.
#[inline(always)]
pub fn power_of_two(n_magic: f64) -> f64 {
    f64::from_bits(n_magic.to_bits().wrapping_add(1023) << 52)
}

/// `x 2^n` for `n` (plus MAGIC) in -2100..=2100, with one rounding where the result is subnormal.
#[inline(always)]
pub fn scale(x: f64, n_magic: f64) -> f64 {
    let n = n_magic.to_bits().wrapping_sub(MAGIC.to_bits()).wrapping_add(4096);
    let half = (n >> 1).wrapping_sub(2048);
    let rest = n.wrapping_sub(4096).wrapping_sub(half);
    x * f64::from_bits(half.wrapping_add(1023) << 52) * f64::from_bits(rest.wrapping_add(1023) << 52)
}

/// `(p, n)` with `e^x = 2^n (1 + p)`; `n` has MAGIC added.
#[inline(always)]
fn reduced(x: f64) -> (f64, f64) {
    let n_magic = x.madd(LOG2E[0], MAGIC);
    let n = n_magic - MAGIC;
    let high = x.less(n, LN2[0]);
    let r = (-n).madd(LN2[1], high);
    let c = (-n).madd(LN2[1], high - r);
    (r + (r * r).madd(poly(r, &EXP), c), n_magic)
}

#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_scaled(x, 0.0)
}

/// `e^x 2^shift`, over the whole range of the result.
#[inline(always)]
fn exp_scaled(x: f64, shift: f64) -> f64 {
    // (comparisons let a NaN through, which then spoils p)
    let x = if x > 720.0 { 720.0 } else { x };
    let x = if x < -760.0 { -760.0 } else { x };
    let (p, n) = reduced(x);
    scale(1.0 + p, n + shift)
}

#[inline(always)]
pub fn exp2(x: f64) -> f64 {
    let x = if x > 1100.0 { 1100.0 } else { x };
    let x = if x < -1100.0 { -1100.0 } else { x };
    let n_magic = x + MAGIC;
    let f = x - (n_magic - MAGIC);
    let high = f * LN2[0];
    let low = f.lost(LN2[0], high) + f * LN2[1];
    let p = high + (high * high).madd(poly(high, &EXP), low);
    scale(1.0 + p, n_magic)
}

#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let clamped = if x > 710.0 { 710.0 } else { x };
    let clamped = if clamped < -60.0 { -60.0 } else { clamped };
    let (p, n) = reduced(clamped);
    // 2^n (1 + p) - 1, with half of 2^n so that n = 1024 is inside the range
    let s = power_of_two(n - 1.0);
    let y = 2.0 * s.madd(p, s - 0.5);
    if x.abs() < 1e-290 { x } else { y }
}

#[inline(always)]
pub fn sinh(x: f64) -> f64 {
    let a = x.abs();
    let e = expm1(if a > 40.0 { 40.0 } else { a });
    let small = 0.5 * (e + e / (e + 1.0));
    let large = exp_scaled(a, -1.0);
    let y = if a < 1e-8 { a } else { small };
    (if a > 22.0 { large } else { y }).copysign(x)
}

#[inline(always)]
pub fn cosh(x: f64) -> f64 {
    let half = exp_scaled(x.abs(), -1.0);
    half + 0.25 / half
}

#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > 20.0 { 20.0 } else { a };
    let e = expm1(a + a);
    let large = a > 0.55;
    let q = (if large { 2.0 } else { e }) / (e + 2.0);
    let y = if large { 1.0 - q } else { q };
    (if a < 1e-8 { a } else { y }).copysign(x)
}

/// `(p, 2^n)` for results of 24 bits, x within -160..160.
#[inline(always)]
fn reduced_f32(x: f64) -> (f64, f64) {
    let n_magic = x.madd(LOG2E[0], MAGIC);
    let r = (-(n_magic - MAGIC)).madd(LN2[0], x);
    ((r * r).madd(poly(r, &EXP_F32), r), power_of_two(n_magic))
}

/// `a / b` to 40 bits and more, from a division in f32 and one correction.
#[inline(always)]
fn quotient_f32(a: f64, b: f64) -> f64 {
    if cfg!(target_arch = "wasm32") {
        return a / b;
    }
    let inverse = (1.0 / b as f32) as f64;
    let q = a * inverse;
    (-q).madd(b, a).madd(inverse, q)
}

#[inline(always)]
fn clamp_f32(x: f32) -> f64 {
    let x = if x > 160.0 { 160.0 } else { x };
    (if x < -160.0 { -160.0 } else { x }) as f64
}

/// e^x to about 2^-29, x within -160..160.
#[inline(always)]
pub fn exp_f32_wide(x: f64) -> f64 {
    let (p, t) = reduced_f32(x);
    t.madd(p, t)
}

#[inline(always)]
pub fn exp_f32(x: f32) -> f32 {
    exp_f32_wide(clamp_f32(x)) as f32
}

#[inline(always)]
pub fn exp2_f32(x: f32) -> f32 {
    let (p, t) = reduced_f32(clamp_f32(x) * LN2[0]);
    // 160 is beyond every finite result, but exp2 of 128..160 must still overflow: f32's own rounding does it
    t.madd(p, t) as f32
}

#[inline(always)]
pub fn expm1_f32(x: f32) -> f32 {
    let (p, t) = reduced_f32(clamp_f32(x));
    let y = t.madd(p, t - 1.0) as f32;
    if x == 0.0 { x } else { y }
}

#[inline(always)]
pub fn sinh_f32(x: f32) -> f32 {
    let (p, t) = reduced_f32(clamp_f32(x).abs());
    let e = t.madd(p, t - 1.0);
    ((0.5 * (e + quotient_f32(e, e + 1.0))) as f32).copysign(x)
}

#[inline(always)]
pub fn cosh_f32(x: f32) -> f32 {
    let (p, t) = reduced_f32(clamp_f32(x).abs());
    let e = t.madd(p, t);
    (0.5 * (e + 1.0 / e)) as f32
}

#[inline(always)]
pub fn tanh_f32(x: f32) -> f32 {
    let a = x.abs();
    let a = if a > 12.0 { 12.0 } else { a };
    let (p, t) = reduced_f32(2.0 * a as f64);
    let e = t.madd(p, t - 1.0);
    (quotient_f32(e, e + 2.0) as f32).copysign(x)
}
