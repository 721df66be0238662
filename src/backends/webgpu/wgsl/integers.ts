/** WGSL functions of 32-bit integers: what the operators leave undefined is defined as in docs/internals/abi.md. `ng_zero` is 0 at run time only. */

export const INTEGERS = /* wgsl */ `
fn ng_zero() -> u32 { return u[0].x; }
fn ng_widen(a: i32) -> vec2<u32> { return vec2<u32>(bitcast<u32>(a), bitcast<u32>(a >> 31u)); }
fn ng_floordiv_i(a: i32, b: i32) -> i32 {
  if (b == 0i) { return 0i; }
  if (b == -1i) { return -a; }
  let q = a / b;
  return select(q, q - 1i, q * b != a && ((a < 0i) != (b < 0i)));
}
fn ng_rem_i(a: i32, b: i32) -> i32 {
  if (b == 0i || b == -1i) { return 0i; }
  let r = a % b;
  return select(r, r + b, r != 0i && ((r < 0i) != (b < 0i)));
}
fn ng_fmod_i(a: i32, b: i32) -> i32 {
  if (b == 0i || b == -1i) { return 0i; }
  return a % b;
}
fn ng_pow_i(a: i32, b: i32) -> i32 {
  if (b < 0i) { return select(select(0i, select(1i, -1i, (b & 1i) != 0i), a == -1i), 1i, a == 1i); }
  return bitcast<i32>(ng_pow_u(bitcast<u32>(a), bitcast<u32>(b)));
}
fn ng_shl_i(a: i32, b: i32) -> i32 { return select(a << (bitcast<u32>(b) & 31u), 0i, b < 0i || b >= 32i); }
fn ng_shr_i(a: i32, b: i32) -> i32 { return a >> select(bitcast<u32>(b) & 31u, 31u, b < 0i || b >= 32i); }
fn ng_gcd_i(a: i32, b: i32) -> i32 { return bitcast<i32>(ng_gcd_u(bitcast<u32>(abs(a)), bitcast<u32>(abs(b)))); }
fn ng_lcm_i(a: i32, b: i32) -> i32 { return bitcast<i32>(ng_lcm_u(bitcast<u32>(abs(a)), bitcast<u32>(abs(b)))); }
fn ng_floordiv_u(a: u32, b: u32) -> u32 {
  if (b == 0u) { return 0u; }
  return a / b;
}
fn ng_rem_u(a: u32, b: u32) -> u32 {
  if (b == 0u) { return 0u; }
  return a % b;
}
fn ng_fmod_u(a: u32, b: u32) -> u32 { return ng_rem_u(a, b); }
fn ng_pow_u(a: u32, b: u32) -> u32 {
  var result = 1u;
  var base = a;
  for (var e = b; e != 0u; e >>= 1u) {
    if ((e & 1u) != 0u) { result *= base; }
    base *= base;
  }
  return result;
}
fn ng_shl_u(a: u32, b: u32) -> u32 { return select(a << (b & 31u), 0u, b >= 32u); }
fn ng_shr_u(a: u32, b: u32) -> u32 { return select(a >> (b & 31u), 0u, b >= 32u); }
fn ng_gcd_u(a: u32, b: u32) -> u32 {
  var x = a;
  var y = b;
  while (y != 0u) {
    let r = x % y;
    x = y;
    y = r;
  }
  return x;
}
fn ng_lcm_u(a: u32, b: u32) -> u32 {
  if (a == 0u) { return 0u; }
  return (a / ng_gcd_u(a, b)) * b;
}
`
