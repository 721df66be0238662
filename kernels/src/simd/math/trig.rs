//! sin, cos, tan and their inverses, branch-free; arguments beyond 2^28 go to the C library, which reduces them exactly.

use super::coefficients::*;
use super::exp::MAGIC;
use super::fused::Fused;
use super::poly::poly;

/// Beyond this the reduction by three parts of pi/2 is not exact enough. (Without fused multiply-adds a multiple has one bit less.)
pub const LIMIT: f64 = if cfg!(target_arch = "wasm32") { 134217728.0 } else { 268435456.0 };

/// `(quadrant bits, r, tail)` with x = n pi/2 + r + tail, |r| <= pi/4. The first step is exact, the second keeps what it rounds off.
#[inline(always)]
fn reduce(x: f64) -> (u64, f64, f64) {
    let n_magic = x.madd(std::f64::consts::FRAC_2_PI, MAGIC);
    let n = n_magic - MAGIC;
    let first = x.less(n, PIO2[0]);
    let product = n * PIO2[1];
    let product_lost = f64::lost_whole(n, PIO2[1], product);
    let r = first - product;
    let back = r - first;
    let lost = (first - (r - back)) - (product + back);
    let tail = lost - n.madd(PIO2[2], product_lost);
    (n_magic.to_bits(), r, tail)
}

#[inline(always)]
fn sin_part(r: f64, tail: f64) -> f64 {
    let z = r * r;
    // sin(r + t) = r + (r^3 S(z) + t (1 - z/2))
    r + (r * z).madd(poly(z, &SIN), tail * z.madd(-0.5, 1.0))
}

#[inline(always)]
fn cos_part(r: f64, tail: f64) -> f64 {
    let z = r * r;
    let half = 0.5 * z;
    let w = 1.0 - half;
    // what 1 - z/2 rounded off, and cos(r + t) = cos r - r t
    w + (((1.0 - w) - half) + (z * z).madd(poly(z, &COS), -r * tail))
}

#[inline(always)]
fn flip(x: f64, sign: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ (sign << 63))
}

#[inline(always)]
pub fn sin(x: f64) -> f64 {
    let (n, r, t) = reduce(x);
    let y = if n & 1 == 0 { sin_part(r, t) } else { cos_part(r, t) };
    let y = flip(y, n >> 1 & 1);
    if x.abs() < 1e-9 { x } else { y }
}

#[inline(always)]
pub fn cos(x: f64) -> f64 {
    let (n, r, t) = reduce(x);
    let y = if n & 1 == 0 { cos_part(r, t) } else { sin_part(r, t) };
    flip(y, (n.wrapping_add(1)) >> 1 & 1)
}

#[inline(always)]
pub fn tan(x: f64) -> f64 {
    let (n, r, t) = reduce(x);
    let (s, c) = (sin_part(r, t), cos_part(r, t));
    let odd = n & 1 == 1;
    let (top, bottom) = if odd { (-c, s) } else { (s, c) };
    let y = top / bottom;
    if x.abs() < 1e-9 { x } else { y }
}

#[inline(always)]
pub fn rare(x: f64) -> bool {
    // (a NaN is not below the limit either)
    !(x.abs() < LIMIT)
}

#[inline(always)]
fn reduce_f32(x: f32) -> (u64, f64) {
    let x = x as f64;
    let n_magic = x.madd(std::f64::consts::FRAC_2_PI, MAGIC);
    let n = n_magic - MAGIC;
    (n_magic.to_bits(), (-n).madd(PIO2[1], x.less(n, PIO2[0])))
}

#[inline(always)]
fn sin_cos_f32(r: f64) -> (f64, f64) {
    let z = r * r;
    ((r * z).madd(poly(z, &SIN_F32), r), (z * z).madd(poly(z, &COS_F32), z.madd(-0.5, 1.0)))
}

#[inline(always)]
pub fn sin_f32(x: f32) -> f32 {
    let (n, r) = reduce_f32(x);
    let (s, c) = sin_cos_f32(r);
    let y = flip(if n & 1 == 0 { s } else { c }, n >> 1 & 1) as f32;
    if x == 0.0 { x } else { y }
}

