/** WGSL functions of 64-bit integers as pairs of words, low one first, exact and wrapping; conversions round to nearest even. */

export const INTEGERS_64 = /* wgsl */ `
fn ng_add64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}
fn ng_sub64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return vec2<u32>(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x)); }
fn ng_neg64(a: vec2<u32>) -> vec2<u32> { return ng_sub64(vec2<u32>(0u), a); }
fn ng_abs64(a: vec2<u32>) -> vec2<u32> { return select(a, ng_neg64(a), a.y >= 0x80000000u); }
fn ng_wide(a: u32, b: u32) -> vec2<u32> {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let low = al * bl;
  let m = ah * bl + (low >> 16u);
  let n = al * bh + (m & 0xffffu);
  return vec2<u32>((n << 16u) | (low & 0xffffu), ah * bh + (m >> 16u) + (n >> 16u));
}
fn ng_mul64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let p = ng_wide(a.x, b.x);
  return vec2<u32>(p.x, p.y + a.x * b.y + a.y * b.x);
}
fn ng_lt64_u(a: vec2<u32>, b: vec2<u32>) -> bool { return a.y < b.y || (a.y == b.y && a.x < b.x); }
fn ng_lt64_i(a: vec2<u32>, b: vec2<u32>) -> bool {
  let x = bitcast<i32>(a.y);
  let y = bitcast<i32>(b.y);
  return x < y || (x == y && a.x < b.x);
}
fn ng_shl64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if (b.y != 0u || b.x >= 64u) { return vec2<u32>(0u); }
  let n = b.x & 31u;
  if (b.x >= 32u) { return vec2<u32>(0u, a.x << n); }
  if (n == 0u) { return a; }
  return vec2<u32>(a.x << n, (a.y << n) | (a.x >> (32u - n)));
}
fn ng_shr64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if (b.y != 0u || b.x >= 64u) { return vec2<u32>(0u); }
  let n = b.x & 31u;
  if (b.x >= 32u) { return vec2<u32>(a.y >> n, 0u); }
  if (n == 0u) { return a; }
  return vec2<u32>((a.x >> n) | (a.y << (32u - n)), a.y >> n);
}
fn ng_shr64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if (a.y < 0x80000000u) { return ng_shr64_u(a, b); }
  return ~ng_shr64_u(~a, b);
}
fn ng_divmod64(a: vec2<u32>, b: vec2<u32>) -> vec4<u32> {
  if (b.x == 0u && b.y == 0u) { return vec4<u32>(0u); }
  if (a.y == 0u && b.y == 0u) { return vec4<u32>(a.x / b.x, 0u, a.x % b.x, 0u); }
  var quotient = vec2<u32>(0u);
  var rest = vec2<u32>(0u);
  for (var i = 0u; i < 64u; i++) {
    let bit = (select(a.y, a.x, i >= 32u) >> (31u - (i & 31u))) & 1u;
    let carried = rest.y >= 0x80000000u;
    rest = vec2<u32>((rest.x << 1u) | bit, (rest.y << 1u) | (rest.x >> 31u));
    quotient = vec2<u32>(quotient.x << 1u, (quotient.y << 1u) | (quotient.x >> 31u));
    if (carried || !ng_lt64_u(rest, b)) {
      rest = ng_sub64(rest, b);
      quotient.x |= 1u;
    }
  }
  return vec4<u32>(quotient, rest);
}
fn ng_floordiv64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return ng_divmod64(a, b).xy; }
fn ng_rem64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return ng_divmod64(a, b).zw; }
fn ng_fmod64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return ng_divmod64(a, b).zw; }
fn ng_fmod64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let r = ng_divmod64(ng_abs64(a), ng_abs64(b)).zw;
  return select(r, ng_neg64(r), a.y >= 0x80000000u);
}
fn ng_rem64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let r = ng_fmod64_i(a, b);
  let differ = (r.y >= 0x80000000u) != (b.y >= 0x80000000u);
  return select(r, ng_add64(r, b), differ && (r.x | r.y) != 0u);
}
fn ng_floordiv64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let d = ng_divmod64(ng_abs64(a), ng_abs64(b));
  let negative = (a.y >= 0x80000000u) != (b.y >= 0x80000000u);
  let q = select(d.xy, ng_neg64(d.xy), negative);
  return select(q, ng_sub64(q, vec2<u32>(1u, 0u)), negative && (d.z | d.w) != 0u);
}
fn ng_pow64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  var result = vec2<u32>(1u, 0u);
  var base = a;
  var e = b;
  while ((e.x | e.y) != 0u) {
    if ((e.x & 1u) != 0u) { result = ng_mul64(result, base); }
    base = ng_mul64(base, base);
    e = vec2<u32>((e.x >> 1u) | (e.y << 31u), e.y >> 1u);
  }
  return result;
}
fn ng_pow64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if (b.y < 0x80000000u) { return ng_pow64_u(a, b); }
  if (all(a == vec2<u32>(1u, 0u))) { return a; }
  if (all(a == vec2<u32>(0xffffffffu))) { return select(vec2<u32>(1u, 0u), a, (b.x & 1u) != 0u); }
  return vec2<u32>(0u);
}
fn ng_popcount64(a: vec2<u32>) -> vec2<u32> { return vec2<u32>(countOneBits(a.x) + countOneBits(a.y), 0u); }
fn ng_gcd64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  var x = a;
  var y = b;
  while ((y.x | y.y) != 0u) {
    let r = ng_divmod64(x, y).zw;
    x = y;
    y = r;
  }
  return x;
}
fn ng_gcd64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return ng_gcd64_u(ng_abs64(a), ng_abs64(b)); }
fn ng_lcm64_u(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if ((a.x | a.y) == 0u) { return a; }
  return ng_mul64(ng_divmod64(a, ng_gcd64_u(a, b)).xy, b);
}
fn ng_lcm64_i(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return ng_lcm64_u(ng_abs64(a), ng_abs64(b)); }
fn ng_u64_f32(a: vec2<u32>) -> f32 {
  if (a.y == 0u) { return ng_u32_f32(a.x, 0u); }
  let n = countLeadingZeros(a.y);
  let wide = ng_shl64(a, vec2<u32>(n, 0u));
  return ng_u32_f32(wide.y, wide.x) * bitcast<f32>((127u + 32u - n) << 23u);
}
fn ng_u32_f32(a: u32, below: u32) -> f32 {
  if (a == 0u) { return 0.0; }
  let n = countLeadingZeros(a);
  let b = a << n;
  let rest = (b & 0xffu) | select(0u, 1u, below != 0u);
  let up = rest > 0x80u || (rest == 0x80u && (b & 0x100u) != 0u);
  return bitcast<f32>(((158u - n) << 23u) + ((b >> 8u) & 0x7fffffu) + select(0u, 1u, up));
}
fn ng_i64_f32(a: vec2<u32>) -> f32 {
  let x = ng_u64_f32(ng_abs64(a));
  return select(x, -x, a.y >= 0x80000000u);
}
fn ng_f32_magnitude(bits: u32) -> vec2<u32> {
  let e = (bits >> 23u) & 0xffu;
  if (e < 127u) { return vec2<u32>(0u); }
  let m = (bits & 0x7fffffu) | 0x800000u;
  if (e <= 150u) { return vec2<u32>(m >> (150u - e), 0u); }
  return ng_shl64(vec2<u32>(m, 0u), vec2<u32>(e - 150u, 0u));
}
fn ng_f32_i64(a: f32) -> vec2<u32> {
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) >= 0x5f000000u) { return vec2<u32>(0u, 0x80000000u); }
  let m = ng_f32_magnitude(bits);
  return select(m, ng_neg64(m), bits >= 0x80000000u);
}
fn ng_f32_u64(a: f32) -> vec2<u32> {
  let bits = bitcast<u32>(a);
  if (bits < 0x5f000000u || bits > 0x7f800000u) { return ng_f32_i64(a); }
  if (bits >= 0x5f800000u) { return vec2<u32>(0u); }
  return ng_f32_magnitude(bits);
}
fn ng_f32_i32(a: f32) -> i32 {
  let bits = bitcast<u32>(a);
  if ((bits & 0x7fffffffu) >= 0x4f000000u) { return bitcast<i32>(0x80000000u); }
  return i32(a);
}
`
