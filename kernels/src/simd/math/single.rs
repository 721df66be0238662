//! Functions of f32 in single precision throughout, for WebAssembly: its vectors hold four singles but only two doubles. Right to less than a unit.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

/// ln 2, its leading 16 bits and the rest, so that an exponent times the first is exact.
const LN2: [f32; 2] = [0.693145751953125, 1.4286068203094172e-6];
/// Adding this rounds a single below 2^22 to an integer, found in the low bits.
const MAGIC: f32 = 12582912.0;
/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2; error 6.5e-8.
const EXP: [f32; 5] = [0.5, 0.16666576989698775, 0.04166655461720457, 0.008363179052722578, 0.0013926183587713865];
/// (log((1 + s) / (1 - s)) / s - 2) / s^2 over z = s^2, m within sqrt(1/2)..sqrt(2); error 1.2e-9.
const LOG: [f32; 4] = [0.6666666655404201, 0.4000012221181065, 0.28550778633191964, 0.23331614471843498];

#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = if x > 89.0 { 89.0 } else { x };
    let x = if x < -104.0 { -104.0 } else { x };
    let n_magic = x * LOG2_E + MAGIC;
    let n = n_magic - MAGIC;
    let high = x - n * LN2[0];
    let r = high - n * LN2[1];
    let lost = (high - r) - n * LN2[1];
    let square = r * r;
    let q = (EXP[0] + EXP[1] * r) + square * ((EXP[2] + EXP[3] * r) + square * EXP[4]);
    let y = 1.0 + (r + (square * q + lost));
    // 2^n in two factors: the result may be subnormal.
    let n = n_magic.to_bits().wrapping_sub(MAGIC.to_bits()) as i32;
    let half = n >> 1;
    let power = |n: i32| f32::from_bits((n.wrapping_add(127) as u32) << 23);
    y * power(half) * power(n.wrapping_sub(half))
}

#[inline(always)]
pub fn log(x: f32) -> f32 {
    let tiny = x < f32::MIN_POSITIVE;
    let scaled = if tiny { x * 16777216.0 } else { x };
    let offset = scaled.to_bits().wrapping_sub(FRAC_1_SQRT_2.to_bits());
    let k = (offset as i32 >> 23) as f32;
    let k = if tiny { k - 24.0 } else { k };
    let f = f32::from_bits((offset & 0x007f_ffff).wrapping_add(FRAC_1_SQRT_2.to_bits())) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let square = z * z;
    let r = z * ((LOG[0] + LOG[1] * z) + square * (LOG[2] + LOG[3] * z));
    let half_square = 0.5 * f * f;
    let y = k * LN2[0] + (f - (half_square - (s * (half_square + r) + k * LN2[1])));
    let y = if x == 0.0 { f32::NEG_INFINITY } else { y };
    let y = if x < 0.0 { f32::NAN } else { y };
    if x < f32::INFINITY { y } else { x }
}

#[cfg(test)]
mod tests {
    /// Distance from the exact value in units of the last place of its rounding; none where both are the same special value.
    fn distance(got: f32, exact: f64) -> f64 {
        let rounded = exact as f32;
        if got.is_nan() || exact.is_nan() || got == rounded {
            return if got.is_nan() == exact.is_nan() { 0.0 } else { f64::INFINITY };
        }
        let below = rounded.abs().min(f32::MAX);
        let unit = f32::from_bits(below.to_bits() + 1) as f64 - below as f64;
        if got.is_infinite() || unit.is_infinite() { 1.0 } else { (got as f64 - exact).abs() / unit }
    }

    #[test]
    fn exp_and_log_are_right_to_a_unit_over_all_arguments() {
        let special = [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1.0];
        for x in (0..1u64 << 20).map(|i| f32::from_bits((i * 4097) as u32)).chain(special) {
            assert!(distance(super::exp(x), (x as f64).exp()) <= 1.0, "exp({x}) = {}", super::exp(x));
            assert!(distance(super::log(x), (x as f64).ln()) <= 1.0, "log({x}) = {}", super::log(x));
        }
    }
}
