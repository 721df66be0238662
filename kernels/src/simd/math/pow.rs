//! Powers: e^(y log x) with the logarithm and the product in two parts (T. J. Dekker's pairs), for the arguments where that is plain.

use super::coefficients::*;
use super::exp::{MAGIC, exp_f32_wide, power_of_two};
use super::fused::Fused;
use super::log::{log, split};
use super::poly::poly;

/// The logarithm of positive normal x in two parts, right to about 2^-66.
#[inline(always)]
fn log_pair(x: f64) -> (f64, f64) {
    let (k, m) = split(x);
    let f = m - 1.0;
    // s = f / (2 + f), with what each step rounds off
    let d = 2.0 + f;
    let d_lost = f - (d - 2.0);
    let inverse = 1.0 / d;
    let s = f * inverse;
    let s_low = (f.residual(s, d) - s * d_lost) * inverse;
    let z = s * s;
    let z_low = s.lost(s, z) + 2.0 * s * s_low;
    // t = 2/3 + z (...)
    let rest = z * poly(z, &LOG_LONG);
    let t = TWO_THIRDS[0] + rest;
    let t_low = (TWO_THIRDS[0] - t) + rest + TWO_THIRDS[1];
    // cube = s^3, term = cube t
    let cube = s * z;
    let cube_low = s.lost(z, cube) + s.madd(z_low, s_low * z);
    let term = cube * t;
    let term_low = cube.lost(t, term) + cube.madd(t_low, cube_low * t);
    // k ln 2 + 2 s + term, largest first
    let whole = k * LN2_SPLIT[0];
    let two_s = 2.0 * s;
    let (large, small) = if k == 0.0 { (two_s, 0.0) } else { (whole, two_s) };
    let sum = large + small;
    let sum_lost = (large - sum) + small;
    let high = sum + term;
    let lost = (sum - high) + term;
    // the low part of k ln 2 is no rounding error: it has to be in the high part before that is relied on
    let low = lost + (sum_lost + (term_low + k.madd(LN2_SPLIT[1], 2.0 * s_low)));
    let whole = high + low;
    (whole, (high - whole) + low)
}

/// 1 with the sign that a negative base raised to an integer has.
#[inline(always)]
fn sign(x: f64, y: f64) -> f64 {
    let half = 0.5 * y;
    let odd = half.floor() != half;
    if x < 0.0 && odd { -1.0 } else { 1.0 }
}

#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let (log_high, log_low) = log_pair(x.abs());
    let p = y * log_high;
    let p_low = y.lost(log_high, p) + y * log_low;
    let n_magic = p.madd(LOG2E[0], MAGIC);
    let n = n_magic - MAGIC;
    let leading = p.less(n, LN2[0]);
    let rest = (-n).madd(LN2[1], p_low);
    let r = leading + rest;
    let c = (leading - r) + rest;
    // e^(r + c) - 1 = e + c (1 + e): c is small, but not so small that 1 + r would do
    let e = (r * r).madd(poly(r, &EXP), r);
    let e = e + c.madd(e, c);
    let t = power_of_two(n_magic);
    t.madd(e, t) * sign(x, y)
}

/// Where the formula does not hold: zero, subnormal and infinite bases, negative ones to no integer, results near the ends.
#[inline(always)]
pub fn rare(x: f64, y: f64) -> bool {
    let a = x.abs();
    let plain = a >= f64::MIN_POSITIVE && a < f64::INFINITY && y.abs() < 9007199254740992.0;
    let whole = x > 0.0 || y.floor() == y;
    // |log x| from the exponent alone, to less than one
    // (MAGIC turns the bits of a small integer into a number; not every processor converts vectors of integers)
    let exponent = (f64::from_bits((a.to_bits() >> 52).wrapping_add(MAGIC.to_bits())) - (MAGIC + 1023.0)).abs() + 1.0;
    !(plain & whole & ((exponent * y).abs() < 1000.0))
}

#[inline(always)]
pub fn pow_f32(x: f32, y: f32) -> f32 {
    let (wide, power) = (x as f64, y as f64);
    let p = power * log(wide.abs());
    let p = if p > 160.0 { 160.0 } else { p };
    let p = if p < -160.0 { -160.0 } else { p };
    (exp_f32_wide(p) * sign(wide, power)) as f32
}

#[inline(always)]
pub fn rare_f32(x: f32, y: f32) -> bool {
    let a = x.abs();
    let plain = a > 0.0 && a < f32::INFINITY && y.abs() < 16777216.0;
    !(plain & (x > 0.0 || y.floor() == y))
}
