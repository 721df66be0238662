/**
 * WGSL functions of angles. Large arguments are reduced with 96 bits of 2/pi chosen by the exponent (Payne and Hanek), so that the result
 * is right for every f32; then Taylor polynomials. Inverse functions use the arc tangent's and arc sine's series after one halving.
 */

export const TRIGONOMETRY = /* wgsl */ `
const ng_two_over_pi = array<u32, 8>(0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);
fn ng_window(start: u32) -> u32 {
  let i = start >> 5u;
  let n = start & 31u;
  var table = ng_two_over_pi;
  if (n == 0u) { return table[i]; }
  return (table[i] << n) | (table[min(i + 1u, 7u)] >> (32u - n));
}
fn ng_reduced(a: f32) -> vec2<f32> {
  let bits = bitcast<u32>(a) & 0x7fffffffu;
  let m = (bits & 0x7fffffu) | 0x800000u;
  let start = (bits >> 23u) + 32u - 152u;
  let w0 = ng_window(start);
  let w1 = ng_window(start + 32u);
  let w2 = ng_window(start + 64u);
  let p2 = ng_wide(m, w2);
  let p1 = ng_wide(m, w1);
  let middle = ng_add64(p1, vec2<u32>(p2.y, 0u));
  let top = m * w0 + middle.y;
  let q = (top + 0x20000000u) >> 30u;
  let fraction = vec2<u32>((middle.x << 2u) | (p2.x >> 30u), (top << 2u) | (middle.x >> 30u));
  let r = ng_i64_f32(fraction) * 5.4210109e-20 * 1.5707964;
  return vec2<f32>(select(r, -r, a < 0.0), f32(select(q, 4u - q, a < 0.0) & 3u));
}
fn ng_sin_near(r: f32) -> f32 {
  let z = r * r;
  return r + r * z * (-0.16666667 + z * (0.008333334 + z * (-1.9841270e-4 + z * 2.7557319e-6)));
}
fn ng_cos_near(r: f32) -> f32 {
  let z = r * r;
  let h = 0.5 * z;
  let w = 1.0 - h;
  return w + (((1.0 - w) - h) + z * z * (0.041666668 + z * (-0.0013888889 + z * (2.4801588e-5 - z * 2.7557319e-7))));
}
fn ng_turned(r: f32, q: u32) -> f32 {
  let value = select(ng_sin_near(r), ng_cos_near(r), (q & 1u) != 0u);
  return select(value, -value, (q & 2u) != 0u);
}
fn ng_sin(a: f32) -> f32 {
  if (!ng_isfinite(a)) { return ng_nan(); }
  if (ng_abs(a) <= 0.7853982) { return select(ng_sin_near(a), a, a == 0.0); }
  let p = ng_reduced(a);
  return ng_turned(p.x, u32(p.y));
}
fn ng_cos(a: f32) -> f32 {
  if (!ng_isfinite(a)) { return ng_nan(); }
  if (ng_abs(a) <= 0.7853982) { return ng_cos_near(a); }
  let p = ng_reduced(a);
  return ng_turned(p.x, u32(p.y) + 1u);
}
fn ng_tan(a: f32) -> f32 {
  if (!ng_isfinite(a)) { return ng_nan(); }
  if (a == 0.0) { return a; }
  var p = vec2<f32>(a, 0.0);
  if (ng_abs(a) > 0.7853982) { p = ng_reduced(a); }
  let s = ng_sin_near(p.x);
  let c = ng_cos_near(p.x);
  return select(s / c, -c / s, (u32(p.y) & 1u) != 0u);
}
fn ng_atan_near(t: f32) -> f32 {
  let z = t * t;
  let q = -0.33333334 + z * (0.2 + z * (-0.14285715 + z * (0.11111111 + z * (-0.09090909 + z * (0.07692308 + z * (-0.06666667 + z * 0.05882353))))));
  return t + t * z * q;
}
fn ng_atan(a: f32) -> f32 {
  if (ng_isnan(a) || a == 0.0) { return a; }
  let x = ng_abs(a);
  if (x > 1e9) { return ng_copysign(1.5707964, a); }
  if (x > 2.4142137) { return ng_copysign(1.5707964 - (ng_atan_near(1.0 / x) + 4.3711388e-8), a); }
  if (x > 0.41421357) { return ng_copysign(0.7853982 + (ng_atan_near((x - 1.0) / (x + 1.0)) - 2.1855694e-8), a); }
  return ng_atan_near(a);
}
fn ng_atan2(a: f32, b: f32) -> f32 {
  if (ng_isnan(a) || ng_isnan(b)) { return ng_nan(); }
  let y = ng_abs(a);
  let x = ng_abs(b);
  let left = bitcast<u32>(b) >= 0x80000000u;
  var r = 0.0;
  if (ng_isinf(a) && ng_isinf(b)) { r = 0.7853982; }
  else if (ng_isinf(a) || (x == 0.0 && y != 0.0)) { r = 1.5707964; }
  else if (ng_isinf(b) || y == 0.0) { r = 0.0; }
  else if (y > x) { r = select(1.5707964 - (ng_atan(x / y) + 4.3711388e-8), 1.5707964, x / y < 1e-12); }
  else { r = ng_atan(y / x); }
  return ng_copysign(select(r, 3.1415927 - (r + 8.7422777e-8), left), a);
}
fn ng_asin_near(x: f32) -> f32 {
  let z = x * x;
  let q = 0.16666667 + z * (0.075 + z * (0.044642857 + z * (0.030381944 + z * (0.022372159 + z * (0.017352765 + z * (0.013964844 + z * (0.011551801 + z * (0.009761610 + z * (0.008390336 + z * 0.007312526)))))))));
  return x + x * z * q;
}
fn ng_asin(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a) || x == 0.0) { return a; }
  if (x > 1.0) { return ng_nan(); }
  if (x <= 0.5) { return ng_asin_near(a); }
  return ng_copysign(1.5707964 - (2.0 * ng_asin_near(ng_sqrt(0.5 * (1.0 - x))) + 4.3711388e-8), a);
}
fn ng_acos(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a)) { return a; }
  if (x > 1.0) { return ng_nan(); }
  if (x <= 0.5) { return 1.5707964 - (ng_asin_near(a) + 4.3711388e-8); }
  let r = 2.0 * ng_asin_near(ng_sqrt(0.5 * (1.0 - x)));
  return select(r, 3.1415927 - (r + 8.7422777e-8), a < 0.0);
}
`
