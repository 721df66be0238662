/**
 * WGSL forms of the special functions, with the formulas of `backends/reference/special*.ts` cut to f32's precision (DLMF 5, 7, 10, 25);
 * the polynomials of erf are those of the kernels (`kernels/src/simd/math/coefficients.rs`).
 */

export const SPECIAL = /* wgsl */ `
fn ng_erfcx(a: f32) -> f32 {
  if (a > 6.0) {
    let r = 0.5 / (a * a);
    return 0.56418958 / a * (1.0 - r * (1.0 - r * (3.0 - r * (15.0 - r * (105.0 - r * 945.0)))));
  }
  let t = (a - 2.0) / (a + 2.0);
  return 0.25539568 + t * (-0.42718587 + t * (0.24165817 + t * (-0.07897715 + t * (0.0037336068 + t * (0.0069735423 + t * (-8.467641e-4 - t * 8.468609e-4))))));
}
fn ng_gaussian(a: f32) -> f32 {
  let h = ng_cut(a);
  return ng_exp(-h * h) * ng_exp(-(a - h) * (a + h));
}
fn ng_erf(a: f32) -> f32 {
  if (ng_isnan(a) || a == 0.0) { return a; }
  let x = ng_abs(a);
  if (x > 4.0) { return ng_copysign(1.0, a); }
  let z = x * x;
  if (x < 1.0) {
    let p = 0.12837917 + z * (-0.37612638 + z * (0.11283782 + z * (-0.026865431 + z * (0.005221032 + z * (-8.48408e-4 + z * (1.1265966e-4 - z * 9.667045e-6))))));
    return a + a * p;
  }
  return ng_copysign(1.0 - ng_exp(-z) * ng_erfcx(x), a);
}
fn ng_erfc(a: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (a < 1.0) { return 1.0 - ng_erf(a); }
  if (a > 10.2) { return 0.0; }
  return ng_gaussian(a) * ng_erfcx(a);
}
fn ng_erfc_inverse(c: f32) -> f32 {
  if (c == 0.0) { return ng_inf(); }
  let l = -ng_log(c);
  var z = ng_sqrt(max(l - 0.5 * ng_log(3.1415927 * max(l, 0.1)), 0.1));
  for (var i = 0; i < 6; i++) {
    let value = ng_erfc(z);
    let slope = 1.1283792 * ng_gaussian(z);
    let ratio = value / c;
    if (ng_abs(ratio - 1.0) < 0.01) { z += (value - c) / slope; } else { z += ng_log(ratio) * value / slope; }
  }
  return z;
}
fn ng_erfinv(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a) || x > 1.0) { return ng_nan(); }
  if (x > 0.5) { return ng_copysign(ng_erfc_inverse(1.0 - x), a); }
  if (x < 1e-6) { return a * 0.88622693; }
  var y = 0.88622693 * a * (1.0 + 0.26179939 * a * a);
  for (var i = 0; i < 3; i++) { y -= (ng_erf(y) - a) * 0.88622693 / ng_exp(-y * y); }
  return y;
}
fn ng_ndtri(a: f32) -> f32 {
  if (ng_isnan(a) || a < 0.0 || a > 1.0) { return ng_nan(); }
  if (a < 0.25) { return -1.4142135 * ng_erfc_inverse(2.0 * a); }
  if (a > 0.75) { return 1.4142135 * ng_erfc_inverse(2.0 * (1.0 - a)); }
  return 1.4142135 * ng_erfinv(2.0 * a - 1.0);
}
fn ng_lgamma_near_two(z: f32) -> f32 {
  let q = 0.32246703 + z * (-0.06735230 + z * (0.020580808 + z * (-0.0073855510 + z * (0.0028905103 + z * (-0.0011927539 + z * (5.0966952e-4 + z * (-2.2315476e-4 + z * (9.9457513e-5 + z * (-4.4926237e-5 + z * (2.0507213e-5 - z * 9.4394883e-6))))))))));
  return z * (0.42278434 + z * q);
}
fn ng_lgamma_positive(a: f32) -> f32 {
  var x = a;
  var before = 0.0;
  if (x < 0.5) {
    before = -ng_log(x);
    x = 1.0 + x;
    if (a < 1e-7) { return before; }
  }
  if (x < 1.5) {
    let z = select(x - 1.0, a, a < 0.5);
    return before + (ng_lgamma_near_two(z) - ng_log1p(z));
  }
  if (x < 2.5) { return before + ng_lgamma_near_two(x - 2.0); }
  if (x < 10.0) {
    var product = 1.0;
    while (x >= 2.5) {
      x -= 1.0;
      product *= x;
    }
    return ng_log(product) + ng_lgamma_near_two(x - 2.0);
  }
  let r = 1.0 / x;
  let z = r * r;
  let series = r * (0.083333336 + z * (-0.0027777778 + z * 7.9365080e-4));
  return (x - 0.5) * (ng_log(x) - 1.0) + (0.41893853 + series);
}
fn ng_sin_pi(a: f32) -> f32 {
  let f = a - round(a);
  return ng_abs(ng_sin(3.1415927 * f));
}
fn ng_lgamma(a: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (!ng_isfinite(a)) { return ng_inf(); }
  if (a == 1.0 || a == 2.0) { return 0.0; }
  if (a > 0.0) { return ng_lgamma_positive(a); }
  if (a == floor(a)) { return ng_inf(); }
  if (a > -1e-6) { return -ng_log(-a); }
  return ng_log(3.1415927 / (ng_sin_pi(a) * -a)) - ng_lgamma_positive(-a);
}
fn ng_digamma(a: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (a == 0.0) { return -ng_copysign(ng_inf(), a); }
  var x = a;
  var shift = 0.0;
  if (x < 0.0) {
    if (x == floor(x)) { return ng_nan(); }
    shift = -3.1415927 / ng_tan(3.1415927 * (x - round(x)));
    x = 1.0 - x;
  }
  while (x < 8.0) {
    shift -= 1.0 / x;
    x += 1.0;
  }
  if (ng_isinf(x)) { return x; }
  let r = 1.0 / (x * x);
  return shift + (ng_log(x) - 0.5 / x - r * (0.083333336 + r * (-0.008333334 + r * (0.003968254 - r * 0.004166667))));
}
fn ng_trigamma(a: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  var x = a;
  var sum = 0.0;
  var sign = 1.0;
  if (x < 0.5) {
    if (x == floor(x)) { return ng_inf(); }
    let s = 3.1415927 / ng_sin_pi(x);
    sum = s * s;
    sign = -1.0;
    x = 1.0 - x;
  }
  var own = 0.0;
  while (x < 8.0) {
    own += 1.0 / (x * x);
    x += 1.0;
  }
  let r = 1.0 / (x * x);
  own += 1.0 / x + 0.5 * r + (r / x) * (0.16666667 + r * (-0.033333335 + r * (0.023809524 - r * 0.033333335)));
  return sum + sign * own;
}
fn ng_bessel(v: f32, a: f32, scaled: bool) -> f32 {
  if (ng_isnan(a)) { return a; }
  let x = ng_abs(a);
  let sign = select(1.0, ng_copysign(1.0, a), v == 1.0);
  if (x <= 14.0) {
    let q = 0.25 * x * x;
    var term = select(0.5 * x, 1.0, v == 0.0);
    var sum = term;
    for (var k = 1.0; k < 45.0 && term > sum * 1e-8; k += 1.0) {
      term = term * q / (k * (k + v));
      sum += term;
    }
    return sign * sum * select(1.0, ng_exp(-x), scaled);
  }
  if (ng_isinf(x)) { return sign * select(x, 0.0, scaled); }
  var sum = 0.0;
  for (var k = 14.0; k >= 1.0; k -= 1.0) { sum = ((2.0 * k - 1.0) * (2.0 * k - 1.0) - 4.0 * v * v) / (8.0 * k * x) * (1.0 + sum); }
  let tail = (1.0 + sum) / ng_sqrt(6.2831855 * x);
  if (scaled) { return sign * tail; }
  let h = ng_exp(0.5 * x);
  return sign * (tail * h) * h;
}
fn ng_i0(a: f32) -> f32 { return ng_bessel(0.0, a, false); }
fn ng_i0e(a: f32) -> f32 { return ng_bessel(0.0, a, true); }
fn ng_i1(a: f32) -> f32 { return ng_bessel(1.0, a, false); }
fn ng_i1e(a: f32) -> f32 { return ng_bessel(1.0, a, true); }
fn ng_zeta_above(x: f32, q: f32) -> f32 {
  var a = q;
  var sum = 0.0;
  for (var k = 0; k < 8 || (a <= 7.0 && k < 64); k++) {
    sum += ng_pow(a, -x);
    a += 1.0;
  }
  let last = ng_pow(a, -x);
  let r = 1.0 / (a * a);
  let first = x * last / a;
  let second = first * (x + 1.0) * (x + 2.0) * r;
  let third = second * (x + 3.0) * (x + 4.0) * r;
  return sum + ((first / 12.0 - second / 720.0 + third / 30240.0) + 0.5 * last + last * a / (x - 1.0));
}
fn ng_zeta(x: f32, q: f32) -> f32 {
  if (ng_isnan(x) || ng_isnan(q)) { return ng_nan(); }
  if (x == 1.0) { return ng_inf(); }
  if (x < 1.0) { return ng_nan(); }
  if (q <= 0.0) {
    if (q == floor(q)) { return ng_inf(); }
    if (x != floor(x)) { return ng_nan(); }
  }
  if (q < -30.0) {
    let f = q - floor(q);
    let below = ng_zeta_above(x, 1.0 - f) - ng_zeta_above(x, 1.0 - q);
    return ng_zeta_above(x, f) + select(-below, below, ng_fmod(x, 2.0) == 0.0);
  }
  return ng_zeta_above(x, q);
}
fn ng_polygamma(n: f32, x: f32) -> f32 {
  if (n == 0.0) { return ng_digamma(x); }
  if (n == 1.0) { return ng_trigamma(x); }
  if (!(n > 0.0) || n != floor(n)) { return ng_nan(); }
  var factorial = 1.0;
  for (var k = 2.0; k <= n && k < 40.0; k += 1.0) { factorial *= k; }
  let value = factorial * ng_zeta(n + 1.0, x);
  return select(value, -value, ng_fmod(n, 2.0) == 0.0);
}
`
