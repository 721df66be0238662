/** What each instruction does to one element: the definition that every other backend is held to. */

import type { Opcode, RegisterType } from '../../core/opcodes.ts'

/** A register's value: b1 is 0 or 1, i64 and u64 are bigints, the rest numbers. */
export type Scalar = number | bigint

type F = (a: any, b: any, c: any) => Scalar
/** Rounds or wraps a result to its register. */
export const WRAP: Record<RegisterType, (x: any) => Scalar> = {
  b1: (x) => (x ? 1 : 0),
  i32: (x) => x | 0,
  u32: (x) => x >>> 0,
  i64: (x) => BigInt.asIntN(64, x),
  u64: (x) => BigInt.asUintN(64, x),
  f32: Math.fround,
  f64: (x) => x,
}

const nan = (x: Scalar) => typeof x === 'number' && Number.isNaN(x)
const rint = (x: number) => {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x
  const r = Math.round(x)
  const y = r - x === 0.5 && r % 2 !== 0 ? r - 1 : r
  return y === 0 ? (Object.is(x, -0) || x < 0 ? -0 : 0) : y
}
const fmod = (a: number, b: number) => a % b
/** Python's float remainder and floor division, as NumPy's npy_divmod computes them. */
const divmod = (a: number, b: number): [number, number] => {
  let mod = a % b
  if (b === 0) return [a / b, mod]
  let div = (a - mod) / b
  if (mod !== 0) {
    if (b < 0 !== mod < 0) {
      mod += b
      div -= 1
    }
  } else mod = b < 0 ? -0 : 0
  if (div !== 0) {
    const floor = Math.floor(div)
    div = div - floor > 0.5 ? floor + 1 : floor
  } else div = a / b < 0 || Object.is(a / b, -0) ? -0 : 0
  return [div, mod]
}
const bits = new DataView(new ArrayBuffer(8))
const signbit = (x: number) => (x < 0 || Object.is(x, -0) || (nan(x) && signOfNaN(x)) ? 1 : 0)
function signOfNaN(x: number): boolean {
  bits.setFloat64(0, x)
  return bits.getUint8(0) >= 128
}
const copysign = (a: number, b: number) => (signbit(b) ? -Math.abs(a) : Math.abs(a))

function nextafter(x: number, y: number, type: RegisterType): number {
  if (nan(x) || nan(y)) return Number.NaN
  if (x === y) return y
  const up = y > x
  if (type === 'f32') {
    if (x === 0) return up ? 2 ** -149 : -(2 ** -149)
    bits.setFloat32(0, x)
    bits.setInt32(0, bits.getInt32(0) + (up === x > 0 ? 1 : -1))
    return bits.getFloat32(0)
  }
  if (x === 0) return up ? 5e-324 : -5e-324
  bits.setFloat64(0, x)
  bits.setBigInt64(0, bits.getBigInt64(0) + (up === x > 0 ? 1n : -1n))
  return bits.getFloat64(0)
}

/** C's pow: unlike JavaScript's, 1 to any power and (-1) to an infinity are 1. */
const cpow = (a: number, b: number) => (a === 1 || (a === -1 && !Number.isFinite(b) && !nan(b)) ? 1 : a ** b)

function ipow(a: bigint, b: bigint): bigint {
  if (b < 0n) return a === 1n ? 1n : a === -1n ? (b % 2n === 0n ? 1n : -1n) : 0n
  let result = 1n
  let base = a
  for (let e = b; e > 0n; e >>= 1n) {
    if (e & 1n) result = BigInt.asUintN(64, result * base)
    base = BigInt.asUintN(64, base * base)
  }
  return result
}

const gcd = (a: bigint, b: bigint): bigint => {
  let x = a < 0n ? -a : a
  let y = b < 0n ? -b : b
  while (y) [x, y] = [y, x % y]
  return x
}
const floorDiv = (a: bigint, b: bigint) => (b === 0n ? 0n : a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n))
const pyMod = (a: bigint, b: bigint) => (b === 0n ? 0n : ((a % b) + b) % b)
const WIDTH: Record<RegisterType, bigint> = { b1: 1n, i32: 32n, u32: 32n, i64: 64n, u64: 64n, f32: 0n, f64: 0n }

/** Integer instructions, over bigints; 32-bit registers convert on the way. */
const INTEGER: Partial<Record<Opcode, (a: bigint, b: bigint, width: bigint) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  floordiv: floorDiv,
  rem: pyMod,
  fmod: (a, b) => (b === 0n ? 0n : a % b),
  pow: ipow,
  neg: (a) => -a,
  abs: (a) => (a < 0n ? -a : a),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  not: (a) => ~a,
  shl: (a, b, w) => (b < 0n || b >= w ? 0n : a << b),
  shr: (a, b, w) => (b < 0n || b >= w ? (a < 0n ? -1n : 0n) : a >> b),
  popcount: (a) => BigInt((a < 0n ? -a : a).toString(2).replace(/0/g, '').length),
  gcd,
  lcm: (a, b) => (a === 0n || b === 0n ? 0n : ((p) => (p < 0n ? -p : p))((a / gcd(a, b)) * b)),
}

/** Floating instructions; f32 results are rounded afterwards. `complete.ts` adds the special functions. */
export const FLOAT: Partial<Record<Opcode, (a: number, b: number, type: RegisterType) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  floordiv: (a, b) => divmod(a, b)[0],
  rem: (a, b) => divmod(a, b)[1],
  fmod,
  pow: cpow,
  neg: (a) => -a,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  rint,
  copysign,
  nextafter,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  exp2: (a) => 2 ** a,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  atan2: Math.atan2,
  hypot: (a, b) => Math.hypot(a, b),
}

