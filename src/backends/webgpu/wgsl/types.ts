/** Register types, dtypes and conversions as WGSL text. 64-bit integers are `vec2<u32>`, low word first. */

import type { DType } from '../../../core/dtype.ts'
import type { RegisterType } from '../../../core/opcodes.ts'

/** The WGSL type of a register. float64 never gets here: `decode` refuses it. */
export const WGSL: Record<RegisterType, string> = {
  b1: 'bool',
  i32: 'i32',
  u32: 'u32',
  i64: 'vec2<u32>',
  u64: 'vec2<u32>',
  f32: 'f32',
  f64: 'f32',
}

/** A bit pattern as a value of a type, also of floats that WGSL has no literals for. */
export function literal(type: RegisterType, low: number, high = 0): string {
  const word = `0x${(low >>> 0).toString(16)}u`
  if (type === 'b1') return low ? 'true' : 'false'
  if (type === 'u32') return word
  if (type === 'i32') return `bitcast<i32>(${word})`
  if (type !== 'f32') return `vec2<u32>(${word}, 0x${(high >>> 0).toString(16)}u)`
  const exponent = low & 0x7f800000
  // compilers refuse constants that are not finite, and drop the sign of -0: these are made at run time
  return exponent === 0x7f800000 || (exponent === 0 && low !== 0) ? `bitcast<f32>(${word} | ng_zero())` : `bitcast<f32>(${word})`
}

const CASTS: Partial<Record<RegisterType, Partial<Record<RegisterType, (a: string) => string>>>> = {
  b1: {
    i32: (a) => `select(0i, 1i, ${a})`,
    u32: (a) => `select(0u, 1u, ${a})`,
    i64: (a) => `vec2<u32>(select(0u, 1u, ${a}), 0u)`,
    u64: (a) => `vec2<u32>(select(0u, 1u, ${a}), 0u)`,
    f32: (a) => `select(0.0, 1.0, ${a})`,
  },
  i32: {
    b1: (a) => `(${a} != 0i)`,
    u32: (a) => `bitcast<u32>(${a})`,
    i64: (a) => `ng_widen(${a})`,
    u64: (a) => `ng_widen(${a})`,
    f32: (a) => `f32(${a})`,
  },
  u32: {
    b1: (a) => `(${a} != 0u)`,
    i32: (a) => `bitcast<i32>(${a})`,
    i64: (a) => `vec2<u32>(${a}, 0u)`,
    u64: (a) => `vec2<u32>(${a}, 0u)`,
    f32: (a) => `f32(${a})`,
  },
  i64: {
    b1: (a) => `any(${a} != vec2<u32>(0u))`,
    i32: (a) => `bitcast<i32>(${a}.x)`,
    u32: (a) => `${a}.x`,
    u64: (a) => a,
    f32: (a) => `ng_i64_f32(${a})`,
  },
  u64: {
    b1: (a) => `any(${a} != vec2<u32>(0u))`,
    i32: (a) => `bitcast<i32>(${a}.x)`,
    u32: (a) => `${a}.x`,
    i64: (a) => a,
    f32: (a) => `ng_u64_f32(${a})`,
  },
  f32: {
    b1: (a) => `((bitcast<u32>(${a}) & 0x7fffffffu) != 0u)`,
    i32: (a) => `ng_f32_i32(${a})`,
    u32: (a) => `ng_f32_i64(${a}).x`,
    i64: (a) => `ng_f32_i64(${a})`,
    u64: (a) => `ng_f32_u64(${a})`,
  },
}

/** A value in another register type. */
export const cast = (a: string, from: RegisterType, to: RegisterType): string => (from === to ? a : CASTS[from]![to]!(a))

/** The same bits in another register type of the same width. */
export const bitcast = (a: string, from: RegisterType, to: RegisterType): string =>
  from === to || WGSL[from] === WGSL[to] ? a : `bitcast<${WGSL[to]}>(${a})`

/** How many elements of a dtype lie in a word of 32 bits; 1 for the larger ones too. */
export const perWord = (dtype: DType): number => (dtype.itemsize < 4 ? 4 / dtype.itemsize : 1)

/** Bytes that offsets and strides of a dtype count in: words, or narrow elements. */
export const unitOf = (dtype: DType): number => Math.min(dtype.itemsize, 4)

/** The element at `at` (in units) as the dtype's register; `word` gives the text of a word of its buffer. */
export function loaded(dtype: DType, at: string, component: number, word: (index: string) => string): string {
  switch (dtype.name) {
    case 'bool':
      return `(((${word(`${at} >> 2u`)} >> ((${at} & 3u) * 8u)) & 0xffu) != 0u)`
    case 'uint8':
      return `((${word(`${at} >> 2u`)} >> ((${at} & 3u) * 8u)) & 0xffu)`
    case 'int8':
      return `(bitcast<i32>(${word(`${at} >> 2u`)} << (24u - (${at} & 3u) * 8u)) >> 24u)`
    case 'uint16':
      return `((${word(`${at} >> 1u`)} >> ((${at} & 1u) * 16u)) & 0xffffu)`
    case 'int16':
      return `(bitcast<i32>(${word(`${at} >> 1u`)} << (16u - (${at} & 1u) * 16u)) >> 16u)`
    case 'float16':
      return `ng_from_half((${word(`${at} >> 1u`)} >> ((${at} & 1u) * 16u)) & 0xffffu)`
    case 'bfloat16':
      return `bitcast<f32>(((${word(`${at} >> 1u`)} >> ((${at} & 1u) * 16u)) & 0xffffu) << 16u)`
    case 'int64':
    case 'uint64':
      return `vec2<u32>(${word(at)}, ${word(`${at} + 1u`)})`
    case 'int32':
      return `bitcast<i32>(${word(at)})`
    case 'uint32':
      return word(at)
    case 'complex64':
      return `bitcast<f32>(${word(component ? `${at} + 1u` : at)})`
    default:
      return `bitcast<f32>(${word(at)})`
  }
}

/** A register as the bits that a dtype stores: one text for each word, or the low bits of a narrow element. */
export function stored(dtype: DType, value: string, type: RegisterType): string[] {
  const { register, itemsize } = dtype
  // narrow integers from floats go through i32, whatever their sign (docs/internals/abi.md)
  const through = type === 'f32' && dtype.isInteger && itemsize < 4 ? 'i32' : register
  const x = cast(value, type, through)
  if (dtype.kind === 'b') return [`select(0u, 1u, ${x})`]
  if (dtype.name === 'float16') return [`ng_to_half(${x})`]
  if (dtype.name === 'bfloat16') return [`ng_to_bfloat(${x})`]
  if (WGSL[through] === 'vec2<u32>') return [`(${x}).x`, `(${x}).y`]
  const word = through === 'u32' ? x : `bitcast<u32>(${x})`
  return itemsize >= 4 ? [word] : [`(${word} & ${itemsize === 1 ? '0xffu' : '0xffffu'})`]
}