#[inline(always)]
pub fn cos_f32(x: f32) -> f32 {
    let (n, r) = reduce_f32(x);
    let (s, c) = sin_cos_f32(r);
    flip(if n & 1 == 0 { c } else { s }, n.wrapping_add(1) >> 1 & 1) as f32
}

#[inline(always)]
pub fn tan_f32(x: f32) -> f32 {
    let (n, r) = reduce_f32(x);
    let (s, c) = sin_cos_f32(r);
    let (top, bottom) = if n & 1 == 1 { (-c, s) } else { (s, c) };
    let y = (top / bottom) as f32;
    if x == 0.0 { x } else { y }
}

#[inline(always)]
pub fn rare_f32(x: f32) -> bool {
    !(x.abs() < LIMIT as f32)
}

/// `(numerator, denominator, turn in eighths of pi)` of the reduced tangent: |t| <= tan(pi/8).
#[inline(always)]
fn reduce_atan(a: f64) -> (f64, f64, f64) {
    let far = a > 2.414213562373095;
    let near = a > 0.41421356237309503;
    let top = if near { a - 1.0 } else { a };
    let bottom = if near { a + 1.0 } else { 1.0 };
    let turn = if near { 0.5 } else { 0.0 };
    (if far { -1.0 } else { top }, if far { a } else { bottom }, if far { 1.0 } else { turn })
}

#[inline(always)]
pub fn atan(x: f64) -> f64 {
    let a = x.abs();
    let (top, bottom, turn) = reduce_atan(a);
    let t = top / bottom;
    let z = t * t;
    let small = (t * z).madd(poly(z, &ATAN), turn * PIO2[1]);
    let y = if turn == 0.0 { t + small } else { turn * PIO2[0] + (t + small) };
    y.copysign(x)
}

#[inline(always)]
pub fn atan_f32(x: f32) -> f32 {
    let (top, bottom, turn) = reduce_atan((x as f64).abs());
    let t = top / bottom;
    let z = t * t;
    let y = turn.madd(PIO2[0], (t * z).madd(poly(z, &ATAN_F32), t));
    (y as f32).copysign(x)
}

/// `(numerator, denominator, turn in halves of pi, sign)` with the angle of (|x|, |y|), turned where x is negative, as
/// `turn pi/2 + sign atan(numerator / denominator)` and |numerator / denominator| <= tan(pi/8).
#[inline(always)]
fn reduce_atan2(y: f64, x: f64) -> (f64, f64, f64, f64) {
    let (a, b) = (x.abs(), y.abs());
    let steep = b > a;
    let (most, least) = if steep { (b, a) } else { (a, b) };
    let near = least > 0.41421356237309503 * most;
    let top = if near { least - most } else { least };
    let bottom = if near { least + most } else { most };
    let turn = if near { 0.5 } else { 0.0 };
    let (turn, sign) = if steep { (1.0 - turn, -1.0) } else { (turn, 1.0) };
    let (turn, sign) = if x.is_sign_negative() { (2.0 - turn, -sign) } else { (turn, sign) };
    // (Of two zeros the angle is a whole turn.)
    (top, if most == 0.0 { 1.0 } else { bottom }, turn, sign)
}

#[inline(always)]
pub fn atan2(y: f64, x: f64) -> f64 {
    let (top, bottom, turn, sign) = reduce_atan2(y, x);
    let t = sign * (top / bottom);
    let z = t * t;
    let small = (t * z).madd(poly(z, &ATAN), turn * PIO2[1]);
    turn.madd(PIO2[0], t + small).copysign(y)
}

/// Infinities, NaN, and what the sums and quotients of numbers near the ends of the range would lose.
#[inline(always)]
pub fn rare_atan2(y: f64, x: f64) -> bool {
    let (a, b) = (x.abs(), y.abs());
    let fine = |v: f64| (v > 1e-150 && v < 1e150) || v == 0.0;
    !(fine(a) && fine(b))
}