const either = (p: (a: any, b: any) => boolean) => (a: Scalar, b: Scalar) => (p(a, b) ? 1 : 0)

/** Instructions that are the same for numbers and bigints. */
const ANY: Partial<Record<Opcode, F>> = {
  min: (a, b) => (nan(a) || !(b < a || nan(b)) ? a : b),
  max: (a, b) => (nan(a) || !(b > a || nan(b)) ? a : b),
  fmin: (a, b) => (nan(b) || a <= b ? a : b),
  fmax: (a, b) => (nan(b) || a >= b ? a : b),
  eq: either((a, b) => a === b),
  ne: either((a, b) => a !== b),
  lt: either((a, b) => a < b),
  le: either((a, b) => a <= b),
  gt: either((a, b) => a > b),
  ge: either((a, b) => a >= b),
  select: (p, a, b) => (p ? a : b),
  isnan: either(nan),
  isinf: either((a) => a === Number.POSITIVE_INFINITY || a === Number.NEGATIVE_INFINITY),
  isfinite: either((a) => typeof a === 'bigint' || Number.isFinite(a)),
  signbit: (a) => (typeof a === 'bigint' ? (a < 0n ? 1 : 0) : signbit(a)),
}

/** Bits of a b1: 0 or 1. */
const LOGIC: Partial<Record<Opcode, F>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  not: (a) => 1 - a,
  add: (a, b) => a | b,
  mul: (a, b) => a & b,
}

const wrap32 = (type: RegisterType, x: bigint): Scalar => WRAP[type](Number(BigInt.asIntN(32, x)))

/** The function of an instruction on registers of a type. */
export function instruction(op: Opcode, type: RegisterType): F {
  const wrap = WRAP[type]
  if (type === 'b1' && LOGIC[op]) return LOGIC[op]
  const any = ANY[op]
  if (any) return any
  if (type === 'f32' || type === 'f64') {
    const f = FLOAT[op]
    if (!f) throw new TypeError(`instruction ${op} has no floating form`)
    return (a, b) => wrap(f(a, b, type))
  }
  const f = INTEGER[op]
  if (!f) throw new TypeError(`instruction ${op} has no integer form`)
  const width = WIDTH[type]
  if (type === 'i64' || type === 'u64') return (a, b) => wrap(f(a, b, width))
  // the second operand of a unary instruction is any register, perhaps a fraction
  if (f.length === 1) return (a) => wrap32(type, f(BigInt(a), 0n, width))
  return (a, b) => wrap32(type, f(BigInt(a), BigInt(b), width))
}

const I64_MIN = -(2n ** 63n)
const truncated = (x: number) => (Math.abs(x) < 2 ** 63 ? BigInt(Math.trunc(x)) : I64_MIN)

/** Conversion between register types, as loads, stores and casts do it. */
export function convert(value: Scalar, from: RegisterType, to: RegisterType): Scalar {
  if (from === to) return value
  const isFloat = from === 'f32' || from === 'f64'
  if (to === 'b1') return value !== 0 && value !== 0n ? 1 : 0
  if (to === 'f64') return Number(value)
  if (to === 'f32') return typeof value === 'bigint' ? bigToFloat32(value) : Math.fround(value)
  if (!isFloat)
    return typeof value === 'bigint'
      ? to === 'i64' || to === 'u64'
        ? WRAP[to](value)
        : Number(to === 'i32' ? BigInt.asIntN(32, value) : BigInt.asUintN(32, value))
      : to === 'i64' || to === 'u64'
        ? WRAP[to](BigInt(value))
        : WRAP[to](value)
  const x = value as number
  if (to === 'i32') return x > -2147483649 && x < 2147483648 ? Math.trunc(x) | 0 : -2147483648
  if (to === 'u32') return Number(BigInt.asUintN(32, truncated(x)))
  if (to === 'i64') return truncated(x)
  return x < 2 ** 63 || nan(x) ? BigInt.asUintN(64, truncated(x)) : BigInt.asUintN(64, truncated(x - 2 ** 63) ^ I64_MIN)
}

/** Rounds an integer to float32 once (through double would round twice). */
function bigToFloat32(value: bigint): number {
  const negative = value < 0n
  const a = negative ? -value : value
  const length = a.toString(2).length
  if (length <= 53) return Math.fround(Number(value))
  const shift = BigInt(length - 25)
  // 25 bits and a sticky one: one more bit keeps ties apart from what lies just above them
  const wide = a >> (shift - 2n)
  const sticky = a & ((1n << (shift - 2n)) - 1n) ? 1n : 0n
  const x = Math.fround(Number((wide << 1n) | sticky)) * 2 ** Number(shift - 3n)
  return negative ? -x : x
}

/** The same bits in another register type of the same width. */
export function bitcast(value: Scalar, from: RegisterType, to: RegisterType): Scalar {
  const set: Record<string, (x: any) => void> = {
    f32: (x) => bits.setFloat32(0, x),
    i32: (x) => bits.setInt32(0, x),
    u32: (x) => bits.setUint32(0, x),
    f64: (x) => bits.setFloat64(0, x),
    i64: (x) => bits.setBigInt64(0, x),
    u64: (x) => bits.setBigUint64(0, x),
  }
  set[from]!(value)
  switch (to) {
    case 'f32':
      return bits.getFloat32(0)
    case 'i32':
      return bits.getInt32(0)
    case 'u32':
      return bits.getUint32(0)
    case 'f64':
      return bits.getFloat64(0)
    case 'i64':
      return bits.getBigInt64(0)
    default:
      return bits.getBigUint64(0)
  }
}
