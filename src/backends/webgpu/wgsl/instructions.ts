/** What each instruction is in WGSL, one entry each: an expression over its operands, calling the functions of `library.ts`. */

import { DeviceError } from '../../../core/errors.ts'
import type { Opcode, RegisterType } from '../../../core/opcodes.ts'

type Text = (a: string, b: string, c: string) => string
type Table = Partial<Record<Opcode, Text>>

const infix =
  (operator: string): Text =>
  (a, b) =>
    `(${a} ${operator} ${b})`
const call =
  (name: string, arity = 2): Text =>
  (a, b) =>
    arity === 1 ? `${name}(${a})` : `${name}(${a}, ${b})`

const SELECT: Text = (p, x, y) => `select(${y}, ${x}, ${p})`

const LOGIC: Table = {
  and: infix('&'),
  or: infix('|'),
  xor: infix('!='),
  not: (a) => `(!${a})`,
  add: infix('|'),
  mul: infix('&'),
  min: infix('&'),
  max: infix('|'),
  fmin: infix('&'),
  fmax: infix('|'),
  eq: infix('=='),
  ne: infix('!='),
  lt: (a, b) => `(!${a} & ${b})`,
  le: (a, b) => `(!${a} | ${b})`,
  gt: (a, b) => `(${a} & !${b})`,
  ge: (a, b) => `(${a} | !${b})`,
  select: SELECT,
}

/** Of 32-bit integers; `i` or `u` in a name is filled in. */
function integers(letter: 'i' | 'u'): Table {
  return {
    add: infix('+'),
    sub: infix('-'),
    mul: infix('*'),
    floordiv: call(`ng_floordiv_${letter}`),
    rem: call(`ng_rem_${letter}`),
    fmod: call(`ng_fmod_${letter}`),
    pow: call(`ng_pow_${letter}`),
    neg: (a) => (letter === 'i' ? `(-${a})` : `(0u - ${a})`),
    abs: (a) => (letter === 'i' ? `abs(${a})` : a),
    min: call('min'),
    max: call('max'),
    fmin: call('min'),
    fmax: call('max'),
    eq: infix('=='),
    ne: infix('!='),
    lt: infix('<'),
    le: infix('<='),
    gt: infix('>'),
    ge: infix('>='),
    select: SELECT,
    and: infix('&'),
    or: infix('|'),
    xor: infix('^'),
    not: (a) => `(~${a})`,
    shl: call(`ng_shl_${letter}`),
    shr: call(`ng_shr_${letter}`),
    popcount: (a) => (letter === 'i' ? `countOneBits(abs(${a}))` : `countOneBits(${a})`),
    gcd: call(`ng_gcd_${letter}`),
    lcm: call(`ng_lcm_${letter}`),
    isnan: () => 'false',
    isinf: () => 'false',
    isfinite: () => 'true',
    signbit: (a) => (letter === 'i' ? `(${a} < 0i)` : 'false'),
  }
}

function wideIntegers(letter: 'i' | 'u'): Table {
  const less = `ng_lt64_${letter}`
  return {
    add: call('ng_add64'),
    sub: call('ng_sub64'),
    mul: call('ng_mul64'),
    floordiv: call(`ng_floordiv64_${letter}`),
    rem: call(`ng_rem64_${letter}`),
    fmod: call(`ng_fmod64_${letter}`),
    pow: call(`ng_pow64_${letter}`),
    neg: call('ng_neg64', 1),
    abs: (a) => (letter === 'i' ? `ng_abs64(${a})` : a),
    min: (a, b) => `select(${a}, ${b}, ${less}(${b}, ${a}))`,
    max: (a, b) => `select(${a}, ${b}, ${less}(${a}, ${b}))`,
    fmin: (a, b) => `select(${a}, ${b}, ${less}(${b}, ${a}))`,
    fmax: (a, b) => `select(${a}, ${b}, ${less}(${a}, ${b}))`,
    eq: (a, b) => `all(${a} == ${b})`,
    ne: (a, b) => `any(${a} != ${b})`,
    lt: call(less),
    le: (a, b) => `(!${less}(${b}, ${a}))`,
    gt: (a, b) => `${less}(${b}, ${a})`,
    ge: (a, b) => `(!${less}(${a}, ${b}))`,
    select: SELECT,
    and: infix('&'),
    or: infix('|'),
    xor: infix('^'),
    not: (a) => `(~${a})`,
    shl: call('ng_shl64'),
    shr: call(`ng_shr64_${letter}`),
    popcount: (a) => `ng_popcount64(${letter === 'i' ? `ng_abs64(${a})` : a})`,
    gcd: call(`ng_gcd64_${letter}`),
    lcm: call(`ng_lcm64_${letter}`),
    isnan: () => 'false',
    isinf: () => 'false',
    isfinite: () => 'true',
    signbit: (a) => (letter === 'i' ? `(${a}.y >= 0x80000000u)` : 'false'),
  }
}

/** Functions of f32 whose name in the library is the instruction's own. */
const FUNCTIONS_1: readonly Opcode[] = [
  ...([
    'isnan',
    'isinf',
    'isfinite',
    'sqrt',
    'cbrt',
    'exp',
    'exp2',
    'expm1',
    'log',
    'log2',
    'log10',
    'log1p',
    'sin',
    'cos',
    'tan',
  ] as const),
  ...(['asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'erf', 'erfc', 'erfinv', 'lgamma', 'digamma'] as const),
  ...(['trigamma', 'i0', 'i0e', 'i1', 'i1e', 'ndtri'] as const),
]
const FUNCTIONS_2: readonly Opcode[] = [
  ...(['floordiv', 'rem', 'fmod', 'pow', 'min', 'max', 'fmin', 'fmax', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const),
  ...(['copysign', 'nextafter', 'atan2', 'hypot', 'polygamma', 'zeta'] as const),
  ...(['chebyshev_t', 'chebyshev_u', 'chebyshev_v', 'chebyshev_w', 'hermite_h', 'hermite_he', 'laguerre_l', 'legendre_p'] as const),
]

const FLOAT: Table = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  neg: (a) => `bitcast<f32>(bitcast<u32>(${a}) ^ 0x80000000u)`,
  abs: (a) => `bitcast<f32>(bitcast<u32>(${a}) & 0x7fffffffu)`,
  select: SELECT,
  signbit: (a) => `(bitcast<u32>(${a}) >= 0x80000000u)`,
  floor: (a) => `ng_whole(${a}, floor(${a}))`,
  ceil: (a) => `ng_whole(${a}, ceil(${a}))`,
  trunc: (a) => `ng_whole(${a}, trunc(${a}))`,
  rint: (a) => `ng_whole(${a}, round(${a}))`,
  ...Object.fromEntries(FUNCTIONS_1.map((op) => [op, call(`ng_${op}`, 1)])),
  ...Object.fromEntries(FUNCTIONS_2.map((op) => [op, call(`ng_${op}`)])),
}

const TABLES: Record<RegisterType, Table> = {
  b1: LOGIC,
  i32: integers('i'),
  u32: integers('u'),
  i64: wideIntegers('i'),
  u64: wideIntegers('u'),
  f32: FLOAT,
  f64: {},
}

/** The text of an arithmetic instruction on registers of a type. */
export function expression(op: Opcode, type: RegisterType, a: string, b: string, c: string): string {
  const text = TABLES[type][op]
  if (!text) throw new DeviceError(`device 'webgpu' has no ${op} of ${type}: compute it on the cpu, \`await t.cpu()\``)
  return text(a, b, c)
}
