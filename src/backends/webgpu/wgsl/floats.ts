/**
 * WGSL functions of f32. Compilers may assume that NaN and infinities do not occur, so these are told by their bits; the built-in
 * elementary functions may be off by many ulp (exp by |x|, log near 1 and sin by any number), so they have formulas of their own here:
 * argument reduction in two parts and Taylor or Mercator polynomials, within 3 ulp but where docs/internals/webgpu.md says otherwise.
 */

export const FLOATS = /* wgsl */ `
fn ng_isnan(a: f32) -> bool { return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; }
fn ng_isinf(a: f32) -> bool { return (bitcast<u32>(a) & 0x7fffffffu) == 0x7f800000u; }
fn ng_isfinite(a: f32) -> bool { return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u; }
fn ng_nan() -> f32 { return bitcast<f32>(0x7fc00000u | ng_zero()); }
fn ng_inf() -> f32 { return bitcast<f32>(0x7f800000u | ng_zero()); }
fn ng_abs(a: f32) -> f32 { return bitcast<f32>(bitcast<u32>(a) & 0x7fffffffu); }
fn ng_copysign(a: f32, b: f32) -> f32 { return bitcast<f32>((bitcast<u32>(a) & 0x7fffffffu) | (bitcast<u32>(b) & 0x80000000u)); }
fn ng_whole(a: f32, r: f32) -> f32 { return select(a, ng_copysign(r, a), (bitcast<u32>(a) & 0x7fffffffu) < 0x4b000000u); }
fn ng_ordered(a: f32, b: f32) -> bool { return !ng_isnan(a) && !ng_isnan(b); }
fn ng_eq(a: f32, b: f32) -> bool { return ng_ordered(a, b) && a == b; }
fn ng_ne(a: f32, b: f32) -> bool { return !ng_ordered(a, b) || a != b; }
fn ng_lt(a: f32, b: f32) -> bool { return ng_ordered(a, b) && a < b; }
fn ng_le(a: f32, b: f32) -> bool { return ng_ordered(a, b) && a <= b; }
fn ng_gt(a: f32, b: f32) -> bool { return ng_ordered(a, b) && a > b; }
fn ng_ge(a: f32, b: f32) -> bool { return ng_ordered(a, b) && a >= b; }
fn ng_min(a: f32, b: f32) -> f32 { return select(a, b, !ng_isnan(a) && (ng_isnan(b) || b < a)); }
fn ng_max(a: f32, b: f32) -> f32 { return select(a, b, !ng_isnan(a) && (ng_isnan(b) || b > a)); }
fn ng_fmin(a: f32, b: f32) -> f32 { return select(a, b, ng_isnan(a) || ng_lt(b, a)); }
fn ng_fmax(a: f32, b: f32) -> f32 { return select(a, b, ng_isnan(a) || ng_gt(b, a)); }
fn ng_nextafter(a: f32, b: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (ng_isnan(b) || a == b) { return b; }
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) == 0u) { return bitcast<f32>((bitcast<u32>(b) & 0x80000000u) | 1u); }
  return bitcast<f32>(select(bits - 1u, bits + 1u, (b > a) == (bits < 0x80000000u)));
}
fn ng_from_half(h: u32) -> f32 {
  let sign = (h & 0x8000u) << 16u;
  let e = (h >> 10u) & 31u;
  let m = h & 0x3ffu;
  if (e == 31u) { return bitcast<f32>(sign | 0x7f800000u | (m << 13u) | ng_zero()); }
  if (e == 0u) { return bitcast<f32>(bitcast<u32>(f32(m) * 5.9604644775390625e-8) | sign); }
  return bitcast<f32>(sign | ((e + 112u) << 23u) | (m << 13u));
}
fn ng_to_half(a: f32) -> u32 {
  let bits = bitcast<u32>(a);
  let sign = (bits >> 16u) & 0x8000u;
  let x = bits & 0x7fffffffu;
  if (x > 0x7f800000u) { return sign | 0x7e00u; }
  if (x >= 0x477ff000u) { return sign | 0x7c00u; }
  if (x < 0x38800000u) {
    if (x < 0x33000000u) { return sign; }
    let e = x >> 23u;
    let m = (x & 0x7fffffu) | 0x800000u;
    let shift = 126u - e;
    let kept = m >> shift;
    let rest = m & ((1u << shift) - 1u);
    let half = 1u << (shift - 1u);
    return sign | (kept + select(0u, 1u, rest > half || (rest == half && (kept & 1u) != 0u)));
  }
  let r = x + 0xfffu + ((x >> 13u) & 1u);
  return sign | ((r - 0x38000000u) >> 13u);
}
fn ng_to_bfloat(a: f32) -> u32 {
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return (bits >> 16u) | 0x40u; }
  return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}
fn ng_scale(a: f32, n: i32) -> f32 {
  let k = clamp(n, -280i, 280i);
  let h = k / 2i;
  let q = h / 2i;
  let r = (k - h) / 2i;
  return a * ng_two_to(q) * ng_two_to(h - q) * ng_two_to(r) * ng_two_to(k - h - r);
}
fn ng_two_to(n: i32) -> f32 { return bitcast<f32>(bitcast<u32>(n + 127i) << 23u); }
fn ng_parts(a: f32) -> vec2<u32> {
  let bits = bitcast<u32>(a) & 0x7fffffffu;
  if (bits >= 0x800000u) { return vec2<u32>((bits & 0x7fffffu) | 0x3f800000u, (bits >> 23u) + 150u); }
  let n = countLeadingZeros(bits) - 8u;
  return vec2<u32>(((bits << n) & 0x7fffffu) | 0x3f800000u, 151u - n);
}
fn ng_fmod(a: f32, b: f32) -> f32 {
  let x = bitcast<u32>(a) & 0x7fffffffu;
  let y = bitcast<u32>(b) & 0x7fffffffu;
  if (x >= 0x7f800000u || y > 0x7f800000u || y == 0u) { return ng_nan(); }
  if (x < y) { return a; }
  let p = ng_parts(a);
  let q = ng_parts(b);
  let m = (q.x & 0x7fffffu) | 0x800000u;
  var r = ((p.x & 0x7fffffu) | 0x800000u) % m;
  var left = p.y - q.y;
  while (left > 0u && r != 0u) {
    let k = min(left, 8u);
    r = (r << k) % m;
    left -= k;
  }
  if (r == 0u) { return bitcast<f32>(bitcast<u32>(a) & 0x80000000u); }
  let n = countLeadingZeros(r) - 8u;
  let mantissa = r << n;
  let e = q.y - n;
  var bits = 0u;
  if (e > 150u && q.y > n) { bits = ((e - 150u) << 23u) | (mantissa & 0x7fffffu); } else { bits = mantissa >> (151u - e); }
  return bitcast<f32>(bits | (bitcast<u32>(a) & 0x80000000u));
}
fn ng_rem(a: f32, b: f32) -> f32 {
  let r = ng_fmod(a, b);
  if (ng_isnan(r)) { return r; }
  if (r == 0.0) { return ng_copysign(r, b); }
  if ((r < 0.0) != (b < 0.0)) { return r + b; }
  return r;
}
fn ng_floordiv(a: f32, b: f32) -> f32 {
  if ((bitcast<u32>(b) & 0x7fffffffu) == 0u) { return ng_quotient(a, b); }
  let m = ng_fmod(a, b);
  if (ng_isnan(m)) { return m; }
  var d = (a - m) / b;
  if (m != 0.0 && ((b < 0.0) != (m < 0.0))) { d -= 1.0; }
  if (d == 0.0) { return ng_copysign(0.0, ng_copysign(1.0, a) * ng_copysign(1.0, b)); }
  let f = floor(d);
  return select(f, f + 1.0, d - f > 0.5);
}
fn ng_quotient(a: f32, b: f32) -> f32 {
  if (ng_isnan(a) || ng_isnan(b) || a == 0.0) { return ng_nan(); }
  return ng_copysign(ng_inf(), ng_copysign(1.0, a) * ng_copysign(1.0, b));
}
fn ng_sqrt(a: f32) -> f32 {
  if (ng_isnan(a) || a == 0.0 || (bitcast<u32>(a) == 0x7f800000u)) { return a; }
  if (a < 0.0) { return ng_nan(); }
  return sqrt(a);
}
fn ng_cbrt(a: f32) -> f32 {
  let bits = bitcast<u32>(a) & 0x7fffffffu;
  if (bits == 0u || bits >= 0x7f800000u) { return a; }
  let p = ng_parts(a);
  let e = bitcast<i32>(p.y) - 277i;
  let third = (e + 600i) / 3i - 200i;
  let m = bitcast<f32>(p.x) * ng_two_to(e - 3i * third);
  var t = bitcast<f32>(bitcast<u32>(m) / 3u + 0x2a5137a0u);
  for (var i = 0; i < 3; i++) { t = t - (t * t * t - m) / (3.0 * t * t); }
  return ng_copysign(ng_scale(t, third), a);
}
fn ng_expm1_near(r: f32) -> f32 {
  let q = 0.5 + r * (0.16666667 + r * (0.041666668 + r * (0.008333334 + r * (0.0013888889 + r * (1.9841270e-4 + r * 2.4801588e-5)))));
  return r + r * r * q;
}
fn ng_exp(a: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (a > 88.8) { return ng_inf(); }
  if (a < -104.5) { return 0.0; }
  let n = round(a * 1.4426950);
  let r = (a - n * 0.693359375) + n * 2.1219444e-4;
  return ng_scale(1.0 + ng_expm1_near(r), i32(n));
}
fn ng_exp2(a: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (a >= 128.0) { return ng_inf(); }
  if (a < -151.0) { return 0.0; }
  let n = round(a);
  let f = a - n;
  return ng_scale(1.0 + ng_expm1_near(f * 0.69314718), i32(n));
}
fn ng_expm1(a: f32) -> f32 {
  if (ng_isnan(a) || a == 0.0) { return a; }
  if (a > 88.8) { return ng_inf(); }
  if (a < -18.0) { return -1.0; }
  if (ng_abs(a) < 0.34) { return ng_expm1_near(a); }
  let n = round(a * 1.4426950);
  let r = (a - n * 0.693359375) + n * 2.1219444e-4;
  let p = ng_expm1_near(r);
  if (n > 30.0) { return ng_scale(1.0 + p, i32(n)); }
  let t = ng_two_to(i32(n));
  return t * p + (t - 1.0);
}
fn ng_log_parts(a: f32) -> vec2<f32> {
  let p = ng_parts(a);
  var m = bitcast<f32>(p.x);
  var e = f32(bitcast<i32>(p.y) - 277i);
  if (m > 1.4142135) {
    m = bitcast<f32>(p.x - 0x800000u);
    e += 1.0;
  }
  return vec2<f32>(m - 1.0, e);
}
fn ng_log1p_near(f: f32) -> f32 {
  let s = f / (2.0 + f);
  let z = s * s;
  let r = z * (0.6666667 + z * (0.4 + z * (0.2857143 + z * (0.22222222 + z * 0.18181819))));
  let h = 0.5 * f * f;
  return f - (h - s * (h + r));
}
fn ng_log(a: f32) -> f32 {
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) == 0u) { return -ng_inf(); }
  if (ng_isnan(a) || bits == 0x7f800000u) { return a; }
  if (bits >= 0x80000000u) { return ng_nan(); }
  let p = ng_log_parts(a);
  return p.y * 0.693359375 + (ng_log1p_near(p.x) - p.y * 2.1219444e-4);
}
fn ng_log2(a: f32) -> f32 {
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) == 0u) { return -ng_inf(); }
  if (ng_isnan(a) || bits == 0x7f800000u) { return a; }
  if (bits >= 0x80000000u) { return ng_nan(); }
  let p = ng_log_parts(a);
  let l = ng_log1p_near(p.x);
  return p.y + (l * 0.44269504 + l);
}
fn ng_log10(a: f32) -> f32 {
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) == 0u) { return -ng_inf(); }
  if (ng_isnan(a) || bits == 0x7f800000u) { return a; }
  if (bits >= 0x80000000u) { return ng_nan(); }
  let p = ng_log_parts(a);
  return p.y * 0.301025390625 + (ng_log1p_near(p.x) * 0.43429448 + p.y * 4.6050390e-6);
}
fn ng_log1p(a: f32) -> f32 {
  if (ng_isnan(a) || a == 0.0 || bitcast<u32>(a) == 0x7f800000u) { return a; }
  if (a < -1.0) { return ng_nan(); }
  if (a == -1.0) { return -ng_inf(); }
  if (a > -0.29 && a < 0.41) { return ng_log1p_near(a); }
  let w = 1.0 + a;
  return ng_log(w) + (a - (w - 1.0)) / w;
}
fn ng_sinh(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a) || x == 0.0) { return a; }
  if (x > 88.0) {
    let h = ng_exp(0.5 * x);
    return ng_copysign((0.5 * h) * h, a);
  }
  let t = ng_expm1(x);
  return ng_copysign(0.5 * (t + t / (t + 1.0)), a);
}
fn ng_cosh(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a)) { return a; }
  if (x > 88.0) {
    let h = ng_exp(0.5 * x);
    return (0.5 * h) * h;
  }
  let e = ng_exp(x);
  return 0.5 * e + 0.5 / e;
}
fn ng_tanh(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a) || x == 0.0) { return a; }
  if (x > 9.1) { return ng_copysign(1.0, a); }
  let t = ng_expm1(2.0 * x);
  return ng_copysign(t / (t + 2.0), a);
}
fn ng_asinh(a: f32) -> f32 {
  let x = ng_abs(a);
  if (x == 0.0 || !ng_isfinite(a)) { return a; }
  if (x > 1e8) { return ng_copysign(ng_log(x) + 0.69314718, a); }
  return ng_copysign(ng_log1p(x + x * x / (1.0 + sqrt(x * x + 1.0))), a);
}
fn ng_acosh(a: f32) -> f32 {
  if (ng_isnan(a) || bitcast<u32>(a) == 0x7f800000u) { return a; }
  if (a < 1.0) { return ng_nan(); }
  if (a > 1e8) { return ng_log(a) + 0.69314718; }
  let t = a - 1.0;
  return ng_log1p(t + ng_sqrt(2.0 * t + t * t));
}
fn ng_atanh(a: f32) -> f32 {
  let x = ng_abs(a);
  if (ng_isnan(a) || x == 0.0) { return a; }
  if (x > 1.0) { return ng_nan(); }
  if (x == 1.0) { return ng_copysign(ng_inf(), a); }
  return ng_copysign(0.5 * ng_log1p(2.0 * x / (1.0 - x)), a);
}
fn ng_hypot(a: f32, b: f32) -> f32 {
  if (ng_isinf(a) || ng_isinf(b)) { return ng_inf(); }
  if (ng_isnan(a) || ng_isnan(b)) { return ng_nan(); }
  let x = max(ng_abs(a), ng_abs(b));
  let y = min(ng_abs(a), ng_abs(b));
  if (x == 0.0 || y == 0.0) { return x; }
  let r = y / x;
  return x * sqrt(1.0 + r * r);
}
fn ng_cut(a: f32) -> f32 { return bitcast<f32>(bitcast<u32>(a) & 0xfffff000u); }
fn ng_pow(a: f32, b: f32) -> f32 {
  let y = ng_abs(b);
  if (y == 0.0 || a == 1.0) { return 1.0; }
  if (ng_isnan(a) || ng_isnan(b)) { return ng_nan(); }
  let x = ng_abs(a);
  let odd = y < 16777216.0 && y == floor(y) && (u32(y) & 1u) != 0u;
  let whole = y >= 8388608.0 || y == floor(y);
  let negative = bitcast<u32>(a) >= 0x80000000u;
  let sign = select(1.0, -1.0, negative && odd);
  if (ng_isinf(b)) {
    if (x == 1.0) { return 1.0; }
    return select(0.0, ng_inf(), (x > 1.0) == (b > 0.0));
  }
  if ((bitcast<u32>(x) == 0u) || ng_isinf(a)) { return ng_copysign(select(0.0, ng_inf(), ng_isinf(a) == (b > 0.0)), sign); }
  if (negative && !whole) { return ng_nan(); }
  let p = ng_log_parts(x);
  let f = p.x;
  let s = f / (2.0 + f);
  let sh = ng_cut(s);
  let th = ng_cut(2.0 + f);
  let tl = f - (th - 2.0);
  let sl = ((f - sh * th) - sh * tl) / (2.0 + f);
  let z = s * s;
  let low = 2.0 * sl + s * z * (0.6666667 + z * (0.4 + z * (0.2857143 + z * (0.22222222 + z * 0.18181819))));
  let high = 2.0 * sh;
  let ph = ng_cut(high + low);
  let pl = low - (ph - high);
  let zh = ph * 1.4423828125;
  let zl = pl * 1.4426950 + ph * 3.1222842e-4;
  let t1 = ng_cut(p.y + (zh + zl));
  let t2 = zl - ((t1 - p.y) - zh);
  let c = clamp(b, -1e10, 1e10);
  let yh = ng_cut(c);
  let exact = yh * t1;
  let rest = (c - yh) * t1 + c * t2;
  let total = exact + rest;
  if (total >= 128.0) { return sign * ng_inf(); }
  if (total < -150.0) { return ng_copysign(0.0, sign); }
  let n = round(total);
  let fraction = (exact - n) + rest;
  return ng_copysign(ng_scale(1.0 + ng_expm1_near(fraction * 0.69314718), i32(n)), sign);
}
`