#[inline(always)]
pub fn atan2_f32(y: f32, x: f32) -> f32 {
    let (top, bottom, turn, sign) = reduce_atan2(y as f64, x as f64);
    let t = sign * (top / bottom);
    let z = t * t;
    (turn.madd(PIO2[0], (t * z).madd(poly(z, &ATAN_F32), t)) as f32).copysign(y)
}

#[inline(always)]
pub fn rare_atan2_f32(y: f32, x: f32) -> bool {
    !(y.is_finite() && x.is_finite())
}

/// `sqrt(x^2 + y^2)`, corrected by what the squares and the root rounded off (C. F. Borges, 2019).
#[inline(always)]
pub fn hypot(x: f64, y: f64) -> f64 {
    let (a, b) = (x.abs(), y.abs());
    let (most, least) = if b > a { (b, a) } else { (a, b) };
    let root = most.madd(most, least * least).sqrt();
    let (square, whole) = (root * root, most * most);
    let over = (-least).madd(least, square - whole) + root.lost(root, square) - most.lost(most, whole);
    let corrected = root - over / (2.0 * root);
    if most == 0.0 { 0.0 } else { corrected }
}

#[inline(always)]
pub fn hypot_f32(x: f32, y: f32) -> f32 {
    let (x, y) = (x as f64, y as f64);
    x.madd(x, y * y).sqrt() as f32
}

/// `(s, e)` with asin(sqrt(z)) = s + e for the root s of z = (1 - a) / 2, with what the root rounded off.
#[inline(always)]
fn asin_far(a: f64) -> (f64, f64) {
    let z = (1.0 - a) * 0.5;
    let s = z.sqrt();
    let lost = if s > 0.0 { z.residual(s, s) / (s + s) } else { 0.0 };
    (s, (s * z).madd(poly(z, &ASIN), lost))
}

/// `high - 2 (s + e)` where `high + low` is a long constant.
#[inline(always)]
fn away(high: f64, low: f64, s: f64, e: f64) -> f64 {
    let h = high - 2.0 * s;
    let lost = (high - h) - 2.0 * s;
    h + (lost + (low - 2.0 * e))
}

#[inline(always)]
pub fn asin(x: f64) -> f64 {
    let a = x.abs();
    let z = a * a;
    let near = (a * z).madd(poly(z, &ASIN), a);
    let (s, e) = asin_far(a);
    let y = if a < 0.5 { near } else { away(PIO2[0], PIO2[1], s, e) };
    (if a > 1.0 { f64::NAN } else { y }).copysign(x)
}

#[inline(always)]
pub fn acos(x: f64) -> f64 {
    let a = x.abs();
    let z = a * a;
    let tail = (x * z) * poly(z, &ASIN);
    let near = PIO2[0] - (x - (PIO2[1] - tail));
    let (s, e) = asin_far(a);
    let far = if x > 0.0 { 2.0 * (s + e) } else { away(PI[0], PI[1], s, e) };
    let y = if a < 0.5 { near } else { far };
    if a > 1.0 { f64::NAN } else { y }
}

#[inline(always)]
fn asin_f32_part(x: f64) -> f64 {
    let z = x * x;
    (x * z).madd(poly(z, &ASIN_F32), x)
}

#[inline(always)]
pub fn asin_f32(x: f32) -> f32 {
    let a = (x as f64).abs();
    let far = 2.0f64.madd(-asin_f32_part(((1.0 - a) * 0.5).sqrt()), PIO2[0]);
    let y = if a < 0.5 { asin_f32_part(a) } else { far };
    (y as f32).copysign(x)
}

#[inline(always)]
pub fn acos_f32(x: f32) -> f32 {
    let wide = x as f64;
    let a = wide.abs();
    let far = 2.0 * asin_f32_part(((1.0 - a) * 0.5).sqrt());
    let y = if a < 0.5 {
        PIO2[0] - asin_f32_part(wide)
    } else if x > 0.0 {
        far
    } else {
        PI[0] - far
    };
    y as f32
}
