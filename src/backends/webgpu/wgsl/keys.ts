/** WGSL functions that turn values into words whose unsigned order is the order of sorting: NaN last, -0 as 0. */

import type { RegisterType } from '../../../core/opcodes.ts'

export const KEYS = /* wgsl */ `
fn ng_key_f32(a: f32) -> u32 {
  if (ng_isnan(a)) { return 0xffffffffu; }
  let bits = select(bitcast<u32>(a), 0u, a == 0.0);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}
fn ng_key_i32(a: i32) -> u32 { return bitcast<u32>(a) ^ 0x80000000u; }
fn ng_key_u32(a: u32) -> u32 { return a; }
fn ng_key_b1(a: bool) -> u32 { return select(0u, 1u, a); }
fn ng_key_i64(a: vec2<u32>) -> vec2<u32> { return vec2<u32>(a.x, a.y ^ 0x80000000u); }
fn ng_key_u64(a: vec2<u32>) -> vec2<u32> { return a; }
`

/** The words of a value's key, least significant first, from the text of the value. */
export function keyWords(value: string, type: RegisterType): string[] {
  const key = `ng_key_${type}(${value})`
  return type === 'i64' || type === 'u64' ? [`${key}.x`, `${key}.y`] : [key]
}
